//! What happened, for endpoints that want to hear of it.

use super::error::StoreError;
use super::row::row;
use super::sql::{On, sql};
use crate::domain::event::Event;
use crate::domain::ids::SubjectId;
use crate::domain::time::Time;

row! {
    struct Row {
        id: String,
        kind: String,
        at: i64,
        source: String,
        about: String,
        place: i64,
        subject_id: String,
        data: String,
    }
}

impl Row {
    fn noun(self) -> Result<Event, StoreError> {
        Ok(Event {
            data: super::catalog::read("events", &self.data)?,
            id: self.id,
            kind: self.kind,
            at: Time(self.at),
            source: self.source,
            about: self.about,
            place: self.place,
            subject: Some(self.subject_id).filter(|id| !id.is_empty()),
        })
    }
}

/// Its place is the next one among those about the same. `identifier` is the one it holds, blurred.
pub async fn add(on: impl Into<On<'_>>, event: &Event, identifier: &str) -> Result<i64, StoreError> {
    let row: Option<(i64,)> = sql("INSERT INTO events (id, kind, at, source, about, place, subject_id, identifier, data)
         VALUES ($1, $2, $3, $4, $5, (SELECT coalesce(max(e.place), 0) + 1 FROM events e WHERE e.about = $5), $6, $7, $8) RETURNING place")
        .bind(&event.id)
        .bind(&event.kind)
        .bind(event.at)
        .bind(&event.source)
        .bind(&event.about)
        .bind(event.subject.clone().unwrap_or_default())
        .bind(identifier)
        .bind(event.data.to_string())
        .optional(on)
        .await?;
    row.map(|row| row.0).ok_or_else(|| StoreError::inconsistent("events", "an insert returned nothing"))
}

pub async fn find(on: impl Into<On<'_>>, id: &str) -> Result<Option<Event>, StoreError> {
    let row: Option<Row> = sql("SELECT id, kind, at, source, about, place, subject_id, data FROM events WHERE id = $1")
        .bind(id)
        .optional(on)
        .await?;
    row.map(Row::noun).transpose()
}

/// Which events are asked for. Empty texts mean any.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub kind: String,
    pub subject: String,
    pub since: Time,
}

/// Newest first, those before this moment and id.
pub async fn list(
    on: impl Into<On<'_>>,
    filter: &Filter,
    before: (Time, &str),
    most: i64,
) -> Result<Vec<Event>, StoreError> {
    let wanted = match (filter.subject.as_str(), filter.kind.as_str()) {
        ("", "") => sql("SELECT id, kind, at, source, about, place, subject_id, data FROM events
             WHERE (at < $1 OR (at = $1 AND id < $2)) AND at >= $3 ORDER BY at DESC, id DESC LIMIT $4"),
        ("", _) => sql("SELECT id, kind, at, source, about, place, subject_id, data FROM events
             WHERE kind = $5 AND (at < $1 OR (at = $1 AND id < $2)) AND at >= $3 ORDER BY at DESC, id DESC LIMIT $4"),
        _ => sql("SELECT id, kind, at, source, about, place, subject_id, data FROM events
             WHERE subject_id = $6 AND subject_id <> '' AND ($5 = '' OR kind = $5)
                AND (at < $1 OR (at = $1 AND id < $2)) AND at >= $3 ORDER BY at DESC, id DESC LIMIT $4"),
    };
    let mut wanted = wanted.bind(before.0).bind(before.1).bind(filter.since).bind(most);
    if !(filter.subject.is_empty() && filter.kind.is_empty()) {
        wanted = wanted.bind(&filter.kind);
    }
    if !filter.subject.is_empty() {
        wanted = wanted.bind(&filter.subject);
    }
    let rows: Vec<Row> = wanted.all(on).await?;
    rows.into_iter().map(Row::noun).collect()
}

/// Those as old as this that no endpoint is still to be told of; and all that are older still.
pub async fn forget(on: impl Into<On<'_>>, before: Time, all_before: Time) -> Result<u64, StoreError> {
    sql("DELETE FROM events WHERE at <= $1 AND (at <= $2 OR NOT EXISTS (
            SELECT 1 FROM event_deliveries d WHERE d.event_id = events.id AND d.state = 'pending'))")
    .relaxed()
    .bind(before)
    .bind(all_before)
    .execute(on)
    .await
}

/// All of somebody's, who is forgotten altogether.
pub async fn forget_subject(on: impl Into<On<'_>>, subject: &SubjectId) -> Result<u64, StoreError> {
    sql("DELETE FROM events WHERE subject_id = $1 AND subject_id <> ''").bind(subject).execute(on).await
}

/// Those that hold this identifier, blurred.
pub async fn forget_identifier(on: impl Into<On<'_>>, blurred: &str) -> Result<u64, StoreError> {
    sql("DELETE FROM events WHERE identifier = $1 AND identifier <> ''").bind(blurred).execute(on).await
}
