//! Outbox rows as they are looked back on: how each attempt of a challenge stands.

use super::error::StoreError;
use super::row::row;
use super::sql::{On, sql};
use crate::domain::delivery::{Channel, Class, Cost, Micros, Status, Stood};
use crate::domain::ids::{AttemptId, ChallengeId, InteractionId};
use crate::domain::time::Time;

row! {
    struct Row {
        id: String,
        challenge_id: String,
        channel: String,
        state: String,
        fell: bool,
        status: i64,
        class: Option<String>,
        code: Option<String>,
        detail: Option<String>,
        carrier: Option<String>,
        reference: Option<String>,
        created_at: i64,
        finished_at: Option<i64>,
        reported_at: Option<i64>,
        estimate: Option<i64>,
        cost: Option<i64>,
        currency: Option<String>,
    }
}

impl Row {
    fn noun(self) -> Stood {
        Stood {
            // Rows from before there were channels in a column.
            channel: Channel::parse(&self.channel).unwrap_or(Channel::Sms),
            id: AttemptId::new(self.id),
            challenge: ChallengeId::new(self.challenge_id),
            state: self.state,
            fell: self.fell,
            status: Status::of_rank(self.status),
            class: self.class.as_deref().and_then(Class::parse),
            code: self.code,
            detail: self.detail,
            carrier: self.carrier,
            reference: self.reference,
            created_at: Time(self.created_at),
            finished_at: self.finished_at.map(Time),
            reported_at: self.reported_at.map(Time),
            estimate: self.estimate.map(Micros),
            cost: self.cost.zip(self.currency).map(|(amount, currency)| Cost { amount: Micros(amount), currency }),
        }
    }
}

row! {
    /// Outer-joined: every column may be missing.
    pub(super) struct Joined {
        o_id: Option<String>,
        o_channel: Option<String>,
        o_state: Option<String>,
        o_fell: Option<bool>,
        o_status: Option<i64>,
        o_class: Option<String>,
        o_code: Option<String>,
        o_detail: Option<String>,
        o_carrier: Option<String>,
        o_reference: Option<String>,
        o_created_at: Option<i64>,
        o_finished_at: Option<i64>,
        o_reported_at: Option<i64>,
        o_estimate: Option<i64>,
        o_cost: Option<i64>,
        o_currency: Option<String>,
    }
}

impl Joined {
    pub fn noun(self, challenge: &ChallengeId) -> Option<Stood> {
        let row = Row {
            id: self.o_id?,
            challenge_id: challenge.as_str().to_owned(),
            channel: self.o_channel?,
            state: self.o_state?,
            fell: self.o_fell?,
            status: self.o_status?,
            class: self.o_class,
            code: self.o_code,
            detail: self.o_detail,
            carrier: self.o_carrier,
            reference: self.o_reference,
            created_at: self.o_created_at?,
            finished_at: self.o_finished_at,
            reported_at: self.o_reported_at,
            estimate: self.o_estimate,
            cost: self.o_cost,
            currency: self.o_currency,
        };
        Some(row.noun())
    }
}

/// The attempts of one challenge, oldest first.
pub async fn list(on: impl Into<On<'_>>, challenge: &ChallengeId) -> Result<Vec<Stood>, StoreError> {
    let rows: Vec<Row> = sql("SELECT id, challenge_id, channel, state, fell, status, class, code, detail, carrier, reference, created_at, finished_at, reported_at, estimate, cost, currency
         FROM outbox WHERE challenge_id = $1 ORDER BY created_at, id")
    .bind(challenge)
    .all(on)
    .await?;
    Ok(rows.into_iter().map(Row::noun).collect())
}

/// The attempts of one interaction, oldest first.
pub async fn list_of_interaction(on: impl Into<On<'_>>, id: &InteractionId) -> Result<Vec<Stood>, StoreError> {
    let rows: Vec<Row> = sql("SELECT id, challenge_id, channel, state, fell, status, class, code, detail, carrier, reference, created_at, finished_at, reported_at, estimate, cost, currency
         FROM outbox WHERE challenge_id IN (SELECT id FROM challenges WHERE interaction_id = $1) ORDER BY created_at, id")
    .bind(id)
    .all(on)
    .await?;
    Ok(rows.into_iter().map(Row::noun).collect())
}
