//! What operators did, what they asked once already, and what is taken away again.

use crate::harness::both;
use crate::{Store, at};
use countersign::domain::audit::Entry;
use countersign::domain::carrier::{Carrier, CarrierKind, Smtp};
use countersign::domain::catalog::TestIdentifier;
use countersign::domain::delivery::{Cap, Micros, Per, Scope};
use countersign::domain::identifier::Identifier;
use countersign::domain::ids::{ClientId, SubjectId};
use countersign::domain::organization::Organization;
use countersign::domain::subject::Subject;
use countersign::store::audit::{Filter, Head};
use countersign::store::idempotency::Answered;
use countersign::store::{
    audit, catalog, challenges, consents, grants, idempotency, interactions, invitations, memberships, moments, outbox,
    people, sessions, subjects,
};
use serde_json::json;

fn entry(seq: i64, noun: &str) -> Entry {
    Entry {
        seq,
        at: at(seq),
        actor: "command".into(),
        act: "update".into(),
        noun: noun.into(),
        name: format!("n{seq}"),
        before: None,
        after: Some(json!({ "seq": seq })),
        address: String::new(),
        mac: format!("mac {seq}"),
    }
}

both!(entries_are_appended_and_listed_both_ways, async |engine| {
    let store = Store::open(engine).await;
    let mut tx = store.db.begin().await.expect("begins");
    assert_eq!(audit::hold(&mut tx).await.expect("holds").seq, 0);
    for seq in 1..=5 {
        audit::add(&mut tx, &entry(seq, if seq == 2 { "client" } else { "carrier" })).await.expect("adds");
    }
    tx.commit().await.expect("commits");
    let Head { seq, mac } = audit::find_head(&store.db).await.expect("finds");
    assert_eq!((seq, mac.as_str()), (5, "mac 5"));
    let seqs = |entries: Vec<Entry>| entries.into_iter().map(|entry| entry.seq).collect::<Vec<_>>();
    let all = Filter::default();
    assert_eq!(seqs(audit::list(&store.db, &all, i64::MAX, 2).await.expect("lists")), [5, 4]);
    assert_eq!(seqs(audit::list(&store.db, &all, 4, 9).await.expect("lists")), [3, 2, 1]);
    let clients = Filter {
        noun: "client".into(),
        actor: "command".into(),
        name: "n2".into(),
        since: Some(countersign::domain::time::Time(0)),
        until: None,
    };
    assert_eq!(audit::list(&store.db, &clients, i64::MAX, 9).await.expect("lists"), [entry(2, "client")]);
    let onward = audit::list_onward(&store.db, 3, 9).await.expect("lists");
    assert_eq!(onward, [entry(4, "carrier"), entry(5, "carrier")]);
});

both!(a_key_is_answered_once_and_forgotten_in_time, async |engine| {
    let store = Store::open(engine).await;
    let answer = |text: &str| Answered { request_hash: "h".into(), status: 201, answer: text.as_bytes().to_vec() };
    assert!(idempotency::add(&store.db, "k", answer("one"), at(1), at(10)).await.expect("adds"));
    assert!(!idempotency::add(&store.db, "k", answer("two"), at(2), at(12)).await.expect("refuses"));
    let found = idempotency::find(&store.db, "k", at(9)).await.expect("finds").expect("there");
    assert_eq!((found.request_hash.as_str(), found.status, found.answer), ("h", 201, b"one".to_vec()));
    assert!(idempotency::find(&store.db, "k", at(10)).await.expect("looks").is_none());
    assert!(idempotency::add(&store.db, "k", answer("two"), at(10), at(20)).await.expect("takes its place"));
    assert_eq!(idempotency::forget_ended(&store.db, at(19)).await.expect("keeps"), 0);
    assert_eq!(idempotency::forget_ended(&store.db, at(20)).await.expect("forgets"), 1);
});

both!(what_was_declared_is_taken_away, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let cap = Cap { scope: Scope::Country("NG".into()), per: Per::Day, most: Micros(1) };
    let test =
        TestIdentifier { identifier: Identifier::email("a@b.example").expect("an address"), passcode: "000000".into() };
    let acme = Organization { code: "org_acme".into(), name: "Acme".into(), ..Organization::default() };
    catalog::change_carrier(db, &Carrier::new("m", CarrierKind::Smtp(Smtp::default())), None, 0).await.expect("adds");
    catalog::change_cap(db, &cap).await.expect("adds");
    catalog::change_test_identifier(db, &test).await.expect("adds");
    catalog::change_declared(db, "organization", &acme.code, &acme).await.expect("adds");
    let listed = catalog::list_organizations(db, "org_own").await.expect("lists");
    assert_eq!(listed, std::slice::from_ref(&acme));
    assert_eq!(catalog::list_organizations(db, "org_acme").await.expect("lists"), []);
    for (after, most, found) in [("", 9, 1), ("org_a", 9, 1), ("org_acme", 9, 0), ("", 0, 0)] {
        let page = catalog::list_organizations_after(db, "org_own", after, most).await.expect("lists");
        assert_eq!(page.len(), found, "{after}");
    }
    catalog::forget_carrier(db, "m").await.expect("forgets");
    catalog::forget_cap(db, &cap).await.expect("forgets");
    catalog::forget_test_identifier(db, &test.identifier).await.expect("forgets");
    catalog::forget_declared(db, "organization", "org_acme").await.expect("forgets");
    catalog::forget_connection(db, "none").await.expect("forgets nothing");
    assert!(!catalog::forget_client(db, &ClientId::new("none")).await.expect("forgets nothing"));
    let mut tx = db.begin().await.expect("begins");
    let left = catalog::list(&mut tx).await.expect("lists");
    assert!(left.carriers.is_empty() && left.caps.is_empty() && left.test_identifiers.is_empty());
});

