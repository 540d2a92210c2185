//! The shape FAPI 2.0 asks for, by libraries certified for it: requests pushed, clients known by their keys, tokens bound to them.

use crate::harness::rp::payload;
use crate::harness::{Engine, House, SHOP};
use crate::party::{Library, Party};
use crate::sign_in::{Scene, error_of};
use serde_json::{Value, json};

const PHONE: &str = "+2348031234567";
const CALLBACK: &str = "http://127.0.0.1:4300/callback";

const BANK: &str = r#"
[[client]]
id = "bank"
name = "Bank"
kind = "web"
profile = "fapi2"
auth_method = "private_key_jwt"
jwks = '''{jwks}'''
algorithm = "ES256"
dpop_bound = true
redirect_uris = ["http://127.0.0.1:4300/callback"]
post_logout_redirect_uris = ["http://127.0.0.1:4300/"]
connections = ["phone"]

[[client]]
id = "signing"
name = "Signing"
kind = "web"
auth_method = "private_key_jwt"
jwks = '''{jwks}'''
algorithm = "ES256"
require_signed_request = true
redirect_uris = ["http://127.0.0.1:4300/callback"]
connections = ["phone"]
"#;

async fn bank(library: Library) -> Option<Scene> {
    let party = Party::start(library)?;
    let jwks = party.ask("keys", json!({}));
    let declaration = format!("{SHOP}{}", BANK.replace("{jwks}", &jwks.to_string()));
    let house = House::with(Engine::Sqlite, &declaration, &[]).await;
    Some(Scene { visitor: house.visitor(), house, party })
}

fn as_bank(dpop: bool) -> Value {
    json!({ "client_id": "bank", "auth": "private_key_jwt", "callback": CALLBACK, "dpop": dpop, "algorithm": "ES256" })
}

async fn story(library: Library) {
    let Some(mut scene) = bank(library).await else { return };
    scene.open(as_bank(true));
    let asked = json!({ "scope": "openid phone offline", "par": true });
    let page = scene.begin(asked.clone()).await;
    let back = scene.prove(page, PHONE).await;
    let tokens = scene.party.ask("finish", json!({ "url": back.url }));
    assert!(tokens["token_type"].as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("dpop")), "{tokens}");
    let access = tokens["access_token"].as_str().expect("a token");
    assert!(payload(access)["cnf"]["jkt"].is_string(), "{tokens}");
    let sub = &tokens["claims"]["sub"];
    let profile = scene.party.ask("userinfo", json!({ "access_token": access, "sub": sub }));
    assert_eq!(profile["phone_number"], PHONE);
    // Whoever finds it has no use for it.
    assert_eq!(scene.house.machine().userinfo(access).await.status, 401);

    let refreshed = scene.party.ask("refresh", json!({ "refresh_token": tokens["refresh_token"] }));
    assert_ne!(refreshed["access_token"], tokens["access_token"]);
    // FAPI 2.0 §5.3.2.1: the token stays what it is.
    assert!(refreshed["refresh_token"].is_null() || refreshed["refresh_token"] == tokens["refresh_token"]);
    scene.party.ask("refresh", json!({ "refresh_token": tokens["refresh_token"] }));

    // Another key: the client showed that it is itself, so it may (RFC 9449 §5), and the tokens are bound to that one.
    scene.open(as_bank(true));
    let rebound = scene.party.ask("refresh", json!({ "refresh_token": tokens["refresh_token"] }));
    let bound = |tokens: &Value| payload(tokens["access_token"].as_str().expect("a token"))["cnf"]["jkt"].clone();
    assert_eq!(bound(&refreshed), bound(&tokens));
    assert_ne!(bound(&rebound), bound(&tokens));
    // Without a key.
    scene.open(as_bank(false));
    let page = scene.begin(asked).await;
    if page.url.starts_with(CALLBACK) && page.error().is_none() {
        let refused = scene.party.refused("finish", json!({ "url": page.url }));
        assert!(["invalid_request", "invalid_dpop_proof"].contains(&error_of(&refused)), "{refused}");
    }
    // Not pushed.
    let page = scene.begin(json!({ "scope": "openid" })).await;
    assert!(page.status == 400 || page.error().is_some(), "{} {}", page.url, page.text());
    scene.house.close().await;
}

/// Requests the client signed (RFC 9101): at the front, and pushed ahead with a DPoP key.
async fn signed_requests(library: Library) {
    let Some(mut scene) = bank(library).await else { return };
    scene.open(json!({
        "client_id": "signing", "auth": "private_key_jwt", "callback": CALLBACK, "algorithm": "ES256"
    }));
    let page = scene.begin(json!({ "scope": "openid phone", "jar": true })).await;
    let back = scene.prove(page, PHONE).await;
    assert_eq!(scene.party.ask("finish", json!({ "url": back.url }))["claims"]["phone_number"], PHONE);
    // What is not signed, this client does not ask.
    let page = scene.begin(json!({ "scope": "openid" })).await;
    assert!(page.status == 400 || page.error().is_some(), "{} {}", page.url, page.text());

    scene.open(as_bank(true));
    let back = scene.begin(json!({ "scope": "openid phone", "jar": true, "par": true })).await;
    let tokens = scene.party.ask("finish", json!({ "url": back.url }));
    assert_eq!(tokens["claims"]["phone_number"], PHONE);
    assert!(payload(tokens["access_token"].as_str().expect("a token"))["cnf"]["jkt"].is_string());
    scene.house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn openid_client_signs_its_requests() {
    signed_requests(Library::OpenidClient).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn oauth4webapi_signs_its_requests() {
    signed_requests(Library::Oauth4webapi).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn openid_client() {
    story(Library::OpenidClient).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn oauth4webapi() {
    story(Library::Oauth4webapi).await;
}
