//! oidcc-basic-certification-test-plan and oidcc-formpost-basic-certification-test-plan: the same modules, answered by query and
//! by form_post. Each module's good way ends in the checks the suite makes of every one.

mod errors;
mod requests;
mod tokens;

use crate::harness::machine::{Answer, over};
use crate::harness::ways::{TEST, asking, prove};
use crate::harness::{Engine, House, Page, SHOP, Visitor};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign::crypto::hash::at_hash;
use countersign::domain::client::Algorithm;
use serde_json::{Map, Value, json};

pub const CALLBACK: &str = "http://127.0.0.1:4600/callback?own=%2F";
pub const STATE: &str = "a\"b<c>&'d e";
const SECRETS: [(&str, &str, &str); 3] = [
    ("client", "client_secret_basic", "cdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234"),
    ("client2", "client_secret_basic", "defghijabcdefghijabcdefghijabcdefghijabcdefghij12345"),
    ("client-post", "client_secret_post", "efghijabcdefghijabcdefghijabcdefghijabcdefghij123456"),
];

/// Whose sign-ins the suite repeats: somebody of whom every standard claim is known.
pub const PERSON: &str = r#"
[[person]]
identifiers = ["+12025550143", "ada@example.com"]

[person.profile]
given_name = "Ada"
family_name = "Obi"
middle_name = "N"
nickname = "ada"
preferred_username = "ada.obi"
profile = "https://example.com/ada"
picture = "https://example.com/ada.png"
website = "https://ada.example"
gender = "female"
birthdate = "1990-12-31"
zoneinfo = "Africa/Lagos"
locale = "en-NG"
address = { street_address = "1 Marina", locality = "Lagos", country = "NG" }
"#;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Query,
    FormPost,
}

/// A house as the suite finds it, and its browser.
pub struct Suite {
    pub house: House,
    pub visitor: Visitor,
    mode: Mode,
}

/// Each module twice: once for each plan.
macro_rules! modules {
    ($($name:ident),+ $(,)?) => {
        mod query {
            use super::*;
            $(crate::harness::both!($name, async |engine| {
                super::super::$name(Suite::open(engine, Mode::Query).await).await
            });)+
        }
        mod form_post {
            use super::*;
            $(crate::harness::both!($name, async |engine| {
                super::super::$name(Suite::open(engine, Mode::FormPost).await).await
            });)+
        }
    };
}
use modules;

impl Suite {
    pub async fn open(engine: Engine, mode: Mode) -> Self {
        let client = |(id, method, secret): (&str, &str, &str)| {
            format!(
                "\n[[client]]\nid = \"{id}\"\nname = \"Suite\"\nkind = \"web\"\nauth_method = \"{method}\"\nsecret = \"{secret}\"\nclaims_in_id_token = false\nredirect_uris = [\"{CALLBACK}\"]\nconnections = [\"phone\", \"email\"]\n"
            )
        };
        let clients: String = SECRETS.into_iter().map(client).collect();
        let house = House::with(engine, &format!("{SHOP}{clients}{PERSON}"), &[]).await;
        let visitor = house.visitor();
        Self { house, visitor, mode }
    }

    /// The module is over.
    pub async fn close(self) {
        self.house.close().await;
    }

    /// A request; what `extra` names replaces the usual value.
    pub fn request(&self, extra: &[(&str, &str)]) -> String {
        asking(&self.params(extra))
    }

