//! fapi2-security-profile-final-test-plan: what it asks of requests, which are pushed, and of what the browser carries.

use super::bank::{Bank, CALLBACK, DUMMY, REFUSALS, is_refused};
use crate::harness::both;
use crate::harness::prover::Prover;
use crate::harness::rp::payload;
use crate::harness::ways::asking;
use reqwest::Method;
use serde_json::json;

both!(fapi2_security_profile_final_discovery_end_point_verification, async |engine| {
    let bank = Bank::open(engine).await;
    let told = bank.house.machine().get("/.well-known/openid-configuration").await.json();
    for (name, member) in [
        ("response_types_supported", "code"),
        ("grant_types_supported", "authorization_code"),
        ("code_challenge_methods_supported", "S256"),
        ("token_endpoint_auth_methods_supported", "private_key_jwt"),
    ] {
        assert!(told[name].as_array().is_some_and(|list| list.contains(&json!(member))), "{member} in {name}");
    }
    for name in [
        "dpop_signing_alg_values_supported",
        "token_endpoint_auth_signing_alg_values_supported",
        "id_token_signing_alg_values_supported",
    ] {
        let list = told[name].as_array().unwrap_or_else(|| panic!("{name}"));
        assert!(["PS256", "ES256", "EdDSA"].iter().any(|one| list.contains(&json!(one))), "{name}");
    }
    assert_eq!(told["authorization_response_iss_parameter_supported"], true);
    assert_eq!(told["pushed_authorization_request_endpoint"], format!("{}/oauth2/par", bank.house.issuer));
    assert!(told["jwks_uri"].is_string());
    bank.close().await;
});

both!(fapi2_security_profile_final_user_rejects_authentication, async |engine| {
    let bank = Bank::open(engine).await;
    let mut visitor = bank.house.visitor();
    let url = Bank::opening("second", &bank.push("second", &[], &[("redirect_uri", DUMMY)]).await);
    let page = visitor.get(&url).await;
    assert!(page.text().contains("Cancel"), "{}", page.text());
    let back = visitor.submit(&page, &[("deny", "")]).await;
    assert!(back.url.starts_with(&format!("{DUMMY}&")), "{}", back.url);
    assert_eq!((back.error().as_deref(), back.param("code")), (Some("access_denied"), None));
    assert_eq!((back.param("state").as_deref(), back.param("iss")), (Some("st8"), Some(bank.house.issuer.clone())));
    // That was the answer: the reference leads to no other.
    let again = visitor.get(&url).await;
    assert_eq!((again.error().as_deref(), again.param("code")), (Some("invalid_request_uri"), None));
    bank.close().await;
});

both!(fapi2_security_profile_final_ensure_authorization_request_without_state_success, async |engine| {
    let bank = Bank::open(engine).await;
    let back = bank.answered("first", &[], &[("state", "")]).await;
    assert_eq!(back.param("state"), None);
    back.code();
    bank.close().await;
});

/// What comes back as `nonce` and `state` of a request with these.
async fn echoed(engine: crate::harness::Engine, nonce: &str, state: &str) {
    let bank = Bank::open(engine).await;
    let back = bank.answered("first", &[], &[("nonce", nonce), ("state", state)]).await;
    assert_eq!(back.param("state").as_deref(), Some(state));
    let key = Prover::new("ES256");
    let tokens = bank.redeem("first", &back.code(), &[bank.token_proof(&key, json!({}))]).await;
    let told = payload(&tokens.text("id_token"));
    assert_eq!(told.get("nonce").and_then(|told| told.as_str()), Some(nonce).filter(|nonce| !nonce.is_empty()));
    bank.close().await;
}

both!(fapi2_security_profile_final_ensure_authorization_request_without_nonce_success, async |engine| {
    echoed(engine, "", "st8").await;
});

both!(fapi2_security_profile_final_ensure_authorization_request_with_64_char_nonce_success, async |engine| {
    echoed(engine, &"n".repeat(64), "st8").await;
});

both!(fapi2_security_profile_final_ensure_authorization_request_with_long_nonce, async |engine| {
    echoed(engine, &"n".repeat(384), "st8").await;
});

both!(fapi2_security_profile_final_ensure_authorization_request_with_long_state, async |engine| {
    echoed(engine, "n0nce", &"s".repeat(1_000)).await;
});

both!(fapi2_security_profile_final_ensure_other_scope_order_succeeds, async |engine| {
    let bank = Bank::open(engine).await;
    let tokens = bank.tokens_for(&Prover::new("ES256"), &[("scope", "offline_access phone openid")]).await;
    assert_eq!(tokens.text("scope"), "offline_access phone openid");
    bank.close().await;
});

