//! SQLite's connection, taken by one task at a time, first come, first served.
//!
//! sqlx's pool asks every connection that comes back whether it still lives: for SQLite a hop to the connection's thread and a
//! spawned task after each statement, as dear as the statement. A connection to a file does not die, so here it is put back.

use super::error::StoreError;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

#[derive(Clone, Debug)]
pub(super) struct Lane {
    free: Arc<Mutex<Option<SqliteConnection>>>,
    place: Arc<Semaphore>,
    patience: Duration,
}

impl Lane {
    pub async fn open(options: &SqliteConnectOptions, patience: Duration) -> Result<Self, StoreError> {
        let connection = SqliteConnection::connect_with(options).await?;
        Ok(Self { free: Arc::new(Mutex::new(Some(connection))), place: Arc::new(Semaphore::new(1)), patience })
    }

    /// The connection, when its turn comes; whoever waits too long is told that the database is not available.
    pub async fn take(&self) -> Result<Taken, StoreError> {
        let unavailable = || StoreError::Unavailable("no connection came free".into());
        let place = tokio::time::timeout(self.patience, self.place.clone().acquire_owned());
        let place = place.await.map_err(|_| unavailable())?.map_err(|_| unavailable())?;
        let connection = self.free.lock().unwrap_or_else(PoisonError::into_inner).take();
        let connection = connection.ok_or_else(unavailable)?;
        Ok(Taken { connection: Some(connection), within: Within::Nothing, lane: self.clone(), place: Some(place) })
    }

    pub async fn close(&self) {
        self.place.close();
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(connection) = free {
            drop(connection.close().await);
        }
    }

    fn put_back(&self, connection: SqliteConnection) {
        *self.free.lock().unwrap_or_else(PoisonError::into_inner) = Some(connection);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Nothing,
    Soon,
    Open,
}

/// The connection out of its lane; dropped, it goes back, with what it left open taken back first.
pub(super) struct Taken {
    connection: Option<SqliteConnection>,
    within: Within,
    lane: Lane,
    /// Given up when the connection is back.
    place: Option<OwnedSemaphorePermit>,
}

impl Taken {
    /// `IMMEDIATE`: a transaction that reads and then writes must not find the door shut halfway. It begins with the first
    /// statement: see `sql`.
    pub fn begin(&mut self) {
        self.within = Within::Soon;
    }

    /// Whether the next statement is to begin the transaction; asked once.
    pub fn begins(&mut self) -> bool {
        let soon = self.within == Within::Soon;
        if soon {
            self.within = Within::Open;
        }
        soon
    }

    pub async fn commit(mut self) -> Result<(), StoreError> {
        if self.within == Within::Open {
            self.run("COMMIT").await?;
        }
        self.within = Within::Nothing;
        Ok(())
    }

    #[expect(clippy::disallowed_methods, reason = "transactions begin and end here")]
    async fn run(&mut self, text: &'static str) -> Result<(), StoreError> {
        sqlx::query(text).execute(&mut **self).await?;
        Ok(())
    }
}

impl Deref for Taken {
    type Target = SqliteConnection;
    #[expect(clippy::expect_used, reason = "only `drop` takes it out")]
    fn deref(&self) -> &SqliteConnection {
        self.connection.as_ref().expect("a connection until dropped")
    }
}

impl DerefMut for Taken {
    #[expect(clippy::expect_used, reason = "only `drop` takes it out")]
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        self.connection.as_mut().expect("a connection until dropped")
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        if self.within != Within::Open {
            return self.lane.put_back(connection);
        }
        // The place stays taken until the roll-back is done: the next owner finds nothing open.
        let mut unfinished = Self {
            connection: Some(connection),
            within: Within::Nothing,
            lane: self.lane.clone(),
            place: self.place.take(),
        };
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { drop(unfinished.run("ROLLBACK").await) });
        }
    }
}
