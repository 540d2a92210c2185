//! Whoever speaks HTTP without a browser: an app's back end, a script in a page, an attacker.

use super::{SHOP_CALLBACK, SHOP_SECRET};
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::Value;

pub struct Machine {
    http: reqwest::Client,
    issuer: String,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Machine {
    #[allow(clippy::disallowed_methods, reason = "tests speak HTTP like anybody")]
    pub fn new(issuer: &str) -> Self {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("a client");
        Self { http, issuer: issuer.to_owned() }
    }

    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        form: Option<&[(&str, &str)]>,
    ) -> Answer {
        let mut request = self.http.request(method, format!("{}{path}", self.issuer));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(form) = form {
            request = request.form(form);
        }
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answer { status, headers, body: response.text().await.expect("text") }
    }

    /// A JSON body, with a bearer token where one is given.
    pub async fn json(&self, method: Method, path: &str, token: &str, body: Option<&Value>) -> Answer {
        let mut request = self.http.request(method, format!("{}{path}", self.issuer));
        if !token.is_empty() {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answer { status, headers, body: response.text().await.expect("text") }
    }

    /// A post of exactly these bytes.
    pub async fn raw(&self, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        self.any(Method::POST, path, headers, body).await
    }

    /// Exactly these bytes.
    pub async fn any(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let mut request = self.http.request(method, format!("{}{path}", self.issuer)).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answer { status, headers, body: response.text().await.expect("text") }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], None).await
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.send(Method::POST, path, &[], Some(form)).await
    }

    /// Swaps a code as the client `shop` does; what `extra` names replaces the usual value, an empty one leaves it out.
    pub async fn redeem(&self, code: &str, extra: &[(&str, &str)]) -> Answer {
        let usual = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", SHOP_CALLBACK),
            ("client_id", "shop"),
            ("client_secret", SHOP_SECRET),
        ];
        self.post("/oauth2/token", &over(&usual, extra)).await
    }

    pub async fn refresh(&self, token: &str, extra: &[(&str, &str)]) -> Answer {
        let usual = [
            ("grant_type", "refresh_token"),
            ("refresh_token", token),
            ("client_id", "shop"),
            ("client_secret", SHOP_SECRET),
        ];
        self.post("/oauth2/token", &over(&usual, extra)).await
    }

    /// Pushes a request as the client `shop` does: the parameters of `ways::ask`, what `extra` names replaced.
    pub async fn push(&self, extra: &[(&str, &str)]) -> Answer {
        self.push_with(&[], extra).await
    }

    /// … with headers.
    pub async fn push_with(&self, headers: &[(&str, String)], extra: &[(&str, &str)]) -> Answer {
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let usual = [
            ("client_id", "shop"),
            ("client_secret", SHOP_SECRET),
            ("redirect_uri", SHOP_CALLBACK),
            ("response_type", "code"),
            ("scope", "openid phone email"),
            ("state", "st8"),
        ];
        self.send(Method::POST, "/oauth2/par", &headers, Some(&over(&usual, extra))).await
    }

    /// As `client_secret_basic` has it: the credentials of this form in the header, and not in the form.
    pub async fn post_by_header(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let given = |name: &str| form.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| *value);
        let pair = format!("{}:{}", given("client_id"), given("client_secret"));
        let basic = format!("Basic {}", base64::Engine::encode(&base64::engine::general_purpose::STANDARD, pair));
        let form: Vec<_> =
            form.iter().copied().filter(|(name, _)| !["client_id", "client_secret"].contains(name)).collect();
        self.send(Method::POST, path, &[("authorization", &basic)], Some(&form)).await
    }

    pub async fn userinfo(&self, token: &str) -> Answer {
        self.send(Method::GET, "/oauth2/userinfo", &[("authorization", &format!("Bearer {token}"))], None).await
    }
}

/// `usual` with what `extra` names replaced; values that are empty are left out.
pub fn over<'a>(usual: &[(&'a str, &'a str)], extra: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = usual.iter().filter(|(name, _)| !extra.iter().any(|(given, _)| given == name));
    kept.chain(extra).copied().filter(|(_, value)| !value.is_empty()).collect()
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.body))
    }

    /// A member that is text.
    pub fn text(&self, name: &str) -> String {
        self.json()[name].as_str().unwrap_or_else(|| panic!("no {name} in {} {}", self.status, self.body)).to_owned()
    }

    /// Status and `error` of an OAuth refusal.
    pub fn refusal(&self) -> (u16, String) {
        (self.status, self.text("error"))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("ASCII"))
    }
}
