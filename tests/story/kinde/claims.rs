//! What tokens and userinfo say of a person: standard claims by scope, organizations, roles, permissions, feature flags.

use crate::harness::rp::{payload, sign_in};
use crate::harness::{House, SHOP, both};
use countersign::flows::manage::apply::{Applied, apply};
use serde_json::json;

pub const PEOPLE: &str = r#"
[[permission]]
key = "create:orders"
name = "Create orders"

[[permission]]
key = "read:orders"
name = "Read orders"

[[role]]
key = "clerk"
name = "Clerk"
permissions = ["create:orders"]

[[feature_flag]]
key = "dark"
name = "Dark mode"
type = "boolean"
value = false

[[feature_flag]]
key = "seats"
name = "Seats"
type = "integer"
value = 3

[[feature_flag]]
key = "theme"
name = "Theme"
type = "object"
value = { accent = "green" }

[[organization]]
code = "org_acme"
name = "Acme"
external_id = "crm-7"
flags = { seats = 20 }

[[organization]]
code = "org_other"
name = "Other"

[[person]]
identifiers = ["ada@example.com", "+2348031234567"]

[person.profile]
given_name = "Ada"
family_name = "Obi"
middle_name = "N"
nickname = "ada"
preferred_username = "ada.obi"
profile = "https://example.com/ada"
picture = "https://example.com/ada.png"
website = "https://ada.example"
gender = "female"
birthdate = "1990-12-31"
zoneinfo = "Africa/Lagos"
locale = "en-NG"
provided_id = "crm-ada"
address = { street_address = "1 Marina", locality = "Lagos", country = "NG" }

[[person.organization]]
code = "org_acme"
roles = ["clerk"]

[[person.organization]]
code = "default"
permissions = ["read:orders"]
"#;

/// The usual house with people in it; `shop` says what room costs.
pub async fn peopled(engine: crate::harness::Engine, shop: &str) -> House {
    let declared = SHOP.replacen("name = \"Shop\"\n", &format!("name = \"Shop\"\n{shop}\n"), 1);
    House::with(engine, &format!("{declared}{PEOPLE}"), &[]).await
}

both!(standard_claims_come_by_scope, async |engine| {
    let house = peopled(engine, "").await;
    let (shop, mut visitor) = (house.shop().await, house.visitor());
    let scopes = ["openid", "profile", "email", "phone", "address"];
    let tokens = sign_in(&house, &shop, &mut visitor, &scopes, "ada@example.com").await;
    let told = house.machine().userinfo(&tokens.access_token).await.json();
    for (claim, value) in [
        ("name", json!("Ada Obi")),
        ("given_name", json!("Ada")),
        ("family_name", json!("Obi")),
        ("middle_name", json!("N")),
        ("nickname", json!("ada")),
        ("preferred_username", json!("ada.obi")),
        ("profile", json!("https://example.com/ada")),
        ("picture", json!("https://example.com/ada.png")),
        ("website", json!("https://ada.example")),
        ("gender", json!("female")),
        ("birthdate", json!("1990-12-31")),
        ("zoneinfo", json!("Africa/Lagos")),
        ("locale", json!("en-NG")),
        ("address", json!({ "street_address": "1 Marina", "locality": "Lagos", "country": "NG" })),
        ("email", json!("ada@example.com")),
        ("email_verified", json!(true)),
        ("phone_number", json!("+2348031234567")),
        ("phone_number_verified", json!(true)),
    ] {
        assert_eq!(told[claim], value, "{claim}");
    }
    assert!(told["updated_at"].is_i64());
    // The ID token holds what Kinde's SDKs read there, and no more.
    let all = tokens.all();
    for claim in ["name", "given_name", "family_name", "preferred_username", "picture"] {
        assert_eq!(all[claim], told[claim], "{claim}");
    }
    for claim in ["middle_name", "birthdate", "address", "locale", "website", "provided_id", "phone"] {
        assert!(!all.contains_key(claim), "{claim}");
    }
    let mut other = house.visitor();
    let tokens = sign_in(&house, &shop, &mut other, &["openid", "email"], "+2348031234567").await;
    let told = house.machine().userinfo(&tokens.access_token).await.json();
    assert_eq!(told["email"], "ada@example.com");
    for claim in ["name", "given_name", "picture", "address", "phone_number"] {
        assert!(told.get(claim).is_none() && !tokens.all().contains_key(claim), "{claim}");
    }
    house.close().await;
});

both!(tokens_say_permissions_and_flags_of_the_default_organization, async |engine| {
    let house = peopled(engine, "profile = \"compat\"").await;
    let (shop, mut visitor) = (house.shop().await, house.visitor());
    let tokens = sign_in(&house, &shop, &mut visitor, &["openid", "profile", "email"], "+2348031234567").await;
    let access = payload(&tokens.access_token);
    assert_eq!(access["org_code"], house.app.live().catalog.organization.as_str());
    assert_eq!(access["aud"], json!([]), "asked for nobody in particular");
    assert_eq!(access["permissions"], json!(["read:orders"]));
    assert_eq!(
        access["feature_flags"],
        json!({ "dark": { "t": "b", "v": false }, "seats": { "t": "i", "v": 3 }, "theme": { "t": "j", "v": { "accent": "green" } } })
    );
    assert_eq!(access["ksp"], json!({ "persistent": true }));
    for claim in ["roles", "org_name", "email", "external_org_id"] {
        assert!(!access.contains_key(claim), "{claim} costs room");
    }
    let id = tokens.all();
    assert_eq!(id["org_codes"], json!([house.app.live().catalog.organization, "org_acme"]));
    assert_eq!((&id["phone"], &id["provided_id"]), (&json!("+2348031234567"), &json!("crm-ada")));
    assert!(!id.contains_key("organizations"));
    // Somebody nobody declared belongs to the default organization as well, and may do nothing there.
    let mut stranger = house.visitor();
    let tokens = sign_in(&house, &shop, &mut stranger, &["openid"], "+2348031234568").await;
    let access = payload(&tokens.access_token);
    assert_eq!((&access["permissions"], &access["org_code"]), (&json!([]), &tokens.all()["org_codes"][0]));
    house.close().await;
});

