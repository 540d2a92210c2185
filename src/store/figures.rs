//! Figures, the buckets they are counted by, and the rows they are counted from.

use super::error::StoreError;
use super::many::insert;
use super::row::row;
use super::sql::{Bind, On, sql};
use crate::domain::delivery::Micros;
use crate::domain::figures::{Key, Size, Tally, What};
use crate::domain::time::Time;

row! {
    /// Five minutes that are to be counted.
    pub struct Bucket {
        pub start: i64,
        pub due_at: i64,
        pub counted_at: i64,
    }
}

/// Those due, newest first: what is looked at most.
pub async fn list_due(on: impl Into<On<'_>>, now: Time) -> Result<Vec<Bucket>, StoreError> {
    sql("SELECT start, due_at, counted_at FROM figure_buckets WHERE due_at <= $1 ORDER BY start DESC LIMIT 64")
        .bind(now)
        .all(on)
        .await
}

/// The newest bucket there is.
pub async fn find_newest(on: impl Into<On<'_>>) -> Result<Option<Time>, StoreError> {
    let row: Option<(i64,)> = sql("SELECT start FROM figure_buckets ORDER BY start DESC LIMIT 1").optional(on).await?;
    Ok(row.map(|row| Time(row.0)))
}

/// When anything was last counted.
pub async fn find_counted(on: impl Into<On<'_>>) -> Result<Option<Time>, StoreError> {
    let row: Option<(i64,)> =
        sql("SELECT counted_at FROM figure_buckets WHERE counted_at > 0 ORDER BY start DESC LIMIT 1")
            .optional(on)
            .await?;
    Ok(row.map(|row| Time(row.0)))
}

/// The first sign-in whose id is not below this one.
pub async fn find_next(on: impl Into<On<'_>>, from: &str) -> Result<Option<String>, StoreError> {
    let row: Option<(String,)> =
        sql("SELECT id FROM interactions WHERE id >= $1 ORDER BY id LIMIT 1").bind(from).optional(on).await?;
    Ok(row.map(|row| row.0))
}

pub async fn add_bucket(on: impl Into<On<'_>>, start: Time, due_at: Time) -> Result<(), StoreError> {
    sql("INSERT INTO figure_buckets (start, due_at, counted_at) VALUES ($1, $2, 0) ON CONFLICT (start) DO NOTHING")
        .relaxed()
        .bind(start)
        .bind(due_at)
        .execute(on)
        .await
        .map(drop)
}

/// Something of these five minutes changed late. What is due sooner stays so.
pub async fn change_due(on: impl Into<On<'_>>, start: Time, due_at: Time) -> Result<(), StoreError> {
    sql("UPDATE figure_buckets SET due_at = $2 WHERE start = $1 AND (due_at IS NULL OR due_at > $2)")
        .relaxed()
        .bind(start)
        .bind(due_at)
        .execute(on)
        .await
        .map(drop)
}

/// Takes a bucket as it was seen: true for one node.
pub async fn claim(on: impl Into<On<'_>>, bucket: &Bucket, until: Time) -> Result<bool, StoreError> {
    let claimed = sql("UPDATE figure_buckets SET due_at = $3 WHERE start = $1 AND due_at = $2").relaxed();
    Ok(claimed.bind(bucket.start).bind(bucket.due_at).bind(until).execute(on).await? == 1)
}

/// Ends a count, where nobody took the bucket over meanwhile and nothing of it changed.
pub async fn finish(
    tx: &mut super::Tx,
    start: Time,
    claimed: Time,
    due_at: Option<Time>,
    now: Time,
) -> Result<bool, StoreError> {
    let finished =
        sql("UPDATE figure_buckets SET due_at = $3, counted_at = $4 WHERE start = $1 AND due_at = $2").relaxed();
    Ok(finished.bind(start).bind(claimed).bind(due_at).bind(now).execute(tx).await? == 1)
}

row! {
    struct Row {
        what: String,
        client: String,
        channel: String,
        country: String,
        carrier: String,
        code: String,
        count: i64,
        sum: i64,
    }
}

