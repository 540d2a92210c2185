//! Declared people: somebody the operator vouches for.

use super::organization::code;
use super::{Faults, Wanted};
use crate::domain::catalog::Catalog;
use crate::domain::identifier::Identifier;
use crate::domain::standard::StandardClaims;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonDeclared {
    identifiers: Vec<String>,
    #[serde(default)]
    profile: Option<StandardClaims>,
    #[serde(default)]
    organization: Vec<MemberDeclared>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MemberDeclared {
    code: String,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    permissions: Vec<String>,
}

/// What a person is declared to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedPerson {
    pub identifiers: Vec<Identifier>,
    /// None: what there is stays.
    pub profile: Option<StandardClaims>,
    /// Organization, roles, permissions.
    pub memberships: Vec<(String, Vec<String>, Vec<String>)>,
}

impl PersonDeclared {
    pub(super) fn check(self, known: &Catalog, wanted: &Wanted, faults: &mut Faults<'_>) -> Option<WantedPerson> {
        let before = faults.list.len();
        let mut identifiers = Vec::new();
        for text in &self.identifiers {
            let allowed = "a phone number with + and country code, or an e-mail address";
            identifiers.extend(faults.must("identifiers", Identifier::read(text), allowed));
        }
        if self.identifiers.is_empty() {
            faults.tell("identifiers", "at least one phone number or e-mail address");
        }
        for (claim, text) in self.profile.iter().flat_map(StandardClaims::texts) {
            if text.chars().count() > 500 || text.chars().any(|c| c.is_control() && c != '\n') {
                faults.tell("profile", format!("{claim}: up to 500 characters"));
            }
        }
        let mut memberships = Vec::new();
        for member in self.organization {
            let organization = code(&member.code, known, faults);
            for role in &member.roles {
                if known.role(role).is_none() && !wanted.roles.iter().any(|declared| declared.key == *role) {
                    faults.tell("organization.roles", format!("no role \"{role}\" is declared"));
                }
            }
            for key in &member.permissions {
                if known.permission(key).is_none() && !wanted.permissions.iter().any(|declared| declared.key == *key) {
                    faults.tell("organization.permissions", format!("no permission \"{key}\" is declared"));
                }
            }
            memberships.extend(organization.map(|code| (code, member.roles, member.permissions)));
        }
        (faults.list.len() == before).then_some(WantedPerson { identifiers, profile: self.profile, memberships })
    }
}
