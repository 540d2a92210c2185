//! Headers of every page: nothing from elsewhere runs, frames or remembers it.

use super::memo::Memo;
use crate::app::App;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use std::collections::BTreeSet;
use url::Url;

pub const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// An HTML answer. `forms` names where its forms may lead in the end: Chrome applies `form-action` to redirects as well, so a
/// client's own address stands there beside ours.
pub fn page(app: &App, status: StatusCode, html: String, nonce: &str, forms: Option<&str>) -> Response {
    static TARGETS: Memo<Option<String>> = Memo::new();
    let target = forms.and_then(|uri| TARGETS.of(uri, target));
    let forms = target.map_or_else(String::new, |target| format!(" {target}"));
    answer(app, status, html, nonce, &format!("form-action 'self'{forms}"))
}

/// A page that holds frames of these URLs' origins, and of nobody else's.
pub fn framing(app: &App, html: String, nonce: &str, frames: &[String]) -> Response {
    let origins: BTreeSet<String> = frames.iter().filter_map(|uri| target(uri)).collect();
    let origins = origins.into_iter().collect::<Vec<_>>().join(" ");
    let origins = if origins.is_empty() { "'none'".to_owned() } else { origins };
    answer(app, StatusCode::OK, html, nonce, &format!("form-action 'self'; frame-src {origins}"))
}

/// A page of the portal's that holds frames of ours.
pub fn with_own_frames(app: &App, status: StatusCode, html: String, nonce: &str) -> Response {
    answer(app, status, html, nonce, "form-action 'self'; frame-src 'self'")
}

/// A page that runs no script and sends no form, and which our own pages may frame: a sample of one, never the page itself.
pub fn framed_by_us(app: &App, html: String, nonce: &str) -> Response {
    let mut response = answer(app, StatusCode::OK, html, nonce, "form-action 'none'");
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; img-src 'self' data:; form-action 'none'; frame-ancestors 'self'; base-uri 'none'; sandbox"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    response.headers_mut().insert(X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    response
}

fn answer(app: &App, status: StatusCode, html: String, nonce: &str, more: &str) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CACHE_CONTROL, NO_STORE);
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // `no-referrer` would blank the Origin header of our own forms.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    if app.https() {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src 'self' data:; connect-src 'self'; {more}; frame-ancestors 'none'; base-uri 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    (status, headers, html).into_response()
}

/// A CSP source for a registered URI: its origin, or a native app's scheme.
fn target(uri: &str) -> Option<String> {
    let url = Url::parse(uri).ok()?;
    match url.scheme() {
        "http" | "https" => Some(url.origin().ascii_serialization()),
        scheme => Some(format!("{scheme}:")),
    }
}
