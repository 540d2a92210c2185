//! Transactions, migrations, closing.

use crate::harness::both;
use crate::{Store, at};
use countersign::store::browsers;

both!(a_transaction_is_whole_or_nothing, async |engine| {
    let store = Store::open(engine).await;
    let mut tx = store.db.begin().await.expect("begins");
    assert!(browsers::add(&mut tx, "b", "{}", at(10)).await.expect("adds"));
    drop(tx);
    assert!(browsers::find(&store.db, "b", at(1)).await.expect("finds").is_none());
    let mut tx = store.db.begin().await.expect("begins");
    assert!(browsers::add(&mut tx, "b", "{}", at(10)).await.expect("adds"));
    tx.commit().await.expect("commits");
    assert!(browsers::find(&store.db, "b", at(1)).await.expect("finds").is_some());
    // Migrating what is up to date changes nothing, and several may do so at once.
    let (a, b, c) = tokio::join!(store.db.migrate(), store.db.migrate(), store.db.migrate());
    a.and(b).and(c).expect("migrates");
    assert!(store.db.counted().statements.load(std::sync::atomic::Ordering::Relaxed) >= 4);
    assert!(["sqlite", "postgres"].contains(&store.db.engine_name()));
    store.db.close().await;
});
