//! The store: every function on both engines, and every SQL text prepared on both.

#[path = "../story/harness/mod.rs"]
mod harness;
#[path = "../attack/rows.rs"]
mod rows;

mod accounts;
mod catalog;
mod consents;
mod delivery;
mod devices;
mod events;
mod figures;
mod imports;
mod notices;
mod operators;
mod people;
mod portal;
mod prepared;
mod proofs;
mod requests;
mod signing;
mod transactions;

use countersign::domain::delivery::Attempt;
use countersign::domain::time::Time;
use countersign::store::{self, Db};
use harness::{Engine, postgres};

/// An empty database with its tables made.
struct Store {
    db: Db,
    url: String,
    _folder: tempfile::TempDir,
}

impl Store {
    async fn open(engine: Engine) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = match engine {
            Engine::Sqlite => format!("sqlite:{}", folder.path().join("store.db").display()),
            Engine::Postgres => postgres::server().expect("a PostgreSQL server").database().await,
        };
        let db = Db::open(&url, 4).await.expect("opens");
        db.migrate().await.expect("migrates");
        Self { db, url, _folder: folder }
    }
}

fn at(seconds: i64) -> Time {
    Time::from_secs(seconds)
}

/// The messages a deliverer gets that looks now.
async fn claim(db: &Db, now: Time, until: Time) -> Vec<Attempt> {
    let claimed = store::outbox::claim(db, now, until).await.expect("claims");
    claimed.into_iter().map(|claimed| claimed.attempt).collect()
}

/// The text of every file in `src/store`, by the file's name.
fn sources() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/store");
    let files = std::fs::read_dir(folder).expect("lists").map(|entry| entry.expect("an entry").path());
    let mut sources: Vec<(String, String)> = files
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .map(|path| {
            (
                path.file_stem().expect("a name").to_string_lossy().into_owned(),
                std::fs::read_to_string(path).expect("reads"),
            )
        })
        .collect();
    sources.sort();
    sources
}

/// A function without a test here is a function nobody has run on the other engine.
#[test]
fn every_public_function_is_run_here() {
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/store")).expect("lists");
    let ours: String =
        files.map(|file| std::fs::read_to_string(file.expect("an entry").path()).expect("reads")).collect();
    let mut missing = Vec::new();
    for (file, text) in sources() {
        for line in text.lines().filter_map(|line| line.strip_prefix("pub async fn ")) {
            let name = line.split(['(', '<']).next().expect("a name");
            if !ours.contains(&format!("{file}::{name}(")) {
                missing.push(format!("{file}::{name}"));
            }
        }
    }
    assert!(missing.is_empty(), "not run on both engines: {missing:#?}");
}
