//! Supabase's `auth.users`, as CSV or JSON; or the users its admin API lists.

use super::{Candidate, Record};
use crate::domain::identifier::Kind;
use crate::domain::standard::StandardClaims;

pub fn read(record: &Record) -> Candidate {
    let meta = record.inner("raw_user_meta_data");
    let meta = if meta.text(&NAMES).is_some() { meta } else { record.inner("user_metadata") };
    let profile = StandardClaims {
        name: meta.text(&NAMES),
        given_name: meta.text(&["given_name", "first_name"]),
        family_name: meta.text(&["family_name", "last_name"]),
        picture: meta.text(&["avatar_url", "picture"]),
        preferred_username: meta.text(&["preferred_username", "user_name"]),
        provided_id: record.text(&["id"]),
        ..StandardClaims::default()
    };
    let mut one = Candidate { profile, ..Candidate::default() };
    one.claim(Kind::Email, record.text(&["email"]), record.text(&["email_confirmed_at"]).is_some());
    // Stored there without the plus.
    let phone = record.text(&["phone"]).map(|phone| format!("+{}", phone.trim_start_matches('+')));
    one.claim(Kind::Phone, phone, record.text(&["phone_confirmed_at"]).is_some());
    one.blocked = record.text(&["banned_until"]).is_some();
    if record.text(&["deleted_at"]).is_some() {
        one.nobody = Some("deleted there");
    } else if record.flag(&["is_anonymous"]) == Some(true) {
        one.nobody = Some("anonymous there");
    }
    one
}

const NAMES: [&str; 2] = ["full_name", "name"];
