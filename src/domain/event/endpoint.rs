//! Somebody's own server that hears of events: where it stands, what it wants to hear, in which form.

use super::Kind;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventEndpoint {
    pub name: String,
    pub url: String,
    /// Types, and beginnings of types with a `*`: `subject.*`.
    pub events: Vec<String>,
    pub enabled: bool,
    pub form: Form,
    /// Whether it reads numbers and addresses whole.
    pub identifiers: bool,
    /// Whether it may stand at a private address.
    pub allow_private: bool,
    /// What its documents are signed with, in base64.
    pub sealed_secret: String,
}

/// What it reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// JSON, signed as Standard Webhooks says.
    #[default]
    Standard,
    /// A JWT under our published keys, as Kinde's webhooks are.
    Jwt,
}

impl Form {
    pub const NAMES: [&str; 2] = ["standard", "jwt"];

    pub fn as_str(self) -> &'static str {
        let [standard, jwt] = Self::NAMES;
        match self {
            Self::Standard => standard,
            Self::Jwt => jwt,
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Standard, Self::Jwt].into_iter().find(|form| form.as_str() == text)
    }
}

impl EventEndpoint {
    pub fn wants(&self, kind: Kind) -> bool {
        self.enabled && self.events.iter().any(|pattern| fits(pattern, kind))
    }

    /// Whether a pattern means anything at all.
    pub fn is_pattern(text: &str) -> bool {
        Kind::ALL.into_iter().any(|kind| fits(text, kind))
    }
}

fn fits(pattern: &str, kind: Kind) -> bool {
    let kind = kind.as_str();
    match pattern.strip_suffix('*') {
        Some("") => true,
        Some(beginning) => beginning.ends_with('.') && kind.starts_with(beginning),
        None => pattern == kind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_types_or_whole_beginnings_of_types() {
        for (pattern, kind, wanted) in [
            ("*", Kind::CarrierDeleted, true),
            ("subject.*", Kind::SubjectErased, true),
            ("subject.*", Kind::SessionEnded, false),
            ("session.ended", Kind::SessionEnded, true),
            ("session.ended", Kind::SessionStarted, false),
        ] {
            assert_eq!(fits(pattern, kind), wanted, "{pattern} {kind:?}");
        }
        for none in ["", "subject", "subject*", "sub*", "user.*", "subject.create", "Subject.*", "*.created", "**"] {
            assert!(!EventEndpoint::is_pattern(none), "{none}");
        }
    }
}
