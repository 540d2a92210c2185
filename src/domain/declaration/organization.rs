//! Declared organizations, roles, permissions and feature flags. Ids are made, and kept, by the flow.

use super::{Faults, NAME, is_name};
use crate::domain::catalog::Catalog;
use crate::domain::organization::{FeatureFlag, FlagKind, Organization, Permission, Role};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What stands for the organization everybody belongs to, whatever its code.
pub const OWN: &str = "default";

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Organization)]
pub(super) struct OrganizationDeclared {
    code: String,
    name: String,
    external_id: Option<String>,
    #[serde(default)]
    flags: BTreeMap<String, Value>,
}

impl OrganizationDeclared {
    /// `own` is the code of the one everybody belongs to.
    pub fn of(organization: &Organization, own: &str) -> Self {
        let code = if organization.code == own { OWN } else { &organization.code };
        Self {
            code: code.to_owned(),
            name: organization.name.clone(),
            external_id: organization.external_id.clone(),
            flags: organization.flags.clone(),
        }
    }

    /// `flags` are those known and declared.
    pub(super) fn check(self, known: &Catalog, flags: &[FeatureFlag], faults: &mut Faults<'_>) -> Option<Organization> {
        let before = faults.list.len();
        let code = code(&self.code, known, faults);
        check_text("name", &self.name, faults);
        if let Some(external) = &self.external_id {
            check_text("external_id", external, faults);
        }
        for (key, value) in &self.flags {
            match flags.iter().chain(&known.flags).find(|flag| flag.key == *key) {
                None => faults.tell("flags", format!("no feature flag \"{key}\" is declared")),
                Some(flag) if !flag.kind.holds(value) => {
                    faults.tell("flags", format!("\"{key}\" is of another type"));
                }
                Some(_) => {}
            }
        }
        (faults.list.len() == before).then_some(Organization {
            code: code?,
            name: self.name,
            external_id: self.external_id,
            flags: self.flags,
        })
    }
}

/// `org_…`, or `default`.
pub(super) fn code(text: &str, known: &Catalog, faults: &mut Faults<'_>) -> Option<String> {
    if text == OWN {
        return Some(known.organization.clone());
    }
    let fits = text.strip_prefix("org_").is_some_and(|rest| is_name(rest) && !rest.contains(['.', '-']));
    faults.must(
        "code",
        fits.then(|| text.to_owned()),
        "org_ and letters and digits; or default, which everybody belongs to",
    )
}

pub(super) fn check_text(field: &str, text: &str, faults: &mut Faults<'_>) {
    if text.trim().is_empty() || text.chars().count() > 100 || text.chars().any(char::is_control) {
        faults.tell(field, "1 to 100 characters");
    }
}

fn check_key(key: &str, faults: &mut Faults<'_>) {
    // Permissions often have a colon: `read:orders`.
    if !is_name(&key.replace(':', ".")) {
        faults.tell("key", format!("{NAME} :"));
    }
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Role)]
pub(super) struct RoleDeclared {
    key: String,
    name: String,
    description: Option<String>,
    #[serde(default)]
    permissions: Vec<String>,
}

impl RoleDeclared {
    pub fn of(role: &Role) -> Self {
        Self {
            key: role.key.clone(),
            name: role.name.clone(),
            description: role.description.clone(),
            permissions: role.permissions.clone(),
        }
    }

    pub(super) fn check(self, known: &Catalog, permissions: &[Permission], faults: &mut Faults<'_>) -> Option<Role> {
        let before = faults.list.len();
        check_key(&self.key, faults);
        check_text("name", &self.name, faults);
        for key in &self.permissions {
            if known.permission(key).is_none() && !permissions.iter().any(|declared| declared.key == *key) {
                faults.tell("permissions", format!("no permission \"{key}\" is declared"));
            }
        }
        (faults.list.len() == before).then_some(Role {
            id: String::new(),
            key: self.key,
            name: self.name,
            description: self.description,
            permissions: self.permissions,
        })
    }
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Permission)]
pub(super) struct PermissionDeclared {
    key: String,
    name: String,
}

impl PermissionDeclared {
    pub fn of(permission: &Permission) -> Self {
        Self { key: permission.key.clone(), name: permission.name.clone() }
    }

    pub(super) fn check(self, faults: &mut Faults<'_>) -> Option<Permission> {
        let before = faults.list.len();
        check_key(&self.key, faults);
        check_text("name", &self.name, faults);
        (faults.list.len() == before).then_some(Permission { id: String::new(), key: self.key, name: self.name })
    }
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FeatureFlag)]
pub(super) struct FlagDeclared {
    key: String,
    name: String,
    r#type: String,
    value: Value,
}

impl FlagDeclared {
    pub fn of(flag: &FeatureFlag) -> Self {
        let (key, name) = (flag.key.clone(), flag.name.clone());
        Self { key, name, r#type: flag.kind.as_str().to_owned(), value: flag.value.clone() }
    }

    pub(super) fn check(self, faults: &mut Faults<'_>) -> Option<FeatureFlag> {
        let before = faults.list.len();
        check_key(&self.key, faults);
        check_text("name", &self.name, faults);
        let kind = faults.must("type", FlagKind::parse(&self.r#type), "string, boolean, integer or object")?;
        if !kind.holds(&self.value) {
            faults.tell("value", format!("is no {}", self.r#type));
        }
        (faults.list.len() == before).then_some(FeatureFlag {
            id: String::new(),
            key: self.key,
            name: self.name,
            kind,
            value: self.value,
        })
    }
}
