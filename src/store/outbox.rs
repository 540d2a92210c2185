//! Messages that are to be delivered: written with what causes them, claimed in batches, never by two nodes.

use super::error::StoreError;
use super::row::row;
use super::sql::{On, sql};
use crate::domain::delivery::Attempt;
use crate::domain::ids::{AttemptId, ChallengeId};
use crate::domain::time::Time;

row! {
    struct Row {
        id: String,
        challenge_id: String,
        job: String,
        tries: i64,
        created_at: i64,
        expires_at: i64,
    }
}

impl Row {
    fn noun(self) -> Result<Attempt, StoreError> {
        Ok(Attempt {
            job: serde_json::from_str(&self.job)
                .map_err(|error| StoreError::inconsistent("outbox", format!("{}: {error}", self.id)))?,
            id: AttemptId::new(self.id),
            challenge: ChallengeId::new(self.challenge_id),
            created_at: Time(self.created_at),
            expires_at: Time(self.expires_at),
            tries: self.tries,
        })
    }
}

/// `mute` attempts are written like all others, already ended: nobody can tell from the time it takes.
pub async fn add(on: impl Into<On<'_>>, attempt: &Attempt, mute: bool) -> Result<(), StoreError> {
    let job =
        serde_json::to_string(&attempt.job).map_err(|error| StoreError::inconsistent("outbox", error.to_string()))?;
    sql("INSERT INTO outbox (id, challenge_id, job, state, tries, run_at, lease_until, created_at, expires_at) VALUES ($1, $2, $3, $4, 0, $5, 0, $5, $6)")
        .bind(&attempt.id)
        .bind(&attempt.challenge)
        .bind(job)
        .bind(if mute { "mute" } else { "queued" })
        .bind(attempt.created_at)
        .bind(attempt.expires_at)
        .execute(on)
        .await
        .map(drop)
}

/// Up to 32 due messages, now this caller's until the lease ends. What another node took meanwhile stays with it.
pub async fn claim(on: impl Into<On<'_>>, now: Time, lease_until: Time) -> Result<Vec<Attempt>, StoreError> {
    let rows: Vec<Row> = sql("UPDATE outbox SET state = 'sending', tries = tries + 1, lease_until = $2
         WHERE state = 'queued' AND id IN (SELECT id FROM outbox WHERE state = 'queued' AND run_at <= $1 ORDER BY run_at LIMIT 32)
         RETURNING id, challenge_id, job, tries, created_at, expires_at")
        .bind(now)
        .bind(lease_until)
        .all(on)
        .await?;
    rows.into_iter().map(Row::noun).collect()
}

/// Messages whose sender went silent in the middle: whether the carrier got them is not known.
pub async fn list_lapsed(on: impl Into<On<'_>>, now: Time) -> Result<Vec<Attempt>, StoreError> {
    let rows: Vec<Row> = sql("SELECT id, challenge_id, job, tries, created_at, expires_at FROM outbox WHERE state = 'sending' AND lease_until <= $1 LIMIT 32").bind(now).all(on).await?;
    rows.into_iter().map(Row::noun).collect()
}

/// Back into the queue, to run at `run_at`.
pub async fn change_queued(
    on: impl Into<On<'_>>,
    attempt: &Attempt,
    run_at: Time,
    detail: &str,
) -> Result<bool, StoreError> {
    let queued = sql(
        "UPDATE outbox SET state = 'queued', run_at = $3, detail = $4 WHERE id = $1 AND state = 'sending' AND tries = $2",
    );
    Ok(queued.bind(&attempt.id).bind(attempt.tries).bind(run_at).bind(detail).execute(on).await? == 1)
}

/// The end of an attempt: `sent`, `failed`, `lost` or `expired`.
pub async fn finish(
    on: impl Into<On<'_>>,
    attempt: &Attempt,
    state: &str,
    carrier: Option<String>,
    detail: Option<String>,
    now: Time,
) -> Result<bool, StoreError> {
    let finished = sql("UPDATE outbox SET state = $3, carrier = $4, detail = $5, finished_at = $6 WHERE id = $1 AND tries = $2 AND state = 'sending'").relaxed()
        .bind(&attempt.id)
        .bind(attempt.tries)
        .bind(state)
        .bind(carrier)
        .bind(detail)
        .bind(now)
        .execute(on)
        .await?;
    Ok(finished == 1)
}

/// How many messages wait or are on their way.
pub async fn count_open(on: impl Into<On<'_>>) -> Result<i64, StoreError> {
    let row: Option<(i64,)> =
        sql("SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')").optional(on).await?;
    Ok(row.map_or(0, |row| row.0))
}

pub async fn forget_expired(on: impl Into<On<'_>>, before: Time) -> Result<u64, StoreError> {
    sql("DELETE FROM outbox WHERE expires_at <= $1").relaxed().bind(before).execute(on).await
}
