//! Where a request shows an access token: in the header, or in a POST's form (RFC 6750 §2.1, §2.2), never in the address, and
//! never twice.

use super::proof;
use crate::app::App;
use crate::domain::oauth::{OAuthError, Refusal};
use crate::domain::params::Params;
use crate::flows::access_token::{Presented, Scheme};
use crate::flows::exchange::client_auth;
use crate::http::proxy::CLIENT_CERT;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method, Uri};

/// `None` where no token was shown; a form's is a bearer's.
pub fn read(
    app: &App,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    form: Option<&Params>,
) -> Result<Option<Presented>, Refusal> {
    let query = Params::parse(uri.query().unwrap_or_default().as_bytes());
    if query.get("access_token").is_some() {
        return Err(Refusal::new(OAuthError::InvalidRequest, "an access token in the address"));
    }
    let mut shown = Vec::new();
    for header in headers.get_all(AUTHORIZATION) {
        shown.extend(header.to_str().ok().and_then(by_scheme));
    }
    let in_form = form.into_iter().flat_map(|form| form.all("access_token"));
    shown.extend(in_form.map(|token| (Scheme::Bearer, token)));
    match shown.as_slice() {
        [] => Ok(None),
        [(scheme, token)] => Ok(Some(Presented {
            token: (*token).to_owned(),
            scheme: *scheme,
            shown: proof::shown(app, method, uri.path(), headers),
            certificate: headers.get(CLIENT_CERT).and_then(|value| client_auth::thumbprint(value.to_str().ok()?)),
        })),
        _ => Err(Refusal::new(OAuthError::InvalidRequest, "more than one access token")),
    }
}

/// The scheme's case is nobody's business (RFC 9110 §11.1).
fn by_scheme(header: &str) -> Option<(Scheme, &str)> {
    let (scheme, token) = header.split_once(' ')?;
    let scheme = match scheme.to_ascii_lowercase().as_str() {
        "bearer" => Scheme::Bearer,
        "dpop" => Scheme::Dpop,
        _ => return None,
    };
    Some((scheme, token.trim()))
}
