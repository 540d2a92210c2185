//! What endpoints are to be told: written with what happened, claimed in batches, never by two nodes at once. A node that goes
//! silent in the middle loses its claim, and the next one tells it again.

use super::error::StoreError;
use super::row::row;
use super::sql::{On, sql};
use crate::domain::event::{Delivery, State};
use crate::domain::time::Time;

row! {
    struct Row {
        id: String,
        event_id: String,
        endpoint: String,
        about: String,
        place: i64,
        state: String,
        tries: i64,
        run_at: i64,
        status: Option<i64>,
        detail: Option<String>,
        created_at: i64,
        finished_at: Option<i64>,
    }
}

impl Row {
    fn noun(self) -> Result<Delivery, StoreError> {
        Ok(Delivery {
            state: State::parse(&self.state).ok_or_else(|| StoreError::inconsistent("event_deliveries", "state"))?,
            id: self.id,
            event: self.event_id,
            endpoint: self.endpoint,
            about: self.about,
            place: self.place,
            tries: self.tries,
            run_at: Time(self.run_at),
            status: self.status,
            detail: self.detail,
            created_at: Time(self.created_at),
            finished_at: self.finished_at.map(Time),
        })
    }
}

fn nouns(rows: Vec<Row>) -> Result<Vec<Delivery>, StoreError> {
    rows.into_iter().map(Row::noun).collect()
}

pub async fn add(on: impl Into<On<'_>>, delivery: &Delivery) -> Result<(), StoreError> {
    sql("INSERT INTO event_deliveries (id, event_id, endpoint, about, place, state, tries, run_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8)")
    .bind(&delivery.id)
    .bind(&delivery.event)
    .bind(&delivery.endpoint)
    .bind(&delivery.about)
    .bind(delivery.place)
    .bind(delivery.state.as_str())
    .bind(delivery.run_at)
    .bind(delivery.created_at)
    .execute(on)
    .await
    .map(drop)
}

