//! `countersign apply`, the part about people: organizations, roles, permissions, feature flags, and who has what.

use super::members;
use super::write::Changes;
use crate::app::App;
use crate::domain::audit::Act;
use crate::domain::catalog::Catalog;
use crate::domain::declaration::WantedPerson;
use crate::domain::organization::{FeatureFlag, Organization, Permission, Role};
use crate::flows::Fault;
use crate::store::{self, Tx};

pub(super) struct Declared {
    pub organizations: Vec<Organization>,
    pub roles: Vec<Role>,
    pub permissions: Vec<Permission>,
    pub flags: Vec<FeatureFlag>,
    pub people: Vec<WantedPerson>,
}

pub(super) async fn apply(
    app: &App,
    tx: &mut Tx,
    have: &Catalog,
    wanted: Declared,
    changes: &mut Changes,
) -> Result<(), Fault> {
    let made = |prefix: &str, known: Option<&String>| {
        known.cloned().unwrap_or_else(|| format!("{prefix}_{}", app.entropy.short()))
    };
    for permission in wanted.permissions {
        let known = have.permission(&permission.key);
        let permission = Permission { id: made("perm", known.map(|known| &known.id)), ..permission };
        if known != Some(&permission) {
            changes.say(known.is_some(), "permission", &permission.key, "");
            store::catalog::change_declared(&mut *tx, "permission", &permission.key, &permission).await?;
        }
    }
    for role in wanted.roles {
        let known = have.role(&role.key);
        let role = Role { id: made("role", known.map(|known| &known.id)), ..role };
        if known != Some(&role) {
            changes.say(known.is_some(), "role", &role.key, &role.permissions.join(", "));
            store::catalog::change_declared(&mut *tx, "role", &role.key, &role).await?;
        }
    }
    for flag in wanted.flags {
        let known = have.flag(&flag.key);
        let flag = FeatureFlag { id: made("flag", known.map(|known| &known.id)), ..flag };
        if known != Some(&flag) {
            changes.say(known.is_some(), "feature flag", &flag.key, &flag.value.to_string());
            store::catalog::change_declared(&mut *tx, "feature_flag", &flag.key, &flag).await?;
        }
    }
    for organization in wanted.organizations {
        let known = store::catalog::find_organization(&mut *tx, &organization.code).await?;
        // The one everybody belongs to is there before anybody declares it.
        let own = || (organization.code == have.organization).then(|| have.own_organization.clone());
        let known = known.or_else(own);
        if known.as_ref() != Some(&organization) {
            changes.say(known.is_some(), "organization", &organization.code, &organization.name);
            store::catalog::change_declared(&mut *tx, "organization", &organization.code, &organization).await?;
        }
    }
    for person in wanted.people {
        apply_person(app, tx, have, person, changes).await?;
    }
    Ok(())
}

/// Named in what is printed by the masked first identifier.
async fn apply_person(
    app: &App,
    tx: &mut Tx,
    have: &Catalog,
    wanted: WantedPerson,
    changes: &mut Changes,
) -> Result<(), Fault> {
    let shown = wanted.identifiers.first().map(ToString::to_string).unwrap_or_default();
    let Some((subject, added)) = members::find_or_make(app, tx, &wanted.identifiers).await? else {
        changes.wrong.push(format!("person {shown}: identifiers: they belong to two accounts already"));
        return Ok(());
    };
    let mut what: Vec<String> = Vec::new();
    if added {
        what.push("identifiers".into());
    }
    let settled = members::settle(app, tx, &have.organization, &subject, &wanted).await?;
    let undeclared = settled.unknown.iter();
    changes.wrong.extend(undeclared.map(|code| format!("person {shown}: organization: \"{code}\" is not declared")));
    what.extend(settled.changed);
    if !what.is_empty() {
        changes.say(true, "person", &shown, &what.join(", "));
        // Who it is, and which of it; what it says now is theirs.
        let after = Some(serde_json::json!({ "changed": what }));
        let name = subject.as_str().to_owned();
        changes.acts.push(Act { act: "update", noun: "person", name, before: None, after });
    }
    Ok(())
}
