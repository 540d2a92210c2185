//! `firebase auth:export`: JSON (`{"users": […]}`), or CSV without headings.

use super::{Candidate, Record};
use crate::domain::identifier::Kind;
use crate::domain::standard::StandardClaims;

/// The columns of its CSV, by their places.
pub const HEADINGS: [&str; 28] = [
    "localId",
    "email",
    "emailVerified",
    "passwordHash",
    "salt",
    "displayName",
    "photoUrl",
    "google.id",
    "google.email",
    "google.displayName",
    "google.photoUrl",
    "facebook.id",
    "facebook.email",
    "facebook.displayName",
    "facebook.photoUrl",
    "twitter.id",
    "twitter.email",
    "twitter.displayName",
    "twitter.photoUrl",
    "github.id",
    "github.email",
    "github.displayName",
    "github.photoUrl",
    "createdAt",
    "lastSignedInAt",
    "phoneNumber",
    "disabled",
    "customAttributes",
];

/// A phone number there is one somebody signed in with by SMS. What other providers told of an address counts only where
/// Firebase holds it for verified.
pub fn read(record: &Record) -> Candidate {
    let profile = StandardClaims {
        name: record.text(&["displayName"]),
        picture: record.text(&["photoUrl"]),
        provided_id: record.text(&["localId"]),
        ..StandardClaims::default()
    };
    let mut one = Candidate { profile, ..Candidate::default() };
    one.claim(Kind::Email, record.text(&["email"]), record.flag(&["emailVerified"]).unwrap_or(false));
    one.claim(Kind::Phone, record.text(&["phoneNumber"]), true);
    one.blocked = record.flag(&["disabled"]).unwrap_or(false);
    one
}
