//! What the pages say. The look is in `templates/demo/`.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::Value;

#[derive(Template)]
#[template(path = "demo/home.html")]
pub struct Home<'a> {
    pub issuer: &'a str,
    pub phone_url: &'a str,
    pub signed_out: bool,
}

#[derive(Template)]
#[template(path = "demo/welcome.html")]
pub struct Welcome<'a> {
    pub phone_url: &'a str,
    pub name: String,
    pub claims: Vec<Claim>,
    pub access_header: String,
    pub access_claims: String,
    pub refreshable: bool,
    pub notice: Option<String>,
    pub userinfo: Option<String>,
}

#[derive(Template)]
#[template(path = "demo/problem.html")]
struct Problem<'a> {
    title: &'a str,
    explanation: &'a str,
    said: Option<String>,
}

/// One row of the table of verified claims.
pub struct Claim {
    pub name: String,
    pub value: String,
    pub meaning: &'static str,
}

/// A template as an answer.
pub struct Page<T>(pub T);

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        match self.0.render() {
            Ok(html) => Html(html).into_response(),
            Err(error) => {
                tracing::error!(%error, "demo: a page could not be rendered");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

/// A page about something that did not work out, calmly.
pub fn problem(status: StatusCode, title: &str, explanation: &str, said: Option<String>) -> Response {
    (status, Page(Problem { title, explanation, said })).into_response()
}

/// Header and claims of a JWT, for the eye only: whoever relies on a token checks its signature first.
pub fn decoded(token: &str) -> [Value; 2] {
    let mut parts = token.split('.').map(|part| {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(part).ok()?;
        serde_json::from_slice(&bytes).ok()
    });
    [(); 2].map(|()| parts.next().flatten().unwrap_or(Value::Null))
}

/// The claims as rows, in the order in which one would explain them.
pub fn claims(all: &Value) -> Vec<Claim> {
    let place = |name: &str| MEANINGS.iter().position(|(known, _)| *known == name);
    let mut rows: Vec<Claim> = all
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| Claim {
            name: name.clone(),
            value: value.as_str().map_or_else(|| value.to_string(), str::to_owned),
            meaning: place(name).map_or("", |place| MEANINGS[place].1),
        })
        .collect();
    rows.sort_by_key(|row| place(&row.name).unwrap_or(usize::MAX));
    rows
}

pub fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

const MEANINGS: [(&str, &str); 21] = [
    ("sub", "the account, for ever: the key to store"),
    ("phone_number", "the phone, in E.164"),
    ("phone_number_verified", "the phone was proven by a passcode"),
    ("email", "the e-mail address"),
    ("email_verified", "the address was proven by a passcode"),
    ("name", "what the person is called"),
    ("auth_time", "when the person last proved who they are (Unix seconds)"),
    ("amr", "how: otp is a passcode"),
    ("acr", "how strong the proof was"),
    ("sid", "the session at the provider"),
    ("iss", "who says all this: must be the issuer"),
    ("aud", "for whom: must list this app"),
    ("azp", "the app that asked"),
    ("nonce", "ties the token to this one request"),
    ("at_hash", "ties the access token to this ID token"),
    ("iat", "when the token was made (Unix seconds)"),
    ("exp", "when it stops counting (Unix seconds)"),
    ("jti", "this token's own number"),
    ("updated_at", "when the account last changed (Unix seconds)"),
    ("org_codes", "the organizations the person belongs to"),
    ("rat", "when the sign-in was asked for (Unix seconds)"),
];
