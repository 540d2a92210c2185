//! Kinde's export (`users.ndjson`), or CSV as Kinde itself imports it.

use super::{Candidate, Member, Record};
use crate::domain::identifier::Kind;
use crate::domain::standard::StandardClaims;

pub fn read(record: &Record) -> Candidate {
    let profile = StandardClaims {
        given_name: record.text(&["first_name", "given_name"]),
        family_name: record.text(&["last_name", "family_name"]),
        preferred_username: record.text(&["username"]),
        picture: record.text(&["picture"]),
        // What the operator's own systems call somebody goes before what Kinde does.
        provided_id: record.text(&["external_id", "provided_id", "id"]),
        ..StandardClaims::default()
    };
    let mut one = Candidate { profile, ..Candidate::default() };
    one.claim(
        Kind::Email,
        record.text(&["email", "preferred_email"]),
        record.flag(&["email_verified"]).unwrap_or(false),
    );
    let phone = record.text(&["phone", "phone_number"]);
    one.claim(Kind::Phone, phone, record.flag(&["phone_verified"]).unwrap_or(false));
    for identity in record.inners("identities") {
        let kind = match identity.text(&["type"]).as_deref() {
            Some("email") => Kind::Email,
            Some("phone") => Kind::Phone,
            // A social account proves nothing here.
            _ => continue,
        };
        one.claim(kind, identity.text(&["identity"]), identity.flag(&["is_verified"]).unwrap_or(false));
    }
    // Proven once is proven.
    one.claimed.sort_by_key(|claimed| !claimed.verified);
    one.blocked = record.flag(&["is_suspended"]).unwrap_or(false);
    one.memberships = memberships(record);
    // Of the very form of ours: apps go on knowing somebody by it.
    one.sub = record.text(&["id"]);
    one
}

fn memberships(record: &Record) -> Vec<Member> {
    let listed = record.inners("organizations").into_iter().filter_map(|one| {
        Some(Member {
            organization: one.text(&["external_id", "code", "organization_code"])?,
            roles: one.words(&["roles"]),
            permissions: one.words(&["permissions"]),
        })
    });
    // The export names them by their codes alone.
    let bare = record.words(&["organizations"]).into_iter().filter(|code| code.starts_with("org_"));
    let bare = bare.map(|organization| Member { organization, roles: Vec::new(), permissions: Vec::new() });
    let listed = listed.chain(bare);
    let (roles, permissions) = (record.words(&["roles", "role_key"]), record.words(&["permissions", "permission_key"]));
    let columns = record.words(&["external_organization_id"]);
    let columns = columns.into_iter().map(|organization| Member {
        organization,
        roles: roles.clone(),
        permissions: permissions.clone(),
    });
    listed.chain(columns).collect()
}
