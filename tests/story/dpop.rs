//! Tokens bound to a key (RFC 9449): what binds them, what they answer to, and what is no proof.

use crate::harness::prover::Prover;
use crate::harness::rp::payload;
use crate::harness::ways::{ask, prove, signed_in};
use crate::harness::{House, SHOP, both};
use reqwest::Method;
use serde_json::json;

const SCOPE: (&str, &str) = ("scope", "openid phone offline");
const SHOP_FORM: [(&str, &str); 3] = [
    ("redirect_uri", "http://127.0.0.1:4000/callback"),
    ("client_id", "shop"),
    ("client_secret", crate::harness::SHOP_SECRET),
];

impl House {
    /// The moment it is here, as tokens write it.
    pub fn now(&self) -> i64 {
        self.time.now().secs()
    }

    /// Posts a form to the token endpoint with these DPoP proofs.
    pub async fn prove_at_token(&self, proofs: &[&str], form: &[(&str, &str)]) -> crate::harness::machine::Answer {
        let headers: Vec<(&str, &str)> = proofs.iter().map(|proof| ("dpop", *proof)).collect();
        self.machine().send(Method::POST, "/oauth2/token", &headers, Some(form)).await
    }

    /// A proof for the token endpoint.
    pub fn token_proof(&self, key: &Prover, extra: serde_json::Value) -> String {
        key.proof("POST", &format!("{}/oauth2/token", self.issuer), self.now(), extra)
    }
}

fn redeeming(code: &str) -> Vec<(&str, &str)> {
    [&[("grant_type", "authorization_code"), ("code", code)], &SHOP_FORM[..]].concat()
}

fn refreshing(token: &str) -> Vec<(&str, &str)> {
    [&[("grant_type", "refresh_token"), ("refresh_token", token)], &SHOP_FORM[1..]].concat()
}

both!(a_proof_binds_the_tokens, async |engine| {
    let house = House::open(engine).await;
    for algorithm in ["ES256", "EdDSA", "PS256", "RS256"] {
        let key = Prover::new(algorithm);
        let back = signed_in(&mut house.visitor(), &[SCOPE]).await;
        let proof = house.token_proof(&key, json!({}));
        let answer = house.prove_at_token(&[&proof], &redeeming(&back.code())).await;
        assert_eq!((answer.status, answer.text("token_type")), (200, "DPoP".into()), "{algorithm} {}", answer.body);
        assert_eq!(payload(&answer.text("access_token"))["cnf"], json!({"jkt": key.thumbprint()}));
        assert!(answer.header("dpop-nonce").is_some_and(|nonce| nonce.len() == 22));
        // A confidential client may change its key.
        let other = Prover::new("ES256");
        let proof = house.token_proof(&other, json!({}));
        let answer = house.prove_at_token(&[&proof], &refreshing(&answer.text("refresh_token"))).await;
        assert_eq!((answer.status, answer.text("token_type")), (200, "DPoP".into()), "{}", answer.body);
        assert_eq!(payload(&answer.text("access_token"))["cnf"]["jkt"], other.thumbprint().as_str());
    }
    // Without one, a bearer's, and no nonce.
    let answer = house.machine().redeem(&signed_in(&mut house.visitor(), &[SCOPE]).await.code(), &[]).await;
    assert_eq!((answer.text("token_type"), answer.header("dpop-nonce")), ("Bearer".into(), None));
    assert!(!payload(&answer.text("access_token")).contains_key("cnf"));
    house.close().await;
});

both!(a_public_clients_refresh_tokens_are_its_keys, async |engine| {
    let house = House::open(engine).await;
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let asked = [
        ("client_id", "kiosk"),
        ("redirect_uri", "http://127.0.0.1:4100/callback"),
        ("scope", "openid offline"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ];
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&asked)).await;
    let code = prove(&mut visitor, page).await.code();
    let (key, other) = (Prover::new("ES256"), Prover::new("ES256"));
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("client_id", "kiosk"),
        ("redirect_uri", "http://127.0.0.1:4100/callback"),
        ("code_verifier", verifier),
    ];
    let answer = house.prove_at_token(&[&house.token_proof(&key, json!({}))], &form).await;
    let token = answer.text("refresh_token");
    let form = [("grant_type", "refresh_token"), ("refresh_token", token.as_str()), ("client_id", "kiosk")];
    for proofs in [vec![], vec![house.token_proof(&other, json!({}))]] {
        let proofs: Vec<&str> = proofs.iter().map(String::as_str).collect();
        let answer = house.prove_at_token(&proofs, &form).await;
        assert_eq!(answer.refusal(), (400, "invalid_dpop_proof".into()));
    }
    assert_eq!(house.prove_at_token(&[&house.token_proof(&key, json!({}))], &form).await.status, 200);
    house.close().await;
});

both!(whoever_must_be_bound_is, async |engine| {
    let declared = SHOP.replacen("kind = \"web\"", "kind = \"web\"\ndpop_bound = true", 1);
    let house = House::with(engine, &declared, &[]).await;
    let code = signed_in(&mut house.visitor(), &[SCOPE]).await.code();
    assert_eq!(house.machine().redeem(&code, &[]).await.refusal(), (400, "invalid_dpop_proof".into()));
    // Nothing was used up.
    let key = Prover::new("ES256");
    let answer = house.prove_at_token(&[&house.token_proof(&key, json!({}))], &redeeming(&code)).await;
    assert_eq!(answer.text("token_type"), "DPoP");
    house.close().await;
});
