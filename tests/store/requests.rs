//! Requests pushed ahead.

use crate::harness::both;
use crate::{Store, at};
use countersign::domain::ids::ClientId;
use countersign::store::pushed_requests::{self, Pushed};

both!(a_pushed_request_is_spent_once, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let pushed = Pushed {
        client_id: ClientId::new("shop"),
        query: "state=%00".into(),
        jkt: Some("k".into()),
        expires_at: at(10),
        spent_at: None,
    };
    pushed_requests::add(db, "h1", &pushed).await.expect("adds");
    assert_eq!(pushed_requests::find(db, "h1").await.expect("finds"), Some(pushed.clone()));
    assert_eq!(pushed_requests::find(db, "h2").await.expect("finds"), None);
    assert!(!pushed_requests::spend(db, "h2", at(5)).await.expect("spends nothing"));
    // A person may take longer than the reference lives.
    assert!(pushed_requests::spend(db, "h1", at(20)).await.expect("spends"));
    assert!(!pushed_requests::spend(db, "h1", at(21)).await.expect("spends once"));
    assert_eq!(pushed_requests::find(db, "h1").await.expect("finds").and_then(|one| one.spent_at), Some(at(20)));
    assert_eq!(pushed_requests::forget_expired(db, at(9)).await.expect("forgets"), 0);
    assert_eq!(pushed_requests::forget_expired(db, at(10)).await.expect("forgets"), 1);
    assert_eq!(pushed_requests::find(db, "h1").await.expect("finds"), None);
});
