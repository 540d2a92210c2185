//! What a request with an Idempotency-Key was answered: the same request again gets the same answer, and does nothing.

use super::error::StoreError;
use super::row::row;
use super::sql::{On, sql};
use crate::domain::time::Time;

row! {
    pub struct Answered {
        pub request_hash: String,
        pub status: i64,
        pub answer: Vec<u8>,
    }
}

pub async fn find(on: impl Into<On<'_>>, key: &str, now: Time) -> Result<Option<Answered>, StoreError> {
    sql("SELECT request_hash, status, answer FROM idempotency WHERE key = $1 AND ends_at > $2")
        .bind(key)
        .bind(now)
        .optional(on)
        .await
}

/// `false` where the key was answered meanwhile.
pub async fn add(
    on: impl Into<On<'_>>,
    key: &str,
    answered: Answered,
    now: Time,
    ends_at: Time,
) -> Result<bool, StoreError> {
    let added = sql("INSERT INTO idempotency (key, request_hash, status, answer, ends_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (key) DO UPDATE SET request_hash = excluded.request_hash, status = excluded.status, answer = excluded.answer, ends_at = excluded.ends_at
         WHERE idempotency.ends_at <= $6")
    .bind(key)
    .bind(answered.request_hash)
    .bind(answered.status)
    .bind(answered.answer)
    .bind(ends_at)
    .bind(now)
    .execute(on)
    .await?;
    Ok(added == 1)
}

pub async fn forget_ended(on: impl Into<On<'_>>, before: Time) -> Result<u64, StoreError> {
    sql("DELETE FROM idempotency WHERE ends_at <= $1").relaxed().bind(before).execute(on).await
}
