//! Files of people: how far they are read, and people by the hundred.

use crate::harness::both;
use crate::{Store, at};
use countersign::domain::identifier::Identifier;
use countersign::domain::ids::SubjectId;
use countersign::domain::import::{Became, Format, Import, Member, Ready, Said, State};
use countersign::domain::standard::StandardClaims;
use countersign::store::{imports, memberships, people, subjects};

fn import(id: &str, started: i64) -> Import {
    Import {
        id: id.into(),
        file: "hash".into(),
        format: Format::Auth0,
        trust_unverified: true,
        dry_run: false,
        actor: "command".into(),
        address: String::new(),
        state: State::Running,
        detail: None,
        size: 100,
        position: 0,
        line: 1,
        made: 0,
        present: 0,
        wrong: 0,
        started_at: at(started),
        updated_at: at(started),
        finished_at: None,
        heard_at: None,
    }
}

both!(a_file_is_read_on_by_one, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    imports::add(db, &import("imp_1", 1)).await.expect("adds");
    imports::add(db, &import("imp_2", 2)).await.expect("adds");
    assert_eq!(imports::find(db, "imp_1").await.expect("finds"), Some(import("imp_1", 1)));
    assert_eq!(imports::find(db, "imp_none").await.expect("looks"), None);
    let begun = imports::find_begun(db, "hash", Format::Auth0).await.expect("finds").expect("one");
    assert_eq!(begun.id, "imp_2", "the newest");
    assert!(imports::find_begun(db, "hash", Format::Csv).await.expect("looks").is_none());
    let next = Import { position: 50, line: 9, made: 7, wrong: 1, updated_at: at(3), ..begun.clone() };
    assert!(imports::change(db, &next, 0).await.expect("changes"));
    assert!(!imports::change(db, &next, 0).await.expect("somebody was quicker"));
    assert_eq!(imports::find(db, "imp_2").await.expect("finds"), Some(next.clone()));
    let over = Import { state: State::Done, detail: Some("x".into()), finished_at: Some(at(9)), ..next };
    assert!(imports::change(db, &over, 50).await.expect("ends"));
    assert!(!imports::change(db, &over, 50).await.expect("is over"));
    let listed = imports::list(db, (at(99), ""), 9).await.expect("lists");
    assert_eq!(listed.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["imp_2", "imp_1"]);
    assert_eq!(imports::list(db, (at(2), "imp_2"), 9).await.expect("lists").len(), 1);
    let said = |line, detail: &str| Said { line, became: Became::Wrong, detail: detail.into() };
    let lines: Vec<Said> = (1..=450).map(|line| said(line, "no")).collect();
    let mut tx = db.begin().await.expect("begins");
    imports::add_lines(&mut tx, "imp_2", &lines).await.expect("adds");
    imports::add_lines(&mut tx, "imp_2", &[]).await.expect("adds nothing");
    tx.commit().await.expect("commits");
    assert_eq!(imports::list_lines(db, "imp_2", 448, 9).await.expect("lists"), lines[448..]);
    assert_eq!(imports::forget_finished(db, at(9)).await.expect("forgets"), 1);
    assert!(imports::list_lines(db, "imp_2", 0, 9).await.expect("lists").is_empty());
});

both!(files_nobody_has_any_more_are_found, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let here = |id: &str| Import { heard_at: Some(at(5)), ..import(id, 1) };
    imports::add(db, &import("imp_own", 1)).await.expect("adds");
    imports::add(db, &here("imp_here")).await.expect("adds");
    imports::add(db, &here("imp_gone")).await.expect("adds");
    let over = Import { state: State::Done, finished_at: Some(at(6)), ..here("imp_over") };
    imports::add(db, &over).await.expect("adds");
    for id in ["imp_here", "imp_own", "imp_over", "imp_none"] {
        imports::hear(db, id, at(9)).await.expect("hears");
    }
    let unheard = async |since| {
        let found = imports::list_unheard(db, at(since)).await.expect("lists");
        found.into_iter().map(|one| one.id).collect::<Vec<_>>()
    };
    assert_eq!(unheard(5).await, Vec::<String>::new());
    assert_eq!(unheard(9).await, ["imp_gone"]);
    assert_eq!(unheard(99).await, ["imp_gone", "imp_here"], "what a command reads is never lost");
    assert_eq!(imports::find(db, "imp_own").await.expect("finds").expect("there").heard_at, None);
});

fn ready(n: usize) -> Ready {
    Ready {
        identifiers: vec![Identifier::email(&format!("p{n}@shop.example")).expect("an address")],
        profile: StandardClaims { name: Some(format!("Person {n}")), ..StandardClaims::default() },
        blocked: n == 0,
        memberships: vec![Member { organization: "org_a".into(), roles: vec!["clerk".into()], permissions: vec![] }],
        sub: None,
        notes: vec![],
    }
}

both!(people_are_written_by_the_hundred, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let all: Vec<(SubjectId, Ready)> = (0..450).map(|n| (SubjectId::new(format!("kp_{n}")), ready(n))).collect();
    let some = |range: std::ops::Range<usize>| all[range].iter().map(|(id, one)| (id, one)).collect::<Vec<_>>();
    let mut tx = db.begin().await.expect("begins");
    assert!(imports::add_people(&mut tx, &some(0..450), at(5)).await.expect("adds"));
    assert!(imports::add_people(&mut tx, &[], at(5)).await.expect("adds nobody"));
    tx.commit().await.expect("commits");
    assert_eq!(memberships::count_members(db, "org_a").await.expect("counts"), 450);
    let found = subjects::find(db, &all[449].0).await.expect("finds").expect("there");
    assert_eq!(
        (found.identifiers, found.profile, found.blocked),
        (all[449].1.identifiers.clone(), all[449].1.profile.clone(), false)
    );
    assert_eq!(people::list_blocked(db, (at(9), ""), 9).await.expect("lists").len(), 1);
    // Somebody has one of them: told, and nothing is to be kept.
    let mut tx = db.begin().await.expect("begins");
    let eve = (SubjectId::new("kp_eve"), ready(7));
    assert!(!imports::add_people(&mut tx, &[(&eve.0, &eve.1)], at(6)).await.expect("is told"));
    drop(tx);
    let mut tx = db.begin().await.expect("begins");
    let asked: Vec<&Identifier> = all.iter().flat_map(|(_, one)| &one.identifiers).collect();
    let stranger = Identifier::email("x@shop.example").expect("an address");
    let known = imports::list_known(&mut tx, &[&asked[..], &[&stranger]].concat()).await.expect("lists");
    assert_eq!((known.len(), known.get(asked[7])), (450, Some(&all[7].0)));
    let none = SubjectId::new("kp_none");
    let taken = imports::list_taken(&mut tx, &[&all[3].0, &none]).await.expect("lists");
    assert_eq!(taken.into_iter().collect::<Vec<_>>(), [all[3].0.clone()]);
});
