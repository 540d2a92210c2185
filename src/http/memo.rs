//! What pages work out again and again from the few things operators declare: worked out once. Calls nobody.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

/// More than are in use at once; then it begins anew, for what is changed is never asked for again.
const MOST: usize = 1_000;

pub struct Memo<V>(RwLock<BTreeMap<String, V>>);

impl<V: Clone> Memo<V> {
    pub const fn new() -> Self {
        Self(RwLock::new(BTreeMap::new()))
    }

    /// What `make` makes of this text, each time the same.
    pub fn of(&self, text: &str, make: impl FnOnce(&str) -> V) -> V {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = known.get(text) {
            return value.clone();
        }
        drop(known);
        let value = make(text);
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(text.to_owned(), value.clone());
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn each_is_made_once_and_only_so_many_are_kept() {
        let (memo, made) = (Memo::new(), Cell::new(0));
        let length = |text: &str| {
            made.set(made.get() + 1);
            text.len()
        };
        for _ in 0..3 {
            assert_eq!((memo.of("a", length), memo.of("bcd", length)), (1, 3));
        }
        assert_eq!(made.get(), 2);
        for n in 0..3 * MOST {
            assert_eq!(memo.of(&n.to_string(), length), n.to_string().len());
        }
        assert!(memo.0.read().expect("a lock").len() <= MOST);
        assert_eq!(memo.of("bcd", length), 3);
    }
}
