//! Which browser this is: a random cookie whose hash binds interactions and passcodes to it. It says nothing of who is signed
//! in, needs no row, and lets an anonymous visitor cost nothing.

use super::cookies;
use crate::app::App;
use crate::crypto::hash::sha256_hex;
use crate::domain::ids::ClientId;
use crate::text::{Words, accept_language};
use axum::extract::FromRequestParts;
use axum::http::HeaderValue;
use axum::http::header::{ACCEPT_LANGUAGE, SET_COOKIE};
use axum::http::request::Parts;
use axum::response::{IntoResponseParts, ResponseParts};
use axum_extra::extract::cookie::CookieJar;
use std::convert::Infallible;
use std::sync::Arc;

#[derive(Clone, Debug)]
pub struct Browser {
    /// The hash that rows know it by.
    pub key: String,
    fresh: Option<HeaderValue>,
    accepts: Vec<String>,
}

impl FromRequestParts<App> for Browser {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let jar = CookieJar::from_headers(&parts.headers);
        let cookie = cookies::name(app, "browser");
        let accepts = languages(parts.headers.get(ACCEPT_LANGUAGE));
        let known = jar
            .get(&cookie)
            .map(|cookie| cookie.value().to_owned())
            .filter(|value| value.starts_with("br_") && value.len() == 46);
        Ok(match known {
            Some(value) => Self { key: sha256_hex(&value), fresh: None, accepts },
            None => {
                let value = app.entropy.token("br_");
                let secure = if app.https() { "; Secure" } else { "" };
                let header = format!("{cookie}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000{secure}");
                Self { key: sha256_hex(&value), fresh: HeaderValue::from_str(&header).ok(), accepts }
            }
        })
    }
}

fn languages(accepted: Option<&HeaderValue>) -> Vec<String> {
    accepted.and_then(|value| value.to_str().ok()).map(accept_language).unwrap_or_default()
}

impl Browser {
    /// Somebody of whom only the language is known.
    pub fn passing(accepted: Option<&HeaderValue>) -> Self {
        Self { key: String::new(), fresh: None, accepts: languages(accepted) }
    }

    pub fn is_new(&self) -> bool {
        self.fresh.is_some()
    }

    /// The words for this person, where no application is known.
    pub fn words(&self, app: &App) -> Arc<Words> {
        self.words_at(app, None, &[])
    }

    /// … and at an application: in a language it asked for, else one the browser prefers.
    pub fn words_at(&self, app: &App, client: Option<&ClientId>, asked: &[String]) -> Arc<Words> {
        let wanted: Vec<&str> = asked.iter().chain(&self.accepts).map(String::as_str).collect();
        app.words(client, &wanted)
    }

    /// The country of the dearest language tag that names one.
    pub fn country(&self) -> Option<String> {
        self.accepts.iter().find_map(|tag| tag.split('-').skip(1).find(|part| part.len() == 2).map(str::to_uppercase))
    }
}

/// Sets the cookie where this browser had none.
impl IntoResponseParts for Browser {
    type Error = Infallible;
    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        if let Some(cookie) = self.fresh {
            parts.headers_mut().append(SET_COOKIE, cookie);
        }
        Ok(parts)
    }
}
