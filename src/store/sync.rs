//! Group commit for SQLite: one flush of the write-ahead log makes every commit before it outlive a power cut.
//!
//! SQLite's own way (`synchronous=FULL`) flushes once a commit, with the only writer waiting. Here commits go on while a flush
//! is under way, and whoever waits is answered by the first flush that began after their commit. A second thread moves the log
//! into the database, which flushes both (that is what `synchronous=NORMAL` does); so a commit is always in a flushed log or in
//! a flushed database. Most of it moves while others write; for the rest, and only when the log has grown long, it takes the
//! lane for a moment: a log that is never wholly moved is never begun anew.

use super::error::StoreError;
use super::lane::{Lane, Taken, connect};
use crate::thread;
use rusqlite::Connection;
use std::convert::Infallible;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use tokio::task::JoinError;

type Waiter = oneshot::Sender<Result<(), String>>;

/// Not sooner after the last flush than this: it costs as much for one as for all who come meanwhile.
const APART: Duration = Duration::from_millis(1);
/// How often the log is moved into the database.
const TIDY: Duration = Duration::from_millis(500);
/// That is done in bursts, and nobody waits for it: pages get the processors first.
const LESS_URGENT: i32 = 15;
/// Pages in the log from which it is begun anew: 64 MB. The longer, the seldomer everybody waits for it, and the more often a
/// page that many write is moved once for all of them.
const LONG: i64 = 16_000;
/// Not sooner after the last time than this: everybody waits some milliseconds for it, and one in a hundred would notice …
const SELDOM: Duration = Duration::from_secs(5);
/// … but for a log of 512 MB.
const TOO_LONG: i64 = 128_000;
/// Pages that are moved in a moment …
const LITTLE: i64 = 256;
/// … which is what so many passes more may leave, under load.
const PASSES: usize = 4;

#[derive(Clone, Debug)]
pub(super) struct Sync(Sender<Waiter>);

impl Sync {
    /// Starts the thread that flushes; it ends with the last clone of this.
    pub fn start(database: &Path, lane: Lane) -> Result<Self, StoreError> {
        let tidying = connect(database, Duration::from_secs(1))?;
        let log = format!("{}-wal", database.file_name().unwrap_or_default().to_string_lossy());
        let log = database.with_file_name(log);
        let (sender, receiver) = channel();
        let (alive, ended) = channel();
        let runtime = tokio::runtime::Handle::current();
        let flusher = Flusher { log, file: None, _tidier: alive };
        let tidier = Tidier { tidying, lane, runtime, begun_anew: None };
        let begun = thread::start("flush", 0, move || flusher.run(&receiver))
            .and_then(|()| thread::start("tidy", LESS_URGENT, move || tidier.run(&ended)));
        begun.map_err(StoreError::no_thread)?;
        Ok(Self(sender))
    }

    /// Waits for a flush that begins now or later.
    pub async fn flushed(&self) -> Result<(), StoreError> {
        let (done, told) = oneshot::channel();
        let gone = || StoreError::Unavailable("the database is closed".into());
        self.0.send(done).map_err(|_| gone())?;
        told.await.map_err(|_| gone())?.map_err(StoreError::Unavailable)
    }
}

/// Gives the connection back and waits for a flush, if one is wanted.
pub(super) async fn settle(taken: Taken, sync: Option<&Sync>) -> Result<(), StoreError> {
    match sync {
        Some(sync) => {
            drop(taken);
            sync.flushed().await
        }
        None => {
            taken.give_back().await;
            Ok(())
        }
    }
}

struct Flusher {
    log: PathBuf,
    /// Opened once: the log is one file as long as a connection is open. Closing it takes no lock of SQLite's, which lie on
    /// the database and the shared memory.
    file: Option<File>,
    /// Dropped, the other thread ends.
    _tidier: Sender<Infallible>,
}

impl Flusher {
    #[expect(
        clippy::disallowed_methods,
        reason = "how long ago it was, and only how many a flush is for hangs from it"
    )]
    fn run(mut self, waiting: &Receiver<Waiter>) {
        let mut last: Option<Instant> = None;
        while let Ok(first) = waiting.recv() {
            if let Some(left) = last.and_then(|last| APART.checked_sub(last.elapsed())) {
                std::thread::sleep(left);
            }
            let all: Vec<Waiter> = std::iter::once(first).chain(waiting.try_iter()).collect();
            let flushed = self.flush();
            for waiter in all {
                // Whoever stopped waiting needs no answer.
                drop(waiter.send(flushed.clone()));
            }
            last = Some(Instant::now());
        }
    }

    fn flush(&mut self) -> Result<(), String> {
        let told = |error: std::io::Error| error.to_string();
        let file = match self.file.take() {
            Some(file) => file,
            None => File::open(&self.log).map_err(told)?,
        };
        file.sync_data().map_err(told)?;
        self.file = Some(file);
        Ok(())
    }
}

struct Tidier {
    tidying: Connection,
    lane: Lane,
    runtime: tokio::runtime::Handle,
    begun_anew: Option<Instant>,
}

impl Tidier {
    fn run(mut self, ended: &Receiver<Infallible>) {
        while let Err(RecvTimeoutError::Timeout) = ended.recv_timeout(TIDY) {
            if let Err(error) = self.move_log() {
                tracing::warn!("the write-ahead log could not be moved into the database: {error}");
            }
        }
    }

    #[expect(clippy::disallowed_methods, reason = "how long ago it was, and only the log's length hangs from it")]
    fn move_log(&mut self) -> Result<(), StoreError> {
        let mut log = self.move_most()?;
        let lately = self.begun_anew.is_some_and(|moment| moment.elapsed() < SELDOM);
        if log.pages < LONG || (lately && log.pages < TOO_LONG) {
            return Ok(());
        }
        // What came while the most was moved and flushed is less each time: little is left for when everybody waits.
        for _ in 0..PASSES {
            self.lane.database.flush()?;
            if log.left <= LITTLE {
                break;
            }
            log = self.move_most()?;
        }
        // By threads as urgent as everybody who waits for it, from the moment the lane is theirs: this one is not.
        let (lane, broken) = (self.lane.clone(), |error: JoinError| StoreError::Broken(error.to_string()));
        let anew = self.runtime.spawn(async move {
            let Ok(taken) = lane.take().await else { return Ok(false) };
            let begun = tokio::task::spawn_blocking(move || taken.begin_log_anew());
            begun.await.map_err(broken)?
        });
        let anew = self.runtime.block_on(anew).map_err(broken)??;
        if anew {
            self.begun_anew = Some(Instant::now());
        }
        Ok(())
    }

    /// Without stopping anybody.
    fn move_most(&self) -> Result<Log, StoreError> {
        let read = |row: &rusqlite::Row<'_>| {
            let (pages, moved): (i64, i64) = (row.get(1)?, row.get(2)?);
            Ok(Log { pages, left: pages - moved })
        };
        Ok(self.tidying.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], read)?)
    }
}

/// The write-ahead log, in pages.
struct Log {
    pages: i64,
    /// Not moved yet.
    left: i64,
}
