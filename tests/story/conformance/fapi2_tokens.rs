//! FAPI 2.0 Security Profile, final: what its suite asks of tokens and proofs of possession. Names mirror the suite's modules.

use crate::harness::machine::{Answer, over as over_form};
use crate::harness::prover::{Prover, ath, claims, over};
use crate::harness::rp::payload;
use crate::harness::ways::{asking, prove};
use crate::harness::{Engine, House, SHOP, both};
use countersign::flows::proof;
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};

const CALLBACK: &str = "http://127.0.0.1:4500/callback";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const REFUSALS: [&str; 3] = ["invalid_request", "invalid_grant", "invalid_dpop_proof"];

/// Two clients with keys of their own, as the suite registers them.
struct Bank {
    house: House,
    keys: [Prover; 2],
}

impl Bank {
    async fn open(engine: Engine) -> Self {
        let keys = [Prover::new("PS256"), Prover::new("ES256")];
        let mut declared = SHOP.to_owned();
        for (id, key) in ["first", "second"].into_iter().zip(&keys) {
            let jwks = json!({"keys": [over(key.jwk.clone(), json!({"kid": id, "use": "sig"}))]});
            declared.push_str(&format!(
                "\n[[client]]\nid = \"{id}\"\nname = \"Bank\"\nkind = \"web\"\nprofile = \"fapi2\"\nauth_method = \"private_key_jwt\"\ndpop_bound = true\nalgorithm = \"ES256\"\njwks = '{jwks}'\nredirect_uris = [\"{CALLBACK}\"]\nconnections = [\"phone\"]\n"
            ));
        }
        Self { house: House::with(engine, &declared, &[]).await, keys }
    }

    /// The client's own word, signed.
    fn assertion(&self, id: &str) -> String {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let key = if id == "first" { &self.keys[0] } else { &self.keys[1] };
        let now = self.house.now();
        let jti = format!("assertion-{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let claims = json!({
            "iss": id, "sub": id, "aud": self.house.issuer, "iat": now, "exp": now + 60, "jti": jti
        });
        key.sign(&json!({"alg": key.algorithm, "kid": id, "typ": "JWT"}), &claims)
    }

    async fn post(&self, path: &str, id: &str, proofs: &[String], form: &[(&str, &str)]) -> Answer {
        let assertion = self.assertion(id);
        let own = [
            ("client_id", id),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", assertion.as_str()),
        ];
        let headers: Vec<(&str, &str)> = proofs.iter().map(|proof| ("dpop", proof.as_str())).collect();
        self.house.machine().send(Method::POST, path, &headers, Some(&over_form(&own, form))).await
    }

    fn nonce(&self) -> String {
        proof::nonce(&self.house.app)
    }

    /// A proof with the nonce it needs; `extra` changes claims.
    fn proof(&self, key: &Prover, method: &str, path: &str, extra: Value) -> String {
        let url = format!("{}{path}", self.house.issuer);
        key.proof(method, &url, self.house.now(), over(json!({"nonce": self.nonce()}), extra))
    }

    fn token_proof(&self, key: &Prover, extra: Value) -> String {
        self.proof(key, "POST", "/oauth2/token", extra)
    }

    /// A code, pushed for with `extra` and these proofs.
    async fn code(&self, id: &str, proofs: &[String], extra: &[(&str, &str)]) -> String {
        let usual = [
            ("redirect_uri", CALLBACK),
            ("response_type", "code"),
            ("scope", "openid phone offline_access"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        let pushed = self.post("/oauth2/par", id, proofs, &over_form(&usual, extra)).await;
        assert_eq!(pushed.status, 201, "{}", pushed.body);
        let mut visitor = self.house.visitor();
        let page = visitor.get(&asking(&[("client_id", id), ("request_uri", &pushed.text("request_uri"))])).await;
        let back = prove(&mut visitor, page).await;
        assert_eq!(back.param("iss").as_deref(), Some(self.house.issuer.as_str()));
        back.code()
    }

    async fn redeem(&self, id: &str, code: &str, proofs: &[String]) -> Answer {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        self.post("/oauth2/token", id, proofs, &form).await
    }

    async fn refresh(&self, id: &str, token: &str, proofs: &[String]) -> Answer {
        let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.post("/oauth2/token", id, proofs, &form).await
    }

    /// The first client's tokens, bound to `key`.
    async fn tokens(&self, key: &Prover) -> Answer {
        let code = self.code("first", &[], &[]).await;
        let answer = self.redeem("first", &code, &[self.token_proof(key, json!({}))]).await;
        assert_eq!((answer.status, answer.text("token_type")), (200, "DPoP".into()), "{}", answer.body);
        answer
    }

    /// Userinfo, the suite's protected resource.
    async fn resource(&self, scheme: &str, token: &str, proofs: &[String]) -> Answer {
        let authorization = format!("{scheme} {token}");
        let mut headers = vec![("authorization", authorization.as_str())];
        headers.extend(proofs.iter().map(|proof| ("dpop", proof.as_str())));
        self.house.machine().send(Method::GET, "/oauth2/userinfo", &headers, None).await
    }

    fn resource_proof(&self, key: &Prover, token: &str, extra: Value) -> String {
        self.proof(key, "GET", "/oauth2/userinfo", over(json!({"ath": ath(token)}), extra))
    }
}

fn is_refused(answer: &Answer, of: &[&str]) {
    assert!(answer.status == 400 && of.contains(&answer.text("error").as_str()), "{} {}", answer.status, answer.body);
}

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
    // The second names its key ahead.
    let thumbprint = key.thumbprint();
    let code = bank.code("second", &[], &[("dpop_jkt", &thumbprint)]).await;
    assert_eq!(bank.redeem("second", &code, &[bank.token_proof(&key, json!({}))]).await.status, 200);
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

both!(fapi2_security_profile_final_ensure_dpopproof_with_iat_10seconds_before_and_after_succeeds, async |engine| {
    let bank = Bank::open(engine).await;
    let key = Prover::new("ES256");
    let access = bank.tokens(&key).await.text("access_token");
    for skew in [-10, 10] {
        let proof = bank.resource_proof(&key, &access, json!({"iat": bank.house.now() + skew}));
        assert_eq!(bank.resource("DPoP", &access, &[proof]).await.status, 200, "{skew}");
        let code = bank.code("first", &[], &[]).await;
        let proof = bank.token_proof(&key, json!({"iat": bank.house.now() + skew}));
        assert_eq!(bank.redeem("first", &code, &[proof]).await.status, 200, "{skew}");
    }
    bank.house.close().await;
});

both!(fapi2_security_profile_final_ensure_dpop_binding_at_par_success_and_mismatch_fails, async |engine| {
    let bank = Bank::open(engine).await;
    let (key, other) = (Prover::new("ES256"), Prover::new("ES256"));
    let thumbprint = key.thumbprint();
    let proven = || vec![bank.proof(&key, "POST", "/oauth2/par", json!({}))];
    let named = [("dpop_jkt", thumbprint.as_str())];
    for (proofs, extra) in [(proven(), &[][..]), (vec![], &named[..]), (proven(), &named[..])] {
        let code = bank.code("first", &proofs, extra).await;
        assert_eq!(bank.redeem("first", &code, &[bank.token_proof(&key, json!({}))]).await.status, 200);
    }
    // ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt and -dpop-jkt
    for (proofs, extra) in [(proven(), &[][..]), (vec![], &named[..])] {
        let code = bank.code("first", &proofs, extra).await;
        is_refused(&bank.redeem("first", &code, &[bank.token_proof(&other, json!({}))]).await, &REFUSALS);
    }
    bank.house.close().await;
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
