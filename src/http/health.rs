//! Whether this node lives, and whether it can serve.

use crate::app::App;
use crate::domain::client::Algorithm;
use crate::store;
use crate::telemetry::ByCountry;
use axum::Json;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;

pub async fn live() -> Response {
    Json(json!({ "status": "live" })).into_response()
}

/// Red while the database does not answer or there is nothing to sign with; yellow, and still 200, while a carrier needs
/// looking at. Yellow names carriers and kinds of alerts alone: anybody may ask.
pub async fn ready(State(app): State<App>) -> Response {
    let database = store::catalog::find_revision(&app.db).await.is_ok();
    let live = app.live();
    let keys = Algorithm::ALL.iter().all(|algorithm| live.keys.signer(*algorithm, app.now()).is_some());
    let carriers = unwell(&app);
    // Of money and of channels without a carrier; what is about one carrier stands under its name while it lasts.
    let fresh = app.alerts.fresh(app.now()).into_iter().map(|(kind, ..)| kind);
    let alerts: BTreeSet<&str> = fresh.filter(|kind| matches!(*kind, "cap" | "no_carrier")).collect();
    let status = match (database && keys, carriers.is_empty() && alerts.is_empty()) {
        (false, _) => "not ready",
        (true, false) => "degraded",
        (true, true) => "ready",
    };
    let body =
        Json(json!({ "status": status, "database": database, "keys": keys, "carriers": carriers, "alerts": alerts }));
    if database && keys {
        return body.into_response();
    }
    (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, HeaderValue::from_static("5"))], body).into_response()
}

/// Carriers that cannot be used, refuse us, or fail, and how.
fn unwell(app: &App) -> BTreeMap<String, &'static str> {
    let unusable = app.live().unusable.iter().map(|(carrier, _)| (carrier.clone(), "unusable")).collect::<Vec<_>>();
    app.health.troubles().into_iter().map(|trouble| (trouble.carrier, trouble.kind)).chain(unusable).collect()
}

pub async fn metrics(State(app): State<App>) -> Response {
    let open = store::outbox::count_open(&app.db).await.unwrap_or(-1);
    for (carrier, channel, open) in app.health.circuits() {
        app.metrics.set_circuit(&carrier, channel.as_str(), open);
    }
    app.metrics.set_rolling(app.health.figures(app.now()).into_iter().map(|figures| {
        let success = f64::from(figures.good) / f64::from(figures.tried.max(1));
        let of = ByCountry { carrier: figures.carrier, channel: figures.channel.as_str(), country: figures.country };
        (of, success, figures.took.as_secs_f64())
    }));
    let counted = app.db.counted();
    let page = app.metrics.page(
        counted.statements.load(Ordering::Relaxed),
        counted.transactions.load(Ordering::Relaxed),
        open,
    );
    ([(CONTENT_TYPE, HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8"))], page)
        .into_response()
}
