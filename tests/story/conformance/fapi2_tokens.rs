//! fapi2-security-profile-final-test-plan: what it asks of tokens and of proofs of possession.

use super::bank::{Bank, DUMMY, REFUSALS, is_refused};
use crate::harness::both;
use crate::harness::prover::{Prover, ath, claims, over};
use crate::harness::rp::payload;
use serde_json::{Value, json};

both!(fapi2_security_profile_final_happy_flow, async |engine| {
    let bank = Bank::open(engine).await;
    let key = Prover::new("ES256");
    let tokens = bank.tokens(&key).await;
    assert_eq!(payload(&tokens.text("access_token"))["cnf"]["jkt"], key.thumbprint().as_str());
    assert_eq!(payload(&tokens.text("id_token"))["aud"], json!(["first"]));
    let access = tokens.text("access_token");
    let answer = bank.resource("DPoP", &access, &[bank.resource_proof(&key, &access, json!({}))]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.header("date").is_some());
    let header = jsonwebtoken::decode_header(tokens.text("id_token")).expect("a header");
    assert_eq!(header.alg, jsonwebtoken::Algorithm::ES256);
    assert_eq!(payload(&tokens.text("id_token"))["nonce"], "n0nce");
    assert!(tokens.text("refresh_token").len() * 6 >= 96 && access.len() * 6 >= 96, "entropy");
    // The second names its key ahead, and comes back to where the address has a query of its own.
    let thumbprint = key.thumbprint();
    let back = bank.answered("second", &[], &[("redirect_uri", DUMMY), ("dpop_jkt", &thumbprint)]).await;
    assert!(back.url.starts_with(&format!("{DUMMY}&code=")), "{}", back.url);
    let proof = bank.token_proof(&key, json!({}));
    let answer = bank.redeem_with("second", &back.code(), &[proof], &[("redirect_uri", DUMMY)]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let machine = bank.house.machine();
    let answer = machine.get(&format!("/oauth2/userinfo?access_token={access}")).await;
    assert_eq!(answer.refusal(), (400, "invalid_request".into()));
    bank.house.close().await;
});

both!(fapi2_security_profile_final_server_nonces, async |engine| {
    let bank = Bank::open(engine).await;
    let key = Prover::new("ES256");
    let code = bank.code("first", &[], &[]).await;
    for nonce in [Value::Null, "old".into()] {
        let answer = bank.redeem("first", &code, &[bank.token_proof(&key, json!({"nonce": nonce}))]).await;
        assert_eq!(answer.refusal(), (400, "use_dpop_nonce".into()));
        assert_eq!(answer.header("dpop-nonce"), Some(bank.nonce().as_str()));
    }
    // What was refused for its nonce used nothing up; nonces live for two minutes at least, and five at most.
    let nonce = bank.nonce();
    let tokens = bank.redeem("first", &code, &[bank.token_proof(&key, json!({}))]).await;
    let access = tokens.text("access_token");
    for (pass, status) in [(119, 200), (180, 401)] {
        bank.house.pass(pass);
        let proof = bank.resource_proof(&key, &access, json!({"nonce": nonce}));
        let answer = bank.resource("DPoP", &access, &[proof]).await;
        assert_eq!(answer.status, status, "{}", answer.body);
        assert!(answer.header("dpop-nonce").is_some());
        if status == 401 {
            assert!(
                answer.header("www-authenticate").is_some_and(|told| told.starts_with("DPoP error=\"use_dpop_nonce\""))
            );
        }
    }
    bank.house.close().await;
});

both!(fapi2_security_profile_final_access_token_type_header_case_sensitivity, async |engine| {
    let bank = Bank::open(engine).await;
    let key = Prover::new("ES256");
    let access = bank.tokens(&key).await.text("access_token");
    for scheme in ["DPoP", "dpop", "DPOP", "dPoP"] {
        let answer = bank.resource(scheme, &access, &[bank.resource_proof(&key, &access, json!({}))]).await;
        assert_eq!(answer.status, 200, "{scheme}");
    }
    bank.house.close().await;
});

both!(fapi2_security_profile_final_check_dpop_proof_nbf_exp, async |engine| {
    let bank = Bank::open(engine).await;
    let key = Prover::new("ES256");
    let access = bank.tokens(&key).await.text("access_token");
    let now = bank.house.now();
    let proof = bank.resource_proof(&key, &access, json!({"nbf": now - 10, "exp": now + 300}));
    assert_eq!(bank.resource("DPoP", &access, &[proof]).await.status, 200);
    bank.house.close().await;
});

/// A proof made by a clock that differs from ours, where tokens are given and where they are shown.
async fn with_iat(engine: crate::harness::Engine, skew: i64) {
    let bank = Bank::open(engine).await;
    let key = Prover::new("ES256");
    let code = bank.code("first", &[], &[]).await;
    let proof = bank.token_proof(&key, json!({"iat": bank.house.now() + skew}));
    let tokens = bank.redeem("first", &code, &[proof]).await;
    let access = tokens.text("access_token");
    let proof = bank.resource_proof(&key, &access, json!({"iat": bank.house.now() + skew}));
    assert_eq!(bank.resource("DPoP", &access, &[proof]).await.status, 200);
    bank.close().await;
}

both!(fapi2_security_profile_final_ensure_dpopproof_with_iat_10seconds_before_succeeds, async |engine| {
    with_iat(engine, -10).await;
});

both!(fapi2_security_profile_final_ensure_dpopproof_with_iat_10seconds_after_succeeds, async |engine| {
    with_iat(engine, 10).await;
});

both!(fapi2_security_profile_final_ensure_pkce_code_verifier_required, async |engine| {
    let bank = Bank::open(engine).await;
    let (key, code) = (Prover::new("ES256"), bank.code("first", &[], &[]).await);
    let proof = bank.token_proof(&key, json!({}));
    is_refused(&bank.redeem_with("first", &code, &[proof], &[("code_verifier", "")]).await, &["invalid_grant"]);
    bank.close().await;
});

both!(fapi2_security_profile_final_incorrect_pkce_code_verifier_rejected, async |engine| {
    let bank = Bank::open(engine).await;
    let (key, code) = (Prover::new("ES256"), bank.code("first", &[], &[]).await);
    let (proof, wrong) = (bank.token_proof(&key, json!({})), "x".repeat(43));
    is_refused(&bank.redeem_with("first", &code, &[proof], &[("code_verifier", &wrong)]).await, &["invalid_grant"]);
    bank.close().await;
});

both!(fapi2_security_profile_final_ensure_holder_of_key_required, async |engine| {
    let bank = Bank::open(engine).await;
    let code = bank.code("first", &[], &[]).await;
    is_refused(&bank.redeem("first", &code, &[]).await, &REFUSALS);
    bank.house.close().await;
});

both!(fapi2_security_profile_final_ensure_authorization_code_is_bound_to_client, async |engine| {
    let bank = Bank::open(engine).await;
    let key = Prover::new("ES256");
    let code = bank.code("first", &[], &[]).await;
    is_refused(&bank.redeem("second", &code, &[bank.token_proof(&key, json!({}))]).await, &["invalid_grant"]);
    bank.house.close().await;
});

both!(fapi2_security_profile_final_attempt_reuse_authorization_code_after_one_second, async |engine| {
    let bank = Bank::open(engine).await;
    let key = Prover::new("ES256");
    let code = bank.code("first", &[], &[]).await;
    let access = bank.redeem("first", &code, &[bank.token_proof(&key, json!({}))]).await.text("access_token");
    bank.house.pass(1);
    is_refused(&bank.redeem("first", &code, &[bank.token_proof(&key, json!({}))]).await, &["invalid_grant"]);
    let answer = bank.resource("DPoP", &access, &[bank.resource_proof(&key, &access, json!({}))]).await;
    assert_eq!(answer.refusal(), (401, "invalid_token".into()));
    bank.house.close().await;
});

both!(fapi2_security_profile_final_ensure_token_endpoint_fails_with_expired_auth_code, async |engine| {
    let bank = Bank::open(engine).await;
    let key = Prover::new("ES256");
    let code = bank.code("first", &[], &[]).await;
    bank.house.pass(62);
    is_refused(&bank.redeem("first", &code, &[bank.token_proof(&key, json!({}))]).await, &["invalid_grant"]);
    bank.house.close().await;
});

both!(fapi2_security_profile_final_refresh_token, async |engine| {
    let bank = Bank::open(engine).await;
    let key = Prover::new("ES256");
    let token = bank.tokens(&key).await.text("refresh_token");
    let proof = |key: &Prover| vec![bank.token_proof(key, json!({}))];
    let refreshed = bank.refresh("first", &token, &proof(&key)).await;
    assert_eq!((refreshed.status, refreshed.header("cache-control")), (200, Some("no-store")), "{}", refreshed.body);
    assert_eq!(refreshed.text("refresh_token"), token, "bound to the client's key: nothing is won by a new one");
    bank.house.pass(30);
    assert_eq!(bank.refresh("first", &token, &proof(&key)).await.status, 200);
    bank.house.pass(3_600);
    // A new key of the same client.
    let other = Prover::new("PS256");
    let refreshed = bank.refresh("first", &token, &proof(&other)).await;
    assert_eq!(payload(&refreshed.text("access_token"))["cnf"]["jkt"], other.thumbprint().as_str());
    is_refused(&bank.refresh("first", &token, &[]).await, &REFUSALS);
    is_refused(&bank.refresh("second", &token, &proof(&key)).await, &["invalid_grant"]);
    // Without client authentication, whichever way it is left out.
    for own in [&[][..], &[("client_id", "first")], &[("client_id", "first"), ("client_secret", "x")]] {
        let form = [&[("grant_type", "refresh_token"), ("refresh_token", token.as_str())], own].concat();
        let answer = bank.house.prove_at_token(&[&proof(&key)[0]], &form).await;
        assert_eq!(answer.refusal(), (401, "invalid_client".into()), "{own:?}");
    }
    assert_eq!(bank.refresh("first", &token, &proof(&key)).await.status, 200, "and it is good still");
    bank.house.close().await;
});

/// Each proof that is none, by what is wrong with it.
fn wrong_proofs(bank: &Bank, key: &Prover, method: &str, path: &str, ath: Option<&str>) -> Vec<(&'static str, String)> {
    let url = format!("{}{path}", bank.house.issuer);
    let now = bank.house.now();
    let usual = || claims(method, &url, now, json!({"nonce": bank.nonce(), "ath": ath}));
    let header = || key.proof_header();
    let rsa = Prover::new("RS256");
    let other = Prover::new("ES256");
    let mut wrong = vec![
        ("malformed", "not.a.proof".to_owned()),
        ("no JWT", "x".to_owned()),
        ("two parts", key.sign(&header(), &usual()).rsplit_once('.').expect("parts").0.to_owned()),
        ("wrong typ", key.sign(&over(header(), json!({"typ": "JWT"})), &usual())),
        ("RS256", rsa.sign(&rsa.proof_header(), &usual())),
        ("alg none", key.sign(&over(header(), json!({"alg": "none"})), &usual())),
        ("another alg", key.sign(&over(header(), json!({"alg": "EdDSA"})), &usual())),
        ("HS256", key.sign(&over(header(), json!({"alg": "HS256"})), &usual())),
        ("another's signature", other.sign(&header(), &usual())),
        ("private key in jwk", key.sign(&over(header(), json!({"jwk": key.private_jwk()})), &usual())),
        ("crit", key.sign(&over(header(), json!({"crit": ["exp"]})), &usual())),
        (
            "member twice",
            key.sign_text(&header().to_string().replacen('{', "{\"typ\":\"dpop+jwt\",", 1), &usual().to_string()),
        ),
        ("wrong htm", key.sign(&header(), &over(usual(), json!({"htm": "PUT"})))),
        ("wrong htu", key.sign(&header(), &over(usual(), json!({"htu": format!("{url}/more")})))),
        ("another host", key.sign(&header(), &over(usual(), json!({"htu": format!("https://evil.example{path}")})))),
        ("an hour old", key.sign(&header(), &over(usual(), json!({"iat": now - 3_600})))),
        ("an hour ahead", key.sign(&header(), &over(usual(), json!({"iat": now + 3_600})))),
        ("iat is text", key.sign(&header(), &over(usual(), json!({"iat": now.to_string()})))),
        ("empty jti", key.sign(&header(), &over(usual(), json!({"jti": ""})))),
    ];
    for member in ["typ", "alg", "jwk"] {
        wrong.push((member, key.sign(&over(header(), json!({member: null})), &usual())));
    }
    for claim in ["jti", "htm", "htu", "iat"] {
        wrong.push((claim, key.sign(&header(), &over(usual(), json!({claim: null})))));
    }
    if ath.is_some() {
        wrong.push(("no ath", key.sign(&header(), &over(usual(), json!({"ath": null})))));
        wrong.push(("wrong ath", key.sign(&header(), &over(usual(), json!({"ath": "x"})))));
        wrong.push(("another key", other.sign(&other.proof_header(), &usual())));
    }
    wrong
}

both!(fapi2_security_profile_final_dpop_negative_tests, async |engine| {
    let bank = Bank::open(engine).await;
    let key = Prover::new("ES256");
    let access = bank.tokens(&key).await.text("access_token");
    for (what, proof) in wrong_proofs(&bank, &key, "GET", "/oauth2/userinfo", Some(&ath(&access))) {
        let answer = bank.resource("DPoP", &access, &[proof]).await;
        assert_eq!(answer.refusal(), (401, "invalid_dpop_proof".into()), "{what}");
        assert!(answer.header("www-authenticate").is_some_and(|told| told.starts_with("DPoP error=")), "{what}");
    }
    let good = || bank.resource_proof(&key, &access, json!({}));
    let answer = bank.resource("DPoP", &access, &[good(), good()]).await;
    assert_eq!(answer.refusal(), (401, "invalid_dpop_proof".into()), "two proofs");
    assert_eq!(bank.resource("DPoP", &access, &[]).await.refusal(), (401, "invalid_dpop_proof".into()), "no proof");
    assert_eq!(bank.resource("Bearer", &access, &[]).await.refusal(), (401, "invalid_token".into()));
    assert_eq!(bank.resource("Bearer", &access, &[good()]).await.refusal(), (401, "invalid_token".into()));
    let replayed = good();
    assert_eq!(bank.resource("DPoP", &access, std::slice::from_ref(&replayed)).await.status, 200);
    assert_eq!(bank.resource("DPoP", &access, &[replayed]).await.refusal(), (401, "invalid_dpop_proof".into()));
    // What is the same address is the same: case of scheme and host, query, fragment.
    let upper = bank.house.issuer.replacen("http", "HTTP", 1);
    for htu in [format!("{upper}/oauth2/userinfo"), format!("{}/oauth2/userinfo?x=1#y", bank.house.issuer)] {
        let answer = bank.resource("DPoP", &access, &[bank.resource_proof(&key, &access, json!({"htu": htu}))]).await;
        assert_eq!(answer.status, 200, "{htu}");
    }
    // The token endpoint says the same with 400, and uses nothing up.
    let code = bank.code("first", &[], &[]).await;
    for (what, proof) in wrong_proofs(&bank, &key, "POST", "/oauth2/token", None) {
        let answer = bank.redeem("first", &code, &[proof]).await;
        assert_eq!(answer.refusal(), (400, "invalid_dpop_proof".into()), "{what}");
    }
    let good = || bank.token_proof(&key, json!({}));
    assert_eq!(bank.redeem("first", &code, &[good(), good()]).await.refusal(), (400, "invalid_dpop_proof".into()));
    assert_eq!(bank.redeem("first", &code, &[good()]).await.status, 200);
    bank.house.close().await;
});
