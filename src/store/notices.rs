//! What clients are to be told: written with what causes it, claimed in batches, never by two nodes at once. A node that goes
//! silent in the middle loses its lease, and the next one says it again: to be told twice that a session is over harms nobody.

use super::error::StoreError;
use super::row::row;
use super::sql::{On, sql};
use crate::domain::ids::ClientId;
use crate::domain::notice::Notice;
use crate::domain::time::Time;

row! {
    struct Row {
        id: String,
        client_id: String,
        job: String,
        created_at: i64,
        expires_at: i64,
        tries: i64,
        lease_until: i64,
    }
}

impl Row {
    fn noun(self) -> Result<Notice, StoreError> {
        Ok(Notice {
            ended: serde_json::from_str(&self.job)
                .map_err(|error| StoreError::inconsistent("notices", format!("{}: {error}", self.id)))?,
            id: self.id,
            client: ClientId::new(self.client_id),
            created_at: Time(self.created_at),
            expires_at: Time(self.expires_at),
            tries: self.tries,
            lease_until: Time(self.lease_until),
        })
    }
}

/// How many are claimed at once.
pub const BATCH: usize = 64;

pub async fn add(on: impl Into<On<'_>>, notice: &Notice) -> Result<(), StoreError> {
    let job =
        serde_json::to_string(&notice.ended).map_err(|error| StoreError::inconsistent("notices", error.to_string()))?;
    sql("INSERT INTO notices (id, kind, client_id, job, state, tries, run_at, lease_until, created_at, expires_at)
         VALUES ($1, 'logout', $2, $3, 'queued', 0, $4, 0, $4, $5)")
    .bind(&notice.id)
    .bind(&notice.client)
    .bind(job)
    .bind(notice.created_at)
    .bind(notice.expires_at)
    .execute(on)
    .await
    .map(drop)
}

/// A batch of due ones, now this caller's until the lease ends; among them those whose last teller went silent.
pub async fn claim(on: impl Into<On<'_>>, now: Time, lease_until: Time) -> Result<Vec<Notice>, StoreError> {
    let rows: Vec<Row> = sql("UPDATE notices SET state = 'sending', tries = tries + 1, lease_until = $2
         WHERE (state = 'queued' OR (state = 'sending' AND lease_until <= $1)) AND id IN (
            SELECT id FROM notices WHERE (state = 'queued' AND run_at <= $1) OR (state = 'sending' AND lease_until <= $1)
            ORDER BY run_at LIMIT 64)
         RETURNING id, client_id, job, created_at, expires_at, tries, lease_until")
    .bind(now)
    .bind(lease_until)
    .all(on)
    .await?;
    rows.into_iter().map(Row::noun).collect()
}

/// Back into the queue, to run at `run_at`, by whoever holds it. `tries` is how many it counts.
pub async fn change_queued(
    on: impl Into<On<'_>>,
    notice: &Notice,
    tries: i64,
    run_at: Time,
    detail: &str,
) -> Result<bool, StoreError> {
    let queued = sql(
        "UPDATE notices SET state = 'queued', tries = $4, run_at = $3, detail = $5 WHERE id = $1 AND state = 'sending' AND tries = $2",
    );
    Ok(queued.bind(&notice.id).bind(notice.tries).bind(run_at).bind(tries).bind(detail).execute(on).await? == 1)
}

/// The end of it: `sent`, or `failed` with why.
pub async fn finish(
    on: impl Into<On<'_>>,
    notice: &Notice,
    state: &str,
    detail: Option<String>,
    now: Time,
) -> Result<bool, StoreError> {
    let finished = sql(
        "UPDATE notices SET state = $3, detail = $4, finished_at = $5 WHERE id = $1 AND state = 'sending' AND tries = $2",
    );
    let finished = finished.bind(&notice.id).bind(notice.tries).bind(state).bind(detail).bind(now);
    Ok(finished.execute(on).await? == 1)
}

/// How many wait or are on their way.
pub async fn count_open(on: impl Into<On<'_>>) -> Result<i64, StoreError> {
    let row: Option<(i64,)> =
        sql("SELECT count(*) FROM notices WHERE state IN ('queued', 'sending')").optional(on).await?;
    Ok(row.map_or(0, |row| row.0))
}

pub async fn forget_expired(on: impl Into<On<'_>>, before: Time) -> Result<u64, StoreError> {
    sql("DELETE FROM notices WHERE expires_at <= $1").relaxed().bind(before).execute(on).await
}
