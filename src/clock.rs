//! The only place that asks the machine for the time. Tests move it instead of sleeping.

use crate::domain::time::Time;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Milliseconds by which tests have moved this clock.
    moved: Arc<AtomicI64>,
}

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    pub fn now(&self) -> Time {
        let machine = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let machine = i64::try_from(machine.as_millis()).unwrap_or(i64::MAX);
        Time(machine.saturating_add(self.moved.load(Ordering::Relaxed)))
    }

    /// Lets time pass at once. Only tests call it; a server's clock is never handed out.
    pub fn pass(&self, span: Duration) {
        self.moved.fetch_add(i64::try_from(span.as_millis()).unwrap_or(0), Ordering::Relaxed);
    }
}
