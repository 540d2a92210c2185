//! How often a thing may happen in a window. Counters live in the database, so nodes and restarts share them.

use super::time::Time;
use std::time::Duration;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// What is counted, of whom: `guess:…`, `send10m:…`. Identifiers stand here only as keyed hashes.
    pub key: String,
    pub most: u32,
    pub window: Duration,
}

/// A counter after it was raised.
#[derive(Clone, Debug)]
pub struct Count {
    pub key: String,
    pub count: i64,
    /// When the window that began with the first count ends.
    pub ends_at: Time,
}

impl Limit {
    pub fn exceeded(&self, counts: &[Count]) -> Option<Count> {
        let count = counts.iter().find(|count| count.key == self.key)?;
        (count.count > i64::from(self.most)).then(|| count.clone())
    }
}
