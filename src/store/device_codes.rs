//! Codes of devices that wait for a person's answer elsewhere.

use super::error::StoreError;
use super::row::row;
use super::sql::{On, sql};
use crate::domain::device::{DeviceCode, State};
use crate::domain::ids::{ClientId, GrantId};
use crate::domain::scope::Scope;
use crate::domain::time::Time;

row! {
    struct Row {
        code_hash: String,
        user_code: String,
        client_id: String,
        scope: String,
        audience: String,
        state: String,
        grant_id: Option<String>,
        pause: i64,
        polled_at: i64,
        created_at: i64,
        expires_at: i64,
    }
}

impl Row {
    fn noun(self) -> Result<DeviceCode, StoreError> {
        let broken = |what: &str| StoreError::inconsistent("device_codes", format!("of {}: {what}", self.client_id));
        Ok(DeviceCode {
            scope: Scope::parse(&self.scope).ok_or_else(|| broken("scope"))?,
            state: State::parse(&self.state).ok_or_else(|| broken("state"))?,
            hash: self.code_hash,
            user_code: self.user_code,
            client_id: ClientId::new(self.client_id),
            audience: self.audience.split(' ').filter(|one| !one.is_empty()).map(str::to_owned).collect(),
            grant: self.grant_id.map(GrantId::new),
            pause: self.pause,
            polled_at: Time(self.polled_at),
            created_at: Time(self.created_at),
            expires_at: Time(self.expires_at),
        })
    }
}

/// `false` where those letters are taken: draw others.
pub async fn add(on: impl Into<On<'_>>, code: &DeviceCode) -> Result<bool, StoreError> {
    let added = sql("INSERT INTO device_codes (code_hash, user_code, client_id, scope, audience, state, pause, polled_at, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (user_code) DO NOTHING")
        .bind(&code.hash)
        .bind(&code.user_code)
        .bind(&code.client_id)
        .bind(code.scope.to_string())
        .bind(code.audience.join(" "))
        .bind(code.state.as_str())
        .bind(code.pause)
        .bind(code.polled_at)
        .bind(code.created_at)
        .bind(code.expires_at)
        .execute(on)
        .await?;
    Ok(added == 1)
}

/// By the hash of what the device holds.
pub async fn find(on: impl Into<On<'_>>, hash: &str) -> Result<Option<DeviceCode>, StoreError> {
    let row: Option<Row> = sql("SELECT code_hash, user_code, client_id, scope, audience, state, grant_id, pause, polled_at, created_at, expires_at
         FROM device_codes WHERE code_hash = $1")
        .bind(hash)
        .optional(on)
        .await?;
    row.map(Row::noun).transpose()
}

/// By the letters a person types.
pub async fn find_typed(on: impl Into<On<'_>>, user_code: &str) -> Result<Option<DeviceCode>, StoreError> {
    let row: Option<Row> = sql("SELECT code_hash, user_code, client_id, scope, audience, state, grant_id, pause, polled_at, created_at, expires_at
         FROM device_codes WHERE user_code = $1")
        .bind(user_code)
        .optional(on)
        .await?;
    row.map(Row::noun).transpose()
}

/// The device asked. `false` where it asked twice at once: the other one was counted.
pub async fn change_polled(
    on: impl Into<On<'_>>,
    code: &DeviceCode,
    pause: i64,
    now: Time,
) -> Result<bool, StoreError> {
    let changed = sql(
        "UPDATE device_codes SET polled_at = $2, pause = $3 WHERE code_hash = $1 AND polled_at = $4 AND pause = $5",
    )
    .relaxed()
    .bind(&code.hash)
    .bind(now)
    .bind(pause)
    .bind(code.polled_at)
    .bind(code.pause)
    .execute(on)
    .await?;
    Ok(changed == 1)
}

/// A person said yes: one of them, once, in time.
pub async fn change_approved(
    on: impl Into<On<'_>>,
    hash: &str,
    grant: &GrantId,
    now: Time,
) -> Result<bool, StoreError> {
    let changed = sql(
        "UPDATE device_codes SET state = 'approved', grant_id = $2 WHERE code_hash = $1 AND state = 'pending' AND expires_at > $3",
    );
    Ok(changed.bind(hash).bind(grant).bind(now).execute(on).await? == 1)
}

/// Or no.
pub async fn change_denied(on: impl Into<On<'_>>, hash: &str, now: Time) -> Result<bool, StoreError> {
    let changed =
        sql("UPDATE device_codes SET state = 'denied' WHERE code_hash = $1 AND state = 'pending' AND expires_at > $2");
    Ok(changed.bind(hash).bind(now).execute(on).await? == 1)
}

/// The gate of a device code: one caller, ever.
pub async fn spend(on: impl Into<On<'_>>, hash: &str, client: &ClientId, now: Time) -> Result<bool, StoreError> {
    let spent = sql(
        "UPDATE device_codes SET state = 'spent' WHERE code_hash = $1 AND client_id = $2 AND state = 'approved' AND expires_at > $3",
    );
    Ok(spent.bind(hash).bind(client).bind(now).execute(on).await? == 1)
}

pub async fn forget_expired(on: impl Into<On<'_>>, before: Time) -> Result<u64, StoreError> {
    sql("DELETE FROM device_codes WHERE expires_at <= $1").relaxed().bind(before).execute(on).await
}
