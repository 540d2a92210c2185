//! Keys clients publish at their `jwks_uri`, kept in memory as they were last read. What is kept and for how long stands here;
//! reading them anew is `flows::client_keys`'.

use crate::crypto::jwk::KeySet;
use crate::domain::client::Client;
use crate::domain::time::Time;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Mutex as Turn, MutexGuard};

/// Addresses remembered at once; past it the one read longest ago is forgotten.
const MOST: usize = 1_000;
/// Whatever the server says, a set is kept this long at least and at most; where it says nothing, an hour.
const LEAST_KEPT: Duration = Duration::from_secs(60);
const MOST_KEPT: Duration = Duration::from_secs(24 * 60 * 60);
const USUALLY_KEPT: Duration = Duration::from_secs(60 * 60);
/// One address is not asked again sooner, whoever makes up key ids.
const PAUSE: Duration = Duration::from_secs(10);

#[derive(Default)]
pub struct ClientKeys(Mutex<HashMap<String, Arc<Published>>>);

/// Keys that stand in a client's registration itself, as they are used.
pub(super) fn declared(client: &Client) -> Option<KeySet> {
    client.keys.jwks.as_ref().and_then(KeySet::read)
}

/// What is known of one address.
#[derive(Default)]
pub struct Published {
    held: Mutex<Held>,
    /// Whoever holds it reads the address; others wait for what comes of it.
    turn: Turn<()>,
}

#[derive(Clone, Default)]
struct Held {
    keys: Option<Arc<KeySet>>,
    fresh_until: Time,
    tried_at: Option<Time>,
}

impl ClientKeys {
    pub fn at(&self, uri: &str) -> Arc<Published> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.contains_key(uri) && known.len() >= MOST {
            let oldest = known.iter().min_by_key(|(_, one)| one.held().tried_at).map(|(uri, _)| uri.clone());
            oldest.map(|uri| known.remove(&uri));
        }
        known.entry(uri.to_owned()).or_default().clone()
    }
}

impl Published {
    /// The set as it was last read, however old.
    pub fn keys(&self) -> Option<Arc<KeySet>> {
        self.held().keys
    }

    pub fn is_fresh(&self, now: Time) -> bool {
        let held = self.held();
        held.keys.is_some() && now < held.fresh_until
    }

    /// Whether it was asked for so lately that it is left in peace.
    pub fn is_resting(&self, now: Time) -> bool {
        self.held().tried_at.is_some_and(|tried| now < tried.plus(PAUSE))
    }

    /// The turn to read it, at once or not at all.
    pub fn try_turn(&self) -> Option<MutexGuard<'_, ()>> {
        self.turn.try_lock().ok()
    }

    /// The turn to read it, after whoever has it.
    pub async fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    pub fn trying(&self, now: Time) {
        self.change(|held| held.tried_at = Some(now));
    }

    pub fn read(&self, keys: KeySet, max_age: Option<Duration>, now: Time) {
        let kept = max_age.unwrap_or(USUALLY_KEPT).clamp(LEAST_KEPT, MOST_KEPT);
        self.change(|held| {
            held.keys = Some(Arc::new(keys));
            held.fresh_until = now.plus(kept);
        });
    }

    fn held(&self) -> Held {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn change(&self, how: impl FnOnce(&mut Held)) {
        how(&mut self.held.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
