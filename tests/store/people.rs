//! Who people are and what they belong to.

use crate::harness::both;
use crate::{Store, at};
use countersign::domain::identifier::{Identifier, Kind};
use countersign::domain::ids::{SessionId, SubjectId};
use countersign::domain::invitation::Invitation;
use countersign::domain::organization::{FlagKind, Organization, Permission};
use countersign::domain::session::Session;
use countersign::domain::standard::{Address, StandardClaims};
use countersign::store::{catalog, grants, invitations, memberships, sessions, subjects};
use serde_json::json;

fn organization(code: &str) -> Organization {
    Organization {
        code: code.into(),
        name: format!("The {code}"),
        external_id: Some("42".into()),
        flags: [("seats".to_owned(), json!(9))].into(),
    }
}

both!(memberships_are_read_with_their_person, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let (ada, eve) = (SubjectId::new("kp_ada"), SubjectId::new("kp_eve"));
    for (subject, at_second) in [(&ada, 1), (&eve, 2)] {
        subjects::add(db, subject, at(at_second)).await.expect("adds");
    }
    for number in ["+1", "+2"] {
        let identifier = Identifier::stored(Kind::Phone, number.into());
        subjects::prove_identifier(db, &identifier, &ada, at(3)).await.expect("proves");
    }
    for code in ["org_b", "org_a"] {
        catalog::change_declared(db, "organization", code, &organization(code)).await.expect("adds");
        memberships::change(db, &ada, code, &["clerk".into(), "boss".into()], &[], at(4)).await.expect("adds");
    }
    memberships::change(db, &ada, "org_b", &[], &["read".into()], at(9)).await.expect("changes");
    memberships::change(db, &ada, "org_undeclared", &[], &[], at(5)).await.expect("adds");
    let found = subjects::find(db, &ada).await.expect("finds").expect("there");
    assert_eq!(found.identifiers.len(), 2, "each once");
    let told: Vec<_> = found
        .memberships
        .iter()
        .map(|one| (one.organization.code.as_str(), one.roles.len(), one.permissions.len()))
        .collect();
    assert_eq!(told, [("org_a", 2, 0), ("org_b", 0, 1), ("org_undeclared", 0, 0)]);
    assert_eq!(found.memberships[0].organization, organization("org_a"));
    assert!(subjects::find(db, &eve).await.expect("finds").expect("there").memberships.is_empty());
    let read = Some((vec!["clerk".to_owned(), "boss".to_owned()], vec![]));
    assert_eq!(memberships::find(db, &ada, "org_a").await.expect("finds"), read);
    assert!(memberships::forget(db, &ada, "org_a").await.expect("forgets"));
    assert!(!memberships::forget(db, &ada, "org_a").await.expect("forgets nothing"));
    assert_eq!(memberships::find(db, &ada, "org_a").await.expect("finds"), None);
});

both!(a_profile_changes_when_it_differs, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let ada = SubjectId::new("kp_ada");
    subjects::add(db, &ada, at(1)).await.expect("adds");
    assert_eq!(subjects::find(db, &ada).await.expect("finds").expect("there").profile, StandardClaims::default());
    let profile = StandardClaims {
        given_name: Some("Ada 🦀".into()),
        address: Some(Address { country: Some("NG".into()), ..Address::default() }),
        ..StandardClaims::default()
    };
    let mut tx = db.begin().await.expect("begins");
    assert!(subjects::change_profile(&mut tx, &ada, &profile, at(7)).await.expect("changes"));
    assert!(!subjects::change_profile(&mut tx, &ada, &profile, at(8)).await.expect("leaves it"));
    tx.commit().await.expect("commits");
    let found = subjects::find(db, &ada).await.expect("finds").expect("there");
    assert_eq!((found.profile, found.updated_at), (profile, at(7)));
});

both!(organizations_are_found_one_by_one, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    catalog::name_organization(db, "org_own").await.expect("names");
    catalog::change_declared(db, "organization", "org_own", &organization("org_own")).await.expect("adds");
    catalog::change_declared(db, "organization", "org_acme", &organization("org_acme")).await.expect("adds");
    let read = Permission { id: "perm_1".into(), key: "read".into(), name: "Read".into() };
    catalog::change_declared(db, "permission", "read", &read).await.expect("adds");
    assert_eq!(catalog::find_organization(db, "org_acme").await.expect("finds"), Some(organization("org_acme")));
    assert_eq!(catalog::find_organization(db, "org_none").await.expect("finds"), None);
    let mut tx = db.begin().await.expect("begins");
    let listed = catalog::list(&mut tx).await.expect("lists");
    assert_eq!((listed.own_organization, listed.permissions), (organization("org_own"), vec![read]));
    assert!(FlagKind::Integer.holds(&json!(1)) && !FlagKind::Integer.holds(&json!(1.5)));
});

both!(an_invitation_is_spent_once_while_it_lives, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let invitation = |hash: &str, until| Invitation {
        code_hash: hash.into(),
        email: Identifier::stored(Kind::Email, "ada@b.example".into()),
        profile: StandardClaims { given_name: Some("Ada".into()), ..StandardClaims::default() },
        organization: "org_acme".into(),
        roles: vec!["clerk".into(), "boss".into()],
        created_at: at(1),
        expires_at: at(until),
        spent_at: None,
    };
    invitations::add(db, &invitation("a", 100)).await.expect("adds");
    invitations::add(db, &invitation("b", 10)).await.expect("adds");
    assert_eq!(invitations::find(db, "a").await.expect("finds"), Some(invitation("a", 100)));
    assert_eq!(invitations::find(db, "none").await.expect("finds"), None);
    assert!(invitations::spend(db, "a", at(50)).await.expect("spends"));
    assert!(!invitations::spend(db, "a", at(51)).await.expect("is told it is spent"));
    assert!(!invitations::spend(db, "b", at(10)).await.expect("is told it is over"));
    assert!(!invitations::find(db, "a").await.expect("finds").expect("there").usable(at(50)));
    assert_eq!(invitations::forget_expired(db, at(10)).await.expect("forgets"), 1);
});

both!(what_a_person_has_open_is_listed, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let ada = SubjectId::new("kp_ada");
    subjects::add(db, &ada, at(1)).await.expect("adds");
    for (id, auth_time, expires_at) in [("sid_1", 10, 100), ("sid_2", 20, 100), ("sid_3", 30, 40)] {
        let session = Session {
            id: SessionId::new(id),
            subject: ada.clone(),
            auth_time: at(auth_time),
            ended_at: None,
            expires_at: at(expires_at),
        };
        sessions::add(db, &session).await.expect("adds");
    }
    let listed = async |now| {
        let found = sessions::list(db, &ada, at(now)).await.expect("lists");
        found.into_iter().map(|session| session.id.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(listed(35).await, ["sid_3", "sid_2", "sid_1"]);
    sessions::end(db, &SessionId::new("sid_2"), at(50)).await.expect("ends");
    assert_eq!(listed(50).await, ["sid_1"]);
    assert!(grants::list_apps(db, &ada, at(1)).await.expect("lists").is_empty());
});
