//! Grants, with the authorization code that opens each once and the generation of its refresh token.

use super::error::StoreError;
use super::row::row;
use super::sql::{On, sql};
use crate::domain::grant::Grant;
use crate::domain::ids::{ClientId, GrantId, InteractionId, SessionId, SubjectId};
use crate::domain::scope::Scope;
use crate::domain::time::Time;

row! {
    struct Row {
        id: String,
        client_id: String,
        subject_id: String,
        session_id: String,
        scope: String,
        nonce: Option<String>,
        audience: String,
        auth_time: i64,
        redirect_uri: String,
        code_challenge: Option<String>,
        code_spent_at: Option<i64>,
        created_at: i64,
        expires_at: i64,
        revoked_at: Option<i64>,
        generation: i64,
        rotated_at: Option<i64>,
        acr: Option<String>,
        claims: Option<String>,
        jkt: Option<String>,
        organization: Option<String>,
    }
}

impl Row {
    fn noun(self) -> Result<Grant, StoreError> {
        Ok(Grant {
            scope: Scope::parse(&self.scope)
                .ok_or_else(|| StoreError::inconsistent("grants", format!("{}: scope", self.id)))?,
            id: GrantId::new(self.id),
            client_id: ClientId::new(self.client_id),
            subject: SubjectId::new(self.subject_id),
            session: SessionId::new(self.session_id),
            nonce: self.nonce,
            audience: self.audience.split(' ').filter(|one| !one.is_empty()).map(str::to_owned).collect(),
            auth_time: Time(self.auth_time),
            redirect_uri: self.redirect_uri,
            code_challenge: self.code_challenge,
            code_spent_at: self.code_spent_at.map(Time),
            created_at: Time(self.created_at),
            expires_at: Time(self.expires_at),
            revoked_at: self.revoked_at.map(Time),
            generation: self.generation,
            rotated_at: self.rotated_at.map(Time),
            acr: self.acr,
            claims: self.claims,
            jkt: self.jkt,
            organization: self.organization,
        })
    }
}

pub async fn add(
    on: impl Into<On<'_>>,
    grant: &Grant,
    interaction: &InteractionId,
    code_hash: &str,
    code_expires_at: Time,
) -> Result<(), StoreError> {
    sql("INSERT INTO grants (id, client_id, subject_id, session_id, scope, nonce, audience, auth_time, redirect_uri, code_hash, code_challenge, code_expires_at, created_at, expires_at, generation, interaction_id, acr, claims, jkt, organization)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)")
        .bind(&grant.id)
        .bind(&grant.client_id)
        .bind(&grant.subject)
        .bind(&grant.session)
        .bind(grant.scope.to_string())
        .bind(grant.nonce.clone())
        .bind(grant.audience.join(" "))
        .bind(grant.auth_time)
        .bind(&grant.redirect_uri)
        .bind(code_hash)
        .bind(grant.code_challenge.clone())
        .bind(code_expires_at)
        .bind(grant.created_at)
        .bind(grant.expires_at)
        .bind(grant.generation)
        .bind(interaction)
        .bind(grant.acr.clone())
        .bind(grant.claims.clone())
        .bind(grant.jkt.clone())
        .bind(grant.organization.clone())
        .execute(on)
        .await
        .map(drop)
}

