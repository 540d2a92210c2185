//! What people allowed clients, one row for each of both.

use super::error::StoreError;
use super::row::row;
use super::sql::{On, sql};
use crate::domain::consent::Consent;
use crate::domain::ids::{ClientId, SubjectId};
use crate::domain::scope::Scope;
use crate::domain::time::Time;

row! {
    struct Row {
        scope: String,
        audience: String,
        allowed_at: i64,
    }
}

/// In place of what was allowed before.
pub async fn add(on: impl Into<On<'_>>, consent: &Consent) -> Result<(), StoreError> {
    sql("INSERT INTO consents (subject_id, client_id, scope, audience, allowed_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (subject_id, client_id) DO UPDATE SET
            scope = excluded.scope, audience = excluded.audience, allowed_at = excluded.allowed_at")
    .bind(&consent.subject)
    .bind(&consent.client_id)
    .bind(consent.scope.to_string())
    .bind(consent.audience.join(" "))
    .bind(consent.allowed_at)
    .execute(on)
    .await
    .map(drop)
}

pub async fn find(
    on: impl Into<On<'_>>,
    subject: &SubjectId,
    client: &ClientId,
) -> Result<Option<Consent>, StoreError> {
    let row: Option<Row> =
        sql("SELECT scope, audience, allowed_at FROM consents WHERE subject_id = $1 AND client_id = $2")
            .bind(subject)
            .bind(client)
            .optional(on)
            .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Consent {
        subject: subject.clone(),
        client_id: client.clone(),
        scope: Scope::parse(&row.scope)
            .ok_or_else(|| StoreError::inconsistent("consents", format!("{subject}, {client}: scope")))?,
        audience: row.audience.split(' ').filter(|one| !one.is_empty()).map(str::to_owned).collect(),
        allowed_at: Time(row.allowed_at),
    }))
}

row! {
    struct Of {
        client_id: String,
        scope: String,
        audience: String,
        allowed_at: i64,
    }
}

/// What somebody allowed, and to whom.
pub async fn list(on: impl Into<On<'_>>, subject: &SubjectId) -> Result<Vec<Consent>, StoreError> {
    let rows: Vec<Of> = sql(
        "SELECT client_id, scope, audience, allowed_at FROM consents WHERE subject_id = $1 ORDER BY allowed_at, client_id",
    )
    .bind(subject)
    .all(on)
    .await?;
    let noun = |row: Of| {
        let broken = || StoreError::inconsistent("consents", format!("{subject}, {}: scope", row.client_id));
        Ok(Consent {
            subject: subject.clone(),
            scope: Scope::parse(&row.scope).ok_or_else(broken)?,
            client_id: ClientId::new(row.client_id),
            audience: row.audience.split(' ').filter(|one| !one.is_empty()).map(str::to_owned).collect(),
            allowed_at: Time(row.allowed_at),
        })
    };
    rows.into_iter().map(noun).collect()
}

pub async fn forget(on: impl Into<On<'_>>, subject: &SubjectId, client: &ClientId) -> Result<bool, StoreError> {
    let forgotten = sql("DELETE FROM consents WHERE subject_id = $1 AND client_id = $2");
    Ok(forgotten.bind(subject).bind(client).execute(on).await? == 1)
}

/// All of somebody's, who is forgotten altogether.
pub async fn forget_subject(on: impl Into<On<'_>>, subject: &SubjectId) -> Result<u64, StoreError> {
    sql("DELETE FROM consents WHERE subject_id = $1").bind(subject).execute(on).await
}
