//! Group commit for SQLite: one flush of the write-ahead log makes every commit before it outlive a power cut.
//!
//! SQLite's own way (`synchronous=FULL`) flushes once a commit, with the only writer waiting. Here commits go on while a flush
//! is under way, and whoever waits is answered by the first flush that began after their commit. A checkpoint flushes log and
//! database itself (that is what `synchronous=NORMAL` does), so a commit is always in a flushed log or in a flushed database.

use super::error::StoreError;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// How long the first to wait waits for others: a flush costs as much for one as for all.
const GATHER: Duration = Duration::from_millis(1);

type Waiter = oneshot::Sender<Result<(), String>>;

#[derive(Clone, Debug)]
pub(super) struct Sync(mpsc::UnboundedSender<Waiter>);

impl Sync {
    /// Starts the thread that flushes; it ends with the last clone of this.
    pub fn start(log: PathBuf) -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        std::thread::spawn(move || flush(&log, receiver));
        Self(sender)
    }

    /// Waits for a flush that begins now or later.
    pub async fn flushed(&self) -> Result<(), StoreError> {
        let (done, told) = oneshot::channel();
        let gone = || StoreError::Unavailable("the database is closed".into());
        self.0.send(done).map_err(|_| gone())?;
        told.await.map_err(|_| gone())?.map_err(StoreError::Unavailable)
    }
}

fn flush(log: &Path, mut waiting: mpsc::UnboundedReceiver<Waiter>) {
    let mut file = None;
    while let Some(first) = waiting.blocking_recv() {
        std::thread::sleep(GATHER);
        let mut all = vec![first];
        while let Ok(next) = waiting.try_recv() {
            all.push(next);
        }
        let flushed = sync(log, &mut file);
        for waiter in all {
            // Whoever stopped waiting needs no answer.
            drop(waiter.send(flushed.clone()));
        }
    }
}

/// The log is one file as long as a connection is open, and one is: it is opened once. Closing it takes no lock of SQLite's,
/// which lie on the database and the shared memory.
fn sync(log: &Path, file: &mut Option<File>) -> Result<(), String> {
    let told = |error: std::io::Error| format!("{}: {error}", log.display());
    let open = match file.take() {
        Some(open) => open,
        None => File::open(log).map_err(told)?,
    };
    open.sync_data().map_err(told)?;
    *file = Some(open);
    Ok(())
}
