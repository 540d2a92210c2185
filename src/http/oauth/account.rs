//! `/account_api/v1/…` and `/oauth2/user_profile`: what an app asks of the person whose access token it holds.

use super::{presented, proof};
use crate::app::App;
use crate::domain::client::Client;
use crate::domain::oauth::Refusal;
use crate::domain::params::Params;
use crate::flows::Fault;
use crate::flows::access_token::Scheme;
use crate::flows::account_api::{self, Asked, read};
use crate::http::{cors, fault, headers};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use std::sync::Arc;

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

/// Whichever of Kinde's portal pages is asked for (`subnav`, `sub_nav`), there is one.
pub async fn portal_link(State(app): State<App>, request: Parts) -> Response {
    let shown = proof::shown(&app, &request.method, request.uri.path(), &request.headers);
    let query = Params::parse(request.uri.query().unwrap_or_default().as_bytes());
    let presented = presented::read(&app, &request.method, &request.uri, &request.headers, None);
    let response = match presented {
        Ok(None) => fault::resource(None),
        Err(refusal) => fault::resource(Some((None, &refusal))),
        Ok(Some(presented)) => {
            let found = account_api::portal_link(&app, &presented, query.get("return_url")).await;
            tell(&app, presented.scheme, found)
        }
    };
    proof::told(&app, &shown, response)
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
    tell(app, presented.scheme, read(app, &presented, asked, query.get("starting_after")).await)
}

fn tell(app: &App, scheme: Scheme, found: Result<Result<(Arc<Client>, Value), Refusal>, Fault>) -> Response {
    match found {
        Ok(Ok((client, told))) => {
            let response = ([(CACHE_CONTROL, headers::NO_STORE)], Json(told)).into_response();
            cors::Of::mark(client.id.as_str(), response)
        }
        Ok(Err(refusal)) => fault::resource(Some((Some(scheme), &refusal))),
        Err(broken) => fault::machine(app, &broken),
    }
}
