//! SQLite's connection, taken by one task at a time, first come, first served.
//!
//! Its calls are made where they are needed, by rusqlite: a statement takes some ten microseconds and waits for nothing, because
//! flushing is `sync`'s. sqlx has a thread for each SQLite connection, and the two hops to it and back cost several times the
//! statement.

use super::error::StoreError;
use super::file::DatabaseFile;
use rusqlite::{Connection, OpenFlags};
use std::ops::Deref;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Every text of ours stays prepared, on either engine; sqlx keeps 100 by default, rusqlite 16.
pub(super) const PREPARED: usize = 512;

/// MiB of pages a connection keeps in memory.
const CACHE: u32 = 4;

#[derive(Clone, Debug)]
pub(super) struct Lane {
    free: Arc<Mutex<Option<Connection>>>,
    place: Arc<Semaphore>,
    patience: Duration,
    pub database: DatabaseFile,
}

/// A connection to an existing database, as all of ours are: no flush at a commit, foreign keys kept.
pub(super) fn connect(path: &Path, patience: Duration) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(patience)?;
    connection.set_prepared_statement_cache_capacity(PREPARED);
    // `sync` makes the checkpoints as well: none waits in anybody's request.
    connection.execute_batch("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 0")?;
    keep(&connection, CACHE)?;
    Ok(connection)
}

fn unavailable() -> StoreError {
    StoreError::Unavailable("the database is busy or closed".into())
}

/// So many MiB of pages stay in memory.
fn keep(connection: &Connection, mib: u32) -> Result<(), StoreError> {
    Ok(connection.pragma_update(None, "cache_size", -i64::from(mib) * 1000)?)
}

impl Lane {
    pub fn open(path: &Path, patience: Duration) -> Result<Self, StoreError> {
        let database = DatabaseFile::open(path)?;
        let free = Arc::new(Mutex::new(Some(connect(path, patience)?)));
        Ok(Self { free, place: Arc::new(Semaphore::new(1)), patience, database })
    }

    /// The connection, when its turn comes; whoever waits too long is told that the database is not available.
    pub async fn take(&self) -> Result<Taken, StoreError> {
        if let Ok(place) = self.place.clone().try_acquire_owned() {
            return self.taken(place);
        }
        tokio::time::timeout(self.patience, self.take_in_turn()).await.map_err(|_| unavailable())?
    }

    /// The same for whoever has time.
    pub async fn take_in_turn(&self) -> Result<Taken, StoreError> {
        let place = self.place.clone().acquire_owned().await.map_err(|_| unavailable())?;
        self.taken(place)
    }

    fn taken(&self, place: OwnedSemaphorePermit) -> Result<Taken, StoreError> {
        let connection = self.free.lock().unwrap_or_else(PoisonError::into_inner).take();
        let connection = connection.ok_or_else(unavailable)?;
        Ok(Taken { connection: Some(connection), within: false, lane: self.clone(), place })
    }

    /// More pages in memory, or as many as usual again, which gives back what there was beyond.
    pub async fn keep(&self, mib: Option<u32>) -> Result<(), StoreError> {
        let taken = self.take_in_turn().await?;
        keep(&taken, mib.unwrap_or(CACHE))?;
        if mib.is_none() {
            taken.execute_batch("PRAGMA shrink_memory")?;
        }
        Ok(())
    }

    pub fn close(&self) {
        self.place.close();
        drop(self.free.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

/// The connection out of its lane; dropped, it goes back, with what it left open taken back first.
pub(super) struct Taken {
    connection: Option<Connection>,
    within: bool,
    lane: Lane,
    place: OwnedSemaphorePermit,
}

impl Taken {
    /// `IMMEDIATE`: a transaction that reads and then writes must not find the door shut halfway.
    pub fn begin(&mut self) -> Result<(), StoreError> {
        self.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        self.within = true;
        Ok(())
    }

    /// Begins the write-ahead log anew, where nobody reads in it just now: a reader is not waited for, it may take long.
    pub fn begin_log_anew(&self) -> Result<bool, StoreError> {
        self.busy_timeout(Duration::ZERO)?;
        let begun = self.query_row("PRAGMA wal_checkpoint(RESTART)", [], |row| Ok(row.get::<_, i64>(0)? == 0));
        self.busy_timeout(self.lane.patience)?;
        Ok(begun?)
    }

    pub fn commit(&mut self) -> Result<(), StoreError> {
        self.prepare_cached("COMMIT")?.execute([])?;
        self.within = false;
        Ok(())
    }

    /// Back into the lane. Whoever waited for it has been woken on this very thread, and no other thread can go on with them: this
    /// task steps behind them. The connection would lie idle until this task waits for something.
    pub async fn give_back(self) {
        let place = self.place.semaphore().clone();
        drop(self);
        // Somebody has it already.
        if place.available_permits() == 0 {
            step_behind().await;
        }
    }
}

/// To the end of this thread's queue, from where any thread may take it. `tokio::task::yield_now` comes back only after a look at
/// the sockets, and until then no other thread can.
async fn step_behind() {
    let mut stepped = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut stepped, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

impl Deref for Taken {
    type Target = Connection;
    #[expect(clippy::expect_used, reason = "only `drop` takes it out")]
    fn deref(&self) -> &Connection {
        self.connection.as_ref().expect("a connection until dropped")
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        if self.within
            && let Err(error) = connection.execute_batch("ROLLBACK")
        {
            tracing::error!("a transaction could not be taken back: {error}");
        }
        if !self.lane.place.is_closed() {
            *self.lane.free.lock().unwrap_or_else(PoisonError::into_inner) = Some(connection);
        }
    }
}