/// The gate of a code: one caller, ever, and only the client it was given to. A grant bound to no key is bound to `jkt`. Spending comes before signing on purpose: a
/// crash between the two costs one sign-in, the other order would let a code be used twice.
pub async fn spend_code(
    on: impl Into<On<'_>>,
    code_hash: &str,
    client: &ClientId,
    jkt: Option<String>,
    now: Time,
) -> Result<Option<Grant>, StoreError> {
    let row: Option<Row> = sql("UPDATE grants SET code_spent_at = $3, jkt = COALESCE(jkt, $4)
         WHERE code_hash = $1 AND client_id = $2 AND code_spent_at IS NULL AND code_expires_at > $3 AND revoked_at IS NULL
         RETURNING id, client_id, subject_id, session_id, scope, nonce, audience, auth_time, redirect_uri, code_challenge, code_spent_at, created_at, expires_at, revoked_at, generation, rotated_at, acr, claims, jkt, organization")
        .bind(code_hash)
        .bind(client)
        .bind(now)
        .bind(jkt)
        .optional(on)
        .await?;
    row.map(Row::noun).transpose()
}

/// Ends the grant of a code that comes a second time (RFC 6749 §4.1.2). `true` when it was such a code.
pub async fn revoke_reused_code(
    on: impl Into<On<'_>>,
    code_hash: &str,
    client: &ClientId,
    now: Time,
) -> Result<bool, StoreError> {
    let revoked = sql(
        "UPDATE grants SET revoked_at = $3 WHERE code_hash = $1 AND client_id = $2 AND code_spent_at IS NOT NULL AND revoked_at IS NULL",
    );
    Ok(revoked.bind(code_hash).bind(client).bind(now).execute(on).await? == 1)
}

pub async fn find(on: impl Into<On<'_>>, id: &str) -> Result<Option<Grant>, StoreError> {
    let row: Option<Row> = sql("SELECT id, client_id, subject_id, session_id, scope, nonce, audience, auth_time, redirect_uri, code_challenge, code_spent_at, created_at, expires_at, revoked_at, generation, rotated_at, acr, claims, jkt, organization
         FROM grants WHERE id = $1")
        .bind(id)
        .optional(on)
        .await?;
    row.map(Row::noun).transpose()
}

/// Replaces the newest refresh token: one caller per generation.
pub async fn spend_generation(
    on: impl Into<On<'_>>,
    id: &GrantId,
    generation: i64,
    expires_at: Time,
    now: Time,
) -> Result<bool, StoreError> {
    let rotated = sql("UPDATE grants SET generation = generation + 1, rotated_at = $3, expires_at = $4
         WHERE id = $1 AND generation = $2 AND revoked_at IS NULL AND expires_at > $3")
    .bind(id)
    .bind(generation)
    .bind(now)
    .bind(expires_at)
    .execute(on)
    .await?;
    Ok(rotated == 1)
}

pub async fn revoke(on: impl Into<On<'_>>, id: &GrantId, now: Time) -> Result<bool, StoreError> {
    Ok(sql("UPDATE grants SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL")
        .bind(id)
        .bind(now)
        .execute(on)
        .await?
        == 1)
}

/// Binds what refresh tokens it will have to a key (RFC 9449 §5): the first one shown.
pub async fn change_key(on: impl Into<On<'_>>, id: &GrantId, jkt: &str) -> Result<bool, StoreError> {
    let changed = sql("UPDATE grants SET jkt = $2 WHERE id = $1 AND jkt IS NULL");
    Ok(changed.bind(id).bind(jkt).execute(on).await? == 1)
}

/// A sign-out ends what its session gave.
pub async fn revoke_session(on: impl Into<On<'_>>, session: &SessionId, now: Time) -> Result<u64, StoreError> {
    sql("UPDATE grants SET revoked_at = $2 WHERE session_id = $1 AND revoked_at IS NULL")
        .bind(session)
        .bind(now)
        .execute(on)
        .await
}

/// Ends everything of somebody's, what hangs from no session included.
pub async fn revoke_subject(on: impl Into<On<'_>>, subject: &SubjectId, now: Time) -> Result<u64, StoreError> {
    sql("UPDATE grants SET revoked_at = $2 WHERE subject_id = $1 AND revoked_at IS NULL")
        .bind(subject)
        .bind(now)
        .execute(on)
        .await
}

/// Ends everything a client was given by anybody.
pub async fn revoke_all(on: impl Into<On<'_>>, client: &ClientId, now: Time) -> Result<u64, StoreError> {
    sql("UPDATE grants SET revoked_at = $2 WHERE client_id = $1 AND revoked_at IS NULL")
        .bind(client)
        .bind(now)
        .execute(on)
        .await
}

/// The clients that hold something of somebody's.
pub async fn list_apps(on: impl Into<On<'_>>, subject: &SubjectId, now: Time) -> Result<Vec<ClientId>, StoreError> {
    let rows: Vec<(String,)> = sql("SELECT DISTINCT client_id FROM grants
         WHERE subject_id = $1 AND revoked_at IS NULL AND expires_at > $2 ORDER BY client_id")
    .bind(subject)
    .bind(now)
    .all(on)
    .await?;
    Ok(rows.into_iter().map(|row| ClientId::new(row.0)).collect())
}

/// All that was given in somebody's name and is still known, newest first.
pub async fn list_subject(on: impl Into<On<'_>>, subject: &SubjectId) -> Result<Vec<Grant>, StoreError> {
    let rows: Vec<Row> = sql("SELECT id, client_id, subject_id, session_id, scope, nonce, audience, auth_time, redirect_uri, code_challenge, code_spent_at, created_at, expires_at, revoked_at, generation, rotated_at, acr, claims, jkt, organization
         FROM grants WHERE subject_id = $1 ORDER BY created_at DESC, id")
        .bind(subject)
        .all(on)
        .await?;
    rows.into_iter().map(Row::noun).collect()
}

/// What a person takes back from a client ends all it was given in their name.
pub async fn revoke_client(
    on: impl Into<On<'_>>,
    subject: &SubjectId,
    client: &ClientId,
    now: Time,
) -> Result<u64, StoreError> {
    sql("UPDATE grants SET revoked_at = $3 WHERE subject_id = $1 AND client_id = $2 AND revoked_at IS NULL")
        .bind(subject)
        .bind(client)
        .bind(now)
        .execute(on)
        .await
}

row! {
    struct Seen {
        session_id: String,
        client_id: String,
    }
}

/// Which clients were given something in which of somebody's sessions, what is revoked included: its own session there may
/// well go on.
pub async fn list_clients(
    on: impl Into<On<'_>>,
    subject: &SubjectId,
) -> Result<Vec<(SessionId, ClientId)>, StoreError> {
    let rows: Vec<Seen> =
        sql("SELECT DISTINCT session_id, client_id FROM grants WHERE subject_id = $1 ORDER BY client_id, session_id")
            .bind(subject)
            .all(on)
            .await?;
    Ok(rows.into_iter().map(|row| (SessionId::new(row.session_id), ClientId::new(row.client_id))).collect())
}

row! {
    struct Given {
        created_at: i64,
        code_spent_at: Option<i64>,
    }
}

/// When the grants of an interaction were given, and their codes swapped for tokens.
pub async fn list_times(
    on: impl Into<On<'_>>,
    interaction: &InteractionId,
) -> Result<Vec<(Time, Option<Time>)>, StoreError> {
    let rows: Vec<Given> =
        sql("SELECT created_at, code_spent_at FROM grants WHERE interaction_id = $1 ORDER BY created_at")
            .bind(interaction)
            .all(on)
            .await?;
    Ok(rows.into_iter().map(|row| (Time(row.created_at), row.code_spent_at.map(Time))).collect())
}

pub async fn forget_expired(on: impl Into<On<'_>>, before: Time) -> Result<u64, StoreError> {
    sql("DELETE FROM grants WHERE expires_at <= $1").relaxed().bind(before).execute(on).await
}

/// All of somebody's, who is forgotten altogether.
pub async fn forget_subject(on: impl Into<On<'_>>, subject: &SubjectId) -> Result<u64, StoreError> {
    sql("DELETE FROM grants WHERE subject_id = $1").bind(subject).execute(on).await
}
