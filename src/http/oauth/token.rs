//! `/oauth2/token` and `/oauth2/revoke`: forms in, JSON out, never cached.

use crate::app::App;
use crate::domain::dpop::Shown;
use crate::domain::oauth::{OAuthError, Refusal};
use crate::domain::params::Params;
use crate::flows::exchange::client_auth::Credentials;
use crate::flows::exchange::{Exchanged, exchange};
use crate::flows::revoke;
use crate::http::oauth::proof;
use crate::http::oauth::refresh_cookies::FromBrowser;
use crate::http::proxy::CLIENT_CERT;
use crate::http::{cors, fault, headers, urls};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode};
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
    let mut from = FromBrowser::read(app, headers, credentials.id.as_deref());
    let params = match &mut from {
        Some(from) => from.complete(app, params, headers),
        None => params,
    };
    let response = match exchange(app, &params, &credentials, shown).await {
        Ok(Exchanged::Tokens(tokens)) => {
            let token = tokens.refresh_token.clone();
            let mut response = ([(CACHE_CONTROL, headers::NO_STORE)], Json(tokens)).into_response();
            if let (Some(from), Some(token)) = (&from, token) {
                from.keep(app, &token, &mut response);
            }
            response
        }
        Ok(Exchanged::Refused(refusal)) => {
            let mut response = fault::oauth(&refusal, credentials.basic);
            if let Some(from) = from.filter(|from| from.by_cookie && refusal.error == OAuthError::InvalidGrant) {
                from.forget(app, &mut response);
            }
            response
        }
        Err(broken) => fault::machine(app, &broken),
    };
    of(&credentials, response)
}

/// Its own client's browser apps alone may read an answer.
fn of(credentials: &Credentials, response: Response) -> Response {
    match &credentials.id {
        Some(id) => cors::Of::mark(id, response),
        None => response,
    }
}

pub async fn revoke(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Response {
    let (params, credentials) = match read(&headers, &body) {
        Ok(read) => read,
        Err(refusal) => return fault::oauth(&refusal, false),
    };
    let response = match revoke::revoke(&app, &params, &credentials).await {
        Ok(Ok(())) => {
            let mut response = (StatusCode::OK, [(CACHE_CONTROL, headers::NO_STORE)]).into_response();
            if let Some(from) = FromBrowser::read(&app, &headers, credentials.id.as_deref()) {
                from.forget(&app, &mut response);
            }
            response
        }
        Ok(Err(refusal)) => fault::oauth(&refusal, credentials.basic),
        Err(broken) => fault::machine(&app, &broken),
    };
    of(&credentials, response)
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
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let credentials = Credentials::read(text(AUTHORIZATION), text(CLIENT_CERT), &params);
    Ok((params, credentials))
}
