//! Who belongs to which organization, and what they were given there. Read with the subject; written here.

use super::error::StoreError;
use super::row::row;
use super::sql::{On, sql};
use super::subjects::words;
use crate::domain::ids::SubjectId;
use crate::domain::time::Time;

row! {
    struct Row {
        roles: String,
        permissions: String,
    }
}

/// Roles and permissions, where the person is a member.
pub async fn find(
    on: impl Into<On<'_>>,
    subject: &SubjectId,
    organization: &str,
) -> Result<Option<(Vec<String>, Vec<String>)>, StoreError> {
    let row: Option<Row> =
        sql("SELECT roles, permissions FROM memberships WHERE subject_id = $1 AND organization = $2")
            .bind(subject)
            .bind(organization)
            .optional(on)
            .await?;
    Ok(row.map(|row| (words(Some(row.roles)), words(Some(row.permissions)))))
}

row! {
    struct Joined {
        organization: String,
        roles: String,
        permissions: String,
        joined_at: i64,
    }
}

/// Where somebody is a member: the organization, roles and permissions, and since when.
pub async fn list(
    on: impl Into<On<'_>>,
    subject: &SubjectId,
) -> Result<Vec<(String, Vec<String>, Vec<String>, Time)>, StoreError> {
    let rows: Vec<Joined> = sql("SELECT organization, roles, permissions, joined_at FROM memberships WHERE subject_id = $1 ORDER BY joined_at, organization")
        .bind(subject)
        .all(on)
        .await?;
    let told =
        |row: Joined| (row.organization, words(Some(row.roles)), words(Some(row.permissions)), Time(row.joined_at));
    Ok(rows.into_iter().map(told).collect())
}

/// Makes somebody a member, or changes what they were given.
pub async fn change(
    on: impl Into<On<'_>>,
    subject: &SubjectId,
    organization: &str,
    roles: &[String],
    permissions: &[String],
    now: Time,
) -> Result<(), StoreError> {
    sql("INSERT INTO memberships (subject_id, organization, roles, permissions, joined_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (subject_id, organization) DO UPDATE SET roles = excluded.roles, permissions = excluded.permissions")
    .bind(subject)
    .bind(organization)
    .bind(roles.join(" "))
    .bind(permissions.join(" "))
    .bind(now)
    .execute(on)
    .await
    .map(drop)
}

/// `true` when there was one.
pub async fn forget(on: impl Into<On<'_>>, subject: &SubjectId, organization: &str) -> Result<bool, StoreError> {
    let forgotten = sql("DELETE FROM memberships WHERE subject_id = $1 AND organization = $2");
    Ok(forgotten.bind(subject).bind(organization).execute(on).await? == 1)
}

pub async fn count_members(on: impl Into<On<'_>>, organization: &str) -> Result<i64, StoreError> {
    let row: Option<(i64,)> =
        sql("SELECT count(*) FROM memberships WHERE organization = $1").bind(organization).optional(on).await?;
    Ok(row.map_or(0, |(count,)| count))
}

/// How many people were given this role, wherever.
pub async fn count_role(on: impl Into<On<'_>>, key: &str) -> Result<i64, StoreError> {
    let row: Option<(i64,)> = sql("SELECT count(*) FROM memberships WHERE ' ' || roles || ' ' LIKE $1 ESCAPE '!'")
        .bind(word(key))
        .optional(on)
        .await?;
    Ok(row.map_or(0, |(count,)| count))
}

/// How many people were given this permission by itself.
pub async fn count_permission(on: impl Into<On<'_>>, key: &str) -> Result<i64, StoreError> {
    let row: Option<(i64,)> =
        sql("SELECT count(*) FROM memberships WHERE ' ' || permissions || ' ' LIKE $1 ESCAPE '!'")
            .bind(word(key))
            .optional(on)
            .await?;
    Ok(row.map_or(0, |(count,)| count))
}

/// One of a row's words.
fn word(key: &str) -> String {
    format!("% {} %", key.replace('!', "!!").replace('_', "!_").replace('%', "!%"))
}
