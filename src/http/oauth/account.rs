//! `/account_api/v1/…` and `/oauth2/user_profile`: what an app asks of the person whose access token it holds.

use super::{presented, proof};
use crate::app::App;
use crate::domain::params::Params;
use crate::flows::account_api::{Asked, read};
use crate::http::{cors, fault, headers};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

pub async fn permissions(State(app): State<App>, request: Parts) -> Response {
    answer(&app, &request, Asked::Permissions).await
}

pub async fn permission(State(app): State<App>, Path(key): Path<String>, request: Parts) -> Response {
    answer(&app, &request, Asked::Permission(&key)).await
}

pub async fn roles(State(app): State<App>, request: Parts) -> Response {
    answer(&app, &request, Asked::Roles).await
}

pub async fn feature_flags(State(app): State<App>, request: Parts) -> Response {
    answer(&app, &request, Asked::FeatureFlags).await
}

pub async fn properties(State(app): State<App>, request: Parts) -> Response {
    answer(&app, &request, Asked::Properties).await
}

pub async fn entitlements(State(app): State<App>, request: Parts) -> Response {
    answer(&app, &request, Asked::Entitlements).await
}

/// By path, or `?key=`: nobody is entitled to anything here, whatever it is called.
pub async fn entitlement(State(app): State<App>, request: Parts) -> Response {
    answer(&app, &request, Asked::Entitlement).await
}

pub async fn first_profile(State(app): State<App>, request: Parts) -> Response {
    answer(&app, &request, Asked::Profile).await
}

async fn answer(app: &App, request: &Parts, asked: Asked<'_>) -> Response {
    let shown = proof::shown(app, &request.method, request.uri.path(), &request.headers);
    proof::told(app, &shown, told(app, request, asked).await)
}

async fn told(app: &App, request: &Parts, asked: Asked<'_>) -> Response {
    let presented = match presented::read(app, &request.method, &request.uri, &request.headers, None) {
        Ok(Some(presented)) => presented,
        Ok(None) => return fault::resource(None),
        Err(refusal) => return fault::resource(Some((None, &refusal))),
    };
    let query = Params::parse(request.uri.query().unwrap_or_default().as_bytes());
    match read(app, &presented, asked, query.get("starting_after")).await {
        Ok(Ok((client, told))) => {
            let response = ([(CACHE_CONTROL, headers::NO_STORE)], Json(told)).into_response();
            cors::Of::mark(client.id.as_str(), response)
        }
        Ok(Err(refusal)) => fault::resource(Some((Some(presented.scheme), &refusal))),
        Err(broken) => fault::machine(app, &broken),
    }
}
