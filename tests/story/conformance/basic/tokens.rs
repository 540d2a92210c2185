//! What the basic plans ask of tokens and userinfo.

use super::{CALLBACK, Mode, STATE, Suite, is_ada, modules, secret};
use crate::harness::machine::Answer;
use crate::harness::rp::identify;
use crate::harness::ways::ask;
use reqwest::Method;
use serde_json::{Value, json};

modules![
    oidcc_server,
    oidcc_idtoken_signature,
    oidcc_idtoken_unsigned,
    oidcc_userinfo_get,
    oidcc_userinfo_post_header,
    oidcc_userinfo_post_body,
    oidcc_scope_profile,
    oidcc_scope_email,
    oidcc_scope_address,
    oidcc_scope_phone,
    oidcc_scope_all,
    oidcc_codereuse,
    oidcc_codereuse_30seconds,
    oidcc_server_client_secret_post,
    oidcc_claims_essential,
    oidcc_refresh_token,
];

async fn oidcc_server(mut suite: Suite) {
    let back = suite.sign_in(&[("nonce", "n-0S6_WzA2Mj")]).await;
    assert_eq!(back.param("state").as_deref(), Some(STATE));
    suite.checked(&back, Some("n-0S6_WzA2Mj")).await;
    suite.close().await;
}

async fn oidcc_idtoken_signature(mut suite: Suite) {
    let back = suite.sign_in(&[]).await;
    let (tokens, _) = suite.checked(&back, None).await;
    let header = jsonwebtoken::decode_header(tokens.text("id_token")).expect("a header");
    assert_eq!((header.alg, header.kid.is_some()), (jsonwebtoken::Algorithm::RS256, true));
    suite.close().await;
}

/// Skipped where `none` is not offered.
async fn oidcc_idtoken_unsigned(suite: Suite) {
    let told = suite.discovery().await;
    let algorithms = told["id_token_signing_alg_values_supported"].as_array().expect("a list");
    assert!(algorithms.contains(&json!("RS256")) && !algorithms.contains(&json!("none")));
    suite.close().await;
}

fn tells_who(answer: &Answer) {
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.header("content-type").is_some_and(|kind| kind.starts_with("application/json")));
    assert!(answer.json()["sub"].is_string());
}

async fn userinfo(mut suite: Suite, method: Method, in_form: bool) {
    let back = suite.sign_in(&[]).await;
    let access = suite.redeem(&back, &[]).await.text("access_token");
    let bearer = format!("Bearer {access}");
    let (header, form) = ([("authorization", bearer.as_str())], [("access_token", access.as_str())]);
    let answer = match in_form {
        true => suite.house.machine().send(method, "/oauth2/userinfo", &[], Some(&form)).await,
        false => suite.house.machine().send(method, "/oauth2/userinfo", &header, None).await,
    };
    tells_who(&answer);
    suite.close().await;
}

async fn oidcc_userinfo_get(suite: Suite) {
    userinfo(suite, Method::GET, false).await;
}

async fn oidcc_userinfo_post_header(suite: Suite) {
    userinfo(suite, Method::POST, false).await;
}

async fn oidcc_userinfo_post_body(suite: Suite) {
    userinfo(suite, Method::POST, true).await;
}

/// What userinfo tells for a scope.
async fn told_for(suite: &mut Suite, scope: &str) -> Value {
    let back = suite.sign_in(&[("scope", scope)]).await;
    let (tokens, _) = suite.checked(&back, None).await;
    suite.userinfo(&tokens).await
}

fn has_profile(suite: &Suite, told: &Value) {
    for name in [
        "name",
        "given_name",
        "family_name",
        "middle_name",
        "nickname",
        "profile",
        "picture",
        "website",
        "gender",
        "birthdate",
        "zoneinfo",
        "locale",
        "preferred_username",
    ] {
        let text = told[name].as_str().unwrap_or_else(|| panic!("{name} is no text in {told}"));
        assert!(!text.trim().is_empty() && text != "null", "{name}");
    }
    assert_eq!(told["birthdate"], "1990-12-31");
    assert!(told["updated_at"].as_i64().is_some_and(|at| (631_152_000..=suite.house.now()).contains(&at)), "{told}");
}

fn has_email(told: &Value) {
    assert_eq!((&told["email"], &told["email_verified"]), (&json!("ada@example.com"), &json!(true)));
}

fn has_address(told: &Value) {
    assert_eq!(told["address"], json!({ "street_address": "1 Marina", "locality": "Lagos", "country": "NG" }));
}

fn has_none(told: &Value, names: &[&str]) {
    assert!(names.iter().all(|name| told.get(name).is_none()), "{names:?} in {told}");
}

async fn oidcc_scope_profile(mut suite: Suite) {
    let told = told_for(&mut suite, "openid profile").await;
    has_profile(&suite, &told);
    has_none(&told, &["email", "address"]);
    suite.close().await;
}

async fn oidcc_scope_email(mut suite: Suite) {
    let told = told_for(&mut suite, "openid email").await;
    has_email(&told);
    has_none(&told, &["name", "address", "phone_number"]);
    suite.close().await;
}

