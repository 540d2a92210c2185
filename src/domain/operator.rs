//! Who operates an installation, and what each may do there.

use super::declaration::Noun;
use super::ids::SubjectId;
use super::management::{Subject, Verb};
use super::time::Time;
use std::time::Duration;

/// How long a link that makes an operator waits to be opened.
pub const LINK_LIFE: Duration = Duration::from_secs(15 * 60);
/// How long the browser that opened it has to sign in; the first owner may have to set up a way to do so.
pub const JOINING: Duration = Duration::from_secs(60 * 60);
/// How long a sign-in counts for opening what is sensitive …
pub const FRESH: Duration = Duration::from_secs(10 * 60);
/// … and for sending what was opened: nobody's half-filled form is lost to the clock.
pub const STILL_FRESH: Duration = Duration::from_secs(30 * 60);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Everything.
    Owner,
    /// Everything but who operates.
    Admin,
    /// Helps people: reads sign-ins and accounts, signs out and blocks; sees identifiers masked.
    Support,
    /// Reads what is set up and how it does; sees identifiers masked.
    Viewer,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Owner, Self::Admin, Self::Support, Self::Viewer];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Support => "support",
            Self::Viewer => "viewer",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    pub fn may(self, verb: Verb, subject: Subject) -> bool {
        match self {
            Self::Owner => true,
            Self::Admin => subject != Subject::Operators || verb == Verb::Read,
            Self::Support => match subject {
                Subject::People | Subject::SignIns => matches!(verb, Verb::Read | Verb::Update),
                Subject::Overview | Subject::Declared(Noun::Client | Noun::Connection | Noun::Organization) => {
                    verb == Verb::Read
                }
                _ => false,
            },
            // The book says before and after, people's data too; the file has what secrets are known by.
            Self::Viewer => {
                use Subject::{Audit, Declaration, Operators, People};
                verb == Verb::Read && !matches!(subject, Operators | Audit | People | Declaration)
            }
        }
    }

    /// Whether numbers and addresses are shown as they are.
    pub fn sees_identifiers(self) -> bool {
        matches!(self, Self::Owner | Self::Admin)
    }
}

/// Credentials, keys, roles, deletion: what asks for a sign-in a moment ago.
pub fn is_sensitive(verb: Verb, subject: Subject) -> bool {
    match (verb, subject) {
        (Verb::Read, _) => false,
        (Verb::Delete, _) => true,
        // By an operator's word a number becomes somebody's.
        (Verb::Create, Subject::People | Subject::Imports | Subject::Invitations) => true,
        (_, Subject::Operators | Subject::Keys | Subject::ClientSecrets | Subject::Declaration) => true,
        (_, Subject::Declared(noun)) => {
            matches!(noun, Noun::Carrier | Noun::Registration | Noun::EventEndpoint)
        }
        _ => false,
    }
}

/// Somebody who operates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    pub subject: SubjectId,
    pub role: Role,
    pub added_at: Time,
}

/// A link that makes an operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorInvitation {
    /// SHA-256 of the code, hex.
    pub code_hash: String,
    pub role: Role,
    pub created_at: Time,
    pub expires_at: Time,
    pub opened_at: Option<Time>,
    pub joined_at: Option<Time>,
}

impl OperatorInvitation {
    /// Whether the browser that opened it may still join by it.
    pub fn joinable(&self, now: Time) -> bool {
        self.joined_at.is_none() && self.opened_at.is_some_and(|opened| now < opened.plus(JOINING))
    }
}
