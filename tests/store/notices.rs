//! Notices: claimed by one, told again when its teller went silent, ended once; and what a sign-out everywhere ends.

use crate::harness::both;
use crate::signing::grant;
use crate::{Store, at};
use countersign::domain::client::{Client, ClientKind};
use countersign::domain::grant::Grant;
use countersign::domain::ids::{ClientId, InteractionId, SessionId, SubjectId};
use countersign::domain::notice::{Ended, Notice};
use countersign::domain::session::Session;
use countersign::store::{catalog, grants, notices, sessions, subjects};

fn notice(n: i64) -> Notice {
    let ended = Ended { subject: "kp_ada".into(), session: (n % 2 == 0).then(|| format!("sid_{n}")) };
    Notice {
        id: format!("no_{n}"),
        client: ClientId::new("shop"),
        ended,
        created_at: at(n),
        expires_at: at(500),
        tries: 0,
        lease_until: at(0),
    }
}

both!(a_notice_is_claimed_by_one_and_ends_once, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    notices::add(db, &notice(1)).await.expect("adds");
    notices::add(db, &notice(2)).await.expect("adds");
    assert_eq!(notices::count_open(db).await.expect("counts"), 2);
    assert_eq!(notices::claim(db, at(0), at(9)).await.expect("claims"), []);
    let mut claimed = notices::claim(db, at(5), at(30)).await.expect("claims");
    claimed.sort_by(|a, b| a.id.cmp(&b.id));
    let wanted = [1, 2].map(|n| Notice { tries: 1, lease_until: at(30), ..notice(n) });
    assert_eq!(claimed, wanted);
    assert_eq!(notices::claim(db, at(29), at(60)).await.expect("claims"), []);
    assert!(notices::finish(db, &claimed[0], "sent", None, at(6)).await.expect("ends"));
    assert!(!notices::finish(db, &claimed[0], "failed", Some("no".into()), at(6)).await.expect("ends once"));
    assert!(!notices::change_queued(db, &claimed[0], 1, at(7), "no").await.expect("is over"));
    // The other's teller goes silent: the next one tells it, and who comes back late changes nothing.
    let again = notices::claim(db, at(30), at(60)).await.expect("claims");
    assert_eq!(again, [Notice { tries: 2, lease_until: at(60), ..notice(2) }]);
    assert!(!notices::finish(db, &claimed[1], "sent", None, at(31)).await.expect("is another's"));
    assert!(notices::change_queued(db, &again[0], 2, at(100), "503").await.expect("queues"));
    assert_eq!(notices::claim(db, at(99), at(130)).await.expect("claims"), []);
    let third = notices::claim(db, at(100), at(130)).await.expect("claims");
    assert_eq!(third[0].tries, 3);
    assert!(notices::finish(db, &third[0], "failed", Some("400".into()), at(101)).await.expect("ends"));
    assert_eq!(notices::count_open(db).await.expect("counts"), 0);
    assert_eq!(notices::forget_expired(db, at(499)).await.expect("forgets"), 0);
    assert_eq!(notices::forget_expired(db, at(500)).await.expect("forgets"), 2);
});

both!(notices_are_claimed_by_one_each, async |engine| {
    let store = Store::open(engine).await;
    for n in 0..100 {
        notices::add(&store.db, &notice(n)).await.expect("adds");
    }
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let db = store.db.clone();
            tokio::spawn(async move { notices::claim(&db, at(200), at(300)).await.expect("claims") })
        })
        .collect();
    let mut all = Vec::new();
    for task in tasks {
        let mine = task.await.expect("no panic");
        assert!(mine.len() <= notices::BATCH);
        all.extend(mine.into_iter().map(|notice| notice.id));
    }
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(count, all.len(), "each once");
});

both!(everywhere_ends_what_is_somebodys_and_nothing_else, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let (ada, eve) = (SubjectId::new("kp_ada"), SubjectId::new("kp_eve"));
    for (n, subject) in [&ada, &ada, &eve].into_iter().enumerate() {
        drop(subjects::add(db, subject, at(1)).await);
        let id = SessionId::new(format!("sid_{n}"));
        let session = Session { id, subject: subject.clone(), auth_time: at(1), ended_at: None, expires_at: at(100) };
        sessions::add(db, &session).await.expect("adds");
        let given = Grant {
            client_id: ClientId::new(format!("shop{n}")),
            subject: subject.clone(),
            session: session.id,
            ..grant(&format!("gr_{n}"))
        };
        grants::add(db, &given, &InteractionId::new("in_1"), &format!("h{n}"), at(50)).await.expect("adds");
    }
    let pairs = grants::list_clients(db, &ada).await.expect("lists");
    let told: Vec<(&str, &str)> = pairs.iter().map(|(session, client)| (session.as_str(), client.as_str())).collect();
    assert_eq!(told, [("sid_0", "shop0"), ("sid_1", "shop1")]);
    assert!(sessions::end(db, &SessionId::new("sid_0"), at(2)).await.expect("ends"));
    assert_eq!(sessions::end_all(db, &ada, at(3)).await.expect("ends"), [SessionId::new("sid_1")]);
    assert_eq!(sessions::end_all(db, &ada, at(3)).await.expect("ends"), []);
    assert_eq!(grants::revoke_subject(db, &ada, at(3)).await.expect("revokes"), 2);
    assert_eq!(grants::revoke_subject(db, &ada, at(3)).await.expect("revokes"), 0);
    // Who heard nothing of it is still told of it.
    assert_eq!(grants::list_clients(db, &ada).await.expect("lists").len(), 2);
    assert!(grants::find(db, "gr_2").await.expect("finds").expect("there").revoked_at.is_none());
    assert_eq!(grants::revoke_all(db, &ClientId::new("shop2"), at(4)).await.expect("revokes"), 1);
});

both!(a_client_is_found_as_it_stands_and_forgotten, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let client = Client::new(ClientId::new("cl_1"), "One", ClientKind::Web);
    assert!(catalog::find_client(db, &client.id).await.expect("finds").is_none());
    catalog::change_client(db, &client).await.expect("writes");
    assert_eq!(catalog::find_client(db, &client.id).await.expect("finds"), Some(client.clone()));
    assert!(catalog::forget_client(db, &client.id).await.expect("forgets"));
    assert!(!catalog::forget_client(db, &client.id).await.expect("forgets once"));
    assert!(catalog::find_client(db, &client.id).await.expect("finds").is_none());
});
