//! Accounts and the identifiers they have proven.

use super::error::StoreError;
use super::row::row;
use super::sql::{On, sql};
use crate::domain::identifier::{Identifier, Kind};
use crate::domain::ids::SubjectId;
use crate::domain::subject::Subject;
use crate::domain::time::Time;

row! {
    struct Row {
        id: String,
        updated_at: i64,
        blocked_at: Option<i64>,
        kind: Option<String>,
        value: Option<String>,
    }
}

row! {
    struct Owner {
        subject_id: String,
        blocked_at: Option<i64>,
    }
}

pub async fn add(on: impl Into<On<'_>>, id: &SubjectId, now: Time) -> Result<(), StoreError> {
    sql("INSERT INTO subjects (id, created_at, updated_at) VALUES ($1, $2, $2)")
        .bind(id)
        .bind(now)
        .execute(on)
        .await
        .map(drop)
}

/// A fresh proof of an identifier: whose it is, and whether they are blocked. Where nobody has it, it becomes `new`'s; the
/// caller then adds that subject. Two proofs of the same at once agree on who came first.
pub async fn prove_identifier(
    on: impl Into<On<'_>>,
    identifier: &Identifier,
    new: &SubjectId,
    now: Time,
) -> Result<(SubjectId, bool), StoreError> {
    let owner: Option<Owner> = sql(
        "INSERT INTO identifiers (kind, value, subject_id, added_at, verified_at) VALUES ($1, $2, $3, $4, $4)
         ON CONFLICT (kind, value) DO UPDATE SET verified_at = excluded.verified_at
         RETURNING subject_id, (SELECT s.blocked_at FROM subjects s WHERE s.id = identifiers.subject_id) AS blocked_at",
    )
    .bind(identifier.kind().as_str())
    .bind(identifier.reveal())
    .bind(new)
    .bind(now)
    .optional(on)
    .await?;
    let owner = owner.ok_or_else(|| StoreError::inconsistent("identifiers", "an upsert returned nothing"))?;
    Ok((SubjectId::new(owner.subject_id), owner.blocked_at.is_some()))
}

/// Who has proven this identifier, and whether they are blocked.
pub async fn find_by_identifier(
    on: impl Into<On<'_>>,
    identifier: &Identifier,
) -> Result<Option<(SubjectId, bool)>, StoreError> {
    let owner: Option<Owner> = sql("SELECT i.subject_id, s.blocked_at FROM identifiers i JOIN subjects s ON s.id = i.subject_id WHERE i.kind = $1 AND i.value = $2")
        .bind(identifier.kind().as_str())
        .bind(identifier.reveal())
        .optional(on)
        .await?;
    Ok(owner.map(|owner| (SubjectId::new(owner.subject_id), owner.blocked_at.is_some())))
}

/// A subject with its identifiers, oldest proof first.
pub async fn find(on: impl Into<On<'_>>, id: &SubjectId) -> Result<Option<Subject>, StoreError> {
    let rows: Vec<Row> = sql("SELECT s.id, s.updated_at, s.blocked_at, i.kind, i.value FROM subjects s
         LEFT JOIN identifiers i ON i.subject_id = s.id WHERE s.id = $1 ORDER BY i.added_at")
    .bind(id)
    .all(on)
    .await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let subject = Subject {
        id: SubjectId::new(&first.id),
        updated_at: Time(first.updated_at),
        blocked: first.blocked_at.is_some(),
        identifiers: Vec::new(),
    };
    let identifiers = rows.into_iter().filter_map(|row| Some(Identifier::stored(Kind::parse(&row.kind?)?, row.value?)));
    Ok(Some(Subject { identifiers: identifiers.collect(), ..subject }))
}
