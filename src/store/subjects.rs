//! Accounts and the identifiers they have proven.

use super::catalog::read;
use super::error::StoreError;
use super::row::row;
use super::sql::{On, sql};
use crate::domain::identifier::{Identifier, Kind};
use crate::domain::ids::SubjectId;
use crate::domain::organization::{Membership, Organization};
use crate::domain::standard::StandardClaims;
use crate::domain::subject::Subject;
use crate::domain::time::Time;

row! {
    struct Row {
        id: String,
        updated_at: i64,
        blocked_at: Option<i64>,
        profile: String,
        kind: Option<String>,
        value: Option<String>,
        organization: Option<String>,
        roles: Option<String>,
        permissions: Option<String>,
        document: Option<String>,
    }
}

row! {
    struct Owner {
        subject_id: String,
        blocked_at: Option<i64>,
    }
}

row! {
    struct Made {
        created_at: i64,
        id: String,
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

/// A subject with its identifiers, oldest proof first, and its memberships: one statement for all a token tells.
pub async fn find(on: impl Into<On<'_>>, id: &SubjectId) -> Result<Option<Subject>, StoreError> {
    let rows: Vec<Row> = sql("SELECT s.id, s.updated_at, s.blocked_at, s.profile, i.kind, i.value, m.organization, m.roles, m.permissions, d.document
         FROM subjects s
         LEFT JOIN identifiers i ON i.subject_id = s.id
         LEFT JOIN memberships m ON m.subject_id = s.id
         LEFT JOIN declared d ON d.kind = 'organization' AND d.name = m.organization
         WHERE s.id = $1 ORDER BY i.added_at, i.kind, i.value, m.joined_at, m.organization")
    .bind(id)
    .all(on)
    .await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let mut subject = Subject {
        id: SubjectId::new(&first.id),
        updated_at: Time(first.updated_at),
        blocked: first.blocked_at.is_some(),
        identifiers: Vec::new(),
        profile: read("subjects", &first.profile)?,
        memberships: Vec::new(),
    };
    // Each identifier stands beside each membership.
    for row in rows {
        if let (Some(kind), Some(value)) = (row.kind.as_deref().and_then(Kind::parse), row.value) {
            let identifier = Identifier::stored(kind, value);
            if !subject.identifiers.contains(&identifier) {
                subject.identifiers.push(identifier);
            }
        }
        let Some(code) = row.organization else { continue };
        if !subject.memberships.iter().any(|known| known.organization.code == code) {
            subject.memberships.push(membership(code, row.roles, row.permissions, row.document.as_deref())?);
        }
    }
    Ok(Some(subject))
}

fn membership(
    code: String,
    roles: Option<String>,
    permissions: Option<String>,
    document: Option<&str>,
) -> Result<Membership, StoreError> {
    let bare = || Organization { name: code.clone(), code: code.clone(), ..Organization::default() };
    let organization = document.map_or_else(|| Ok(bare()), |document| read("declared", document))?;
    Ok(Membership { organization, roles: words(roles), permissions: words(permissions) })
}

pub(super) fn words(list: Option<String>) -> Vec<String> {
    list.unwrap_or_default().split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A page of accounts, newest first: those made before this moment and id.
pub async fn list(
    on: impl Into<On<'_>>,
    before: (Time, &str),
    most: i64,
) -> Result<Vec<(Time, SubjectId)>, StoreError> {
    let rows: Vec<Made> =
        sql("SELECT created_at, id FROM subjects WHERE created_at < $1 OR (created_at = $1 AND id < $2) ORDER BY created_at DESC, id DESC LIMIT $3")
            .bind(before.0)
            .bind(before.1)
            .bind(most)
            .all(on)
            .await?;
    Ok(rows.into_iter().map(|row| (Time(row.created_at), SubjectId::new(row.id))).collect())
}

/// Whether somebody may sign in. `false` when it was so already.
pub async fn change_blocked(
    on: impl Into<On<'_>>,
    id: &SubjectId,
    blocked: bool,
    now: Time,
) -> Result<bool, StoreError> {
    let changed =
        sql("UPDATE subjects SET blocked_at = $2, updated_at = $3 WHERE id = $1 AND (blocked_at IS NULL) = $4");
    Ok(changed.bind(id).bind(blocked.then_some(now)).bind(now).bind(blocked).execute(on).await? == 1)
}

/// The standard claims, whole. `true` when that changed anything.
pub async fn change_profile(
    on: impl Into<On<'_>>,
    id: &SubjectId,
    profile: &StandardClaims,
    now: Time,
) -> Result<bool, StoreError> {
    let document =
        serde_json::to_string(profile).map_err(|error| StoreError::inconsistent("subjects", error.to_string()))?;
    let changed = sql("UPDATE subjects SET profile = $2, updated_at = $3 WHERE id = $1 AND profile <> $2");
    Ok(changed.bind(id).bind(document).bind(now).execute(on).await? == 1)
}

/// The account with its identifiers and memberships. `true` when there was one.
pub async fn forget(on: impl Into<On<'_>>, id: &SubjectId) -> Result<bool, StoreError> {
    Ok(sql("DELETE FROM subjects WHERE id = $1").bind(id).execute(on).await? == 1)
}
