//! How a count goes about its work: at once, or so that nobody notices.

use crate::app::App;
use std::time::{Duration, Instant};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    AtOnce,
    /// After each batch it rests several times as long as that took: reading many rows fills a processor and its caches, and one in
    /// a hundred who sign in would wait for it.
    Resting,
}

const REST: u32 = 4;
const LONGEST_REST: Duration = Duration::from_millis(250);
/// Who has counted one bucket for so long hurries: its claim does not last forever.
const PATIENCE: Duration = Duration::from_secs(2 * 60);

/// The work on one bucket.
pub(super) struct Work {
    pace: Pace,
    began: Instant,
    batch_began: Instant,
    /// Without the rests.
    pub took: Duration,
}

#[expect(clippy::disallowed_methods, reason = "how long work takes, which no figure hangs from")]
impl Work {
    pub fn new(pace: Pace) -> Self {
        let now = Instant::now();
        Self { pace, began: now, batch_began: now, took: Duration::ZERO }
    }

    pub fn begins(&mut self) {
        self.batch_began = Instant::now();
    }

    pub fn ends(&mut self) -> Duration {
        let batch = self.batch_began.elapsed();
        self.took += batch;
        batch
    }

    /// Between two batches; not when the server stops, which waits for what is under way.
    pub async fn rests(&mut self, app: &App) {
        let rest = (self.ends() * REST).min(LONGEST_REST);
        if self.pace == Pace::Resting && self.began.elapsed() < PATIENCE {
            app.stopping.run_until_cancelled(tokio::time::sleep(rest)).await;
        }
    }
}
