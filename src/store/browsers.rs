//! Rows behind the session cookie, as tower-sessions keeps them. The id stands here only as a hash.

use super::error::StoreError;
use super::row::row;
use super::sql::{On, sql};
use crate::domain::time::Time;

row! {
    pub struct Browser {
        pub data: String,
        pub expires_at: i64,
    }
}

/// `false` when the id is taken.
pub async fn add(on: impl Into<On<'_>>, id_hash: &str, data: &str, expires_at: Time) -> Result<bool, StoreError> {
    let added =
        sql("INSERT INTO browsers (id_hash, data, expires_at) VALUES ($1, $2, $3) ON CONFLICT (id_hash) DO NOTHING")
            .relaxed();
    Ok(added.bind(id_hash).bind(data).bind(expires_at).execute(on).await? == 1)
}

pub async fn change(on: impl Into<On<'_>>, id_hash: &str, data: &str, expires_at: Time) -> Result<(), StoreError> {
    sql("INSERT INTO browsers (id_hash, data, expires_at) VALUES ($1, $2, $3)
         ON CONFLICT (id_hash) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at")
    .relaxed()
    .bind(id_hash)
    .bind(data)
    .bind(expires_at)
    .execute(on)
    .await
    .map(drop)
}

pub async fn find(on: impl Into<On<'_>>, id_hash: &str, now: Time) -> Result<Option<Browser>, StoreError> {
    sql("SELECT data, expires_at FROM browsers WHERE id_hash = $1 AND expires_at > $2")
        .bind(id_hash)
        .bind(now)
        .optional(on)
        .await
}

pub async fn forget(on: impl Into<On<'_>>, id_hash: &str) -> Result<(), StoreError> {
    sql("DELETE FROM browsers WHERE id_hash = $1").bind(id_hash).execute(on).await.map(drop)
}

pub async fn forget_expired(on: impl Into<On<'_>>, now: Time) -> Result<u64, StoreError> {
    sql("DELETE FROM browsers WHERE expires_at <= $1").relaxed().bind(now).execute(on).await
}
