//! Moments of sign-ins that no other row tells.

use super::error::StoreError;
use super::row::row;
use super::sql::{On, sql};
use crate::domain::delivery::Channel;
use crate::domain::identifier::Identifier;
use crate::domain::ids::{self, AttemptId, InteractionId};
use crate::domain::time::Time;
use crate::domain::timeline::{Moment, What};

row! {
    struct Row {
        interaction_id: String,
        attempt_id: Option<String>,
        at: i64,
        what: String,
        carrier: Option<String>,
        channel: Option<String>,
        code: Option<String>,
        detail: Option<String>,
    }
}

/// `id` is the caller's: nothing here makes chance.
pub async fn add(on: impl Into<On<'_>>, id: &str, moment: &Moment) -> Result<(), StoreError> {
    sql("INSERT INTO moments (id, interaction_id, attempt_id, at, what, carrier, channel, code, detail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)").relaxed()
        .bind(id)
        .bind(&moment.interaction)
        .bind(moment.attempt.as_ref().map(|id| id.as_str().to_owned()))
        .bind(moment.at)
        .bind(moment.what.as_str())
        .bind(moment.carrier.clone())
        .bind(moment.channel.map(|channel| channel.as_str().to_owned()))
        .bind(moment.code.clone())
        .bind(moment.detail.clone())
        .execute(on)
        .await
        .map(drop)
}

/// Oldest first.
pub async fn list(on: impl Into<On<'_>>, interaction: &InteractionId) -> Result<Vec<Moment>, StoreError> {
    let rows: Vec<Row> = sql("SELECT interaction_id, attempt_id, at, what, carrier, channel, code, detail FROM moments WHERE interaction_id = $1 ORDER BY at, id")
        .bind(interaction)
        .all(on)
        .await?;
    let noun = |row: Row| {
        Some(Moment {
            interaction: InteractionId::new(row.interaction_id),
            attempt: row.attempt_id.map(AttemptId::new),
            at: Time(row.at),
            what: What::parse(&row.what)?,
            carrier: row.carrier,
            channel: row.channel.as_deref().and_then(Channel::parse),
            code: row.code,
            detail: row.detail,
        })
    };
    Ok(rows.into_iter().filter_map(noun).collect())
}

pub async fn forget(on: impl Into<On<'_>>, before: Time) -> Result<u64, StoreError> {
    let gone = sql("DELETE FROM moments WHERE interaction_id < $1 AND at <= $2").relaxed();
    gone.bind(ids::beyond("in", before)).bind(before).execute(on).await
}

/// Those in which this identifier was asked for a passcode; before the challenges themselves are forgotten.
pub async fn forget_identifier(on: impl Into<On<'_>>, identifier: &Identifier) -> Result<u64, StoreError> {
    sql("DELETE FROM moments WHERE interaction_id IN (SELECT interaction_id FROM challenges WHERE kind = $1 AND value = $2)")
        .bind(identifier.kind().as_str())
        .bind(identifier.reveal())
        .execute(on)
        .await
}
