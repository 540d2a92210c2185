//! Where carriers report what became of messages. Signatures are over the bytes as they came, so nothing is parsed before.

use super::fault;
use crate::app::App;
use crate::flows::deliver::receipts::{Posted, Taken, take};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, OriginalUri, Path, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::collections::HashMap;

/// Meta batches up to a thousand receipts.
const LARGEST: usize = 4 * 1024 * 1024;

pub fn routes() -> Router<App> {
    Router::new().route(super::urls::RECEIPTS, get(receive).post(receive)).layer(DefaultBodyLimit::max(LARGEST))
}

async fn receive(
    State(app): State<App>,
    Path(carrier): Path<String>,
    OriginalUri(uri): OriginalUri,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    // The carrier signed the URL it was given, whatever host a proxy in front of us was reached by.
    let url = format!("{}{}", app.issuer, uri.path_and_query().map_or(uri.path(), |whole| whole.as_str()));
    let query: Vec<(String, String)> =
        url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let mut first = HashMap::new();
    for (name, value) in &headers {
        if let Ok(value) = value.to_str() {
            first.entry(name.as_str().to_owned()).or_insert_with(|| value.to_owned());
        }
    }
    let posted =
        Posted { method: method.as_str(), url: &url, query: &query, headers: &first, body: &body, now: app.now() };
    match take(&app, &carrier, &posted).await {
        Ok(Taken::Done) => StatusCode::OK.into_response(),
        Ok(Taken::Handshake(answer)) => answer.into_response(),
        Ok(Taken::Unproven) => (StatusCode::FORBIDDEN, "not signed by this carrier\n").into_response(),
        Ok(Taken::NoCarrier) => (StatusCode::NOT_FOUND, "no such carrier\n").into_response(),
        // Not 2xx: it is sent again.
        Err(broken) => fault::machine(&app, &broken),
    }
}
