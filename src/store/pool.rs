//! PostgreSQL's connections. Where one is found dead, the server went away meanwhile and those that lay idle are as dead: each is
//! asked whether it lives before it is used again, so that one statement fails and not one for each connection.

use super::error::StoreError;
use super::lane::PREPARED;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{PgPool, Postgres, Transaction};
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What lies idle for longer is asked in any case.
const TRUSTED: Duration = Duration::from_secs(1);

#[derive(Clone, Debug)]
pub(super) struct Pool {
    pub connections: PgPool,
    broke: Broke,
}

/// When a statement last failed for want of a server.
#[derive(Clone, Debug, Default)]
struct Broke(Arc<Mutex<Option<Instant>>>);

#[expect(
    clippy::disallowed_methods,
    reason = "how long ago it was, and only whether a connection is asked hangs from it"
)]
impl Broke {
    fn now(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    fn since(&self, idle_for: Duration) -> bool {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_some_and(|last| last.elapsed() <= idle_for)
    }
}

impl Pool {
    pub async fn open(url: &str, connections: u32, patience: Duration) -> Result<Self, StoreError> {
        let options =
            PgConnectOptions::from_str(url)?.statement_cache_capacity(PREPARED).application_name("countersign");
        let broke = Broke::default();
        let asked = broke.clone();
        let pool = PgPoolOptions::new()
            .max_connections(connections.max(2))
            .acquire_timeout(patience)
            .test_before_acquire(false)
            .before_acquire(move |connection, about| {
                let doubtful = about.idle_for > TRUSTED || asked.since(about.idle_for);
                Box::pin(async move {
                    if doubtful {
                        sqlx::Connection::ping(connection).await?;
                    }
                    Ok(true)
                })
            });
        Ok(Self { connections: pool.connect_with(options).await?, broke })
    }

    /// Boxed: it is four kilobytes, which everything that begins a transaction would carry along, on either engine.
    pub async fn begin(&self) -> Result<Transaction<'static, Postgres>, StoreError> {
        Box::pin(self.connections.begin()).await.map_err(|error| self.failed(error))
    }

    /// What a statement that was given to a connection failed with.
    pub fn failed(&self, error: sqlx::Error) -> StoreError {
        let error = StoreError::from(error);
        if let StoreError::Unavailable(_) = error {
            self.broke.now();
        }
        error
    }
}
