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
    rested: Duration,
}

#[expect(clippy::disallowed_methods, reason = "how long work takes, which no figure hangs from")]
impl Work {
    pub fn begin(pace: Pace) -> Self {
        let now = Instant::now();
        Self { pace, began: now, batch_began: now, rested: Duration::ZERO }
    }

    /// Between two batches; not when the server stops, which waits for what is under way.
    pub async fn rest(&mut self, app: &App) {
        let ended = Instant::now();
        let rest = ((ended - self.batch_began) * REST).min(LONGEST_REST);
        if self.pace == Pace::Resting && self.began.elapsed() < PATIENCE {
            app.stopping.run_until_cancelled(tokio::time::sleep(rest)).await;
        }
        self.batch_began = Instant::now();
        self.rested += self.batch_began - ended;
    }

    /// Without the rests.
    pub fn took(&self) -> Duration {
        self.began.elapsed().saturating_sub(self.rested)
    }
}
