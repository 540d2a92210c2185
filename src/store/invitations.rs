//! Invitations, known by the hash of their code.

use super::catalog::read;
use super::error::StoreError;
use super::row::row;
use super::sql::{On, sql};
use super::subjects::words;
use crate::domain::identifier::{Identifier, Kind};
use crate::domain::invitation::Invitation;
use crate::domain::time::Time;

row! {
    struct Row {
        code_hash: String,
        email: String,
        profile: String,
        organization: String,
        roles: String,
        created_at: i64,
        expires_at: i64,
        spent_at: Option<i64>,
    }
}

pub async fn add(on: impl Into<On<'_>>, invitation: &Invitation) -> Result<(), StoreError> {
    let profile = serde_json::to_string(&invitation.profile)
        .map_err(|error| StoreError::inconsistent("invitations", error.to_string()))?;
    sql("INSERT INTO invitations (code_hash, email, profile, organization, roles, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(&invitation.code_hash)
        .bind(invitation.email.reveal())
        .bind(profile)
        .bind(&invitation.organization)
        .bind(invitation.roles.join(" "))
        .bind(invitation.created_at)
        .bind(invitation.expires_at)
        .execute(on)
        .await
        .map(drop)
}

pub async fn find(on: impl Into<On<'_>>, code_hash: &str) -> Result<Option<Invitation>, StoreError> {
    let row: Option<Row> = sql("SELECT code_hash, email, profile, organization, roles, created_at, expires_at, spent_at FROM invitations WHERE code_hash = $1")
        .bind(code_hash)
        .optional(on)
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Invitation {
        code_hash: row.code_hash,
        email: Identifier::stored(Kind::Email, row.email),
        profile: read("invitations", &row.profile)?,
        organization: row.organization,
        roles: words(Some(row.roles)),
        created_at: Time(row.created_at),
        expires_at: Time(row.expires_at),
        spent_at: row.spent_at.map(Time),
    }))
}

/// One caller, once, while it lives.
pub async fn spend(on: impl Into<On<'_>>, code_hash: &str, now: Time) -> Result<bool, StoreError> {
    let spent =
        sql("UPDATE invitations SET spent_at = $2 WHERE code_hash = $1 AND spent_at IS NULL AND expires_at > $2");
    Ok(spent.bind(code_hash).bind(now).execute(on).await? == 1)
}

pub async fn forget_expired(on: impl Into<On<'_>>, before: Time) -> Result<u64, StoreError> {
    sql("DELETE FROM invitations WHERE expires_at <= $1").relaxed().bind(before).execute(on).await
}

/// Every invitation of this address.
pub async fn forget_email(on: impl Into<On<'_>>, email: &str) -> Result<u64, StoreError> {
    sql("DELETE FROM invitations WHERE email = $1").bind(email).execute(on).await
}
