//! `DPoP` headers in, `DPoP-Nonce` headers out (RFC 9449 §4.1, §8).

use crate::app::App;
use crate::domain::dpop::{HEADER, NONCE_HEADER, Shown};
use crate::flows::proof;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::response::Response;

/// What a proof must be of: this method and this path of ours, whatever name a proxy called us by.
pub fn shown(app: &App, method: &Method, path: &str, headers: &HeaderMap) -> Shown {
    // A header that is no text stays one more header, and no proof.
    let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_owned();
    Shown {
        proofs: headers.get_all(HEADER).iter().map(text).collect(),
        method: method.as_str().to_owned(),
        url: format!("{}{path}", app.issuer),
    }
}

/// Whoever proves with DPoP is told what its next proof may hold.
pub fn told(app: &App, shown: &Shown, mut response: Response) -> Response {
    if !shown.proofs.is_empty()
        && let Ok(nonce) = HeaderValue::from_str(&proof::nonce(app))
    {
        response.headers_mut().insert(HeaderName::from_static(NONCE_HEADER), nonce);
    }
    response
}
