use super::*;
use serde_json::{Value, json};

fn of(value: Value) -> Record {
    Record::of(value.as_object().cloned().unwrap_or_default())
}

fn shown(ready: &Ready) -> Vec<&str> {
    ready.identifiers.iter().map(Identifier::reveal).collect()
}

#[test]
fn what_is_unproven_is_left_out_and_told() {
    let record = of(
        json!({ "user_id": "auth0|1", "email": "ada@shop.example", "phone_number": "+2348031234567", "phone_verified": true }),
    );
    let ready = Format::Auth0.read(&record).settle(false).expect("somebody");
    assert_eq!(shown(&ready), ["+2348031234567"]);
    assert_eq!(ready.notes, ["e-mail address left out: it was never verified"]);
    // Whoever proves the address one day must not find the way into the account of who has the number.
    assert_eq!(shown(&Format::Auth0.read(&record).settle(true).expect("somebody")), ["+2348031234567"]);
    let alone = of(json!({ "email": "eve@shop.example", "emailVerified": false, "phoneNumber": "nonsense" }));
    let why = Format::Firebase.read(&alone).settle(false).expect_err("nobody");
    assert_eq!(
        why,
        "phone number left out: it is none; e-mail address left out: it was never verified; nothing to sign in with"
    );
    let ready = Format::Firebase.read(&alone).settle(true).expect("somebody");
    assert_eq!(shown(&ready), ["eve@shop.example"]);
    assert_eq!(ready.notes[1], "e-mail address linked by your word: it was never verified");
    // One of two, for each could be another's.
    let both = of(json!({ "email": "eve@shop.example", "phone": "+2348031234567" }));
    assert_eq!(shown(&Format::Kinde.read(&both).settle(true).expect("somebody")), ["eve@shop.example"]);
}

#[test]
fn an_identifier_proven_in_one_place_is_proven() {
    let record = of(json!({
        "id": "kp_1", "email": "Ada@Shop.example", "email_verified": false,
        "identities": [{ "type": "email", "identity": "ada@shop.example", "is_verified": true }, { "type": "oauth2:google", "identity": "x@y.example", "is_verified": true }],
    }));
    let ready = Format::Kinde.read(&record).settle(false).expect("somebody");
    assert_eq!((shown(&ready), ready.notes.len()), (vec!["ada@shop.example"], 0));
    assert!(ready.sub.is_none(), "not of the form of ours");
    let own =
        of(json!({ "id": "kp_0ba7c433e5d648cf992621ce99d42817", "email": "a@b.example", "email_verified": true }));
    let ready = Format::Kinde.read(&own).settle(false).expect("somebody");
    assert_eq!(ready.sub.expect("kept").as_str(), "kp_0ba7c433e5d648cf992621ce99d42817");
}

#[test]
fn what_controls_is_no_part_of_a_profile_and_a_formula_is_a_text() {
    let record = of(json!({
        "email": "ada@shop.example", "name": "=cmd|' /C calc'!A0", "given_name": "A\u{7}da", "nickname": "x".repeat(501), "locale": "en\u{0}",
    }));
    let ready = Format::Csv.read(&record).settle(false).expect("somebody");
    assert_eq!(ready.profile.name.as_deref(), Some("=cmd|' /C calc'!A0"));
    assert_eq!((&ready.profile.given_name, &ready.profile.nickname, &ready.profile.locale), (&None, &None, &None));
    assert_eq!(ready.notes.len(), 3);
}

#[test]
fn who_is_gone_there_does_not_come() {
    for (record, why) in [
        (json!({ "email": "a@b.example", "email_confirmed_at": "2023", "deleted_at": "2024" }), "deleted there"),
        (json!({ "is_anonymous": true }), "anonymous there"),
    ] {
        assert_eq!(Format::Supabase.read(&of(record)).settle(true).expect_err("nobody"), why);
    }
}

#[test]
fn every_format_is_known_by_its_name() {
    for format in Format::ALL {
        assert_eq!(Format::parse(format.as_str()), Some(format));
        assert!(format.read(&Record::default()).settle(true).is_err(), "nobody is in an empty record");
    }
    assert_eq!(Format::parse("okta"), None);
}
