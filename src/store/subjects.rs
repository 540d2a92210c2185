//! Accounts and the identifiers they have proven.

use super::Tx;
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
    /// A subject beside one of its identifiers and one of its memberships.
    pub(super) struct Row {
        created_at: i64,
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
    let rows: Vec<Row> = sql("SELECT s.created_at, s.id, s.updated_at, s.blocked_at, s.profile, i.kind, i.value, m.organization, m.roles, m.permissions, d.document
         FROM subjects s
         LEFT JOIN identifiers i ON i.subject_id = s.id
         LEFT JOIN memberships m ON m.subject_id = s.id
         LEFT JOIN declared d ON d.kind = 'organization' AND d.name = m.organization
         WHERE s.id = $1 ORDER BY i.added_at, i.kind, i.value, m.joined_at, m.organization")
    .bind(id)
    .all(on)
    .await?;
    Ok(gather(rows)?.pop())
}

/// The people of these rows, in their order. Each identifier stands beside each membership.
pub(super) fn gather(rows: Vec<Row>) -> Result<Vec<Subject>, StoreError> {
    let mut people: Vec<Subject> = Vec::new();
    for row in rows {
        let subject = match people.last_mut().filter(|last| last.id.as_str() == row.id) {
            Some(subject) => subject,
            None => {
                people.push(Subject {
                    id: SubjectId::new(&row.id),
                    created_at: Time(row.created_at),
                    updated_at: Time(row.updated_at),
                    blocked: row.blocked_at.is_some(),
                    identifiers: Vec::new(),
                    profile: read("subjects", &row.profile)?,
                    memberships: Vec::new(),
                });
                let Some(subject) = people.last_mut() else { continue };
                subject
            }
        };
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
    Ok(people)
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

/// The standard claims, whole, and the words they are found by. `true` when that changed anything.
pub async fn change_profile(
    tx: &mut Tx,
    id: &SubjectId,
    profile: &StandardClaims,
    now: Time,
) -> Result<bool, StoreError> {
    let document =
        serde_json::to_string(profile).map_err(|error| StoreError::inconsistent("subjects", error.to_string()))?;
    let changed = sql("UPDATE subjects SET profile = $2, updated_at = $3 WHERE id = $1 AND profile <> $2");
    if changed.bind(id).bind(document).bind(now).execute(&mut *tx).await? == 0 {
        return Ok(false);
    }
    sql("DELETE FROM names WHERE subject_id = $1").bind(id).execute(&mut *tx).await?;
    for word in profile.words() {
        sql("INSERT INTO names (word, subject_id) VALUES ($1, $2)").bind(word).bind(id).execute(&mut *tx).await?;
    }
    Ok(true)
}

/// Whether there is such an account, which nobody else changes until this transaction ends.
pub async fn hold(tx: &mut Tx, id: &SubjectId, now: Time) -> Result<bool, StoreError> {
    Ok(sql("UPDATE subjects SET updated_at = $2 WHERE id = $1").bind(id).bind(now).execute(tx).await? == 1)
}

/// The account with its identifiers and memberships. `true` when there was one.
pub async fn forget(on: impl Into<On<'_>>, id: &SubjectId) -> Result<bool, StoreError> {
    Ok(sql("DELETE FROM subjects WHERE id = $1").bind(id).execute(on).await? == 1)
}
