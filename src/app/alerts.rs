//! What an operator has to look at: said in the log once in a while, and kept while it is fresh.

use crate::domain::time::Time;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How long the same alert is not said again.
const QUIET: Duration = Duration::from_secs(10 * 60);
/// How long one stays on the list after it last happened.
const FRESH: Duration = Duration::from_secs(60 * 60);

#[derive(Default)]
pub struct Alerts(Mutex<BTreeMap<(&'static str, String), Alert>>);

struct Alert {
    said: Time,
    last: Time,
    text: String,
}

impl Alerts {
    /// Whether it is to be said now. `kind` is what a metric counts it by; `about` names a carrier or a cap.
    pub fn raise(&self, kind: &'static str, about: &str, text: &str, now: Time) -> bool {
        let mut alerts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        alerts.retain(|_, alert| now.since(alert.last) < FRESH);
        let key = (kind, about.to_owned());
        if let Some(alert) = alerts.get_mut(&key) {
            alert.last = now;
            let again = now.since(alert.said) >= QUIET;
            if again {
                alert.said = now;
            }
            return again;
        }
        alerts.insert(key, Alert { said: now, last: now, text: text.to_owned() });
        true
    }

    /// `(kind, about, text)` of what happened in the last hour.
    pub fn fresh(&self, now: Time) -> Vec<(&'static str, String, String)> {
        let alerts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = alerts.iter().filter(|(_, alert)| now.since(alert.last) < FRESH);
        fresh.map(|((kind, about), alert)| (*kind, about.clone(), alert.text.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_said_once_in_ten_minutes_and_forgotten_in_an_hour() {
        let alerts = Alerts::default();
        let minute = |n: i64| Time::from_secs(n * 60);
        assert!(alerts.raise("cap", "NG", "full", minute(0)));
        assert!(!alerts.raise("cap", "NG", "full", minute(5)));
        assert!(alerts.raise("cap", "BR", "full", minute(5)));
        assert!(alerts.raise("cap", "NG", "full", minute(11)));
        assert_eq!(alerts.fresh(minute(12)).len(), 2);
        assert_eq!(alerts.fresh(minute(68)), [("cap", "NG".to_owned(), "full".to_owned())]);
        assert!(alerts.fresh(minute(80)).is_empty());
    }
}
