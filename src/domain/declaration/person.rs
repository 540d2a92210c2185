//! Declared people: somebody the operator vouches for.

use super::organization::code;
use super::{Declaration, Faults, Mistake, Wanted};
use crate::domain::catalog::Catalog;
use crate::domain::identifier::Identifier;
use crate::domain::json::merge;
use crate::domain::standard::StandardClaims;
use serde::{Deserialize, Serialize};
use serde_json::Value;

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

/// What of somebody is to be otherwise.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonChange {
    #[serde(default)]
    blocked: Option<bool>,
    /// Whole, once the change is laid over it.
    #[serde(default)]
    profile: Option<StandardClaims>,
    #[serde(default)]
    organization: Vec<MemberDeclared>,
}

/// A checked change. It names no identifiers: those are added and taken away one by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedChange {
    pub blocked: Option<bool>,
    pub person: WantedPerson,
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
        check_profile(self.profile.as_ref(), faults);
        let memberships = check_members(self.organization, known, wanted, faults);
        (faults.list.len() == before).then_some(WantedPerson { identifiers, profile: self.profile, memberships })
    }
}

pub(super) fn check_profile(profile: Option<&StandardClaims>, faults: &mut Faults<'_>) {
    for (claim, text) in profile.into_iter().flat_map(StandardClaims::texts) {
        if text.chars().count() > 500 || text.chars().any(|c| c.is_control() && c != '\n') {
            faults.tell("profile", format!("{claim}: up to 500 characters"));
        }
    }
}

fn check_members(
    members: Vec<MemberDeclared>,
    known: &Catalog,
    wanted: &Wanted,
    faults: &mut Faults<'_>,
) -> Vec<(String, Vec<String>, Vec<String>)> {
    let mut memberships = Vec::new();
    for member in members {
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
    memberships
}

impl Declaration {
    /// One person by themselves, as the API has them.
    pub fn person(body: Value, known: &Catalog) -> Result<WantedPerson, Vec<Mistake>> {
        let declared: PersonDeclared = read_fields(body)?;
        let mut list = Vec::new();
        let checked = declared.check(known, &Wanted::default(), &mut Faults { at: "", list: &mut list });
        checked.ok_or(list)
    }

    /// What of a person is to be otherwise; `profile` is what theirs says now.
    pub fn person_change(
        mut body: Value,
        profile: &StandardClaims,
        known: &Catalog,
    ) -> Result<WantedChange, Vec<Mistake>> {
        if body.as_object().is_none_or(serde_json::Map::is_empty) {
            return Err(vec![Mistake::plain("nothing is to be otherwise: blocked, profile or organization".into())]);
        }
        if let Some(patch) = body.get_mut("profile").filter(|patch| patch.is_object()) {
            let mut whole = serde_json::to_value(profile).unwrap_or_default();
            merge(&mut whole, patch.take());
            *patch = whole;
        }
        let change: PersonChange = read_fields(body)?;
        let mut list = Vec::new();
        let mut faults = Faults { at: "", list: &mut list };
        check_profile(change.profile.as_ref(), &mut faults);
        let memberships = check_members(change.organization, known, &Wanted::default(), &mut faults);
        let person = WantedPerson { identifiers: Vec::new(), profile: change.profile, memberships };
        if list.is_empty() { Ok(WantedChange { blocked: change.blocked, person }) } else { Err(list) }
    }
}

/// What an object says, field by field; or what is wrong with the first that cannot be read.
pub fn read_fields<T: for<'de> Deserialize<'de>>(body: Value) -> Result<T, Vec<Mistake>> {
    serde_path_to_error::deserialize(body).map_err(|error| {
        let field = error.path().to_string();
        vec![Mistake::of(if field == "." { "" } else { &field }, error.inner().to_string())]
    })
}