both!(fapi2_security_profile_final_test_claims_parameter_identity_claims, async |engine| {
    let bank = Bank::open(engine).await;
    let key = Prover::new("ES256");
    let claims = r#"{"id_token":{"given_name":{"essential":true}},"userinfo":{"email":null,"birthdate":null}}"#;
    let tokens = bank.tokens_for(&key, &[("scope", "openid"), ("claims", claims)]).await;
    assert_eq!(payload(&tokens.text("id_token"))["given_name"], "Ada");
    let access = tokens.text("access_token");
    let told = bank.resource("DPoP", &access, &[bank.resource_proof(&key, &access, json!({}))]).await.json();
    assert_eq!((&told["email"], &told["birthdate"]), (&json!("ada@example.com"), &json!("1990-12-31")));
    bank.close().await;
});

both!(fapi2_security_profile_final_ensure_mismatched_dpop_jkt_fails, async |engine| {
    let bank = Bank::open(engine).await;
    let (key, other) = (Prover::new("ES256"), Prover::new("ES256"));
    let proof = bank.proof(&key, "POST", "/oauth2/par", json!({}));
    is_refused(&bank.push("first", &[proof], &[("dpop_jkt", &other.thumbprint())]).await, &REFUSALS);
    bank.close().await;
});

/// A code bound by a proof where it was pushed for, or by name; and what it is worth to this key, or to another.
async fn bound(engine: crate::harness::Engine, by_proof: bool, by_its_own_key: bool) {
    let bank = Bank::open(engine).await;
    let (key, other) = (Prover::new("ES256"), Prover::new("ES256"));
    let (proof, thumbprint) = (bank.proof(&key, "POST", "/oauth2/par", json!({})), key.thumbprint());
    let code = match by_proof {
        true => bank.code("first", &[proof], &[]).await,
        false => bank.code("first", &[], &[("dpop_jkt", &thumbprint)]).await,
    };
    let shown = if by_its_own_key { &key } else { &other };
    let answer = bank.redeem("first", &code, &[bank.token_proof(shown, json!({}))]).await;
    if by_its_own_key {
        assert_eq!(answer.status, 200, "{}", answer.body)
    } else {
        is_refused(&answer, &REFUSALS)
    }
    bank.close().await;
}

both!(fapi2_security_profile_final_ensure_dpopproof_at_par_endpoint_binding_success, async |engine| {
    bound(engine, true, true).await;
});

both!(fapi2_security_profile_final_ensure_dpop_auth_code_binding_success, async |engine| {
    bound(engine, false, true).await;
});

both!(fapi2_security_profile_final_ensure_token_endpoint_fails_with_mismatched_dpop_proof_jkt, async |engine| {
    bound(engine, true, false).await;
});

both!(fapi2_security_profile_final_ensure_token_endpoint_fails_with_mismatched_dpop_jkt, async |engine| {
    bound(engine, false, false).await;
});

both!(fapi2_security_profile_final_ensure_different_nonce_inside_and_outside_request_object, async |engine| {
    let bank = Bank::open(engine).await;
    let url = Bank::opening("first", &bank.push("first", &[], &[("nonce", "inside")]).await);
    let back = bank.finish(&mut bank.house.visitor(), &format!("{url}&nonce=outside")).await;
    let tokens = bank.redeem("first", &back.code(), &[bank.token_proof(&Prover::new("ES256"), json!({}))]).await;
    assert_eq!(payload(&tokens.text("id_token"))["nonce"], "inside");
    bank.close().await;
});

both!(fapi2_security_profile_final_ensure_different_state_inside_and_outside_request_object, async |engine| {
    let bank = Bank::open(engine).await;
    let url = Bank::opening("first", &bank.push("first", &[], &[("state", "inside")]).await);
    let back = bank.finish(&mut bank.house.visitor(), &format!("{url}&state=outside")).await;
    assert_eq!(back.param("state").as_deref(), Some("inside"));
    bank.close().await;
});

both!(fapi2_security_profile_final_state_only_outside_request_object_not_used, async |engine| {
    let bank = Bank::open(engine).await;
    let url = Bank::opening("first", &bank.push("first", &[], &[("state", "")]).await);
    let back = bank.finish(&mut bank.house.visitor(), &format!("{url}&state=outside")).await;
    assert_eq!(back.param("state"), None);
    bank.close().await;
});

/// A request that cannot be pushed.
async fn not_pushed(engine: crate::harness::Engine, extra: &[(&str, &str)], error: &str) {
    let bank = Bank::open(engine).await;
    assert_eq!(bank.push("first", &[], extra).await.refusal(), (400, error.to_owned()));
    bank.close().await;
}

both!(fapi2_security_profile_final_ensure_request_object_without_redirect_uri_fails, async |engine| {
    not_pushed(engine, &[("redirect_uri", "")], "invalid_request").await;
});

