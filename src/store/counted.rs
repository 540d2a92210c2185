//! The rows figures are counted from, read a stretch of sign-ins at a time: ids begin with the moment they were made, so that a
//! stretch of ids is a stretch of time.

use super::error::StoreError;
use super::row::row;
use super::sql::{On, sql};

/// How many sign-ins are read at once: few enough that nobody waits behind it.
pub const BATCH: usize = 200;

row! {
    #[derive(Debug)]
    pub struct SignIn {
        pub id: String,
        pub client_id: String,
        pub created_at: i64,
        pub finished_at: Option<i64>,
    }
}

/// From this id and before that one, in order, a batch at most.
pub async fn list_sign_ins(on: impl Into<On<'_>>, from: &str, to: &str) -> Result<Vec<SignIn>, StoreError> {
    sql("SELECT id, client_id, created_at, finished_at FROM interactions WHERE id >= $1 AND id < $2 ORDER BY id LIMIT 200")
        .bind(from)
        .bind(to)
        .all(on)
        .await
}

row! {
    #[derive(Debug)]
    pub struct Challenge {
        pub id: String,
        pub interaction_id: String,
        pub kind: String,
        pub value: String,
        pub country: String,
        pub spent_at: Option<i64>,
    }
}

/// Those of the sign-ins from the first to the last, each sign-in's oldest first.
pub async fn list_challenges(on: impl Into<On<'_>>, first: &str, last: &str) -> Result<Vec<Challenge>, StoreError> {
    sql("SELECT id, interaction_id, kind, value, country, spent_at FROM challenges WHERE interaction_id >= $1 AND interaction_id <= $2 ORDER BY interaction_id, place")
        .bind(first)
        .bind(last)
        .all(on)
        .await
}

row! {
    #[derive(Debug)]
    pub struct Message {
        pub challenge_id: String,
        pub channel: String,
        pub carrier: Option<String>,
        pub state: String,
        pub status: i64,
        pub created_at: i64,
        pub reported_at: Option<i64>,
        pub estimate: Option<i64>,
        pub cost: Option<i64>,
        pub currency: Option<String>,
    }
}

/// Each challenge's oldest first. What was never to be sent is none.
pub async fn list_messages(on: impl Into<On<'_>>, first: &str, last: &str) -> Result<Vec<Message>, StoreError> {
    sql("SELECT o.challenge_id, o.channel, o.carrier, o.state, o.status, o.created_at, o.reported_at, o.estimate, o.cost, o.currency
         FROM challenges c JOIN outbox o ON o.challenge_id = c.id
         WHERE c.interaction_id >= $1 AND c.interaction_id <= $2 AND o.state <> 'mute' ORDER BY o.created_at, o.id")
        .bind(first)
        .bind(last)
        .all(on)
        .await
}

row! {
    #[derive(Debug)]
    pub struct Fault {
        pub what: String,
        pub carrier: Option<String>,
        pub channel: Option<String>,
        pub code: Option<String>,
    }
}

pub async fn list_faults(on: impl Into<On<'_>>, first: &str, last: &str) -> Result<Vec<Fault>, StoreError> {
    sql("SELECT what, carrier, channel, code FROM moments
         WHERE interaction_id >= $1 AND interaction_id <= $2 AND what IN ('refused', 'passed_over', 'opened', 'stopped')")
        .bind(first)
        .bind(last)
        .all(on)
        .await
}
