//! Whether this node lives, and whether it can serve.

use crate::app::App;
use crate::domain::client::Algorithm;
use crate::store;
use axum::Json;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::sync::atomic::Ordering;

pub async fn live() -> Response {
    Json(json!({ "status": "live" })).into_response()
}

/// Red while the database does not answer or there is nothing to sign with.
pub async fn ready(State(app): State<App>) -> Response {
    let database = store::catalog::find_revision(&app.db).await.is_ok();
    let live = app.live();
    let keys = Algorithm::ALL.iter().all(|algorithm| live.keys.signer(*algorithm, app.now()).is_some());
    let body = Json(
        json!({ "status": if database && keys { "ready" } else { "not ready" }, "database": database, "keys": keys }),
    );
    if database && keys {
        return body.into_response();
    }
    (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, HeaderValue::from_static("5"))], body).into_response()
}

pub async fn metrics(State(app): State<App>) -> Response {
    let open = store::outbox::count_open(&app.db).await.unwrap_or(-1);
    let counted = app.db.counted();
    let page = app.metrics.page(
        counted.statements.load(Ordering::Relaxed),
        counted.transactions.load(Ordering::Relaxed),
        open,
    );
    ([(CONTENT_TYPE, HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8"))], page)
        .into_response()
}
