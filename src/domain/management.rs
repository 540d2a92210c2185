//! What a client may do through the API: a scope for each verb of each noun, as `read:clients`. Only a client that names them has
//! them, and only in its own name.

use super::declaration::Noun;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Read,
    Create,
    Update,
    Delete,
}

impl Verb {
    pub const ALL: [Self; 4] = [Self::Read, Self::Create, Self::Update, Self::Delete];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

/// What the API calls things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Declared(Noun),
    People,
    SignIns,
    Events,
    Audit,
    Overview,
    Operators,
    /// Signing keys.
    Keys,
    /// What the server was started with.
    Settings,
    /// Files of people.
    Imports,
    /// All that is declared, as one file.
    Declaration,
    /// Links that sign somebody up.
    Invitations,
    /// Numbers and addresses that told a sender to stop.
    OptOuts,
    /// What clients authenticate with: made anew, and ended.
    ClientSecrets,
}

impl Subject {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Declared(noun) => noun.plural(),
            Self::People => "people",
            Self::SignIns => "sign_ins",
            Self::Events => "events",
            Self::Audit => "audit",
            Self::Overview => "overview",
            Self::Operators => "operators",
            Self::Keys => "keys",
            Self::Settings => "settings",
            Self::Imports => "imports",
            Self::Declaration => "declaration",
            Self::Invitations => "invitations",
            Self::OptOuts => "opt_outs",
            Self::ClientSecrets => "client_secrets",
        }
    }

    pub fn has(self, verb: Verb) -> bool {
        match self {
            Self::Declared(_) | Self::People => true,
            Self::Audit | Self::Overview | Self::Settings => verb == Verb::Read,
            Self::Operators => true,
            Self::Keys | Self::Imports => matches!(verb, Verb::Read | Verb::Create),
            // To tell one again.
            Self::Events | Self::Declaration => matches!(verb, Verb::Read | Verb::Update),
            // To send a code again.
            Self::SignIns => matches!(verb, Verb::Read | Verb::Update),
            Self::Invitations => verb == Verb::Create,
            Self::OptOuts => verb == Verb::Delete,
            Self::ClientSecrets => matches!(verb, Verb::Create | Verb::Delete),
        }
    }

    pub fn all() -> impl Iterator<Item = Self> {
        Noun::ALL.into_iter().map(Self::Declared).chain([
            Self::People,
            Self::SignIns,
            Self::Events,
            Self::Audit,
            Self::Overview,
            Self::Operators,
            Self::Keys,
            Self::Settings,
            Self::Imports,
            Self::Declaration,
            Self::Invitations,
            Self::OptOuts,
            Self::ClientSecrets,
        ])
    }
}

pub fn scope(verb: Verb, subject: Subject) -> String {
    format!("{}:{}", verb.as_str(), subject.as_str())
}

/// Whether a scope is one of these.
pub fn is_scope(word: &str) -> bool {
    let Some((verb, noun)) = word.split_once(':') else { return false };
    let verb = Verb::ALL.into_iter().find(|known| known.as_str() == verb);
    let subject = Subject::all().find(|known| known.as_str() == noun);
    verb.zip(subject).is_some_and(|(verb, subject)| subject.has(verb))
}

/// Whether a resource is the API of the installation at `issuer`.
pub fn is_api(uri: &str, issuer: &str) -> bool {
    uri.strip_prefix(issuer) == Some("/api/v1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_a_verb_and_a_noun() {
        assert_eq!(scope(Verb::Update, Subject::Declared(Noun::FeatureFlag)), "update:feature_flags");
        for known in ["read:clients", "delete:test_identifiers", "read:audit"] {
            assert!(is_scope(known), "{known}");
        }
        for other in ["openid", "read", "read:", "read:orders", "write:clients", "delete:audit", "read:clients:x"] {
            assert!(!is_scope(other), "{other}");
        }
        assert!(is_api("https://id.example/api/v1", "https://id.example"));
        assert!(!is_api("https://id.example/api", "https://id.example"));
    }
}
