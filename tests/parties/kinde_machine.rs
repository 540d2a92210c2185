//! `@kinde-oss/kinde-typescript-sdk` in an app's own name.

use crate::harness::rp::payload;
use crate::harness::{Engine, House, SHOP};
use crate::party::Party;
use serde_json::{Value, json};

pub const SECRET: &str = "cdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234";

pub const ROBOT: &str = r#"
[[client]]
id = "robot"
name = "Robot"
kind = "machine"
secret = "cdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234"
"#;

async fn robot() -> Option<(House, Party, Value)> {
    let party = Party::node("@kinde-oss/kinde-typescript-sdk", "kinde-typescript.mjs")?;
    let house = House::with(Engine::Sqlite, &format!("{SHOP}{ROBOT}"), &[]).await;
    let given = json!({
        "flow": "CLIENT_CREDENTIALS", "issuer": house.issuer, "client_id": "robot", "secret": SECRET,
        "home": "http://127.0.0.1:4000/", "audience": [format!("{}/api", house.issuer)]
    });
    Some((house, party, given))
}

#[tokio::test(flavor = "multi_thread")]
async fn gets_a_token_and_keeps_it() {
    let Some((house, party, given)) = robot().await else { return };
    party.ask("open", given);
    let token = party.text("machine_token", json!({}));
    let claims = payload(&token);
    assert_eq!((&claims["aud"], &claims["azp"]), (&json!([format!("{}/api", house.issuer)]), &json!("robot")));
    assert_eq!((&claims["gty"], &claims["v"]), (&json!(["client_credentials"]), &json!("2")));
    // It verifies signature and end before it gives a token it kept.
    assert_eq!(party.text("machine_token", json!({})), token);
    assert_eq!(party.ask("tokens", json!({}))["access_token"], json!(token));
    assert_eq!(party.ask("authenticated", json!({})), json!(true));
    house.close().await;
}

/// What it is told when it may not, it throws; and a secret of another shape it never sends (rule 5).
#[tokio::test(flavor = "multi_thread")]
async fn is_told_why_not() {
    let Some((house, party, given)) = robot().await else { return };
    for (name, value, said) in [
        ("audience", json!(["https://elsewhere.example"]), "resource"),
        ("secret", json!(SECRET.to_uppercase()), "authentication failed"),
        ("secret", json!("short"), "Invalid client secret"),
    ] {
        let mut given = given.clone();
        given[name] = value;
        party.ask("open", given);
        let refused = party.refused("machine_token", json!({}));
        let message = refused["message"].as_str().unwrap_or_default().to_lowercase();
        assert!(message.contains(&said.to_lowercase()), "{refused}");
    }
    house.close().await;
}
