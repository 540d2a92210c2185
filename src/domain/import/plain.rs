//! A file of one's own: columns named after what they hold. Who writes such a file vouches for what is in it, as with a declared
//! person, unless a column says otherwise.

use super::{Candidate, Member, Record};
use crate::domain::identifier::Kind;
use crate::domain::standard::StandardClaims;

pub fn read(record: &Record) -> Candidate {
    let mut one = Candidate { profile: profile(record), ..Candidate::default() };
    one.claim(Kind::Email, record.text(&["email", "e_mail"]), record.flag(&["email_verified"]).unwrap_or(true));
    let phone = record.text(&["phone", "phone_number", "mobile"]);
    one.claim(Kind::Phone, phone, record.flag(&["phone_verified", "phone_number_verified"]).unwrap_or(true));
    one.blocked = record.flag(&["blocked"]).unwrap_or(false);
    let (roles, permissions) = (record.words(&["roles"]), record.words(&["permissions"]));
    one.memberships = record
        .words(&["organization", "organizations"])
        .into_iter()
        .map(|organization| Member { organization, roles: roles.clone(), permissions: permissions.clone() })
        .collect();
    one
}

fn profile(record: &Record) -> StandardClaims {
    let text = |name: &str| record.text(&[name]);
    StandardClaims {
        name: text("name"),
        given_name: record.text(&["given_name", "first_name"]),
        family_name: record.text(&["family_name", "last_name"]),
        middle_name: text("middle_name"),
        nickname: text("nickname"),
        preferred_username: record.text(&["preferred_username", "username"]),
        picture: text("picture"),
        website: text("website"),
        gender: text("gender"),
        birthdate: text("birthdate"),
        zoneinfo: text("zoneinfo"),
        locale: text("locale"),
        provided_id: record.text(&["provided_id", "external_id", "id"]),
        ..StandardClaims::default()
    }
}
