//! fapi2-security-profile-final: the modules about pushed requests. The client here authenticates by a secret: how it signs
//! assertions is another file's matter.

use crate::harness::machine::{Answer, over};
use crate::harness::prover::Prover;
use crate::harness::rp::payload;
use crate::harness::ways::{asking, prove};
use crate::harness::{Engine, House, SHOP, Visitor, both};
use reqwest::Method;
use serde_json::json;

const SECRET: &str = "fghijabcdefghijabcdefghijabcdefghijabcdefghij1234567";
const CALLBACK: &str = "http://127.0.0.1:4800/callback?dummy1=lorem&dummy2=ipsum";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

async fn house(engine: Engine) -> House {
    let client = format!(
        "\n[[client]]\nid = \"bank\"\nname = \"Bank\"\nkind = \"web\"\nalgorithm = \"ES256\"\nrequire_par = true\nrequire_pkce = true\nsecret = \"{SECRET}\"\nredirect_uris = [\"{CALLBACK}\"]\nconnections = [\"phone\"]\n"
    );
    House::with(engine, &[SHOP, &client].concat(), &[]).await
}

const USUAL: [(&str, &str); 7] = [
    ("client_id", "bank"),
    ("redirect_uri", CALLBACK),
    ("response_type", "code"),
    ("scope", "openid"),
    ("state", "st8"),
    ("code_challenge", CHALLENGE),
    ("code_challenge_method", "S256"),
];

async fn push(house: &House, extra: &[(&str, &str)]) -> Answer {
    let usual = [&USUAL[..], &[("client_secret", SECRET)]].concat();
    house.machine().post("/oauth2/par", &over(&usual, extra)).await
}

fn opening(pushed: &Answer) -> String {
    asking(&[("client_id", "bank"), ("request_uri", &pushed.text("request_uri"))])
}

async fn finish(visitor: &mut Visitor, url: &str) -> crate::harness::Page {
    let page = visitor.get(url).await;
    prove(visitor, page).await
}

async fn tokens(house: &House, code: &str) -> Answer {
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("client_id", "bank"),
        ("client_secret", SECRET),
    ];
    house.machine().post("/oauth2/token", &form).await
}

both!(fapi2_happy_flow, async |engine| {
    let house = house(engine).await;
    let pushed = push(&house, &[("nonce", "n")]).await;
    assert_eq!(pushed.status, 201);
    let back = finish(&mut house.visitor(), &opening(&pushed)).await;
    assert!(back.url.starts_with(&format!("{CALLBACK}&code=")), "{}", back.url);
    assert_eq!((back.param("iss"), back.param("state").as_deref()), (Some(house.issuer.clone()), Some("st8")));
    assert_eq!(payload(&tokens(&house, &back.code()).await.text("id_token"))["nonce"], "n");
    house.close().await;
});

both!(fapi2_ensure_authorization_request_without_state_and_nonce_success, async |engine| {
    let house = house(engine).await;
    let back = finish(&mut house.visitor(), &opening(&push(&house, &[("state", "")]).await)).await;
    assert_eq!(back.param("state"), None);
    assert!(!payload(&tokens(&house, &back.code()).await.text("id_token")).contains_key("nonce"));
    house.close().await;
});

both!(fapi2_ensure_authorization_request_with_long_nonce_and_state, async |engine| {
    let house = house(engine).await;
    for (nonce, state) in [("n".repeat(64), "s".repeat(128)), ("n".repeat(384), "s".repeat(1_000))] {
        let back =
            finish(&mut house.visitor(), &opening(&push(&house, &[("nonce", &nonce), ("state", &state)]).await)).await;
        assert_eq!(back.param("state"), Some(state));
        assert_eq!(payload(&tokens(&house, &back.code()).await.text("id_token"))["nonce"], nonce.as_str());
    }
    house.close().await;
});

both!(fapi2_ensure_different_nonce_and_state_outside_the_pushed_request_not_used, async |engine| {
    let house = house(engine).await;
    let url = opening(&push(&house, &[("nonce", "inside")]).await);
    let back = finish(&mut house.visitor(), &format!("{url}&state=outside&nonce=outside")).await;
    assert_eq!(back.param("state").as_deref(), Some("st8"));
    assert_eq!(payload(&tokens(&house, &back.code()).await.text("id_token"))["nonce"], "inside");
    // state-only-outside-request-object-not-used
    let url = opening(&push(&house, &[("state", "")]).await);
    assert_eq!(finish(&mut house.visitor(), &format!("{url}&state=outside")).await.param("state"), None);
    house.close().await;
});