both!(who_has_what_is_counted_by_whole_words, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    for (id, roles, permissions) in [("kp_1", "clerk boss", "a_b"), ("kp_2", "clerk", "axb"), ("kp_3", "", "")] {
        let id = SubjectId::new(id);
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        subjects::add(db, &id, at(1)).await.expect("adds");
        memberships::change(db, &id, "org_acme", &words(roles), &words(permissions), at(1)).await.expect("joins");
    }
    assert_eq!(memberships::count_members(db, "org_acme").await.expect("counts"), 3);
    assert_eq!(memberships::count_members(db, "org_other").await.expect("counts"), 0);
    for (role, count) in [("clerk", 2), ("boss", 1), ("cler", 0), ("%", 0)] {
        assert_eq!(memberships::count_role(db, role).await.expect("counts"), count, "{role}");
    }
    assert_eq!(memberships::count_permission(db, "a_b").await.expect("counts"), 1, "an underscore is one");
});

both!(people_come_newest_first_and_are_blocked_once, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    for (id, made) in [("kp_1", 1), ("kp_2", 2), ("kp_3", 2)] {
        subjects::add(db, &SubjectId::new(id), at(made)).await.expect("adds");
    }
    let ids = |rows: Vec<Subject>| -> Vec<String> { rows.iter().map(|one| one.id.as_str().to_owned()).collect() };
    assert_eq!(ids(people::list(db, (at(9), ""), 2, true).await.expect("lists")), ["kp_3", "kp_2"]);
    assert_eq!(ids(people::list(db, (at(2), "kp_3"), 9, true).await.expect("lists")), ["kp_2", "kp_1"]);
    assert!(subjects::change_blocked(db, &SubjectId::new("kp_2"), true, at(5)).await.expect("changes"));
    assert_eq!(ids(people::list(db, (at(9), ""), 9, false).await.expect("lists")), ["kp_3", "kp_1"]);
    assert_eq!(ids(people::list_blocked(db, (at(9), ""), 9).await.expect("lists")), ["kp_2"]);
    assert!(people::list_blocked(db, (at(2), "kp_2"), 9).await.expect("lists").is_empty());
    let one = SubjectId::new("kp_1");
    for (blocked, changed) in [(true, true), (true, false), (false, true), (false, false)] {
        assert_eq!(subjects::change_blocked(db, &one, blocked, at(5)).await.expect("changes"), changed);
        let found = subjects::find(db, &one).await.expect("finds").expect("there");
        assert_eq!(found.blocked, blocked);
    }
});

both!(somebody_is_forgotten_with_all_they_had, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let id = SubjectId::new("kp_1");
    let mail = Identifier::email("a@b.example").expect("an address");
    subjects::add(db, &id, at(1)).await.expect("adds");
    subjects::prove_identifier(db, &mail, &id, at(1)).await.expect("proves");
    memberships::change(db, &id, "org_acme", &[], &[], at(1)).await.expect("joins");
    assert_eq!(outbox::forget_identifier(db, &mail).await.expect("nothing"), 0);
    assert_eq!(moments::forget_identifier(db, &mail).await.expect("nothing"), 0);
    assert_eq!(interactions::forget_identifier(db, &mail).await.expect("nothing"), 0);
    assert_eq!(challenges::forget_identifier(db, &mail).await.expect("nothing"), 0);
    assert_eq!(invitations::forget_email(db, mail.reveal()).await.expect("nothing"), 0);
    assert_eq!(grants::forget_subject(db, &id).await.expect("nothing"), 0);
    assert_eq!(sessions::forget_subject(db, &id).await.expect("nothing"), 0);
    assert_eq!(consents::forget_subject(db, &id).await.expect("nothing"), 0);
    assert!(subjects::forget(db, &id).await.expect("forgets"));
    assert!(!subjects::forget(db, &id).await.expect("only once"));
    assert!(subjects::find_by_identifier(db, &mail).await.expect("looks").is_none());
    assert_eq!(memberships::count_members(db, "org_acme").await.expect("counts"), 0);
});
