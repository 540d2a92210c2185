//! SQLite as those read it who read much and have time: a connection that writes nothing, on a thread of its own that is less
//! urgent than pages are. First come, first served.

use super::error::StoreError;
use super::lane::{Database, connect};
use rusqlite::Connection;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

/// How much less urgent it is than all else (Linux counts it for a thread by itself).
const NICE: i32 = 10;

type Reading = Box<dyn FnOnce(&Connection) + Send>;

#[derive(Clone, Debug)]
pub(super) struct Reader(Arc<Mutex<Option<Sender<Reading>>>>);

impl Reader {
    /// Starts the thread; it ends with the last clone of this, or when it is closed.
    pub fn start(path: &Path, patience: Duration, database: Database) -> Result<Self, StoreError> {
        let connection = connect(path, patience)?;
        connection.pragma_update(None, "query_only", true)?;
        let (sender, receiver) = channel();
        super::sync::named("aside", move || {
            run(&connection, &receiver);
            drop(connection);
            drop(database);
        })?;
        Ok(Self(Arc::new(Mutex::new(Some(sender)))))
    }

    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let closed = || StoreError::Unavailable("the database is closed".into());
        let (done, told) = oneshot::channel();
        let reading: Reading = Box::new(move |connection| {
            // Whoever stopped waiting needs no answer.
            if !done.is_closed() {
                drop(done.send(read(connection)));
            }
        });
        let sender = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone().ok_or_else(closed)?;
        sender.send(reading).map_err(|_| closed())?;
        drop(sender);
        told.await.map_err(|_| closed())?
    }

    pub fn close(&self) {
        drop(self.0.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

fn run(connection: &Connection, readings: &Receiver<Reading>) {
    if let Err(error) = rustix::process::nice(NICE) {
        tracing::debug!("reading much is as urgent as pages are: {error}");
    }
    while let Ok(reading) = readings.recv() {
        reading(connection);
    }
}
