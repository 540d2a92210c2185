//! The API called by a command on this machine: the same routes, checks and answers as over the network, and no token, for whoever
//! may run commands here may do all of it. The mark that says so is made in this file alone, and no header becomes it.

use super::{admin, router};
use crate::app::App;
use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use serde_json::Value;
use tower::ServiceExt;

/// Stands in the extensions of a request that a command made. Its field is private: nobody else can make one.
#[derive(Clone, Copy, Debug)]
pub struct ByCommand(());

pub async fn send(app: &App, mut request: Request<Body>) -> Response {
    request.extensions_mut().insert(ByCommand(()));
    let Ok(response) = router(app).oneshot(request).await;
    response
}

/// What there is to ask for, as OpenAPI tells it.
pub fn described(issuer: &str) -> Value {
    admin::api::described(issuer)
}
