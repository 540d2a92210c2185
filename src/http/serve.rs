//! Listening: HTTP/1.1 with a bound on slow headers, and a stop that lets running requests finish.

use super::peer::Peer;
use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::util::MapRequest;

/// A client that takes longer to send its headers is not one.
const SLOWEST_HEADERS: Duration = Duration::from_secs(10);

/// Serves until `stop`, then lets what is running finish for at most `grace`.
pub async fn serve(listener: TcpListener, router: Router, stop: CancellationToken, grace: Duration) {
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(SLOWEST_HEADERS).keep_alive(true);
    let running = GracefulShutdown::new();
    while let Some(accepted) = stop.run_until_cancelled(listener.accept()).await {
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of descriptors, most likely: give others the time to close theirs.
                tracing::warn!("a connection could not be accepted: {error}");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        drop(stream.set_nodelay(true));
        let known = move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer));
            request
        };
        let service = TowerToHyperService::new(MapRequest::new(router.clone(), known));
        let connection = running.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!("connection ended: {error}");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(grace, running.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
}
