//! Counters of what may happen only so often. A window begins with its first count.

use super::error::StoreError;
use super::row::row;
use super::sql::{On, sql};
use crate::domain::limit::{Count, Limit};
use crate::domain::time::Time;

row! {
    struct Row {
        key: String,
        count: i64,
        ends_at: i64,
    }
}

/// Raises two counters at once, in one statement that commits by itself when `on` is the database: whoever compares or
/// sends afterwards has been counted, whatever happens next. The smaller key goes first, so that two nodes never wait for
/// each other.
pub async fn raise(on: impl Into<On<'_>>, limits: [&Limit; 2], now: Time) -> Result<Vec<Count>, StoreError> {
    let [mut first, mut second] = limits;
    if first.key > second.key {
        std::mem::swap(&mut first, &mut second);
    }
    let rows: Vec<Row> = sql("INSERT INTO counters (key, count, ends_at) VALUES ($1, 1, $2), ($3, 1, $4)
         ON CONFLICT (key) DO UPDATE SET
            count = CASE WHEN counters.ends_at <= $5 THEN 1 ELSE counters.count + 1 END,
            ends_at = CASE WHEN counters.ends_at <= $5 THEN excluded.ends_at ELSE counters.ends_at END
         RETURNING key, count, ends_at")
    .bind(&first.key)
    .bind(now.plus(first.window))
    .bind(&second.key)
    .bind(now.plus(second.window))
    .bind(now)
    .all(on)
    .await?;
    Ok(rows.into_iter().map(|row| Count { key: row.key, count: row.count, ends_at: Time(row.ends_at) }).collect())
}

/// Raises one counter by more than one, as money is counted.
pub async fn raise_by(on: impl Into<On<'_>>, limit: &Limit, by: i64, now: Time) -> Result<Count, StoreError> {
    let row: Option<Row> = sql("INSERT INTO counters (key, count, ends_at) VALUES ($1, $2, $3)
         ON CONFLICT (key) DO UPDATE SET
            count = CASE WHEN counters.ends_at <= $4 THEN excluded.count ELSE counters.count + excluded.count END,
            ends_at = CASE WHEN counters.ends_at <= $4 THEN excluded.ends_at ELSE counters.ends_at END
         RETURNING key, count, ends_at")
    .bind(&limit.key)
    .bind(by)
    .bind(now.plus(limit.window))
    .bind(now)
    .optional(on)
    .await?;
    let row = row.ok_or_else(|| StoreError::inconsistent("counters", "a raised counter was not returned"))?;
    Ok(Count { key: row.key, count: row.count, ends_at: Time(row.ends_at) })
}

/// Takes back what was counted before it turned out not to happen.
pub async fn lower_by(on: impl Into<On<'_>>, key: &str, by: i64) -> Result<(), StoreError> {
    sql("UPDATE counters SET count = CASE WHEN count > $2 THEN count - $2 ELSE 0 END WHERE key = $1")
        .relaxed()
        .bind(key)
        .bind(by)
        .execute(on)
        .await
        .map(drop)
}

/// What a counter stands at.
pub async fn find(on: impl Into<On<'_>>, key: &str, now: Time) -> Result<i64, StoreError> {
    let row: Option<(i64,)> =
        sql("SELECT count FROM counters WHERE key = $1 AND ends_at > $2").bind(key).bind(now).optional(on).await?;
    Ok(row.map_or(0, |row| row.0))
}

row! {
    struct Most {
        key: String,
        count: i64,
    }
}

/// The highest of the counters whose key begins so and goes on with a letter or digit: a range any collation can look up.
pub async fn find_most(on: impl Into<On<'_>>, prefix: &str, now: Time) -> Result<Option<(String, i64)>, StoreError> {
    let row: Option<Most> =
        sql("SELECT key, count FROM counters WHERE key > $1 AND key < $2 AND key LIKE $3 AND ends_at > $4 ORDER BY count DESC LIMIT 1")
            .bind(prefix)
            .bind(format!("{prefix}zzzzzzzz"))
            .bind(format!("{prefix}%"))
            .bind(now)
            .optional(on)
            .await?;
    Ok(row.map(|row| (row.key, row.count)))
}

/// The last key of the stretch that begins after this one, if there are any beyond it.
pub async fn find_end(on: impl Into<On<'_>>, after: &str) -> Result<Option<String>, StoreError> {
    let row: Option<(String,)> =
        sql("SELECT key FROM counters WHERE key > $1 ORDER BY key LIMIT 1 OFFSET 999").bind(after).optional(on).await?;
    Ok(row.map(|row| row.0))
}

/// Those of the stretch after this key whose window has ended. An index by which they were found would be written to whenever
/// somebody is counted.
pub async fn forget_ended(on: impl Into<On<'_>>, after: &str, now: Time) -> Result<u64, StoreError> {
    sql("DELETE FROM counters WHERE ends_at <= $2 AND key IN (SELECT key FROM counters WHERE key > $1 ORDER BY key LIMIT 1000)")
        .relaxed()
        .bind(after)
        .bind(now)
        .execute(on)
        .await
}
