//! What proxies in front of us say of whom they speak for. Behind this layer `Client-Cert` (RFC 9440) can be believed: it is there
//! only where a proxy the operator named has passed on a certificate, under whatever name; what anybody else sends is removed.

use super::peer::Peer;
use crate::app::App;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

pub const CLIENT_CERT: HeaderName = HeaderName::from_static("client-cert");

pub async fn certificate(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let certificate = believed(&app, &request);
    request.headers_mut().remove(CLIENT_CERT);
    if let Some(certificate) = certificate {
        request.headers_mut().insert(CLIENT_CERT, certificate);
    }
    next.run(request).await
}

fn believed(app: &App, request: &Request) -> Option<HeaderValue> {
    let name = app.config.proxy_client_certificate_header.as_ref()?;
    let Peer(peer) = request.extensions().get::<Peer>()?;
    if !app.config.proxy_trusted.as_ref().is_some_and(|trusted| trusted.hold(peer.ip())) {
        return None;
    }
    // Two are one too many: a proxy that adds to what came from outside vouches for neither.
    let mut values = request.headers().get_all(&name.0).iter();
    let one = values.next().filter(|value| !value.is_empty())?;
    values.next().is_none().then(|| one.clone())
}
