//! SQLite as those read it who read much and have time: a connection that writes nothing, on a thread of its own that is less
//! urgent than pages are. First come, first served.

use super::error::StoreError;
use super::file::DatabaseFile;
use super::lane::connect;
use crate::thread;
use rusqlite::Connection;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

const LESS_URGENT: i32 = 10;

type Reading = Box<dyn FnOnce(&Connection) + Send>;

#[derive(Clone, Debug)]
pub(super) struct Reader(Arc<Mutex<Option<Sender<Reading>>>>);

impl Reader {
    /// Starts the thread; it ends with the last clone of this, or when it is closed.
    pub fn start(path: &Path, patience: Duration, database: DatabaseFile) -> Result<Self, StoreError> {
        let connection = connect(path, patience)?;
        connection.pragma_update(None, "query_only", true)?;
        let (sender, receiver) = channel();
        let begun = thread::start("aside", LESS_URGENT, move || {
            run(&connection, &receiver);
            drop(connection);
            drop(database);
        });
        begun.map_err(StoreError::no_thread)?;
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
    while let Ok(reading) = readings.recv() {
        reading(connection);
    }
}
