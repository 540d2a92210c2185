//! Who operates, and links that make operators.

use super::error::StoreError;
use super::row::row;
use super::sql::{On, sql};
use crate::domain::ids::{SessionId, SubjectId};
use crate::domain::operator::{JOINING, Operator, OperatorInvitation, Role};
use crate::domain::time::Time;

row! {
    struct Row {
        subject_id: String,
        role: String,
        added_at: i64,
    }
}

row! {
    struct Seated {
        role: String,
        auth_time: i64,
    }
}

row! {
    struct Count {
        count: i64,
    }
}

row! {
    struct Invitation {
        code_hash: String,
        role: String,
        created_at: i64,
        expires_at: i64,
        opened_at: Option<i64>,
        joined_at: Option<i64>,
    }
}

fn role(text: &str) -> Result<Role, StoreError> {
    Role::parse(text).ok_or_else(|| StoreError::inconsistent("operators", "role"))
}

fn operator(row: Row) -> Result<Operator, StoreError> {
    Ok(Operator { subject: SubjectId::new(row.subject_id), role: role(&row.role)?, added_at: Time(row.added_at) })
}

pub async fn add(on: impl Into<On<'_>>, operator: &Operator) -> Result<(), StoreError> {
    sql("INSERT INTO operators (subject_id, role, added_at) VALUES ($1, $2, $3)
         ON CONFLICT (subject_id) DO UPDATE SET role = excluded.role")
    .bind(&operator.subject)
    .bind(operator.role.as_str())
    .bind(operator.added_at)
    .execute(on)
    .await
    .map(drop)
}

pub async fn find(on: impl Into<On<'_>>, subject: &SubjectId) -> Result<Option<Operator>, StoreError> {
    let row: Option<Row> = sql("SELECT subject_id, role, added_at FROM operators WHERE subject_id = $1")
        .bind(subject)
        .optional(on)
        .await?;
    row.map(operator).transpose()
}

/// An operator by a session of theirs: role, and when they signed in. Blocked or signed out, nobody is one.
pub async fn find_seated(
    on: impl Into<On<'_>>,
    subject: &SubjectId,
    session: &SessionId,
    now: Time,
) -> Result<Option<(Role, Time)>, StoreError> {
    let row: Option<Seated> = sql("SELECT o.role, s.auth_time FROM operators o
         JOIN subjects p ON p.id = o.subject_id JOIN sessions s ON s.subject_id = o.subject_id
         WHERE o.subject_id = $1 AND s.id = $2 AND s.ended_at IS NULL AND s.expires_at > $3 AND p.blocked_at IS NULL")
    .bind(subject)
    .bind(session)
    .bind(now)
    .optional(on)
    .await?;
    row.map(|row| Ok((role(&row.role)?, Time(row.auth_time)))).transpose()
}

/// Longest here first.
pub async fn list(on: impl Into<On<'_>>) -> Result<Vec<Operator>, StoreError> {
    let rows: Vec<Row> =
        sql("SELECT subject_id, role, added_at FROM operators ORDER BY added_at, subject_id").all(on).await?;
    rows.into_iter().map(operator).collect()
}

/// Those of this role who can sign in.
pub async fn count(on: impl Into<On<'_>>, role: Role) -> Result<i64, StoreError> {
    let row: Option<Count> =
        sql("SELECT CAST(count(*) AS BIGINT) AS count FROM operators o JOIN subjects p ON p.id = o.subject_id
         WHERE o.role = $1 AND p.blocked_at IS NULL")
        .bind(role.as_str())
        .optional(on)
        .await?;
    Ok(row.map_or(0, |row| row.count))
}

pub async fn change_role(on: impl Into<On<'_>>, subject: &SubjectId, role: Role) -> Result<bool, StoreError> {
    let changed = sql("UPDATE operators SET role = $2 WHERE subject_id = $1");
    Ok(changed.bind(subject).bind(role.as_str()).execute(on).await? == 1)
}

pub async fn forget(on: impl Into<On<'_>>, subject: &SubjectId) -> Result<bool, StoreError> {
    Ok(sql("DELETE FROM operators WHERE subject_id = $1").bind(subject).execute(on).await? == 1)
}

pub async fn add_invitation(on: impl Into<On<'_>>, invitation: &OperatorInvitation) -> Result<(), StoreError> {
    sql("INSERT INTO operator_invitations (code_hash, role, created_at, expires_at) VALUES ($1, $2, $3, $4)")
        .bind(&invitation.code_hash)
        .bind(invitation.role.as_str())
        .bind(invitation.created_at)
        .bind(invitation.expires_at)
        .execute(on)
        .await
        .map(drop)
}

pub async fn find_invitation(on: impl Into<On<'_>>, code_hash: &str) -> Result<Option<OperatorInvitation>, StoreError> {
    let row: Option<Invitation> = sql("SELECT code_hash, role, created_at, expires_at, opened_at, joined_at FROM operator_invitations WHERE code_hash = $1")
        .bind(code_hash)
        .optional(on)
        .await?;
    let noun = |row: Invitation| {
        Ok(OperatorInvitation {
            code_hash: row.code_hash,
            role: role(&row.role)?,
            created_at: Time(row.created_at),
            expires_at: Time(row.expires_at),
            opened_at: row.opened_at.map(Time),
            joined_at: row.joined_at.map(Time),
        })
    };
    row.map(noun).transpose()
}

/// The first to come, while it lives.
pub async fn spend_link(on: impl Into<On<'_>>, code_hash: &str, now: Time) -> Result<bool, StoreError> {
    let opened = sql(
        "UPDATE operator_invitations SET opened_at = $2 WHERE code_hash = $1 AND opened_at IS NULL AND expires_at > $2",
    );
    Ok(opened.bind(code_hash).bind(now).execute(on).await? == 1)
}

/// Whoever opened it, once, within the time that is for it.
pub async fn spend_invitation(on: impl Into<On<'_>>, code_hash: &str, now: Time) -> Result<bool, StoreError> {
    let joined = sql(
        "UPDATE operator_invitations SET joined_at = $2 WHERE code_hash = $1 AND joined_at IS NULL AND opened_at > $3",
    );
    Ok(joined.bind(code_hash).bind(now).bind(now.minus(JOINING)).execute(on).await? == 1)
}

pub async fn forget_invitations(on: impl Into<On<'_>>, before: Time) -> Result<u64, StoreError> {
    sql("DELETE FROM operator_invitations WHERE expires_at <= $1").relaxed().bind(before).execute(on).await
}
