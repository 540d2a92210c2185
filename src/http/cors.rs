//! Browser apps call the token endpoint and userinfo from their own origins, with credentials (Kinde's SDKs always do): the
//! origin is echoed when a client registered it, and never a wildcard beside credentials. Keys and discovery are anybody's.

use super::urls;
use crate::app::App;
use crate::domain::client::Client;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Whose answer this is, where that is known: its own origins alone may read it.
#[derive(Clone, Debug)]
pub struct Of(pub String);

impl Of {
    /// Marks an answer.
    pub fn mark(client: &str, mut response: Response) -> Response {
        response.extensions_mut().insert(Self(client.to_owned()));
        response
    }
}

pub async fn answer(State(app): State<App>, request: Request, next: Next) -> Response {
    let origin = request.headers().get(ORIGIN).cloned();
    let preflight = request.method() == Method::OPTIONS && origin.is_some();
    let path = request.uri().path();
    // Who registers is at no origin we know yet, and brings no cookie.
    let registers = path == urls::REGISTER || path.starts_with("/oauth2/register/");
    let public = registers || path.starts_with("/.well-known/");
    let mut response = if preflight { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    let of = response.extensions_mut().remove::<Of>();
    let headers = response.headers_mut();
    if public {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        describe(headers);
        if registers {
            headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, PUT, DELETE"));
        }
        return response;
    }
    headers.append(VARY, HeaderValue::from_static("Origin"));
    let origin = origin.filter(|origin| origin.to_str().is_ok_and(|origin| registered(&app, of.as_ref(), origin)));
    if let Some(origin) = origin {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        describe(headers);
    }
    response
}

/// A preflight names no client: there, any client's origin will do.
fn registered(app: &App, of: Option<&Of>, origin: &str) -> bool {
    let live = app.live();
    match of.and_then(|of| app.known(&of.0)) {
        Some(client) => is_of(&client, origin),
        None => live.catalog.has_origin(origin) || app.documents.has_origin(origin),
    }
}

/// Whether a browser app of this client lives there.
pub fn is_of(client: &Client, origin: &str) -> bool {
    client.origins().any(|known| known == origin)
}

fn describe(headers: &mut HeaderMap) {
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
    headers
        .insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("authorization, content-type, kinde-sdk, dpop"));
    // What SDKs must read to try again (RFC 9449 §8, RFC 6750 §3).
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("dpop-nonce, www-authenticate"));
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
}
