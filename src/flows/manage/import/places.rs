//! Where people may belong, and what they may be given there: what is declared when an import begins.

use crate::app::App;
use crate::domain::import::{Member, Ready};
use crate::flows::Fault;
use crate::store;
use std::collections::{HashMap, HashSet};

pub struct Places {
    /// Codes of organizations, by themselves and by their external ids.
    organizations: HashMap<String, String>,
    roles: HashSet<String>,
    permissions: HashSet<String>,
}

impl Places {
    pub async fn of(app: &App) -> Result<Self, Fault> {
        let live = app.live();
        let catalog = &live.catalog;
        let mut tx = app.db.begin().await?;
        let declared = store::catalog::list_organizations(&mut tx, &catalog.organization).await?;
        let mut organizations = HashMap::new();
        for one in declared.iter().chain([&catalog.own_organization]) {
            organizations.insert(one.code.clone(), one.code.clone());
            organizations.extend(one.external_id.clone().map(|external| (external, one.code.clone())));
        }
        organizations.insert("default".to_owned(), catalog.organization.clone());
        Ok(Self {
            organizations,
            roles: catalog.roles.iter().map(|role| role.key.clone()).collect(),
            permissions: catalog.permissions.iter().map(|permission| permission.key.clone()).collect(),
        })
    }

    /// Leaves out what is not declared, and says so.
    pub fn settle(&self, person: &mut Ready) {
        let wanted = std::mem::take(&mut person.memberships);
        let mut kept: Vec<Member> = Vec::new();
        for Member { organization, roles, permissions } in wanted {
            let Some(code) = self.organizations.get(&organization) else {
                person.notes.push("an organization left out: it is not declared".to_owned());
                continue;
            };
            let (all, may) = (roles.len(), permissions.len());
            let roles: Vec<String> = roles.into_iter().filter(|role| self.roles.contains(role)).collect();
            let permissions: Vec<String> =
                permissions.into_iter().filter(|key| self.permissions.contains(key)).collect();
            if roles.len() < all {
                person.notes.push("a role left out: it is not declared".to_owned());
            }
            if permissions.len() < may {
                person.notes.push("a permission left out: it is not declared".to_owned());
            }
            if !kept.iter().any(|known| known.organization == *code) {
                kept.push(Member { organization: code.clone(), roles, permissions });
            }
        }
        person.memberships = kept;
    }
}
