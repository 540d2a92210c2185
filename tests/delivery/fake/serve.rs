//! Listening, and ending connections as networks do: without an answer, or without a listener.

use super::{Fake, meta, telegram, twilio, verify, vonage, webhook};
use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::sync::Mutex;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

pub struct Door {
    pub port: u16,
    open: Mutex<Option<(AbortHandle, CancellationToken)>>,
}

/// In a response's extensions: the connection ends instead.
#[derive(Clone)]
struct Dropped;

pub fn dropped() -> Response {
    let mut response = StatusCode::BAD_GATEWAY.into_response();
    response.extensions_mut().insert(Dropped);
    response
}

impl Door {
    pub async fn open() -> (Self, TcpListener) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        (Self { port, open: Mutex::default() }, listener)
    }

    pub async fn reopen(&self) -> TcpListener {
        for _ in 0..200 {
            if let Ok(listener) = TcpListener::bind(("127.0.0.1", self.port)).await {
                return listener;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("port {} was taken meanwhile", self.port);
    }

    pub fn close(&self) {
        if let Some((accepting, connections)) = self.open.lock().expect("no panic inside").take() {
            accepting.abort();
            connections.cancel();
        }
    }

    pub fn answer(&self, fake: &Fake, listener: TcpListener) {
        let (router, stop) = (router(fake.clone()), CancellationToken::new());
        let ends = stop.clone();
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (router, ends) = (router.clone(), ends.clone());
                let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
                    let router = router.clone();
                    async move {
                        let request: Request = request.map(axum::body::Body::new);
                        let Ok(response) = router.oneshot(request).await;
                        match response.extensions().get::<Dropped>() {
                            Some(_) => Err(std::io::Error::other("dropped")),
                            None => Ok(response),
                        }
                    }
                });
                tokio::spawn(async move {
                    let connection =
                        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
                    drop(ends.run_until_cancelled(connection).await);
                });
            }
        });
        *self.open.lock().expect("no panic inside") = Some((accepting.abort_handle(), stop));
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.close();
    }
}

fn router(fake: Fake) -> Router {
    let vendors = Router::new()
        .merge(twilio::routes())
        .merge(verify::routes())
        .merge(meta::routes())
        .merge(vonage::routes())
        .merge(telegram::routes())
        .merge(webhook::routes());
    Router::new().nest("/{carrier}", vendors).with_state(fake)
}