both!(fapi2_ensure_unsigned_authorization_request_without_using_par_fails, async |engine| {
    let house = house(engine).await;
    let back = house.visitor().get(&asking(&USUAL)).await;
    assert_eq!((back.error().as_deref(), back.param("code")), (Some("invalid_request"), None));
    house.close().await;
});

both!(fapi2_what_par_refuses, async |engine| {
    let house = house(engine).await;
    for (extra, error) in [
        // ensure-request-object-without-redirect-uri-fails, plain-fapi-tolerate-unregistered-redirect-uri
        (&[("redirect_uri", "")][..], "invalid_request"),
        (&[("redirect_uri", "https://rp.example/unregistered")], "invalid_request"),
        // ensure-response-type-code-idtoken-fails, -token-fails
        (&[("response_type", "code id_token")], "unsupported_response_type"),
        (&[("response_type", "token")], "unsupported_response_type"),
        // par-authorization-request-containing-request_uri-form-param
        (&[("request_uri", "urn:ietf:params:oauth:request_uri:x")], "invalid_request"),
        // par-ensure-pkce-required, par-plain-pkce-rejected
        (&[("code_challenge", ""), ("code_challenge_method", "")], "invalid_request"),
        (&[("code_challenge_method", "plain")], "invalid_request"),
    ] {
        assert_eq!(push(&house, extra).await.refusal(), (400, error.into()), "{extra:?}");
    }
    // par-attempt-invalid-http-method
    assert_eq!(house.machine().send(Method::PUT, "/oauth2/par", &[], Some(&USUAL)).await.status, 405);
    assert_eq!(push(&house, &[("client_secret", "")]).await.refusal(), (401, "invalid_client".into()));
    house.close().await;
});

both!(fapi2_par_ensure_reused_request_uri_prior_to_auth_completion_succeeds, async |engine| {
    let house = house(engine).await;
    let mut visitor = house.visitor();
    let url = opening(&push(&house, &[]).await);
    assert!(visitor.get(&url).await.asks_who());
    finish(&mut visitor, &url).await.code();
    // par-attempt-reuse-request_uri
    let back = visitor.get(&url).await;
    assert_eq!((back.error().as_deref(), back.param("code")), (Some("invalid_request_uri"), None));
    house.close().await;
});

both!(fapi2_par_attempt_to_use_expired_request_uri, async |engine| {
    let house = house(engine).await;
    let pushed = push(&house, &[]).await;
    house.pass(pushed.json()["expires_in"].as_u64().expect("a number"));
    let back = house.visitor().get(&opening(&pushed)).await;
    assert_eq!((back.error().as_deref(), back.param("code")), (Some("invalid_request_uri"), None));
    house.close().await;
});

both!(fapi2_par_attempt_to_use_request_uri_for_different_client, async |engine| {
    let house = house(engine).await;
    let uri = push(&house, &[]).await.text("request_uri");
    let page = house.visitor().get(&asking(&[("client_id", "shop"), ("request_uri", &uri)])).await;
    assert_eq!((page.status.as_u16(), page.headers.get("location")), (400, None));
    house.close().await;
});

both!(fapi2_dpop_binding_at_the_par_endpoint, async |engine| {
    let house = house(engine).await;
    let (key, other) = (Prover::new("ES256"), Prover::new("ES256"));
    let form = [&USUAL[..], &[("client_secret", SECRET)]].concat();
    let with_proof = async |extra: &[(&str, &str)]| {
        let proof = key.proof("POST", &format!("{}/oauth2/par", house.issuer), house.now(), json!({}));
        house.machine().send(Method::POST, "/oauth2/par", &[("dpop", &proof)], Some(&over(&form, extra))).await
    };
    // ensure-mismatched-dpop-jkt-fails
    let refusal = with_proof(&[("dpop_jkt", &other.thumbprint())]).await.refusal();
    assert_eq!(refusal, (400, "invalid_dpop_proof".into()));
    let redeem = async |prover: &Prover, pushed: &Answer| {
        let code = finish(&mut house.visitor(), &opening(pushed)).await.code();
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
            ("client_id", "bank"),
            ("client_secret", SECRET),
        ];
        house.prove_at_token(&[&house.token_proof(prover, json!({}))], &form).await
    };
    // ensure-dpopproof-at-par-endpoint-binding-success, ensure-dpop-auth-code-binding-success
    assert_eq!(redeem(&key, &with_proof(&[]).await).await.status, 200);
    assert_eq!(redeem(&key, &push(&house, &[("dpop_jkt", &key.thumbprint())]).await).await.status, 200);
    // ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt, -dpop-jkt
    assert_eq!(redeem(&other, &with_proof(&[]).await).await.status, 400);
    assert_eq!(redeem(&other, &push(&house, &[("dpop_jkt", &key.thumbprint())]).await).await.status, 400);
    house.close().await;
});
