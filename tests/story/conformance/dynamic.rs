//! Single modules of oidcc-dynamic-certification-test-plan: the plan as a whole asks for the implicit grant, which RFC 9700
//! forbids.

use crate::harness::machine::{Answer, over};
use crate::harness::ways::asking;
use crate::harness::{Engine, House, Page, both};
use crate::registration::{CALLBACK, TOKEN, house, metadata, register, through};
use serde_json::{Value, json};

async fn registered(engine: Engine, more: Value) -> (House, Answer) {
    let house = house(engine, &[]).await;
    let registered = register(&house.machine(), TOKEN, &metadata(more)).await;
    (house, registered)
}

/// Through the pages; `redirect_uri` is sent where it is not empty.
async fn authorize(house: &House, registered: &Answer, redirect_uri: &str) -> Page {
    let id = registered.text("client_id");
    let usual =
        [("client_id", id.as_str()), ("response_type", "code"), ("scope", "openid"), ("state", "s"), ("nonce", "n")];
    let mut visitor = house.visitor();
    let page = visitor.get(&asking(&over(&usual, &[("redirect_uri", redirect_uri)]))).await;
    through(&mut visitor, page).await
}

async fn redeemed(house: &House, registered: &Answer, code: &str, redirect_uri: &str) -> Answer {
    let (id, secret) = (registered.text("client_id"), registered.text("client_secret"));
    let form = [
        ("client_id", id.as_str()),
        ("client_secret", secret.as_str()),
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect_uri),
    ];
    house.machine().post_by_header("/oauth2/token", &form).await
}

both!(oidcc_server, async |engine| {
    let (house, registered) = registered(engine, json!({})).await;
    assert_eq!(registered.status, 201);
    assert_eq!(registered.json()["client_secret_expires_at"], 0);
    let back = authorize(&house, &registered, CALLBACK).await;
    let tokens = redeemed(&house, &registered, &back.code(), CALLBACK).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    house.close().await;
});

both!(oidcc_idtoken_rs256, async |engine| {
    let (house, registered) = registered(engine, json!({ "id_token_signed_response_alg": "RS256" })).await;
    assert_eq!(registered.text("id_token_signed_response_alg"), "RS256");
    let back = authorize(&house, &registered, CALLBACK).await;
    let tokens = redeemed(&house, &registered, &back.code(), CALLBACK).await;
    let header = jsonwebtoken::decode_header(tokens.text("id_token")).expect("a header");
    assert_eq!(header.alg, jsonwebtoken::Algorithm::RS256);
    house.close().await;
});

both!(oidcc_idtoken_unsigned, async |engine| {
    let (house, registered) = registered(engine, json!({ "id_token_signed_response_alg": "none" })).await;
    assert_eq!(registered.refusal(), (400, "invalid_client_metadata".into()));
    let told = house.machine().get("/.well-known/openid-configuration").await.json();
    let algorithms = told["id_token_signing_alg_values_supported"].as_array().expect("a list");
    assert!(!algorithms.contains(&json!("none")), "so the module is skipped");
    house.close().await;
});

both!(oidcc_ensure_redirect_uri_in_authorization_request, async |engine| {
    let uris = json!({ "redirect_uris": [CALLBACK, "https://app.example/two"] });
    let (house, registered) = registered(engine, uris).await;
    let page = authorize(&house, &registered, "").await;
    assert_eq!(page.status, 400);
    assert!(page.headers.get("location").is_none() && page.text().contains("redirect_uri"));
    house.close().await;
});

both!(oidcc_redirect_uri_query_ok, async |engine| {
    let uri = "https://app.example/callback?foo=bar";
    let (house, registered) = registered(engine, json!({ "redirect_uris": [uri] })).await;
    let back = authorize(&house, &registered, uri).await;
    assert!(back.url.starts_with(&format!("{uri}&")), "{}", back.url);
    assert_eq!(redeemed(&house, &registered, &back.code(), uri).await.status, 200);
    house.close().await;
});

both!(oidcc_redirect_uri_query_mismatch, async |engine| {
    let (house, registered) =
        registered(engine, json!({ "redirect_uris": ["https://app.example/callback?foo=bar"] })).await;
    let page = authorize(&house, &registered, "https://app.example/callback?bar=foo").await;
    assert!(page.status == 400 && page.headers.get("location").is_none());
    house.close().await;
});

both!(oidcc_redirect_uri_query_added, async |engine| {
    let (house, registered) = registered(engine, json!({})).await;
    let page = authorize(&house, &registered, &format!("{CALLBACK}?foo=bar")).await;
    assert!(page.status == 400 && page.headers.get("location").is_none());
    house.close().await;
});

both!(oidcc_redirect_uri_regfrag, async |engine| {
    let (house, registered) =
        registered(engine, json!({ "redirect_uris": ["https://app.example/callback#foobar"] })).await;
    assert_eq!(registered.refusal(), (400, "invalid_redirect_uri".into()));
    house.close().await;
});

both!(oidcc_registration_policy_uri_and_tos_uri, async |engine| {
    let (policy, terms) = ("https://app.example/privacy", "https://app.example/terms");
    let (house, registered) = registered(engine, json!({ "policy_uri": policy, "tos_uri": terms })).await;
    assert_eq!((registered.text("policy_uri"), registered.text("tos_uri")), (policy.into(), terms.into()));
    let id = registered.text("client_id");
    let page = house.visitor().get(&crate::registration::ask(&id, &[])).await;
    assert!(page.html.contains(policy) && page.html.contains(terms), "{}", page.html);
    house.close().await;
});
