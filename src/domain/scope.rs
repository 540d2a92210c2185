//! Scopes: what a client asks to read, and whether it may refresh.

use serde::{Deserialize, Serialize};

/// `offline` is Kinde's name for `offline_access` (OpenID Connect Core §11); both mean the same here.
pub const SUPPORTED: [&str; 7] = ["openid", "profile", "email", "phone", "address", "offline", "offline_access"];

const MOST_WORDS: usize = 100;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope(Vec<String>);

impl Scope {
    /// The words, each once. A character no scope may hold (RFC 6749 §3.3), or more words than anybody means, is `None`.
    pub fn parse(text: &str) -> Option<Self> {
        if !text.chars().all(|c| matches!(c, ' ' | '\x21' | '\x23'..='\x5B' | '\x5D'..='\x7E')) {
            return None;
        }
        let mut words: Vec<String> = Vec::new();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            if words.len() > MOST_WORDS {
                return None;
            }
            if !words.iter().any(|have| have == word) {
                words.push(word.to_owned());
            }
        }
        Some(Self(words))
    }

    /// Those among them that are known; others are ignored (OpenID Connect Core §3.1.2.1).
    pub fn only(self, known: impl Fn(&str) -> bool) -> Self {
        Self(self.0.into_iter().filter(|word| known(word)).collect())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn has(&self, scope: &str) -> bool {
        self.0.iter().any(|have| have == scope)
    }

    pub fn offline(&self) -> bool {
        self.has("offline") || self.has("offline_access")
    }

    pub fn words(&self) -> &[String] {
        &self.0
    }

    /// These and others, each once.
    pub fn with(mut self, other: &Self) -> Self {
        for word in &other.0 {
            if !self.has(word) {
                self.0.push(word.clone());
            }
        }
        self
    }

    /// These scopes narrowed to `asked`, as a refresh may do (RFC 6749 §6); more than was granted is `None`.
    pub fn narrowed(&self, asked: &str) -> Option<Self> {
        let words: Vec<String> = asked.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        words.iter().all(|word| self.has(word)).then_some(Self(words))
    }
}

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_scopes_stay_unknown_ones_go() {
        let known = |text| Scope::parse(text).map(|scope| scope.only(|word| SUPPORTED.contains(&word)).to_string());
        assert_eq!(known("openid phone other phone"), Some("openid phone".into()));
        assert_eq!(known("other"), Some(String::new()));
        assert_eq!(Scope::parse("openid \"x\""), None);
        let scope = Scope::parse("openid email offline").expect("known");
        assert!(scope.offline() && scope.narrowed("openid").is_some() && scope.narrowed("openid phone").is_none());
    }
}
