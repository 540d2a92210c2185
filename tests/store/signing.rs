//! Accounts, sessions, grants.

use crate::harness::both;
use crate::rows::Rows;
use crate::{Store, at};
use countersign::domain::grant::Grant;
use countersign::domain::identifier::{Identifier, Kind};
use countersign::domain::ids::{ClientId, GrantId, InteractionId, SessionId, SubjectId};
use countersign::domain::scope::Scope;
use countersign::domain::session::Session;
use countersign::store::{grants, revoked_tokens, sessions, subjects, used};
use sqlx::AssertSqlSafe;

async fn run(store: &Store, statement: &str) {
    let statement = AssertSqlSafe(statement.to_owned());
    match Rows::at(&store.url).await {
        Rows::Sqlite(pool) => drop(sqlx::raw_sql(statement).execute(&pool).await.expect("runs")),
        Rows::Postgres(pool) => drop(sqlx::raw_sql(statement).execute(&pool).await.expect("runs")),
    }
}

fn phone(number: &str) -> Identifier {
    Identifier::stored(Kind::Phone, number.into())
}

both!(a_proof_finds_or_makes_its_subject, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let (ada, eve) = (SubjectId::new("kp_ada"), SubjectId::new("kp_eve"));
    let mut tx = db.begin().await.expect("begins");
    let proven = subjects::prove_identifier(&mut tx, &phone("+1"), &ada, at(1)).await.expect("proves");
    assert_eq!(proven, (ada.clone(), false));
    subjects::add(&mut tx, &ada, at(1)).await.expect("adds");
    tx.commit().await.expect("commits");
    // Proven again, whoever says so: it stays hers.
    let again = subjects::prove_identifier(db, &phone("+1"), &eve, at(2)).await.expect("proves");
    assert_eq!(again, (ada.clone(), false));
    assert!(subjects::find(db, &eve).await.expect("finds").is_none());
    assert_eq!(subjects::find_by_identifier(db, &phone("+1")).await.expect("finds"), Some((ada.clone(), false)));
    assert_eq!(subjects::find_by_identifier(db, &phone("+2")).await.expect("finds"), None);
    // The same text as another kind is another identifier.
    let email = Identifier::stored(Kind::Email, "+1".into());
    assert_eq!(subjects::find_by_identifier(db, &email).await.expect("finds"), None);
    // Several of each kind, the first proven first.
    for (turn, more) in [phone("+3"), email, phone("+0")].into_iter().enumerate() {
        let turn = i64::try_from(turn).expect("small");
        assert_eq!(subjects::prove_identifier(db, &more, &ada, at(10 + turn)).await.expect("proves").0, ada);
    }
    subjects::prove_identifier(db, &phone("+1"), &eve, at(99)).await.expect("proves");
    let found = subjects::find(db, &ada).await.expect("finds").expect("there");
    assert_eq!(found.identifiers.iter().map(Identifier::reveal).collect::<Vec<_>>(), ["+1", "+3", "+1", "+0"]);
    assert_eq!(found.primary(Kind::Phone), Some(&phone("+1")));
    assert!(!found.blocked);
    run(&store, "UPDATE subjects SET blocked_at = 5").await;
    assert!(subjects::find(db, &ada).await.expect("finds").expect("there").blocked);
    assert_eq!(subjects::prove_identifier(db, &phone("+1"), &eve, at(3)).await.expect("proves"), (ada.clone(), true));
    assert_eq!(subjects::find_by_identifier(db, &phone("+1")).await.expect("finds"), Some((ada, true)));
});

fn session(id: &str) -> Session {
    Session {
        id: SessionId::new(id),
        subject: SubjectId::new("kp_ada"),
        auth_time: at(7),
        ended_at: None,
        expires_at: at(100),
    }
}

both!(a_session_ends_once_and_with_its_subject, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    sessions::add(db, &session("sid_1")).await.expect("adds");
    assert!(sessions::find(db, &SessionId::new("sid_1")).await.expect("finds").is_none(), "nobody's");
    subjects::add(db, &SubjectId::new("kp_ada"), at(1)).await.expect("adds");
    let found = sessions::find(db, &SessionId::new("sid_1")).await.expect("finds").expect("there");
    assert_eq!(format!("{found:?}"), format!("{:?}", session("sid_1")));
    assert!(sessions::end(db, &found.id, at(9)).await.expect("ends"));
    assert!(!sessions::end(db, &found.id, at(10)).await.expect("ends"));
    assert_eq!(sessions::find(db, &found.id).await.expect("finds").expect("there").ended_at, Some(at(9)));
    run(&store, "UPDATE subjects SET blocked_at = 5").await;
    assert!(sessions::find(db, &found.id).await.expect("finds").is_none(), "blocked");
    assert_eq!(sessions::forget_expired(db, at(99)).await.expect("forgets"), 0);
    assert_eq!(sessions::forget_expired(db, at(100)).await.expect("forgets"), 1);
});

pub fn grant(id: &str) -> Grant {
    Grant {
        id: GrantId::new(id),
        client_id: ClientId::new("shop"),
        subject: SubjectId::new("kp_ada"),
        session: SessionId::new("sid_1"),
        scope: Scope::parse("openid offline").expect("known"),
        nonce: Some("n – ü".into()),
        audience: vec!["https://a.example".into(), "https://b.example".into()],
        auth_time: at(7),
        redirect_uri: "https://a.example/cb".into(),
        code_challenge: None,
        code_spent_at: None,
        created_at: at(8),
        expires_at: at(100),
        revoked_at: None,
        generation: 1,
        rotated_at: None,
        acr: Some("aal1".into()),
        claims: Some("{}".into()),
        jkt: Some("thumb".into()),
        organization: Some("org_1".into()),
    }
}

