//! Signing keys, sealed.

use super::error::StoreError;
use super::row::row;
use super::sql::{On, sql};
use crate::domain::time::Time;

row! {
    #[derive(Clone, Debug)]
    pub struct StoredKey {
        pub kid: String,
        pub algorithm: String,
        pub sealed: Vec<u8>,
        pub signs_at: i64,
        pub leaves_at: Option<i64>,
    }
}

pub async fn add(on: impl Into<On<'_>>, key: &StoredKey, now: Time) -> Result<(), StoreError> {
    sql("INSERT INTO signing_keys (kid, algorithm, sealed, created_at, signs_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(&key.kid)
        .bind(&key.algorithm)
        .bind(key.sealed.clone())
        .bind(now)
        .bind(key.signs_at)
        .execute(on)
        .await
        .map(drop)
}

pub async fn list(on: impl Into<On<'_>>) -> Result<Vec<StoredKey>, StoreError> {
    sql("SELECT kid, algorithm, sealed, signs_at, leaves_at FROM signing_keys ORDER BY signs_at").all(on).await
}

/// Sets the end of all older keys of an algorithm that have none yet.
pub async fn change_leaving(
    on: impl Into<On<'_>>,
    algorithm: &str,
    newest: &str,
    leaves_at: Time,
) -> Result<u64, StoreError> {
    let leaving =
        sql("UPDATE signing_keys SET leaves_at = $3 WHERE algorithm = $1 AND kid <> $2 AND leaves_at IS NULL");
    leaving.bind(algorithm).bind(newest).bind(leaves_at).execute(on).await
}

pub async fn forget_left(on: impl Into<On<'_>>, now: Time) -> Result<u64, StoreError> {
    sql("DELETE FROM signing_keys WHERE leaves_at <= $1").bind(now).execute(on).await
}
