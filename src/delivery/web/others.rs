//! Addresses that applications gave us: their keys, their metadata, where they hear of sign-outs. Whoever may register could
//! name any address, so these are read with less patience than a carrier's: https alone, public addresses alone (the operator
//! may allow others), no redirects, five seconds, no more bytes than asked for.

use super::{Web, body, names_private, plain};
use reqwest::header::{ACCEPT, AGE, CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderName};
use reqwest::{Method, RequestBuilder};
use std::time::Duration;
use url::Url;

const PATIENCE: Duration = Duration::from_secs(5);

/// A document, read whole.
#[derive(Debug)]
pub struct Fetched {
    pub status: u16,
    /// In lower case, without parameters: `application/json`.
    pub media_type: String,
    /// For how long it may be kept, where its server says so; zero for one that must not be.
    pub max_age: Option<Duration>,
    pub body: Vec<u8>,
}

impl Web {
    /// What stands there, of at most `largest` bytes, whatever its status. The error is for the log.
    pub async fn fetch(&self, url: &str, largest: usize) -> Result<Fetched, String> {
        let request = self.to_others(Method::GET, url)?.header(ACCEPT, "application/json, application/jwk-set+json");
        let response = request.send().await.map_err(|error| plain(&error))?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let media_type =
            text(&headers, &CONTENT_TYPE).split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        Ok(Fetched { status, media_type, max_age: max_age(&headers), body: body(response, largest).await? })
    }

    /// Posts a form; the status that came back. Nobody reads more of the answer.
    pub async fn post_form(&self, url: &str, fields: &[(&str, &str)]) -> Result<u16, String> {
        let request = self.to_others(Method::POST, url)?.form(fields);
        request.send().await.map(|response| response.status().as_u16()).map_err(|error| plain(&error))
    }

    fn to_others(&self, method: Method, url: &str) -> Result<RequestBuilder, String> {
        let url = Url::parse(url).map_err(|_| "no URL")?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("a URL with credentials is refused".into());
        }
        if !self.others_private && (url.scheme() != "https" || names_private(&url)) {
            return Err("only https at a public address is reached; web.allow_private = true allows others".into());
        }
        Ok(self.others.request(method, url).timeout(PATIENCE))
    }
}

/// RFC 9111 §5.2.2, as far as a private cache needs it.
fn max_age(headers: &HeaderMap) -> Option<Duration> {
    let directives = text(headers, &CACHE_CONTROL).to_ascii_lowercase();
    let mut directives = directives.split(',').map(str::trim);
    if directives.clone().any(|one| matches!(one, "no-store" | "no-cache")) {
        return Some(Duration::ZERO);
    }
    let seconds: u64 = directives.find_map(|one| one.strip_prefix("max-age=")?.trim_matches('"').parse().ok())?;
    let age = text(headers, &AGE).trim().parse().unwrap_or(0);
    Some(Duration::from_secs(seconds.saturating_sub(age)))
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