    pub fn params<'a>(&self, extra: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let mut usual = vec![
            ("client_id", "client"),
            ("redirect_uri", CALLBACK),
            ("response_type", "code"),
            ("scope", "openid"),
            ("state", STATE),
        ];
        usual.extend((self.mode == Mode::FormPost).then_some(("response_mode", "form_post")));
        over(&usual, extra)
    }

    /// Where a request leads to: a page of ours, or an answer at the client.
    pub async fn begin(&mut self, extra: &[(&str, &str)]) -> Page {
        let page = self.visitor.get(&self.request(extra)).await;
        self.arrived(page)
    }

    pub async fn prove(&mut self, page: Page) -> Page {
        assert!(page.asks_who() && page.text().contains("Sign in"), "{}: {}", page.url, page.text());
        let page = prove(&mut self.visitor, page).await;
        self.arrived(page)
    }

    pub async fn sign_in(&mut self, extra: &[(&str, &str)]) -> Page {
        let page = self.begin(extra).await;
        self.prove(page).await
    }

    /// What the client gets, whichever way it travelled: what a form posts by itself reads like what a redirect carries.
    pub fn arrived(&self, page: Page) -> Page {
        let answer = page.html.contains("id=\"continue\"") && page.form("continue").0.starts_with("http");
        let redirected = page.url.starts_with("http://127.0.0.1:4600/");
        assert_eq!(
            (answer, redirected),
            (answer && self.mode == Mode::FormPost, redirected && self.mode == Mode::Query)
        );
        if !answer {
            return page;
        }
        let (action, fields) = page.form("continue");
        posts_itself(&page, &action);
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        Page { url: format!("{action}&{query}"), ..page }
    }

    /// By the header, as `client` registered it.
    pub async fn redeem(&self, back: &Page, extra: &[(&str, &str)]) -> Answer {
        let usual = [("grant_type", "authorization_code"), ("code", &back.code()), ("redirect_uri", CALLBACK)];
        self.token("client", &over(&usual, extra)).await
    }

    pub async fn refresh(&self, client: &str, token: &str) -> Answer {
        self.token(client, &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    async fn token(&self, client: &str, form: &[(&str, &str)]) -> Answer {
        let own = [("client_id", client), ("client_secret", secret(client))];
        self.house.machine().post_by_header("/oauth2/token", &[&own[..], form].concat()).await
    }

    /// What every module checks of a good way's end; the ID token's claims.
    pub async fn checked(&self, back: &Page, nonce: Option<&str>) -> (Answer, Map<String, Value>) {
        assert_eq!(back.param("iss"), Some(self.house.issuer.clone()));
        assert!(back.url.starts_with(CALLBACK) && back.error().is_none(), "{}", back.url);
        assert!(back.code().len() * 6 >= 256, "entropy");
        let answer = self.redeem(back, &[]).await;
        assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")), "{}", answer.body);
        let told = answer.json();
        assert!(told["expires_in"].is_i64() && told["token_type"] == "Bearer", "{told}");
        let claims = self.id_token(&answer.text("id_token"), "client").await;
        assert_eq!(claims.get("nonce"), nonce.map(Value::from).as_ref(), "echoed, and absent where none was sent");
        assert_eq!(claims["at_hash"], json!(at_hash(&answer.text("access_token"), Algorithm::RS256)));
        let userinfo = self.house.machine().userinfo(&answer.text("access_token")).await;
        assert_eq!((userinfo.status, &userinfo.json()["sub"]), (200, &claims["sub"]));
        (answer, claims)
    }

    /// Verified by the keys we publish, which are as they should be.
    pub async fn id_token(&self, token: &str, audience: &str) -> Map<String, Value> {
        let keys = self.house.machine().get("/.well-known/jwks.json").await.json();
        let keys = keys["keys"].as_array().expect("keys");
        let kids: std::collections::BTreeSet<String> = keys.iter().map(|key| key["kid"].to_string()).collect();
        assert_eq!(kids.len(), keys.len(), "each its own");
        assert!(keys.iter().all(|key| key["kty"] != "oct" && key.get("d").is_none() && key.get("k").is_none()));
        let header = URL_SAFE_NO_PAD.decode(token.split('.').next().expect("a header")).expect("base64url");
        let header: Value = serde_json::from_slice(&header).expect("JSON");
        let key = keys.iter().find(|key| key["kid"] == header["kid"]).expect("its key");
        let key: jsonwebtoken::jwk::Jwk = serde_json::from_value(key.clone()).expect("a JWK");
        let mut rules = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
        (rules.validate_exp, rules.leeway) = (false, 0);
        rules.set_audience(&[audience]);
        rules.set_issuer(&[&self.house.issuer]);
        let key = jsonwebtoken::DecodingKey::from_jwk(&key).expect("a key");
        let claims = jsonwebtoken::decode::<Map<String, Value>>(token, &key, &rules).expect("a good ID token").claims;
        let now = self.house.now();
        assert!(claims["iat"].as_i64().is_some_and(|iat| (now - 300..=now + 300).contains(&iat)));
        assert!(claims["exp"].as_i64().is_some_and(|exp| exp > now && exp < now + 86_400 * 365));
        assert!(claims["auth_time"].is_i64());
        assert!(claims["sub"].as_str().is_some_and(|sub| sub.is_ascii() && (1..=255).contains(&sub.len())));
        assert!(claims["acr"].as_str().is_some_and(|acr| !acr.is_empty()));
        // The suite warns of any other that was not asked for.
        let protocol = [
            "iss",
            "sub",
            "aud",
            "exp",
            "iat",
            "auth_time",
            "nonce",
            "acr",
            "amr",
            "azp",
            "at_hash",
            "c_hash",
            "nbf",
            "jti",
            "sid",
            "s_hash",
            "txn",
        ];
        let more: Vec<&String> = claims.keys().filter(|name| !protocol.contains(&name.as_str())).collect();
        assert!(more.is_empty(), "{more:?}");
        claims
    }

    pub async fn userinfo(&self, tokens: &Answer) -> Value {
        self.house.machine().userinfo(&tokens.text("access_token")).await.json()
    }

    pub async fn discovery(&self) -> Value {
        self.house.machine().get("/.well-known/openid-configuration").await.json()
    }

    /// A page of ours, for people: the suite takes a picture of it.
    pub fn shows_an_error(&self, page: &Page, says: &str) {
        assert_eq!((page.status.as_u16(), page.headers.get("location")), (400, None), "{}", page.url);
        assert!(page.text().contains(says) && !page.html.contains("id=\"continue\""), "{}", page.text());
    }
}

pub fn secret(client: &str) -> &'static str {
    SECRETS.iter().find(|(id, _, _)| *id == client).expect("one of the suite's").2
}

/// A form a browser posts by itself, and without scripts by a button.
fn posts_itself(page: &Page, action: &str) {
    assert_eq!((page.status.as_u16(), action), (200, CALLBACK), "{}", page.url);
    assert!(page.html.contains("method=\"post\"") && page.html.contains("type=\"submit\""), "{}", page.html);
    let policy = page.headers["content-security-policy"].to_str().expect("ASCII");
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce");
    assert!(page.html.contains(&format!("<script nonce=\"{nonce}\">")), "{}", page.html);
    assert!(policy.contains("form-action 'self' http://127.0.0.1:4600"), "{policy}");
    assert_eq!(page.headers["cache-control"], "no-store");
    let (_, fields) = page.form("continue");
    let known = ["code", "scope", "state", "iss", "error", "error_description"];
    assert!(fields.iter().all(|(name, _)| known.contains(&name.as_str())), "{fields:?}");
}

/// The one whose sign-ins are repeated.
pub fn is_ada(told: &Value) {
    assert_eq!((&told["phone_number"], &told["phone_number_verified"]), (&json!(TEST), &json!(true)));
}
