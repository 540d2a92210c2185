//! `/oauth2/introspect`: JSON, or a signed JWT where that is asked for (RFC 7662, RFC 9701).

use super::{presented, proof, token};
use crate::app::App;
use crate::domain::oauth::OAuthError;
use crate::flows::introspect::{Caller, Introspected, introspect};
use crate::http::{fault, headers};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Method, Uri};
use axum::response::{IntoResponse, Response};

const JWT: &str = "application/token-introspection+jwt";

pub async fn submit(State(app): State<App>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let shown = proof::shown(&app, &Method::POST, uri.path(), &headers);
    proof::told(&app, &shown, answer(&app, &uri, &headers, &body).await)
}

async fn answer(app: &App, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Response {
    let (params, credentials) = match token::read(headers, body) {
        Ok(read) => read,
        Err(refusal) => return fault::oauth(&refusal, false),
    };
    let presented = match presented::read(app, &Method::POST, uri, headers, None) {
        Ok(presented) => presented,
        Err(refusal) => return fault::oauth(&refusal, false),
    };
    let caller = presented.as_ref().map_or(Caller::Client(&credentials), Caller::Token);
    match introspect(app, &params, &caller, wants_jwt(headers)).await {
        Ok(Ok(told)) => tell(told),
        Ok(Err(refusal)) => match &presented {
            Some(presented) if refusal.error != OAuthError::InvalidRequest => {
                fault::resource(Some((Some(presented.scheme), &refusal)))
            }
            _ => fault::oauth(&refusal, credentials.basic),
        },
        Err(broken) => fault::machine(app, &broken),
    }
}

fn wants_jwt(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted
        .flat_map(|value| value.split(','))
        .any(|one| one.split(';').next().is_some_and(|media_type| media_type.trim().eq_ignore_ascii_case(JWT)))
}

fn tell(told: Introspected) -> Response {
    match told {
        Introspected::Plain(told) => ([(CACHE_CONTROL, headers::NO_STORE)], Json(told)).into_response(),
        Introspected::Signed(jwt) => {
            let jwt_type = (CONTENT_TYPE, HeaderValue::from_static(JWT));
            ([(CACHE_CONTROL, headers::NO_STORE), jwt_type], jwt).into_response()
        }
    }
}
