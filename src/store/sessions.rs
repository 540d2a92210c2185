//! Sign-ins.

use super::error::StoreError;
use super::row::row;
use super::sql::{On, sql};
use crate::domain::ids::{SessionId, SubjectId};
use crate::domain::session::Session;
use crate::domain::time::Time;

row! {
    struct Row {
        id: String,
        subject_id: String,
        auth_time: i64,
        expires_at: i64,
        ended_at: Option<i64>,
    }
}

impl Row {
    fn noun(self) -> Session {
        Session {
            id: SessionId::new(self.id),
            subject: SubjectId::new(self.subject_id),
            auth_time: Time(self.auth_time),
            expires_at: Time(self.expires_at),
            ended_at: self.ended_at.map(Time),
        }
    }
}

pub async fn add(on: impl Into<On<'_>>, session: &Session) -> Result<(), StoreError> {
    sql("INSERT INTO sessions (id, subject_id, auth_time, expires_at) VALUES ($1, $2, $3, $4)")
        .bind(&session.id)
        .bind(&session.subject)
        .bind(session.auth_time)
        .bind(session.expires_at)
        .execute(on)
        .await
        .map(drop)
}

/// A session whose subject may still sign in.
pub async fn find(on: impl Into<On<'_>>, id: &SessionId) -> Result<Option<Session>, StoreError> {
    let row: Option<Row> = sql("SELECT s.id, s.subject_id, s.auth_time, s.expires_at, s.ended_at FROM sessions s
         JOIN subjects p ON p.id = s.subject_id WHERE s.id = $1 AND p.blocked_at IS NULL")
    .bind(id)
    .optional(on)
    .await?;
    Ok(row.map(Row::noun))
}

/// Those of somebody that live, newest first.
pub async fn list(on: impl Into<On<'_>>, subject: &SubjectId, now: Time) -> Result<Vec<Session>, StoreError> {
    let rows: Vec<Row> = sql("SELECT id, subject_id, auth_time, expires_at, ended_at FROM sessions
         WHERE subject_id = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY auth_time DESC, id LIMIT 50")
    .bind(subject)
    .bind(now)
    .all(on)
    .await?;
    Ok(rows.into_iter().map(Row::noun).collect())
}

/// All of somebody's that are still known, newest first.
pub async fn list_all(on: impl Into<On<'_>>, subject: &SubjectId) -> Result<Vec<Session>, StoreError> {
    let rows: Vec<Row> = sql("SELECT id, subject_id, auth_time, expires_at, ended_at FROM sessions
         WHERE subject_id = $1 ORDER BY auth_time DESC, id")
    .bind(subject)
    .all(on)
    .await?;
    Ok(rows.into_iter().map(Row::noun).collect())
}

/// Ends it once; what hangs from it ends by `grants::revoke_session`.
pub async fn end(on: impl Into<On<'_>>, id: &SessionId, now: Time) -> Result<bool, StoreError> {
    Ok(sql("UPDATE sessions SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL")
        .bind(id)
        .bind(now)
        .execute(on)
        .await?
        == 1)
}

/// Ends all of somebody's that are not over yet, and names them.
pub async fn end_all(on: impl Into<On<'_>>, subject: &SubjectId, now: Time) -> Result<Vec<SessionId>, StoreError> {
    let rows: Vec<(String,)> =
        sql("UPDATE sessions SET ended_at = $2 WHERE subject_id = $1 AND ended_at IS NULL RETURNING id")
            .bind(subject)
            .bind(now)
            .all(on)
            .await?;
    Ok(rows.into_iter().map(|row| SessionId::new(row.0)).collect())
}

pub async fn forget_expired(on: impl Into<On<'_>>, before: Time) -> Result<u64, StoreError> {
    sql("DELETE FROM sessions WHERE expires_at <= $1").relaxed().bind(before).execute(on).await
}

/// All of somebody's, who is forgotten altogether.
pub async fn forget_subject(on: impl Into<On<'_>>, subject: &SubjectId) -> Result<u64, StoreError> {
    sql("DELETE FROM sessions WHERE subject_id = $1").bind(subject).execute(on).await
}
