//! `/oauth2/par` (RFC 9126): a request as a form, a reference as JSON.

use super::proof;
use super::token::read;
use crate::app::App;
use crate::domain::dpop::Shown;
use crate::flows::par::{Outcome, push};
use crate::http::address::Address;
use crate::http::{fault, headers, urls};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

pub async fn submit(State(app): State<App>, Address(address): Address, headers: HeaderMap, body: Bytes) -> Response {
    let shown = proof::shown(&app, &Method::POST, urls::PAR, &headers);
    proof::told(&app, &shown, pushed(&app, &headers, &body, &shown, address.as_deref()).await)
}

async fn pushed(app: &App, headers: &HeaderMap, body: &[u8], shown: &Shown, address: Option<&str>) -> Response {
    let (params, credentials) = match read(headers, body) {
        Ok(read) => read,
        Err(refusal) => return fault::oauth(&refusal, false),
    };
    match push(app, &params, &credentials, shown, address).await {
        Ok(Outcome::Kept(reference)) => {
            let body = json!({ "request_uri": reference.request_uri, "expires_in": reference.expires_in });
            (StatusCode::CREATED, [(CACHE_CONTROL, headers::NO_STORE)], Json(body)).into_response()
        }
        Ok(Outcome::Refused(refusal)) => {
            tracing::info!(error = %refusal.error, detail = refusal.detail, "pushed request refused");
            fault::oauth(&refusal, credentials.basic)
        }
        Ok(Outcome::TooMany(wait)) => fault::too_many(wait),
        Err(broken) => fault::machine(app, &broken),
    }
}
