//! Access tokens ended before their time that hang from no grant of their own, by `jti`, until they would have expired.

use super::error::StoreError;
use super::sql::{On, sql};
use crate::domain::time::Time;

pub async fn add(on: impl Into<On<'_>>, jti: &str, ends_at: Time) -> Result<(), StoreError> {
    sql("INSERT INTO revoked_tokens (jti, ends_at) VALUES ($1, $2) ON CONFLICT (jti) DO NOTHING")
        .bind(jti)
        .bind(ends_at)
        .execute(on)
        .await
        .map(drop)
}

/// When it would have expired, where it was revoked.
pub async fn find(on: impl Into<On<'_>>, jti: &str) -> Result<Option<Time>, StoreError> {
    let row: Option<(i64,)> = sql("SELECT ends_at FROM revoked_tokens WHERE jti = $1").bind(jti).optional(on).await?;
    Ok(row.map(|(ends_at,)| Time(ends_at)))
}

pub async fn forget_ended(on: impl Into<On<'_>>, before: Time) -> Result<u64, StoreError> {
    sql("DELETE FROM revoked_tokens WHERE ends_at <= $1").relaxed().bind(before).execute(on).await
}
