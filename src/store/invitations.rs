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

impl Row {
    fn noun(self) -> Result<Invitation, StoreError> {
        Ok(Invitation {
            code_hash: self.code_hash,
            email: Identifier::stored(Kind::Email, self.email),
            profile: read("invitations", &self.profile)?,
            organization: self.organization,
            roles: words(Some(self.roles)),
            created_at: Time(self.created_at),
            expires_at: Time(self.expires_at),
            spent_at: self.spent_at.map(Time),
        })
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
    row.map(Row::noun).transpose()
}

/// Those of an address, newest first.
pub async fn list_email(on: impl Into<On<'_>>, email: &str) -> Result<Vec<Invitation>, StoreError> {
    let rows: Vec<Row> = sql("SELECT code_hash, email, profile, organization, roles, created_at, expires_at, spent_at FROM invitations WHERE email = $1 ORDER BY created_at DESC")
        .bind(email)
        .all(on)
        .await?;
    rows.into_iter().map(Row::noun).collect()
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