both!(what_costs_room_is_told_where_it_is_asked_for, async |engine| {
    let house = peopled(engine, "roles_in_tokens = true\nhasura_claims = true").await;
    let (shop, mut visitor) = (house.shop().await, house.visitor());
    let tokens = sign_in(&house, &shop, &mut visitor, &["openid", "email"], "ada@example.com").await;
    let access = payload(&tokens.access_token);
    assert_eq!(access["email"], "ada@example.com");
    assert_eq!(access["x-hasura-permissions"], json!(["read:orders"]));
    assert_eq!(access["x-hasura-org-name"], "Default");
    assert_eq!(access["x-hasura-roles"], json!([]));
    assert_eq!(access["x-hasura-feature-flags"]["seats"]["v"], 3);
    assert!(!access.contains_key("permissions") && !access.contains_key("org_code"), "names are replaced");
    let id = tokens.all();
    assert_eq!(id["x-hasura-organizations"][1], json!({ "id": "org_acme", "name": "Acme" }));
    house.close().await;
});

both!(people_are_declared_whole_or_not_at_all, async |engine| {
    let house = peopled(engine, "").await;
    let again = apply(&house.app, PEOPLE, &|_| Err(String::new()), false).await.expect("applies");
    assert!(
        matches!(&again, Applied::Done(changes) if changes.lines.is_empty()),
        "twice is as good as once: {again:?}"
    );
    let moved = r#"
[[person]]
identifiers = ["ada@example.com"]
[[person.organization]]
code = "org_acme"
permissions = ["read:orders"]
"#;
    match apply(&house.app, moved, &|_| Err(String::new()), false).await.expect("applies") {
        Applied::Done(changes) => assert_eq!(changes.lines, ["~ person a•••@•••.com changed: org_acme"]),
        Applied::Wrong(faults) => panic!("{faults:?}"),
    }
    let (shop, mut visitor) = (house.shop().await, house.visitor());
    let tokens = sign_in(&house, &shop, &mut visitor, &["openid", "profile"], "ada@example.com").await;
    assert_eq!(tokens.all()["name"], "Ada Obi", "what is not named stays");
    for (text, fault) in [
        ("[[role]]\nkey = \"a b\"\nname = \"x\"", "role[0]: key"),
        ("[[role]]\nkey = \"a\"\nname = \"x\"\npermissions = [\"none\"]", "no permission \"none\" is declared"),
        ("[[feature_flag]]\nkey = \"a\"\nname = \"x\"\ntype = \"integer\"\nvalue = \"1\"", "value: is no integer"),
        (
            "[[feature_flag]]\nkey = \"a\"\nname = \"x\"\ntype = \"number\"\nvalue = 1",
            "string, boolean, integer or object",
        ),
        ("[[organization]]\ncode = \"acme\"\nname = \"x\"", "organization[0]: code"),
        ("[[organization]]\ncode = \"org_x\"\nname = \"x\"\nflags = { seats = true }", "\"seats\" is of another type"),
        ("[[organization]]\ncode = \"org_x\"\nname = \"x\"\nflags = { none = true }", "no feature flag \"none\""),
        ("[[person]]\nidentifiers = []", "at least one"),
        ("[[person]]\nidentifiers = [\"nobody\"]", "person[0]: identifiers"),
        ("[[person]]\nidentifiers = [\"a@b.example\"]\n[person.profile]\nnmae = \"x\"", "unknown field"),
        (
            "[[person]]\nidentifiers = [\"a@b.example\"]\n[[person.organization]]\ncode = \"org_none\"",
            "\"org_none\" is not declared",
        ),
        (
            "[[person]]\nidentifiers = [\"a@b.example\"]\n[[person.organization]]\ncode = \"org_acme\"\nroles = [\"no\"]",
            "no role \"no\"",
        ),
    ] {
        match apply(&house.app, text, &|_| Err(String::new()), false).await.expect("answers") {
            Applied::Wrong(faults) => {
                let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
                assert!(told.join("\n").contains(fault), "{text}: {told:?}");
            }
            Applied::Done(changes) => panic!("{text}: {changes:?}"),
        }
    }
    // Two people's identifiers are not one person's.
    let bob = "[[person]]\nidentifiers = [\"bob@example.com\"]";
    apply(&house.app, bob, &|_| Err(String::new()), false).await.expect("applies");
    let both = "[[person]]\nidentifiers = [\"bob@example.com\", \"ada@example.com\"]";
    let told = apply(&house.app, both, &|_| Err(String::new()), false).await.expect("answers");
    assert!(matches!(told, Applied::Wrong(faults) if faults[0].what.contains("two accounts")));
    house.close().await;
});
