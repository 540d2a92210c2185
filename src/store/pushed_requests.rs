//! Requests pushed ahead of a sign-in (RFC 9126), known by the hash of their reference.

use super::error::StoreError;
use super::row::row;
use super::sql::{On, sql};
use crate::domain::ids::ClientId;
use crate::domain::time::Time;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pushed {
    pub client_id: ClientId,
    /// Its parameters, form-encoded, without credentials.
    pub query: String,
    /// The key of the DPoP proof it came with.
    pub jkt: Option<String>,
    pub expires_at: Time,
    pub spent_at: Option<Time>,
}

row! {
    struct Row {
        client_id: String,
        query: String,
        jkt: Option<String>,
        expires_at: i64,
        spent_at: Option<i64>,
    }
}

pub async fn add(on: impl Into<On<'_>>, id_hash: &str, pushed: &Pushed) -> Result<(), StoreError> {
    sql("INSERT INTO pushed_requests (id_hash, client_id, query, jkt, expires_at) VALUES ($1, $2, $3, $4, $5)")
        .relaxed()
        .bind(id_hash)
        .bind(&pushed.client_id)
        .bind(&pushed.query)
        .bind(pushed.jkt.clone())
        .bind(pushed.expires_at)
        .execute(on)
        .await
        .map(drop)
}

pub async fn find(on: impl Into<On<'_>>, id_hash: &str) -> Result<Option<Pushed>, StoreError> {
    let row: Option<Row> =
        sql("SELECT client_id, query, jkt, expires_at, spent_at FROM pushed_requests WHERE id_hash = $1")
            .bind(id_hash)
            .optional(on)
            .await?;
    Ok(row.map(|row| Pushed {
        client_id: ClientId::new(row.client_id),
        query: row.query,
        jkt: row.jkt,
        expires_at: Time(row.expires_at),
        spent_at: row.spent_at.map(Time),
    }))
}

/// One answer, ever. Its expiry is not looked at: it bounds when a sign-in may begin, not how long a person may take.
pub async fn spend(on: impl Into<On<'_>>, id_hash: &str, now: Time) -> Result<bool, StoreError> {
    let spent = sql("UPDATE pushed_requests SET spent_at = $2 WHERE id_hash = $1 AND spent_at IS NULL");
    Ok(spent.bind(id_hash).bind(now).execute(on).await? == 1)
}

pub async fn forget_expired(on: impl Into<On<'_>>, before: Time) -> Result<u64, StoreError> {
    sql("DELETE FROM pushed_requests WHERE expires_at <= $1").relaxed().bind(before).execute(on).await
}
