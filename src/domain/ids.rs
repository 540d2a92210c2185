//! Names of things, one type each, so that a grant is never taken for a session.

use super::time::Time;
use std::time::Duration;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            pub fn new(text: impl Into<String>) -> Self { Self(text.into()) }
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl From<String> for $name { fn from(text: String) -> Self { Self(text) } }
        impl AsRef<str> for $name { fn as_ref(&self) -> &str { &self.0 } }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(&self.0) }
        }
    )+};
}

ids! {
    /// A registered relying party: what it sends as `client_id`.
    ClientId,
    /// One configured way in: `conn_` and 32 hex digits.
    ConnectionId,
    /// The account, `sub`: `kp_` and 32 hex digits, the form apps moving from Kinde have stored.
    SubjectId,
    /// A sign-in in one browser: `sid`.
    SessionId,
    /// An authorization waiting on a person.
    InteractionId,
    /// One passcode asked of one identifier for one purpose.
    ChallengeId,
    /// What one approval gave a client; codes and tokens hang from it.
    GrantId,
    /// One try to deliver; also what carriers get as an idempotency key.
    AttemptId,
    /// A published signing key. Hex, so that an encoded JWT header never holds `-` or `_`, which SDKs that
    /// decode it with bare `atob` cannot read.
    KeyId,
}

/// The least that an id of this kind may be which was made at this moment: such ids begin with 48 bits of time.
pub fn first(kind: &str, at: Time) -> String {
    format!("{kind}_{:012x}", at.0.max(0))
}

/// What every id of this kind is less than that was made until this moment.
pub fn beyond(kind: &str, until: Time) -> String {
    first(kind, until.plus(Duration::from_millis(1)))
}