both!(a_code_opens_its_grant_once_and_to_its_client, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let (shop, other) = (ClientId::new("shop"), ClientId::new("other"));
    grants::add(db, &grant("gr_1"), &InteractionId::new("in_1"), "hash", at(60)).await.expect("adds");
    let taken = grants::add(db, &grant("gr_2"), &InteractionId::new("in_1"), "hash", at(60)).await;
    assert!(matches!(taken, Err(countersign::store::StoreError::Taken)), "{taken:?}");
    let times = grants::list_times(db, &InteractionId::new("in_1")).await.expect("lists");
    assert_eq!(times, [(at(8), None)]);
    let read = grants::find(db, "gr_1").await.expect("finds").expect("there");
    assert_eq!(format!("{read:?}"), format!("{:?}", grant("gr_1")));
    assert!(grants::find(db, "gr_2").await.expect("finds").is_none());
    for (hash, client, now) in [("other", &shop, at(9)), ("hash", &other, at(9)), ("hash", &shop, at(60))] {
        assert!(grants::spend_code(db, hash, client, None, now).await.expect("spends").is_none());
        assert!(!grants::revoke_reused_code(db, hash, client, now).await.expect("revokes"), "not used yet");
    }
    let opened = grants::spend_code(db, "hash", &shop, Some("other key".into()), at(9))
        .await
        .expect("spends")
        .expect("its grant");
    assert_eq!((opened.id.as_str(), opened.code_spent_at), ("gr_1", Some(at(9))));
    assert_eq!(opened.jkt.as_deref(), Some("thumb"), "bound already");
    let unbound = Grant { jkt: None, ..grant("gr_3") };
    grants::add(db, &unbound, &InteractionId::new("in_1"), "unbound", at(60)).await.expect("adds");
    let bound =
        grants::spend_code(db, "unbound", &shop, Some("key".into()), at(9)).await.expect("spends").expect("its grant");
    assert_eq!(bound.jkt.as_deref(), Some("key"));
    assert!(grants::spend_code(db, "hash", &shop, None, at(9)).await.expect("spends").is_none());
    assert!(!grants::revoke_reused_code(db, "hash", &other, at(10)).await.expect("revokes"));
    assert!(grants::revoke_reused_code(db, "hash", &shop, at(10)).await.expect("revokes"));
    assert!(!grants::revoke_reused_code(db, "hash", &shop, at(11)).await.expect("revokes"));
    assert_eq!(grants::find(db, "gr_1").await.expect("finds").expect("there").revoked_at, Some(at(10)));
});

both!(a_generation_is_spent_once, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    for n in 1..=3 {
        grants::add(db, &grant(&format!("gr_{n}")), &InteractionId::new("in_1"), &format!("hash{n}"), at(60))
            .await
            .expect("adds");
    }
    let id = GrantId::new("gr_1");
    let tasks: Vec<_> = (0..200)
        .map(|_| {
            let (db, id) = (db.clone(), id.clone());
            tokio::spawn(async move { grants::spend_generation(&db, &id, 1, at(200), at(20)).await.expect("spends") })
        })
        .collect();
    let mut won = 0;
    for task in tasks {
        won += usize::from(task.await.expect("no panic"));
    }
    assert_eq!(won, 1);
    let rotated = grants::find(db, "gr_1").await.expect("finds").expect("there");
    assert_eq!((rotated.generation, rotated.rotated_at, rotated.expires_at), (2, Some(at(20)), at(200)));
    assert!(!grants::spend_generation(db, &id, 2, at(300), at(200)).await.expect("expired"));
    assert!(grants::revoke(db, &id, at(21)).await.expect("revokes"));
    assert!(!grants::revoke(db, &id, at(22)).await.expect("revokes"));
    assert!(!grants::spend_generation(db, &id, 2, at(300), at(30)).await.expect("revoked"));
    assert_eq!(grants::revoke_session(db, &SessionId::new("sid_1"), at(23)).await.expect("revokes"), 2);
    assert_eq!(grants::revoke_session(db, &SessionId::new("sid_2"), at(23)).await.expect("revokes"), 0);
    assert_eq!(grants::find(db, "gr_1").await.expect("finds").expect("there").revoked_at, Some(at(21)));
    assert_eq!(grants::forget_expired(db, at(100)).await.expect("forgets"), 2);
});

both!(what_is_used_is_used_until_it_is_forgotten, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    assert!(used::spend(db, "a", at(10)).await.expect("spends"));
    assert!(!used::spend(db, "a", at(20)).await.expect("spends"));
    assert!(used::spend(db, "b", at(20)).await.expect("spends"));
    assert_eq!(used::forget_ended(db, at(10)).await.expect("forgets"), 1);
    assert!(used::spend(db, "a", at(20)).await.expect("spends"));
    assert!(!used::spend(db, "b", at(20)).await.expect("spends"));
});

both!(a_revoked_token_is_remembered_while_it_would_have_lived, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    for _ in 0..2 {
        revoked_tokens::add(db, "jti", at(10)).await.expect("adds");
    }
    assert_eq!(revoked_tokens::find(db, "jti").await.expect("finds"), Some(at(10)));
    assert_eq!(revoked_tokens::find(db, "other").await.expect("finds"), None);
    assert_eq!(revoked_tokens::forget_ended(db, at(9)).await.expect("forgets"), 0);
    assert_eq!(revoked_tokens::forget_ended(db, at(10)).await.expect("forgets"), 1);
    assert_eq!(revoked_tokens::find(db, "jti").await.expect("finds"), None);
});
