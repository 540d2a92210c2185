//! `query!` cannot check two engines; this does. Every SQL text in the store is prepared on both, and none is run.

use crate::harness::{Engine, both};
use crate::{Store, sources};
use sqlx::{AssertSqlSafe, Executor, SqlSafeStr};

/// The literal behind each `sql(`, with the place it stands.
fn texts() -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for (file, source) in sources() {
        let code: String =
            source.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        for (number, rest) in code.split("sql(").enumerate().skip(1) {
            let Some(literal) = rest.trim_start().strip_prefix('"') else { continue };
            let text = literal.split('"').next().expect("a literal");
            assert!(!text.ends_with('\\'), "{file}: a quoted quote, which this test does not read");
            texts.push((format!("{file}, text {number}"), text.to_owned()));
        }
    }
    texts
}

#[test]
fn the_texts_are_found() {
    let texts = texts();
    assert!(texts.len() > 50, "{} texts", texts.len());
    for (place, text) in &texts {
        let verb = text.split_whitespace().next().unwrap_or_default();
        assert!(["SELECT", "INSERT", "UPDATE", "DELETE"].contains(&verb), "{place}: {text}");
        // The house's rule for texts that mean the same on both engines.
        for fork in ["now()", "SKIP LOCKED", "ILIKE", "::", "->", "datetime(", "strftime(", " FOR UPDATE"] {
            assert!(!text.contains(fork), "{place}: {fork} in {text}");
        }
    }
}

both!(every_text_is_prepared, async |engine| {
    let store = Store::open(engine).await;
    let mut wrong = Vec::new();
    match engine {
        Engine::Sqlite => {
            let pool = sqlx::SqlitePool::connect(&store.url).await.expect("opens");
            for (place, text) in texts() {
                let prepared = pool.prepare(AssertSqlSafe(text.clone()).into_sql_str()).await;
                wrong.extend(prepared.err().map(|error| format!("{place}: {error}: {text}")));
            }
        }
        Engine::Postgres => {
            let pool = sqlx::PgPool::connect(&store.url).await.expect("connects");
            for (place, text) in texts() {
                let prepared = pool.prepare(AssertSqlSafe(text.clone()).into_sql_str()).await;
                wrong.extend(prepared.err().map(|error| format!("{place}: {error}: {text}")));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
});
