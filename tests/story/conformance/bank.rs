//! What fapi2-security-profile-final-test-plan registers: two clients with keys of their own, private_key_jwt and DPoP.

use crate::harness::machine::{Answer, over as over_form};
use crate::harness::prover::{Prover, ath, over};
use crate::harness::ways::{asking, prove};
use crate::harness::{Engine, House, Page, SHOP, Visitor};
use countersign::flows::proof;
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};

pub const CALLBACK: &str = "http://127.0.0.1:4500/callback";
/// The second redirect URI of the suite's, whose own query must be kept.
pub const DUMMY: &str = "http://127.0.0.1:4500/callback?dummy1=lorem&dummy2=ipsum";
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub const REFUSALS: [&str; 3] = ["invalid_request", "invalid_grant", "invalid_dpop_proof"];

pub struct Bank {
    pub house: House,
    keys: [Prover; 2],
}

impl Bank {
    pub async fn open(engine: Engine) -> Self {
        let keys = [Prover::new("PS256"), Prover::new("ES256")];
        let mut declared = SHOP.to_owned();
        for (id, key) in ["first", "second"].into_iter().zip(&keys) {
            let jwks = json!({"keys": [over(key.jwk.clone(), json!({"kid": id, "use": "sig"}))]});
            declared.push_str(&format!(
                "\n[[client]]\nid = \"{id}\"\nname = \"Bank\"\nkind = \"web\"\nprofile = \"fapi2\"\nauth_method = \"private_key_jwt\"\ndpop_bound = true\nalgorithm = \"ES256\"\njwks = '{jwks}'\nredirect_uris = [\"{CALLBACK}\", \"{DUMMY}\"]\nconnections = [\"phone\"]\n"
            ));
        }
        declared.push_str(super::basic::PERSON);
        Self { house: House::with(engine, &declared, &[]).await, keys }
    }

    pub async fn close(self) {
        self.house.close().await;
    }

    /// The client's own word, signed.
    pub fn assertion(&self, id: &str) -> String {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let key = if id == "first" { &self.keys[0] } else { &self.keys[1] };
        let now = self.house.now();
        let jti = format!("assertion-{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let claims = json!({
            "iss": id, "sub": id, "aud": self.house.issuer, "iat": now, "exp": now + 60, "jti": jti
        });
        key.sign(&json!({"alg": key.algorithm, "kid": id, "typ": "JWT"}), &claims)
    }

    pub async fn post(&self, path: &str, id: &str, proofs: &[String], form: &[(&str, &str)]) -> Answer {
        let assertion = self.assertion(id);
        let own = [
            ("client_id", id),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", assertion.as_str()),
        ];
        let headers: Vec<(&str, &str)> = proofs.iter().map(|proof| ("dpop", proof.as_str())).collect();
        self.house.machine().send(Method::POST, path, &headers, Some(&over_form(&own, form))).await
    }

    pub fn nonce(&self) -> String {
        proof::nonce(&self.house.app)
    }

    /// A proof with the nonce it needs; `extra` changes claims.
    pub fn proof(&self, key: &Prover, method: &str, path: &str, extra: Value) -> String {
        let url = format!("{}{path}", self.house.issuer);
        key.proof(method, &url, self.house.now(), over(json!({"nonce": self.nonce()}), extra))
    }

    pub fn token_proof(&self, key: &Prover, extra: Value) -> String {
        self.proof(key, "POST", "/oauth2/token", extra)
    }

    /// A request as it is usually pushed; what `extra` names replaces it, an empty value leaves it out.
    pub fn params<'a>(extra: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let usual = [
            ("redirect_uri", CALLBACK),
            ("response_type", "code"),
            ("scope", "openid phone offline_access"),
            ("state", "st8"),
            ("nonce", "n0nce"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        over_form(&usual, extra)
    }

    pub async fn push(&self, id: &str, proofs: &[String], extra: &[(&str, &str)]) -> Answer {
        self.post("/oauth2/par", id, proofs, &Self::params(extra)).await
    }

    /// Where the browser is sent with what was pushed: nothing stands there but who asks, and the reference.
    pub fn opening(id: &str, pushed: &Answer) -> String {
        assert_eq!(pushed.status, 201, "{}", pushed.body);
        let told = pushed.json();
        assert!(told["expires_in"].as_u64().is_some_and(|life| (5..600).contains(&life)), "{told}");
        let uri = pushed.text("request_uri");
        let secret = uri.strip_prefix("urn:ietf:params:oauth:request_uri:").expect("the standard's name");
        assert!(secret.len() * 6 >= 256, "entropy");
        asking(&[("client_id", id), ("request_uri", &uri)])
    }

    pub async fn finish(&self, visitor: &mut Visitor, url: &str) -> Page {
        let page = visitor.get(url).await;
        let back = prove(visitor, page).await;
        assert_eq!(back.param("iss").as_deref(), Some(self.house.issuer.as_str()));
        back
    }

    /// The answer to a request pushed with `extra` and these proofs.
    pub async fn answered(&self, id: &str, proofs: &[String], extra: &[(&str, &str)]) -> Page {
        let pushed = self.push(id, proofs, extra).await;
        self.finish(&mut self.house.visitor(), &Self::opening(id, &pushed)).await
    }

    pub async fn code(&self, id: &str, proofs: &[String], extra: &[(&str, &str)]) -> String {
        self.answered(id, proofs, extra).await.code()
    }

    pub async fn redeem(&self, id: &str, code: &str, proofs: &[String]) -> Answer {
        self.redeem_with(id, code, proofs, &[]).await
    }

    pub async fn redeem_with(&self, id: &str, code: &str, proofs: &[String], extra: &[(&str, &str)]) -> Answer {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        self.post("/oauth2/token", id, proofs, &over_form(&form, extra)).await
    }

    pub async fn refresh(&self, id: &str, token: &str, proofs: &[String]) -> Answer {
        let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.post("/oauth2/token", id, proofs, &form).await
    }

    /// The first client's tokens, bound to `key`.
    pub async fn tokens(&self, key: &Prover) -> Answer {
        self.tokens_for(key, &[]).await
    }

    pub async fn tokens_for(&self, key: &Prover, extra: &[(&str, &str)]) -> Answer {
        let code = self.code("first", &[], extra).await;
        let answer = self.redeem("first", &code, &[self.token_proof(key, json!({}))]).await;
        assert_eq!((answer.status, answer.text("token_type")), (200, "DPoP".into()), "{}", answer.body);
        answer
    }

    /// Userinfo, the suite's protected resource.
    pub async fn resource(&self, scheme: &str, token: &str, proofs: &[String]) -> Answer {
        let authorization = format!("{scheme} {token}");
        let mut headers = vec![("authorization", authorization.as_str())];
        headers.extend(proofs.iter().map(|proof| ("dpop", proof.as_str())));
        self.house.machine().send(Method::GET, "/oauth2/userinfo", &headers, None).await
    }

    pub fn resource_proof(&self, key: &Prover, token: &str, extra: Value) -> String {
        self.proof(key, "GET", "/oauth2/userinfo", over(json!({"ath": ath(token)}), extra))
    }
}

pub fn is_refused(answer: &Answer, of: &[&str]) {
    assert!(answer.status == 400 && of.contains(&answer.text("error").as_str()), "{} {}", answer.status, answer.body);
}