impl Row {
    fn noun(self) -> Option<(Key, Tally)> {
        let what = What::parse(&self.what)?;
        let Self { client, channel, country, carrier, code, count, sum, .. } = self;
        Some((Key { what, client, channel, country, carrier, code }, Tally { count, sum: Micros(sum) }))
    }
}

/// The figures of one bucket.
pub async fn list(on: impl Into<On<'_>>, size: Size, start: Time) -> Result<Vec<(Key, Tally)>, StoreError> {
    let rows: Vec<Row> = sql(
        "SELECT what, client, channel, country, carrier, code, count, sum FROM figures WHERE size = $1 AND start = $2",
    )
    .bind(size.secs())
    .bind(start)
    .all(on)
    .await?;
    Ok(rows.into_iter().filter_map(Row::noun).collect())
}

/// The figures of all buckets from `since` and before `until`, added up.
pub async fn list_sums(
    on: impl Into<On<'_>>,
    size: Size,
    since: Time,
    until: Time,
) -> Result<Vec<(Key, Tally)>, StoreError> {
    let rows: Vec<Row> = sql("SELECT what, client, channel, country, carrier, code, CAST(SUM(count) AS BIGINT) AS count, CAST(SUM(sum) AS BIGINT) AS sum FROM figures
         WHERE size = $1 AND start >= $2 AND start < $3 GROUP BY what, client, channel, country, carrier, code")
        .bind(size.secs())
        .bind(since)
        .bind(until)
        .all(on)
        .await?;
    Ok(rows.into_iter().filter_map(Row::noun).collect())
}

row! {
    struct Step {
        start: i64,
        what: String,
        count: i64,
    }
}

/// How far sign-ins came, bucket by bucket.
pub async fn list_steps(
    on: impl Into<On<'_>>,
    size: Size,
    since: Time,
    until: Time,
) -> Result<Vec<(Time, What, i64)>, StoreError> {
    let rows: Vec<Step> = sql("SELECT start, what, CAST(SUM(count) AS BIGINT) AS count FROM figures
         WHERE size = $1 AND start >= $2 AND start < $3 AND what IN ('begun', 'asked', 'delivered', 'proven', 'answered')
         GROUP BY start, what ORDER BY start")
        .bind(size.secs())
        .bind(since)
        .bind(until)
        .all(on)
        .await?;
    Ok(rows.into_iter().filter_map(|row| Some((Time(row.start), What::parse(&row.what)?, row.count))).collect())
}

/// Adds to figures in their buckets of these sizes; each key once.
pub async fn raise(
    tx: &mut super::Tx,
    sizes: &[Size],
    at: Time,
    figures: impl IntoIterator<Item = (&Key, &Tally)>,
) -> Result<(), StoreError> {
    let of = |(key, by): (&Key, &Tally)| {
        let (key, by) = (key.clone(), *by);
        sizes.iter().map(move |size| row(*size, at, &key, by)).collect::<Vec<_>>()
    };
    let rows = figures.into_iter().flat_map(of).collect();
    let head = "INSERT INTO figures (size, start, what, client, channel, country, carrier, code, count, sum)";
    let tail = "ON CONFLICT (size, start, what, client, channel, country, carrier, code) DO UPDATE SET count = figures.count + excluded.count, sum = figures.sum + excluded.sum";
    insert(tx, head, tail, rows).await.map(drop)
}

fn row(size: Size, at: Time, key: &Key, by: Tally) -> Vec<Bind> {
    vec![
        size.secs().into(),
        size.start(at).into(),
        key.what.as_str().into(),
        (&key.client).into(),
        (&key.channel).into(),
        (&key.country).into(),
        (&key.carrier).into(),
        (&key.code).into(),
        by.count.into(),
        by.sum.0.into(),
    ]
}

pub async fn forget(on: impl Into<On<'_>>, size: Size, before: Time) -> Result<u64, StoreError> {
    sql("DELETE FROM figures WHERE size = $1 AND start < $2").relaxed().bind(size.secs()).bind(before).execute(on).await
}

pub async fn forget_buckets(on: impl Into<On<'_>>, before: Time) -> Result<u64, StoreError> {
    sql("DELETE FROM figure_buckets WHERE start < $1").relaxed().bind(before).execute(on).await
}