/// What is due at one endpoint, now this caller's until `until`; among it what a silent node held. Of those about the same only
/// the first that is not done with.
pub async fn claim(
    on: impl Into<On<'_>>,
    endpoint: &str,
    now: Time,
    until: Time,
    most: i64,
) -> Result<Vec<Delivery>, StoreError> {
    nouns(
        sql("UPDATE event_deliveries SET tries = tries + 1, run_at = $3
         WHERE state = 'pending' AND run_at <= $2 AND id IN (
            SELECT d.id FROM event_deliveries d WHERE d.endpoint = $1 AND d.state = 'pending' AND d.run_at <= $2 AND NOT EXISTS (
                SELECT 1 FROM event_deliveries e WHERE e.endpoint = d.endpoint AND e.about = d.about AND e.state = 'pending'
                    AND (e.place < d.place OR (e.place = d.place AND e.id < d.id)))
            ORDER BY d.run_at LIMIT $4)
         RETURNING id, event_id, endpoint, about, place, state, tries, run_at, status, detail, created_at, finished_at")
        .bind(endpoint)
        .bind(now)
        .bind(until)
        .bind(most)
        .all(on)
        .await?,
    )
}

/// Tried again at `again`, by whoever holds it.
pub async fn change_again(
    on: impl Into<On<'_>>,
    delivery: &Delivery,
    again: Time,
    status: Option<i64>,
    detail: &str,
) -> Result<bool, StoreError> {
    let changed = sql(
        "UPDATE event_deliveries SET run_at = $3, status = $4, detail = $5 WHERE id = $1 AND tries = $2 AND state = 'pending'",
    );
    let changed = changed.bind(&delivery.id).bind(delivery.tries).bind(again).bind(status).bind(detail);
    Ok(changed.execute(on).await? == 1)
}

/// Those behind it in its line need not be looked at before it is tried again.
pub async fn change_behind(on: impl Into<On<'_>>, delivery: &Delivery, again: Time) -> Result<u64, StoreError> {
    sql("UPDATE event_deliveries SET run_at = $4
         WHERE endpoint = $1 AND about = $2 AND place > $3 AND state = 'pending' AND run_at < $4")
    .relaxed()
    .bind(&delivery.endpoint)
    .bind(&delivery.about)
    .bind(delivery.place)
    .bind(again)
    .execute(on)
    .await
}

/// The end of it, by whoever holds it.
pub async fn finish(
    on: impl Into<On<'_>>,
    delivery: &Delivery,
    state: State,
    status: Option<i64>,
    detail: Option<String>,
    now: Time,
) -> Result<bool, StoreError> {
    let finished = sql("UPDATE event_deliveries SET state = $3, status = $4, detail = $5, finished_at = $6
         WHERE id = $1 AND tries = $2 AND state = 'pending'");
    let finished = finished.bind(&delivery.id).bind(delivery.tries).bind(state.as_str()).bind(status).bind(detail);
    Ok(finished.bind(now).execute(on).await? == 1)
}

/// An endpoint is gone: it is told nothing more.
pub async fn finish_endpoint(on: impl Into<On<'_>>, endpoint: &str) -> Result<u64, StoreError> {
    sql("UPDATE event_deliveries SET state = 'failed', detail = 'the endpoint was taken away' WHERE endpoint = $1 AND state = 'pending'")
        .bind(endpoint)
        .execute(on)
        .await
}

/// Which deliveries are asked for. Empty texts mean any.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub endpoint: String,
    pub state: String,
}

/// Newest first, those before this moment and id.
pub async fn list(
    on: impl Into<On<'_>>,
    filter: &Filter,
    before: (Time, &str),
    most: i64,
) -> Result<Vec<Delivery>, StoreError> {
    let wanted = match (filter.endpoint.as_str(), filter.state.as_str()) {
        ("", "") => sql("SELECT id, event_id, endpoint, about, place, state, tries, run_at, status, detail, created_at, finished_at FROM event_deliveries
             WHERE (created_at < $1 OR (created_at = $1 AND id < $2)) ORDER BY created_at DESC, id DESC LIMIT $3"),
        (_, "") => sql("SELECT id, event_id, endpoint, about, place, state, tries, run_at, status, detail, created_at, finished_at FROM event_deliveries
             WHERE endpoint = $4 AND (created_at < $1 OR (created_at = $1 AND id < $2)) ORDER BY created_at DESC, id DESC LIMIT $3"),
        _ => sql("SELECT id, event_id, endpoint, about, place, state, tries, run_at, status, detail, created_at, finished_at FROM event_deliveries
             WHERE state = $5 AND ($4 = '' OR endpoint = $4) AND (created_at < $1 OR (created_at = $1 AND id < $2))
             ORDER BY created_at DESC, id DESC LIMIT $3"),
    };
    let mut wanted = wanted.bind(before.0).bind(before.1).bind(most);
    if !(filter.endpoint.is_empty() && filter.state.is_empty()) {
        wanted = wanted.bind(&filter.endpoint);
    }
    if !filter.state.is_empty() {
        wanted = wanted.bind(&filter.state);
    }
    nouns(wanted.all(on).await?)
}

/// What became of telling one event, oldest first.
pub async fn list_event(on: impl Into<On<'_>>, event: &str) -> Result<Vec<Delivery>, StoreError> {
    nouns(
        sql("SELECT id, event_id, endpoint, about, place, state, tries, run_at, status, detail, created_at, finished_at FROM event_deliveries
         WHERE event_id = $1 ORDER BY created_at, id LIMIT 100")
        .bind(event)
        .all(on)
        .await?,
    )
}

/// How many are not done with.
pub async fn count_pending(on: impl Into<On<'_>>) -> Result<i64, StoreError> {
    let row: Option<(i64,)> = sql("SELECT count(*) FROM event_deliveries WHERE state = 'pending'").optional(on).await?;
    Ok(row.map_or(0, |row| row.0))
}
