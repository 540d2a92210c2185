//! Transactions, migrations, closing.

use crate::harness::{Engine, both, run};
use crate::rows::Rows;
use crate::{Store, at};
use countersign::store::Db;
use countersign::store::browsers;
use countersign::store::sql::sql;
use std::sync::{Arc, Mutex};

both!(a_transaction_is_whole_or_nothing, async |engine| {
    let store = Store::open(engine).await;
    // Whatever begins one carries it along: every request, every message under way.
    let bytes = size_of_val(&store.db.begin());
    assert!(bytes <= 1024, "{bytes} bytes");
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

/// Woken on the thread of whoever gave it back, they would wait until that one waits for something, and the connection would lie idle.
#[tokio::test]
async fn whoever_waited_for_sqlites_connection_has_it_before_whoever_gave_it_back_goes_on() {
    let store = Store::open(Engine::Sqlite).await;
    let order = Arc::new(Mutex::new(Vec::new()));
    let waiting = |name: &'static str| {
        let (db, order) = (store.db.clone(), order.clone());
        tokio::spawn(async move {
            browsers::find(&db, "b", at(1)).await.expect("finds");
            order.lock().expect("a lock").push(name);
        })
    };
    let begun = async || {
        let mut tx = store.db.begin().await.expect("begins");
        browsers::forget(&mut tx, "nobody").await.expect("deletes");
        tx
    };
    // After a transaction …
    let tx = begun().await;
    let one = waiting("one");
    tokio::task::yield_now().await;
    tx.commit_relaxed().await.expect("commits");
    order.lock().expect("a lock").push("commit");
    one.await.expect("ends");
    assert_eq!(std::mem::take(&mut *order.lock().expect("a lock")), ["one", "commit"]);
    // … and after a statement.
    let tx = begun().await;
    let (one, other) = (waiting("one"), waiting("other"));
    tokio::task::yield_now().await;
    tx.commit_relaxed().await.expect("commits");
    one.await.expect("ends");
    other.await.expect("ends");
    assert_eq!(*order.lock().expect("a lock"), ["other", "one"]);
    store.db.close().await;
}

/// Takes a while on either engine.
const LONG: &str =
    "WITH RECURSIVE counted(n) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM counted WHERE n < 3000000)
    SELECT CAST(count(*) AS BIGINT) AS count FROM counted";

both!(whoever_reads_aside_holds_up_nobody, async |engine| {
    let store = Store::open(engine).await;
    let db = store.db.clone();
    let reading = tokio::spawn(async move { sql(LONG).all::<(i64,)>(db.aside()).await });
    let mut beside = 0;
    for n in 0.. {
        assert!(browsers::add(&store.db, &format!("b{n}"), "{}", at(10)).await.expect("adds"));
        // What was committed is there for whoever reads next; not aside here, where one reads already.
        assert!(browsers::find(&store.db, &format!("b{n}"), at(1)).await.expect("finds").is_some());
        if reading.is_finished() {
            break;
        }
        beside += 1;
    }
    assert!(beside > 5, "{beside} wrote while one read");
    assert_eq!(reading.await.expect("ends").expect("reads"), [(3_000_000,)]);
    assert!(browsers::find(store.db.aside(), "b0", at(1)).await.expect("finds").is_some());
    assert!(browsers::add(store.db.aside(), "aside", "{}", at(10)).await.is_err(), "nothing is written aside");
    assert!(browsers::find(&store.db, "aside", at(1)).await.expect("finds").is_none());
    store.db.close().await;
    assert!(browsers::find(store.db.aside(), "b0", at(1)).await.is_err(), "closed is closed");
});

/// Other processes must see SQLite's locks as long as anybody here has the database: who closes one descriptor of a file gives up all
/// locks that the process has on it.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn whoever_closes_a_database_leaves_the_others_their_locks() {
    use std::os::unix::fs::MetadataExt;
    let store = Store::open(Engine::Sqlite).await;
    let file = store.url.trim_start_matches("sqlite:").to_owned();
    let locked = || {
        let of = std::process::id().to_string();
        let inode = format!(":{}", std::fs::metadata(&file).expect("is there").ino());
        let locks = std::fs::read_to_string("/proc/locks").expect("Linux tells");
        let ours = |line: &str| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            fields.get(4) == Some(&of.as_str()) && fields.get(5).is_some_and(|file| file.ends_with(&inode))
        };
        locks.lines().any(ours)
    };
    assert!(locked(), "a connection holds the database");
    let other = Db::open(&store.url, 4).await.expect("opens");
    browsers::add(&other, "b1", "{}", at(10)).await.expect("adds");
    other.close().await;
    drop(other);
    // Its threads end a little later than it does.
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert!(locked(), "it still does");
    assert!(browsers::find(&store.db, "b1", at(1)).await.expect("finds").is_some());
    store.db.close().await;
}

/// Whoever comes first after PostgreSQL was away is told to try again; those after are not, however many connections died.
#[tokio::test(flavor = "multi_thread")]
async fn one_statement_finds_out_that_all_connections_are_dead() {
    run(Engine::Postgres, async |engine| {
        let store = Store::open(engine).await;
        let browser = |n: usize| {
            let db = store.db.clone();
            async move { browsers::add(&db, &format!("b{n}"), "{}", at(10)).await }
        };
        let rows = Rows::at(&store.url).await;
        for round in 0..5 {
            // All of them are used just now, and go back.
            let begun = tokio::join!(store.db.begin(), store.db.begin(), store.db.begin(), store.db.begin());
            for (n, tx) in <[_; 4]>::from(begun).into_iter().enumerate() {
                tx.unwrap_or_else(|error| panic!("connection {n}: {error}")).commit().await.expect("commits");
            }
            let ended = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'countersign'";
            assert_eq!(rows.number(ended).await, 4);
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            assert!(browser(round * 10).await.is_err(), "its connection is dead");
            for n in 1..10 {
                browser(round * 10 + n).await.expect("adds");
            }
        }
        store.db.close().await;
    })
    .await;
}
