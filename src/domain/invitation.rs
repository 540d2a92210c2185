//! An invitation: an address that may sign up where sign-up is closed, into an organization, once.

use super::identifier::Identifier;
use super::standard::StandardClaims;
use super::time::Time;
use std::time::Duration;

/// How long a link works.
pub const LIFE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// SHA-256 of the code, hex: who reads the row cannot use it.
    pub code_hash: String,
    pub email: Identifier,
    /// Given to an account made by it.
    pub profile: StandardClaims,
    pub organization: String,
    pub roles: Vec<String>,
    pub created_at: Time,
    pub expires_at: Time,
    pub spent_at: Option<Time>,
}

impl Invitation {
    pub fn usable(&self, now: Time) -> bool {
        self.spent_at.is_none() && now < self.expires_at
    }
}
