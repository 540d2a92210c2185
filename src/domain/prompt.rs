//! `prompt` (OpenID Connect Core §3.1.2.1, Initiating User Registration 1.0) as a set.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prompt {
    pub none: bool,
    pub login: bool,
    pub create: bool,
    pub select_account: bool,
    /// Asks anew what somebody else's application may have.
    #[serde(default)]
    pub consent: bool,
}

impl Prompt {
    /// `none` beside another value is an error; values we do not know are ignored.
    pub fn parse(text: &str) -> Option<Self> {
        let mut prompt = Self::default();
        for word in text.split(' ') {
            match word {
                "none" => prompt.none = true,
                "login" => prompt.login = true,
                "create" => prompt.create = true,
                "select_account" => prompt.select_account = true,
                "consent" => prompt.consent = true,
                _ => {}
            }
        }
        let alone = text.split(' ').filter(|word| !word.is_empty()).count() == 1;
        (!prompt.none || alone).then_some(prompt)
    }

    /// Whether a session from before this request is not enough.
    pub fn wants_fresh_proof(self) -> bool {
        self.login || self.create || self.select_account
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_stands_alone() {
        assert!(Prompt::parse("none").is_some_and(|p| p.none));
        assert_eq!(Prompt::parse("none login"), None);
        assert_eq!(Prompt::parse("consent none"), None);
        assert_eq!(Prompt::parse("none other"), None);
        assert!(Prompt::parse("login consent").is_some_and(|p| p.login && p.consent && p.wants_fresh_proof()));
        assert!(Prompt::parse("consent").is_some_and(|p| p.consent && !p.wants_fresh_proof()));
    }
}
