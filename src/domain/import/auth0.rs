//! Auth0's bulk export: one JSON object a line, or CSV, with the fields that were asked for.

use super::{Candidate, Record};
use crate::domain::identifier::Kind;
use crate::domain::standard::StandardClaims;

pub fn read(record: &Record) -> Candidate {
    let id = record.text(&["user_id", "id"]);
    let profile = StandardClaims {
        name: record.text(&["name"]),
        given_name: record.text(&["given_name"]),
        family_name: record.text(&["family_name"]),
        nickname: record.text(&["nickname"]),
        preferred_username: record.text(&["username", "preferred_username"]),
        picture: record.text(&["picture"]),
        locale: record.text(&["locale"]),
        provided_id: id.clone(),
        ..StandardClaims::default()
    };
    // Auth0 names somebody without a name by what they sign in with.
    let named = profile.name.clone().filter(|name| !name.contains('@') && !name.starts_with('+'));
    let mut one = Candidate { profile: StandardClaims { name: named, ..profile }, ..Candidate::default() };
    // Its passwordless connections: nobody is there who did not prove it.
    let proven_by = |connection: &str| id.as_deref().is_some_and(|id| id.starts_with(connection));
    let verified = record.flag(&["email_verified"]).unwrap_or(false) || proven_by("email|");
    one.claim(Kind::Email, record.text(&["email"]), verified);
    let verified = record.flag(&["phone_verified"]).unwrap_or(false) || proven_by("sms|");
    one.claim(Kind::Phone, record.text(&["phone_number"]), verified);
    one.blocked = record.flag(&["blocked"]).unwrap_or(false);
    one
}
