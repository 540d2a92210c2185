//! Codes of devices: answered once, spent once.

use crate::harness::both;
use crate::{Store, at};
use countersign::domain::device::{DeviceCode, State};
use countersign::domain::ids::{ClientId, GrantId};
use countersign::domain::scope::Scope;
use countersign::store::{device_codes, grants};

fn code(hash: &str, letters: &str) -> DeviceCode {
    DeviceCode {
        hash: hash.into(),
        user_code: letters.into(),
        client_id: ClientId::new("tv"),
        scope: Scope::parse("openid").expect("a scope"),
        audience: vec!["https://a.example".into(), "https://b.example".into()],
        state: State::Pending,
        grant: None,
        pause: 5,
        polled_at: at(0),
        created_at: at(1),
        expires_at: at(100),
    }
}

both!(a_device_code_is_answered_once_and_spent_once, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let (first, grant, tv) = (code("h1", "BBBBBBBB"), GrantId::new("gr_1"), ClientId::new("tv"));
    assert!(device_codes::add(db, &first).await.expect("adds"));
    assert!(!device_codes::add(db, &code("h2", "BBBBBBBB")).await.expect("adds"), "the letters are taken");
    assert_eq!(device_codes::find(db, "h1").await.expect("finds"), Some(first.clone()));
    assert_eq!(device_codes::find_typed(db, "BBBBBBBB").await.expect("finds"), Some(first.clone()));
    assert_eq!(device_codes::find(db, "BBBBBBBB").await.expect("finds"), None);
    assert!(device_codes::change_polled(db, &first, 10, at(2)).await.expect("changes"));
    assert!(!device_codes::change_polled(db, &first, 10, at(2)).await.expect("changes"), "seen before");
    assert!(!device_codes::spend(db, "h1", &tv, at(3)).await.expect("spends"), "nobody said yes");
    assert!(!device_codes::change_approved(db, "h1", &grant, at(100)).await.expect("changes"), "too late");
    assert!(device_codes::change_approved(db, "h1", &grant, at(4)).await.expect("changes"));
    assert!(!device_codes::change_approved(db, "h1", &grant, at(4)).await.expect("changes"));
    assert!(!device_codes::change_denied(db, "h1", at(4)).await.expect("changes"));
    let found = device_codes::find(db, "h1").await.expect("finds").expect("there");
    assert_eq!((found.state, found.grant, found.pause, found.polled_at), (State::Approved, Some(grant), 10, at(2)));
    assert!(!device_codes::spend(db, "h1", &ClientId::new("other"), at(5)).await.expect("spends"));
    assert!(device_codes::spend(db, "h1", &tv, at(5)).await.expect("spends"));
    assert!(!device_codes::spend(db, "h1", &tv, at(5)).await.expect("spends"));
    assert!(device_codes::add(db, &code("h3", "CCCCCCCC")).await.expect("adds"));
    assert!(device_codes::change_denied(db, "h3", at(4)).await.expect("changes"));
    assert!(!grants::change_key(db, &GrantId::new("gr_none"), "key").await.expect("changes"));
    assert_eq!(device_codes::forget_expired(db, at(100)).await.expect("forgets"), 2);
});
