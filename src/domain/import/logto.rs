//! Logto's users, as its management API lists them (`GET /api/users`): one list, or one object a line.

use super::{Candidate, Record};
use crate::domain::identifier::Kind;
use crate::domain::standard::{Address, StandardClaims};

/// An address or number stands there only once it was verified, or an operator wrote it; Logto tells apps so in any case.
pub fn read(record: &Record) -> Candidate {
    let own = record.inner("profile");
    let address = own.inner("address");
    let address = Address {
        formatted: address.text(&["formatted"]),
        street_address: address.text(&["streetAddress"]),
        locality: address.text(&["locality"]),
        region: address.text(&["region"]),
        postal_code: address.text(&["postalCode"]),
        country: address.text(&["country"]),
    };
    let profile = StandardClaims {
        name: record.text(&["name"]),
        given_name: own.text(&["givenName"]),
        family_name: own.text(&["familyName"]),
        middle_name: own.text(&["middleName"]),
        nickname: own.text(&["nickname"]),
        preferred_username: own.text(&["preferredUsername"]).or_else(|| record.text(&["username"])),
        profile: own.text(&["profile"]),
        picture: record.text(&["avatar"]),
        website: own.text(&["website"]),
        gender: own.text(&["gender"]),
        birthdate: own.text(&["birthdate"]),
        zoneinfo: own.text(&["zoneinfo"]),
        locale: own.text(&["locale"]),
        address: Some(address).filter(|address| *address != Address::default()),
        provided_id: record.text(&["id"]),
    };
    let mut one = Candidate { profile, ..Candidate::default() };
    one.claim(Kind::Email, record.text(&["primaryEmail"]), true);
    // Stored there without the plus.
    let phone = record.text(&["primaryPhone"]).map(|phone| format!("+{}", phone.trim_start_matches('+')));
    one.claim(Kind::Phone, phone, true);
    one.blocked = record.flag(&["isSuspended"]).unwrap_or(false);
    one
}
