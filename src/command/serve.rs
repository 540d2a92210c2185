//! `countersign serve`: refuses to start where it would not be safe, then serves until it is told to stop.

use super::{Ended, one, secret};
use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, Issuer};
use crate::domain::carrier::CarrierKind;
use crate::flows::keys;
use crate::{http, worker};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;

pub async fn run(config: Config) -> Ended {
    let (issuer, secret) = match (check(&config), secret::read(&config)) {
        (Ok(issuer), Ok(secret)) => (issuer, secret),
        (issuer, secret) => return Err([issuer.err(), secret.err()].into_iter().flatten().flatten().collect()),
    };
    super::make_data_dir(&config)?;
    // Read as it is declared first: what is not allowed must be refused, not quietly left out.
    let app = App::open(config, issuer, secret, Clock::default()).await.map_err(one)?;
    refuse_unsafe(&app).await?;
    let listener = bind(app.config.listen).await?;
    let server = Server::start(app, listener).await?;
    tracing::info!(address = %server.address, issuer = server.app.issuer, "serving");
    if let Some(link) = super::admin::first_link(&server.app).await? {
        super::say("Nobody runs this service yet. This link makes the first owner, once, within 15 minutes:");
        super::say(&link);
    }
    stop_signal().await;
    server.stop().await;
    Ok(())
}

fn check(config: &Config) -> Result<String, Vec<String>> {
    let Some(Issuer(issuer)) = &config.issuer else {
        return Err(vec![
            "issuer: needed, the https URL people and apps reach this server by (COUNTERSIGN_ISSUER)".into(),
        ]);
    };
    let host = url::Url::parse(issuer).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    let loopback = matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]");
    if issuer.starts_with("http:") && !loopback {
        return Err(vec![format!("issuer = \"{issuer}\": http is for loopback only; passcodes and codes need https")]);
    }
    Ok(issuer.clone())
}

/// Test identifiers and the phone give passcodes away.
async fn refuse_unsafe(app: &App) -> Ended {
    let mut tx = app.db.begin().await.map_err(one)?;
    let declared = crate::store::catalog::list(&mut tx).await.map_err(one)?;
    let mut faults = Vec::new();
    if !declared.test_identifiers.is_empty() && !app.config.allow_test_identifiers {
        faults.push(format!("{} test identifiers with fixed passcodes are declared; set allow_test_identifiers = true if this is no production", declared.test_identifiers.len()));
    }
    let phones = declared
        .carriers
        .iter()
        .filter(|sealed| sealed.carrier.enabled && sealed.carrier.kind == CarrierKind::DevPhone);
    if !app.config.allow_dev_phone {
        faults.extend(phones.map(|sealed| format!("the carrier \"{}\" shows every passcode on a page; set allow_dev_phone = true if this is no production", sealed.carrier.name)));
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

pub async fn bind(address: SocketAddr) -> Result<TcpListener, Vec<String>> {
    TcpListener::bind(address).await.map_err(|error| one(format!("listen {address}: {error}")))
}

/// A running server: pages, metrics, clockwork.
pub struct Server {
    pub app: App,
    pub address: SocketAddr,
    tasks: TaskTracker,
}

impl Server {
    /// Makes the first keys, starts the clockwork, serves.
    pub async fn start(app: App, listener: TcpListener) -> Result<Self, Vec<String>> {
        keys::make_first(&app).await.map_err(one)?;
        let address = listener.local_addr().map_err(one)?;
        let (stop, tasks) = (app.stopping.clone(), TaskTracker::new());
        let grace = app.config.shutdown_grace.0;
        if let Some(metrics) = app.config.metrics_listen {
            let listener = TcpListener::bind(metrics)
                .await
                .map_err(|error| one(format!("metrics_listen {metrics}: {error}; `off` turns metrics off")))?;
            tasks.spawn(http::serve::serve(listener, http::metrics_router(&app), stop.clone(), Duration::from_secs(1)));
        }
        worker::start(&app, &tasks, &stop);
        tasks.spawn(http::serve::serve(listener, http::router(&app), stop.clone(), grace));
        Ok(Self { app, address, tasks })
    }

    /// Finishes what is running and leaves the outbox to whoever comes next.
    pub async fn stop(self) {
        self.app.stopping.cancel();
        self.tasks.close();
        let grace = self.app.config.shutdown_grace.0 + Duration::from_secs(2);
        if tokio::time::timeout(grace, self.tasks.wait()).await.is_err() {
            tracing::warn!("stopped with work unfinished; the outbox keeps it");
        }
        self.app.db.close().await;
    }
}

/// Ctrl-C, or SIGTERM as service managers send it.
pub async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupted = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
        }
        Err(_) => drop(interrupted.await),
    }
    tracing::info!("stopping");
}