both!(fapi2_security_profile_final_ensure_redirect_uri_in_authorization_request, async |engine| {
    // Two are registered: none is taken for the other, pushed or named beside the reference.
    let bank = Bank::open(engine).await;
    let pushed = bank.push("first", &[], &[("redirect_uri", "")]).await;
    assert_eq!(pushed.refusal(), (400, "invalid_request".into()));
    let url = Bank::opening("first", &bank.push("first", &[], &[]).await);
    let outside: String = url::form_urlencoded::byte_serialize(DUMMY.as_bytes()).collect();
    let back = bank.finish(&mut bank.house.visitor(), &format!("{url}&redirect_uri={outside}")).await;
    assert!(back.url.starts_with(&format!("{CALLBACK}?code=")), "{}", back.url);
    bank.close().await;
});

both!(fapi2_security_profile_final_plain_fapi_tolerate_unregistered_redirect_uri, async |engine| {
    not_pushed(engine, &[("redirect_uri", "https://rp.example/unregistered")], "invalid_request").await;
});

both!(fapi2_security_profile_final_ensure_response_type_code_idtoken_fails, async |engine| {
    not_pushed(engine, &[("response_type", "code id_token")], "unsupported_response_type").await;
});

both!(fapi2_security_profile_final_ensure_response_type_token_fails, async |engine| {
    not_pushed(engine, &[("response_type", "token")], "unsupported_response_type").await;
});

both!(fapi2_security_profile_final_par_authorization_request_containing_request_uri_form_param, async |engine| {
    not_pushed(engine, &[("request_uri", "urn:ietf:params:oauth:request_uri:x")], "invalid_request").await;
});

both!(fapi2_security_profile_final_par_ensure_pkce_required, async |engine| {
    not_pushed(engine, &[("code_challenge", ""), ("code_challenge_method", "")], "invalid_request").await;
});

both!(fapi2_security_profile_final_par_plain_pkce_rejected, async |engine| {
    not_pushed(engine, &[("code_challenge_method", "plain")], "invalid_request").await;
});

both!(fapi2_security_profile_final_ensure_unsigned_authorization_request_without_using_par_fails, async |engine| {
    let bank = Bank::open(engine).await;
    let params = [&[("client_id", "first")], &Bank::params(&[])[..]].concat();
    let back = bank.house.visitor().get(&asking(&params)).await;
    assert_eq!((back.error().as_deref(), back.param("code")), (Some("invalid_request"), None));
    bank.close().await;
});

both!(fapi2_security_profile_final_par_without_duplicate_parameters, async |engine| {
    // The browser carries `client_id` and `request_uri` alone.
    let bank = Bank::open(engine).await;
    let url = Bank::opening("first", &bank.push("first", &[], &[]).await);
    assert_eq!(url.matches('=').count(), 2, "{url}");
    bank.finish(&mut bank.house.visitor(), &url).await.code();
    bank.close().await;
});

both!(fapi2_security_profile_final_par_attempt_invalid_http_method, async |engine| {
    let bank = Bank::open(engine).await;
    let machine = bank.house.machine();
    let assertion = bank.assertion("first");
    let own = [
        ("client_id", "first"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", assertion.as_str()),
    ];
    let form = [&own[..], &Bank::params(&[])].concat();
    assert_eq!(machine.send(Method::PUT, "/oauth2/par", &[], Some(&form)).await.status, 405);
    bank.close().await;
});

both!(fapi2_security_profile_final_par_ensure_reused_request_uri_prior_to_auth_completion_succeeds, async |engine| {
    let bank = Bank::open(engine).await;
    let mut visitor = bank.house.visitor();
    let url = Bank::opening("first", &bank.push("first", &[], &[]).await);
    assert!(visitor.get(&url).await.asks_who());
    bank.finish(&mut visitor, &url).await.code();
    bank.close().await;
});

both!(fapi2_security_profile_final_par_attempt_reuse_request_uri, async |engine| {
    let bank = Bank::open(engine).await;
    let mut visitor = bank.house.visitor();
    let url = Bank::opening("first", &bank.push("first", &[], &[]).await);
    bank.finish(&mut visitor, &url).await.code();
    let back = visitor.get(&url).await;
    assert_eq!((back.error().as_deref(), back.param("code")), (Some("invalid_request_uri"), None));
    bank.close().await;
});

both!(fapi2_security_profile_final_par_attempt_to_use_expired_request_uri, async |engine| {
    let bank = Bank::open(engine).await;
    let pushed = bank.push("first", &[], &[]).await;
    bank.house.pass(pushed.json()["expires_in"].as_u64().expect("a number"));
    let back = bank.house.visitor().get(&Bank::opening("first", &pushed)).await;
    assert_eq!((back.error().as_deref(), back.param("code")), (Some("invalid_request_uri"), None));
    bank.close().await;
});

both!(fapi2_security_profile_final_par_attempt_to_use_request_uri_for_different_client, async |engine| {
    let bank = Bank::open(engine).await;
    let pushed = bank.push("first", &[], &[]).await;
    let page = bank.house.visitor().get(&Bank::opening("second", &pushed)).await;
    assert_eq!((page.status.as_u16(), page.headers.get("location")), (400, None));
    bank.close().await;
});
