//! What carriers took is written down for many at once: under load a transaction for each costs several times its row.

use super::BATCH;
use crate::app::App;
use crate::domain::delivery::Attempt;
use crate::domain::time::Time;
use crate::flows::Fault;
use crate::store::outbox::{Sent, finish_sent};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// How long the first waits for others. Nobody notices, the carrier has the message; but a node that dies meanwhile leaves them
/// to be taken for lost.
const GATHER: Duration = Duration::from_millis(5);

/// One message that was handed over.
pub struct Entry {
    pub attempt: Attempt,
    pub sent: Sent,
    pub at: Time,
}

struct Waiting {
    entry: Entry,
    written: oneshot::Sender<Result<(), Fault>>,
}

/// Where hand-overs are entered; a clone for each that hands over.
#[derive(Clone)]
pub struct Book(mpsc::UnboundedSender<Waiting>);

/// Who writes them down.
pub struct Writer(mpsc::UnboundedReceiver<Waiting>);

pub fn open() -> (Book, Writer) {
    let (sender, receiver) = mpsc::unbounded_channel();
    (Book(sender), Writer(receiver))
}

impl Book {
    /// Returns when it is written.
    pub async fn enter(&self, entry: Entry) -> Result<(), Fault> {
        let gone = |what: &str| Fault::Broken(format!("nobody writes down what was handed over: {what}"));
        let (written, told) = oneshot::channel();
        self.0.send(Waiting { entry, written }).map_err(|error| gone(&error.to_string()))?;
        told.await.map_err(|error| gone(&error.to_string()))?
    }
}

impl Writer {
    /// Until the last that hands over has gone.
    pub async fn run(mut self, app: App) {
        while let Some(first) = self.0.recv().await {
            tokio::time::sleep(GATHER).await;
            let others = std::iter::from_fn(|| self.0.try_recv().ok());
            write(&app, std::iter::once(first).chain(others).take(BATCH).collect()).await;
        }
    }
}

async fn write(app: &App, all: Vec<Waiting>) {
    let together = together(app, all.iter().map(|one| &one.entry)).await;
    if let Err(fault) = &together {
        tracing::warn!("{} messages handed over could not be written down at once: {fault}", all.len());
    }
    for Waiting { entry, written } in all {
        // What one of them is refused for holds up no other.
        let done = if together.is_ok() { Ok(()) } else { self::together(app, std::iter::once(&entry)).await };
        // Whoever stopped waiting needs no answer.
        drop(written.send(done));
    }
}

async fn together(app: &App, entries: impl Iterator<Item = &Entry>) -> Result<(), Fault> {
    let mut tx = app.db.begin().await?;
    for entry in entries {
        finish_sent(&mut tx, &entry.attempt, &entry.sent, entry.at).await?;
    }
    Ok(tx.commit_relaxed().await?)
}
