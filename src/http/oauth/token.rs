//! `/oauth2/token` and `/oauth2/revoke`: forms in, JSON out, never cached.

use crate::app::App;
use crate::domain::dpop::Shown;
use crate::domain::oauth::{OAuthError, Refusal};
use crate::domain::params::Params;
use crate::flows::exchange::client_auth::Credentials;
use crate::flows::exchange::{Exchanged, exchange};
use crate::flows::revoke;
use crate::http::oauth::proof;
use crate::http::{fault, headers, urls};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};

pub async fn submit(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Response {
    let shown = proof::shown(&app, &Method::POST, urls::TOKEN, &headers);
    proof::told(&app, &shown, tokens(&app, &headers, &body, &shown).await)
}

async fn tokens(app: &App, headers: &HeaderMap, body: &[u8], shown: &Shown) -> Response {
    let (params, credentials) = match read(headers, body) {
        Ok(read) => read,
        Err(refusal) => return fault::oauth(&refusal, false),
    };
    match exchange(app, &params, &credentials, shown).await {
        Ok(Exchanged::Tokens(tokens)) => ([(CACHE_CONTROL, headers::NO_STORE)], Json(tokens)).into_response(),
        Ok(Exchanged::Refused(refusal)) => fault::oauth(&refusal, credentials.basic),
        Err(broken) => fault::machine(app, &broken),
    }
}

pub async fn revoke(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Response {
    let (params, credentials) = match read(&headers, &body) {
        Ok(read) => read,
        Err(refusal) => return fault::oauth(&refusal, false),
    };
    match revoke::revoke(&app, &params, &credentials).await {
        Ok(Ok(())) => (StatusCode::OK, [(CACHE_CONTROL, headers::NO_STORE)]).into_response(),
        Ok(Err(refusal)) => fault::oauth(&refusal, credentials.basic),
        Err(broken) => fault::machine(&app, &broken),
    }
}

pub(super) fn read(headers: &HeaderMap, body: &[u8]) -> Result<(Params, Credentials), Refusal> {
    let form = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded"));
    if !form {
        return Err(Refusal::new(OAuthError::InvalidRequest, "the body is not a form"));
    }
    let params = Params::parse(body);
    let authorization = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let credentials = Credentials::read(authorization, &params);
    Ok((params, credentials))
}
