//! What the basic plans ask of the authorization request.

use super::{CALLBACK, Mode, STATE, Suite, modules};
use crate::harness::ways::TEST;
use serde_json::Value;

modules![
    oidcc_response_type_missing,
    oidcc_ensure_request_without_nonce_succeeds_for_code_flow,
    oidcc_alternate_happy_flow,
    oidcc_display_page,
    oidcc_display_popup,
    oidcc_prompt_login,
    oidcc_prompt_none_not_logged_in,
    oidcc_prompt_none_logged_in,
    oidcc_max_age_1,
    oidcc_max_age_10000,
    oidcc_ensure_request_with_unknown_parameter_succeeds,
    oidcc_id_token_hint,
    oidcc_login_hint,
    oidcc_ui_locales,
    oidcc_claims_locales,
    oidcc_ensure_request_with_acr_values_succeeds,
    oidcc_ensure_registered_redirect_uri,
    oidcc_ensure_post_request_succeeds,
    oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported,
    oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported,
    oidcc_ensure_request_object_with_redirect_uri,
    oidcc_ensure_request_with_valid_pkce_succeeds,
];

async fn oidcc_response_type_missing(mut suite: Suite) {
    let back = suite.begin(&[("response_type", "")]).await;
    assert_eq!((back.error().as_deref(), back.param("state").as_deref()), (Some("invalid_request"), Some(STATE)));
    suite.close().await;
}

/// A request that says more than it must leads where any other does.
async fn succeeds(mut suite: Suite, extra: &[(&str, &str)]) {
    let back = suite.sign_in(extra).await;
    suite.checked(&back, None).await;
    suite.close().await;
}

async fn oidcc_ensure_request_without_nonce_succeeds_for_code_flow(suite: Suite) {
    succeeds(suite, &[]).await;
}

async fn oidcc_alternate_happy_flow(mut suite: Suite) {
    let mut params = suite.params(&[("scope", "email phone openid"), ("nonce", "n")]);
    params.reverse();
    let page = suite.visitor.get(&crate::harness::ways::asking(&params)).await;
    let back = suite.prove(page).await;
    suite.checked(&back, Some("n")).await;
    suite.close().await;
}

async fn oidcc_display_page(suite: Suite) {
    succeeds(suite, &[("display", "page")]).await;
}

async fn oidcc_display_popup(suite: Suite) {
    succeeds(suite, &[("display", "popup")]).await;
}

async fn oidcc_prompt_login(mut suite: Suite) {
    let back = suite.sign_in(&[]).await;
    let (_, first) = suite.checked(&back, None).await;
    suite.house.pass(2);
    // Asked again, though the session is there.
    let back = suite.sign_in(&[("prompt", "login")]).await;
    let (_, second) = suite.checked(&back, None).await;
    assert!(second["auth_time"].as_i64() > first["auth_time"].as_i64() && second["sub"] == first["sub"]);
    suite.close().await;
}

async fn oidcc_prompt_none_not_logged_in(mut suite: Suite) {
    let state = "s".repeat(128);
    let back = suite.begin(&[("prompt", "none"), ("state", &state)]).await;
    assert_eq!((back.error().as_deref(), back.param("state")), (Some("login_required"), Some(state)));
    assert_eq!(back.param("code"), None);
    suite.close().await;
}

/// Signed in, and then again without being asked: by the same person, at the same time.
async fn silently(mut suite: Suite, first: &[(&str, &str)], second: &[(&str, &str)], hinted: bool) {
    let back = suite.sign_in(first).await;
    let (tokens, before) = suite.checked(&back, None).await;
    suite.house.pass(2);
    let hint = tokens.text("id_token");
    let hint = [("id_token_hint", hint.as_str())];
    let back = suite.begin(&[second, if hinted { &hint[..] } else { &[] }].concat()).await;
    let (_, after) = suite.checked(&back, None).await;
    assert_eq!((&before["sub"], &before["auth_time"]), (&after["sub"], &after["auth_time"]));
    suite.close().await;
}

async fn oidcc_prompt_none_logged_in(suite: Suite) {
    silently(suite, &[], &[("prompt", "none")], false).await;
}

async fn oidcc_max_age_1(mut suite: Suite) {
    let back = suite.sign_in(&[]).await;
    let (_, first) = suite.checked(&back, None).await;
    suite.house.pass(2);
    let back = suite.sign_in(&[("max_age", "1")]).await;
    let (_, second) = suite.checked(&back, None).await;
    assert!(second["auth_time"].as_i64() > first["auth_time"].as_i64() && second["sub"] == first["sub"]);
    assert!(second["auth_time"].as_i64().is_some_and(|at| suite.house.now() - at <= 60));
    suite.close().await;
}

