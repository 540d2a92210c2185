//! The account, and what it has proven.

use super::identifier::{Identifier, Kind};
use super::ids::SubjectId;
use super::organization::Membership;
use super::standard::StandardClaims;
use super::time::Time;

#[derive(Clone, Debug)]
pub struct Subject {
    pub id: SubjectId,
    pub created_at: Time,
    pub updated_at: Time,
    pub blocked: bool,
    /// Oldest first; a subject may hold several of each kind.
    pub identifiers: Vec<Identifier>,
    pub profile: StandardClaims,
    /// What was given in organizations; to the installation's own everybody belongs without one.
    pub memberships: Vec<Membership>,
}

impl Subject {
    /// The one that claims tell: the first proven of its kind.
    pub fn primary(&self, kind: Kind) -> Option<&Identifier> {
        self.identifiers.iter().find(|identifier| identifier.kind() == kind)
    }
}
