//! What a person is in one organization, as tokens and the account API tell it.

use super::catalog::Catalog;
use super::organization::{FeatureFlag, Organization, Permission, Role};
use super::subject::Subject;
use serde_json::{Value, json};

/// Roles and permissions that still exist, of one person in one organization.
#[derive(Clone, Debug)]
pub struct Belonging<'a> {
    pub organization: &'a Organization,
    /// All the person belongs to, the installation's own first.
    pub all: Vec<&'a Organization>,
    pub roles: Vec<&'a Role>,
    pub permissions: Vec<&'a Permission>,
    pub flags: Vec<(&'a FeatureFlag, &'a Value)>,
}

impl<'a> Belonging<'a> {
    /// In the organization asked for, or the one everybody belongs to. `None` where the person is no member of it.
    pub fn of(catalog: &'a Catalog, subject: &'a Subject, asked: Option<&str>) -> Option<Self> {
        let asked = asked.unwrap_or(&catalog.organization);
        let membership = subject.memberships.iter().find(|membership| membership.organization.code == asked);
        let own = &catalog.own_organization;
        let organization = match membership {
            _ if asked == catalog.organization => own,
            Some(membership) => &membership.organization,
            None => return None,
        };
        let others = subject.memberships.iter().map(|membership| &membership.organization);
        let all = std::iter::once(own).chain(others.filter(|other| other.code != own.code)).collect();
        let named = membership.map(|membership| membership.roles.as_slice()).unwrap_or_default();
        let given = membership.map(|membership| membership.permissions.as_slice()).unwrap_or_default();
        let roles: Vec<&Role> = catalog.roles.iter().filter(|role| named.contains(&role.key)).collect();
        let has = |key: &String| given.contains(key) || roles.iter().any(|role| role.permissions.contains(key));
        let permissions = catalog.permissions.iter().filter(|permission| has(&permission.key)).collect();
        let flags = catalog.flags.iter().map(|flag| (flag, flag_value(flag, organization))).collect();
        Some(Self { organization, all, roles, permissions, flags })
    }

    pub fn permission_keys(&self) -> Vec<&str> {
        self.permissions.iter().map(|permission| permission.key.as_str()).collect()
    }

    /// `{code: {t, v}}`, as Kinde's tokens say it.
    pub fn flags_in_tokens(&self) -> Value {
        self.flags
            .iter()
            .map(|(flag, value)| (flag.key.clone(), json!({ "t": flag.kind.letter(), "v": value })))
            .collect()
    }
}

/// The organization's own, where it has one of the right kind.
fn flag_value<'a>(flag: &'a FeatureFlag, organization: &'a Organization) -> &'a Value {
    organization.flags.get(&flag.key).filter(|value| flag.kind.holds(value)).unwrap_or(&flag.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::SubjectId;
    use crate::domain::organization::{FlagKind, Membership};
    use crate::domain::standard::StandardClaims;
    use crate::domain::time::Time;

    fn permission(key: &str) -> Permission {
        Permission { id: format!("perm_{key}"), key: key.into(), name: key.into() }
    }

    #[test]
    fn roles_give_what_exists_and_organizations_keep_apart() {
        let organization = |code: &str| Organization { code: code.into(), ..Organization::default() };
        let catalog = Catalog {
            organization: "org_own".into(),
            own_organization: organization("org_own"),
            permissions: vec![permission("read"), permission("write")],
            roles: vec![Role {
                id: "role_1".into(),
                key: "editor".into(),
                name: "Editor".into(),
                description: None,
                permissions: vec!["write".into(), "gone".into()],
            }],
            flags: vec![FeatureFlag {
                id: "flag_1".into(),
                key: "seats".into(),
                name: "Seats".into(),
                kind: FlagKind::Integer,
                value: json!(3),
            }],
            ..Catalog::default()
        };
        let acme = Organization { flags: [("seats".to_owned(), json!(9))].into(), ..organization("org_acme") };
        let subject = Subject {
            id: SubjectId::new("kp_1"),
            created_at: Time(0),
            updated_at: Time(0),
            blocked: false,
            identifiers: Vec::new(),
            profile: StandardClaims::default(),
            memberships: vec![Membership {
                organization: acme,
                roles: vec!["editor".into(), "ghost".into()],
                permissions: vec!["read".into()],
            }],
        };
        let own = Belonging::of(&catalog, &subject, None).expect("everybody's");
        assert_eq!((own.permission_keys().len(), own.roles.len(), own.all.len()), (0, 0, 2));
        assert_eq!(own.flags_in_tokens(), json!({ "seats": { "t": "i", "v": 3 } }));
        let acme = Belonging::of(&catalog, &subject, Some("org_acme")).expect("a member");
        assert_eq!((acme.permission_keys(), acme.roles.len()), (vec!["read", "write"], 1));
        assert_eq!(acme.flags_in_tokens(), json!({ "seats": { "t": "i", "v": 9 } }));
        assert!(Belonging::of(&catalog, &subject, Some("org_other")).is_none());
    }
}