async fn oidcc_max_age_10000(suite: Suite) {
    silently(suite, &[("max_age", "15000")], &[("max_age", "10000")], false).await;
}

async fn oidcc_ensure_request_with_unknown_parameter_succeeds(suite: Suite) {
    succeeds(suite, &[("extra", "foobar")]).await;
}

async fn oidcc_id_token_hint(suite: Suite) {
    silently(suite, &[], &[("prompt", "none")], true).await;
}

async fn oidcc_login_hint(mut suite: Suite) {
    let page = suite.begin(&[("login_hint", "buffy@localhost")]).await;
    let back = suite.prove(page).await;
    suite.checked(&back, None).await;
    suite.visitor = suite.house.visitor();
    suite.sign_in(&[("login_hint", TEST)]).await.code();
    suite.close().await;
}

async fn oidcc_ui_locales(suite: Suite) {
    succeeds(suite, &[("ui_locales", "se")]).await;
}

async fn oidcc_claims_locales(suite: Suite) {
    succeeds(suite, &[("claims_locales", "se")]).await;
}

async fn oidcc_ensure_request_with_acr_values_succeeds(mut suite: Suite) {
    let told = suite.discovery().await;
    let supported = told["acr_values_supported"].as_array().expect("a list").clone();
    let supported: Vec<&str> = supported.iter().filter_map(Value::as_str).collect();
    let back = suite.sign_in(&[("acr_values", &supported.join(" "))]).await;
    let (_, claims) = suite.checked(&back, None).await;
    assert!(supported.contains(&claims["acr"].as_str().expect("one")));
    suite.close().await;
}

async fn oidcc_ensure_registered_redirect_uri(mut suite: Suite) {
    let page = suite.begin(&[("redirect_uri", "http://127.0.0.1:4600/callback/other")]).await;
    suite.shows_an_error(&page, "redirect_uri");
    suite.close().await;
}

async fn oidcc_ensure_post_request_succeeds(mut suite: Suite) {
    let page = suite.visitor.post("/oauth2/auth", &suite.params(&[])).await;
    let back = suite.prove(page).await;
    assert_eq!(back.param("state").as_deref(), Some(STATE));
    suite.checked(&back, None).await;
    suite.close().await;
}

/// Skipped where it is not supported; refused is what it is then.
async fn oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(mut suite: Suite) {
    assert_eq!(suite.discovery().await["request_uri_parameter_supported"], false);
    let back = suite.begin(&[("request_uri", "https://rp.example/request.jwt")]).await;
    assert_eq!((back.error().as_deref(), back.param("code")), (Some("request_uri_not_supported"), None));
    suite.close().await;
}

/// Skipped where `none` is not offered; never is one ignored.
async fn oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported(mut suite: Suite) {
    let told = suite.discovery().await;
    let algorithms = told["request_object_signing_alg_values_supported"].as_array().expect("a list");
    assert!(algorithms.iter().any(|one| one == "RS256") && algorithms.iter().all(|one| one != "none"));
    for object in ["eyJhbGciOiJub25lIn0.eyJzdGF0ZSI6InMifQ.", "x"] {
        let back = suite.begin(&[("request", object)]).await;
        assert_eq!((back.error().as_deref(), back.param("code")), (Some("invalid_request_object"), None));
    }
    suite.close().await;
}

/// The same of an object that names another redirect URI: it leads nowhere but to an error.
async fn oidcc_ensure_request_object_with_redirect_uri(mut suite: Suite) {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let claims = serde_json::json!({ "redirect_uri": format!("{CALLBACK}/other"), "state": "inside" });
    let object = format!("eyJhbGciOiJub25lIn0.{}.", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let back = suite.begin(&[("request", &object)]).await;
    assert_eq!((back.error().as_deref(), back.param("code")), (Some("invalid_request_object"), None));
    suite.close().await;
}

async fn oidcc_ensure_request_with_valid_pkce_succeeds(mut suite: Suite) {
    let challenge =
        [("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), ("code_challenge_method", "S256")];
    let back = suite.sign_in(&challenge).await;
    let verifier = [("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")];
    assert_eq!(suite.redeem(&back, &verifier).await.status, 200);
    suite.close().await;
}
