//! Who told a sender to stop: never written to again by that channel.

use super::error::StoreError;
use super::row::row;
use super::sql::{On, sql};
use crate::domain::delivery::Channel;
use crate::domain::identifier::Identifier;
use crate::domain::time::Time;

pub async fn add(
    on: impl Into<On<'_>>,
    identifier: &Identifier,
    channel: Channel,
    carrier: &str,
    now: Time,
) -> Result<(), StoreError> {
    sql("INSERT INTO opt_outs (kind, value, channel, carrier, since) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (kind, value, channel) DO NOTHING")
        .bind(identifier.kind().as_str())
        .bind(identifier.reveal())
        .bind(channel.as_str())
        .bind(carrier)
        .bind(now)
        .execute(on)
        .await
        .map(drop)
}

pub async fn exists(on: impl Into<On<'_>>, identifier: &Identifier, channel: Channel) -> Result<bool, StoreError> {
    let row: Option<(i64,)> = sql("SELECT since FROM opt_outs WHERE kind = $1 AND value = $2 AND channel = $3")
        .bind(identifier.kind().as_str())
        .bind(identifier.reveal())
        .bind(channel.as_str())
        .optional(on)
        .await?;
    Ok(row.is_some())
}

row! {
    struct Row {
        channel: String,
        carrier: String,
        since: i64,
    }
}

/// The channels closed to an identifier: which, to which carrier it said so, and since when.
pub async fn list(on: impl Into<On<'_>>, identifier: &Identifier) -> Result<Vec<(String, String, Time)>, StoreError> {
    let rows: Vec<Row> =
        sql("SELECT channel, carrier, since FROM opt_outs WHERE kind = $1 AND value = $2 ORDER BY since, channel")
            .bind(identifier.kind().as_str())
            .bind(identifier.reveal())
            .all(on)
            .await?;
    Ok(rows.into_iter().map(|row| (row.channel, row.carrier, Time(row.since))).collect())
}

/// They asked to be written to again. How many channels were closed.
pub async fn forget(on: impl Into<On<'_>>, identifier: &Identifier) -> Result<u64, StoreError> {
    sql("DELETE FROM opt_outs WHERE kind = $1 AND value = $2")
        .bind(identifier.kind().as_str())
        .bind(identifier.reveal())
        .execute(on)
        .await
}
