//! `/oauth2/userinfo`: the token in the header, or in a POST's form (RFC 6750 §2.1, §2.2), never in the query.

use crate::app::App;
use crate::domain::params::Params;
use crate::flows::userinfo::read;
use crate::http::{fault, headers};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL};
use axum::response::{IntoResponse, Response};

pub async fn get(State(app): State<App>, headers: HeaderMap) -> Response {
    answer(&app, bearer(&headers)).await
}

pub async fn post(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Response {
    let params = Params::parse(&body);
    answer(&app, bearer(&headers).or(params.get("access_token"))).await
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

async fn answer(app: &App, token: Option<&str>) -> Response {
    let Some(token) = token else { return fault::bearer(None) };
    match read(app, token).await {
        Ok(Ok(mut claims)) => {
            // Kinde's profile calls the subject `id` as well.
            claims["id"] = claims["sub"].clone();
            ([(CACHE_CONTROL, headers::NO_STORE)], Json(claims)).into_response()
        }
        Ok(Err(refusal)) => {
            tracing::info!(detail = refusal.detail, "access token refused");
            fault::bearer(Some(&refusal))
        }
        Err(broken) => fault::machine(app, &broken),
    }
}
