//! `/oauth2/register`: clients register themselves (RFC 7591) and look after it (RFC 7592). JSON in, JSON out.

use crate::app::App;
use crate::domain::oauth::{OAuthError, Refusal};
use crate::flows::Fault;
use crate::flows::registration::{self, Outcome, Sender};
use crate::http::address::Address;
use crate::http::{fault, headers};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

pub async fn add(State(app): State<App>, Address(address): Address, headers: HeaderMap, body: Bytes) -> Response {
    if !is_json(&headers) {
        return not_json();
    }
    let sender = Sender { token: bearer(&headers), address: address.as_deref() };
    answer(&app, StatusCode::CREATED, registration::register(&app, sender, &body).await)
}

pub async fn show(State(app): State<App>, Path(client): Path<String>, headers: HeaderMap) -> Response {
    answer(&app, StatusCode::OK, registration::find(&app, &client, bearer(&headers)).await)
}

pub async fn change(
    State(app): State<App>,
    Path(client): Path<String>,
    Address(address): Address,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !is_json(&headers) {
        return not_json();
    }
    let sender = Sender { token: bearer(&headers), address: address.as_deref() };
    answer(&app, StatusCode::OK, registration::change(&app, &client, sender, &body).await)
}

pub async fn forget(
    State(app): State<App>,
    Path(client): Path<String>,
    Address(address): Address,
    headers: HeaderMap,
) -> Response {
    let sender = Sender { token: bearer(&headers), address: address.as_deref() };
    answer(&app, StatusCode::NO_CONTENT, registration::forget(&app, &client, sender).await)
}

fn answer(app: &App, good: StatusCode, outcome: Result<Outcome, Fault>) -> Response {
    match outcome {
        Ok(Outcome::Registered(told)) => (good, [(CACHE_CONTROL, headers::NO_STORE)], Json(told)).into_response(),
        Ok(Outcome::Forgotten) => (good, [(CACHE_CONTROL, headers::NO_STORE)]).into_response(),
        Ok(Outcome::Refused(refusal)) => {
            tracing::info!(error = %refusal.error, detail = refusal.detail, "registration refused");
            fault::oauth(&refusal, false)
        }
        Ok(Outcome::Unauthorized(detail)) => {
            tracing::info!(detail, "registration without leave");
            let mut response = fault::oauth(&Refusal::new(OAuthError::InvalidToken, detail), false);
            *response.status_mut() = StatusCode::UNAUTHORIZED;
            // RFC 6750 §3: registration takes plain bearer tokens alone.
            let challenge = HeaderValue::from_static("Bearer realm=\"countersign\", error=\"invalid_token\"");
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
            response
        }
        Ok(Outcome::TooMany(wait)) => fault::too_many(wait),
        Err(broken) => fault::machine(app, &broken),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

fn not_json() -> Response {
    fault::oauth(&Refusal::new(OAuthError::InvalidClientMetadata, "the body is not JSON"), false)
}