async fn oidcc_scope_address(mut suite: Suite) {
    let told = told_for(&mut suite, "openid address").await;
    has_address(&told);
    has_none(&told, &["name", "email", "phone_number"]);
    suite.close().await;
}

async fn oidcc_scope_phone(mut suite: Suite) {
    let told = told_for(&mut suite, "openid phone").await;
    is_ada(&told);
    has_none(&told, &["name", "email", "address"]);
    suite.close().await;
}

async fn oidcc_scope_all(mut suite: Suite) {
    let told = told_for(&mut suite, "openid profile email address phone").await;
    has_profile(&suite, &told);
    has_email(&told);
    has_address(&told);
    is_ada(&told);
    suite.close().await;
}

async fn oidcc_codereuse(mut suite: Suite) {
    let back = suite.sign_in(&[]).await;
    assert_eq!(suite.redeem(&back, &[]).await.status, 200);
    assert_eq!(suite.redeem(&back, &[]).await.refusal(), (400, "invalid_grant".into()));
    suite.close().await;
}

async fn oidcc_codereuse_30seconds(mut suite: Suite) {
    let back = suite.sign_in(&[]).await;
    let access = suite.redeem(&back, &[]).await.text("access_token");
    suite.house.pass(30);
    assert_eq!(suite.redeem(&back, &[]).await.refusal(), (400, "invalid_grant".into()));
    assert_eq!(suite.house.machine().userinfo(&access).await.refusal(), (401, "invalid_token".into()));
    suite.close().await;
}

async fn oidcc_server_client_secret_post(mut suite: Suite) {
    let back = suite.sign_in(&[("client_id", "client-post")]).await;
    let own = [("client_id", "client-post"), ("client_secret", secret("client-post")), ("redirect_uri", CALLBACK)];
    let answer = suite.house.machine().redeem(&back.code(), &own).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    suite.id_token(&answer.text("id_token"), "client-post").await;
    suite.close().await;
}

async fn oidcc_claims_essential(mut suite: Suite) {
    let claims = r#"{"userinfo":{"name":{"essential":true}}}"#;
    let back = suite.sign_in(&[("claims", claims)]).await;
    let (tokens, _) = suite.checked(&back, None).await;
    let told = suite.userinfo(&tokens).await;
    assert_eq!(told["name"], "Ada Obi");
    has_none(&told, &["given_name", "email", "address"]);
    // Of whom it is not known: no error.
    let (mut stranger, number) = (suite.house.visitor(), "+2348031234567");
    let page = stranger.get(&ask(&[("claims", claims)])).await;
    let page = identify(&mut stranger, page, number).await;
    let passcode = suite.house.passcode(number).await;
    let back = stranger.submit(&page, &[("p_confirmation_code", &passcode)]).await;
    let tokens = suite.house.machine().redeem(&back.code(), &[]).await;
    has_none(&suite.userinfo(&tokens).await, &["name"]);
    // What is known is told where it was asked for, and nowhere else.
    let claims = r#"{"userinfo":{"phone_number":{"essential":true}},"id_token":{"phone_number_verified":null,"auth_time":{"essential":true}}}"#;
    let back = suite.begin(&[("claims", claims)]).await;
    let tokens = suite.redeem(&back, &[]).await;
    let id = crate::harness::rp::payload(&tokens.text("id_token"));
    assert!(id["auth_time"].is_number() && id["phone_number_verified"] == true && !id.contains_key("phone_number"));
    let told = suite.userinfo(&tokens).await;
    assert!(told["phone_number"].is_string());
    has_none(&told, &["phone_number_verified", "email"]);
    suite.close().await;
}

async fn oidcc_refresh_token(mut suite: Suite) {
    let told = suite.discovery().await;
    assert!(told["scopes_supported"].as_array().expect("a list").contains(&json!("offline_access")));
    // As the suite asks where offline_access is offered.
    let back = suite.sign_in(&[("scope", "openid offline_access"), ("prompt", "consent"), ("nonce", "n")]).await;
    let (first, before) = suite.checked(&back, Some("n")).await;
    suite.house.pass(5);
    let second = suite.refresh("client", &first.text("refresh_token")).await;
    assert_eq!((second.status, second.header("cache-control")), (200, Some("no-store")), "{}", second.body);
    assert_eq!(second.text("token_type"), "Bearer");
    assert_ne!(second.text("access_token"), first.text("access_token"));
    let after = suite.id_token(&second.text("id_token"), "client").await;
    for same in ["iss", "sub", "aud", "auth_time", "azp"] {
        assert_eq!(before[same], after[same], "{same}");
    }
    assert!(after["iat"].as_i64() > before["iat"].as_i64());
    assert!(after.get("nonce").is_none_or(|nonce| nonce == "n"));
    let others = suite.refresh("client2", &second.text("refresh_token")).await;
    assert_eq!(others.refusal(), (400, "invalid_grant".into()));
    suite.close().await;
}
