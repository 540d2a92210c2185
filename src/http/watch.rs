//! Around every request: an id that its page, its log lines and its error share; a count; a duration. What is too large is refused
//! here, and heard out: one middleware for all three, for each that stands around everything costs every request.

use super::{bounds, unread};
use crate::app::App;
use crate::telemetry::{Request as Counted, Route};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use std::time::Instant;
use tracing::Instrument;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// In the request's extensions.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

#[expect(clippy::disallowed_methods, reason = "a duration for a histogram, not a time anything depends on")]
pub async fn request(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let id = app.entropy.short();
    let route =
        request.extensions().get::<MatchedPath>().map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let method = known(request.method());
    let span = tracing::info_span!("request", id = id, route = route);
    request.extensions_mut().insert(RequestId(id.clone()));
    let began = Instant::now();
    let request = unread::heard_out(request);
    let mut response = match bounds::refusal(&request) {
        Some(refusal) => refusal,
        None => next.run(request).instrument(span.clone()).await,
    };
    let status = response.status().as_u16();
    let seconds = began.elapsed().as_secs_f64();
    span.in_scope(|| tracing::debug!(method, status, seconds, "answered"));
    app.metrics.requests.get_or_create(&Counted { route: route.clone(), method, status }).inc();
    app.metrics.latency.get_or_create(&Route { route }).observe(seconds);
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// A closed set, so that nobody grows our metrics by inventing methods.
fn known(method: &axum::http::Method) -> &'static str {
    ["GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"]
        .into_iter()
        .find(|known| *known == method.as_str())
        .unwrap_or("OTHER")
}
