//! Client ID Metadata Documents as they were last read: so many, and for so long.

use crate::domain::client::Client;
use crate::domain::time::Time;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// More than anybody signs in to in a day; an attacker's only push out one another.
const MOST: usize = 1_000;
/// How long a document whose server does not answer still counts.
const STALE: Duration = Duration::from_secs(24 * 60 * 60);
/// Documents being read at once.
const AT_ONCE: usize = 8;
/// Reads a minute, of one host and in all: nobody makes us knock at a third party's door more often.
const OF_ONE_HOST: u32 = 30;
const IN_ALL: u32 = 300;

pub struct Documents {
    held: Mutex<HashMap<String, Held>>,
    reads: Mutex<Reads>,
    pub at_once: Semaphore,
}

#[derive(Clone)]
pub struct Held {
    pub client: Arc<Client>,
    pub until: Time,
}

#[derive(Default)]
struct Reads {
    ends_at: Time,
    all: u32,
    hosts: HashMap<String, u32>,
}

impl Default for Documents {
    fn default() -> Self {
        Self { held: Mutex::default(), reads: Mutex::default(), at_once: Semaphore::new(AT_ONCE) }
    }
}

impl Held {
    pub fn is_fresh(&self, now: Time) -> bool {
        now < self.until
    }
}

impl Documents {
    fn held(&self) -> MutexGuard<'_, HashMap<String, Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn find(&self, id: &str, now: Time) -> Option<Held> {
        self.held().get(id).filter(|held| now < held.until.plus(STALE)).cloned()
    }

    pub fn keep(&self, id: &str, client: Arc<Client>, until: Time) {
        let mut held = self.held();
        if held.len() >= MOST && !held.contains_key(id) {
            let oldest = held.iter().min_by_key(|(_, one)| one.until).map(|(id, _)| id.clone());
            oldest.and_then(|id| held.remove(&id));
        }
        held.insert(id.to_owned(), Held { client, until });
    }

    pub fn forget(&self, id: &str) {
        self.held().remove(id);
    }

    /// Whether a browser app of some document lives at this origin.
    pub fn has_origin(&self, origin: &str) -> bool {
        self.held().values().any(|held| held.client.origins().any(|known| known == origin))
    }

    /// Counts a read; false where there were enough for this minute.
    pub fn may_read(&self, host: &str, now: Time) -> bool {
        let mut reads = self.reads.lock().unwrap_or_else(PoisonError::into_inner);
        if now >= reads.ends_at {
            *reads = Reads { ends_at: now.plus(Duration::from_secs(60)), ..Reads::default() };
        }
        reads.all += 1;
        if reads.all > IN_ALL {
            return false;
        }
        let count = reads.hosts.entry(host.to_owned()).or_default();
        *count += 1;
        *count <= OF_ONE_HOST
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::ClientKind;
    use crate::domain::ids::ClientId;

    #[test]
    fn the_number_held_is_bounded_and_the_soonest_over_goes_first() {
        let documents = Documents::default();
        let client = Arc::new(Client::new(ClientId::new("x"), "X", ClientKind::Spa));
        for n in 0..i64::try_from(MOST).expect("small") + 5 {
            documents.keep(&format!("https://a.example/{n}"), client.clone(), Time(n));
        }
        assert_eq!(documents.held().len(), MOST);
        assert!(documents.find("https://a.example/4", Time(0)).is_none());
        let last = documents.find("https://a.example/1004", Time(0)).expect("held");
        assert!(last.is_fresh(Time(1003)) && !last.is_fresh(Time(1004)));
        assert!(documents.find("https://a.example/1004", Time(1004).plus(STALE)).is_none());
    }

    #[test]
    fn no_host_is_asked_without_end() {
        let documents = Documents::default();
        assert_eq!((0..100).filter(|_| documents.may_read("a.example", Time(5))).count(), 30);
        assert_eq!((0..1000).filter(|n| documents.may_read(&format!("{n}.example"), Time(6))).count(), 200);
        assert!(documents.may_read("a.example", Time(60_005)));
    }
}
