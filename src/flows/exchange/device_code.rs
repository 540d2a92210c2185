//! A device asks whether somebody said yes (RFC 8628 §3.4, §3.5).

use super::binding::Binding;
use super::mint::Share;
use super::{Exchanged, mint, refused};
use crate::app::App;
use crate::crypto::hash::sha256_hex;
use crate::domain::client::Client;
use crate::domain::device::{DeviceCode, PAUSE, Poll};
use crate::domain::oauth::OAuthError;
use crate::domain::params::Params;
use crate::domain::target;
use crate::flows::Fault;
use crate::store;

pub async fn redeem(app: &App, client: &Client, params: &Params, binding: &Binding) -> Result<Exchanged, Fault> {
    let Some(code) = params.get("device_code") else {
        return Ok(refused(OAuthError::InvalidRequest, "device_code is missing"));
    };
    let code = store::device_codes::find(&app.db, &sha256_hex(code)).await?;
    let Some(code) = code.filter(|code| code.client_id == client.id) else {
        return Ok(refused(OAuthError::InvalidGrant, "no such device code, or another client's"));
    };
    match code.poll(app.now()) {
        Poll::Ready => ready(app, client, &code, params, binding).await,
        Poll::Pending if asked(app, &code, code.pause).await? => {
            Ok(refused(OAuthError::AuthorizationPending, "nobody has answered"))
        }
        // Twice at once is too soon as well.
        Poll::Pending => Ok(refused(OAuthError::SlowDown, "two polls at once")),
        Poll::TooSoon => {
            asked(app, &code, code.pause.saturating_add(PAUSE)).await?;
            Ok(refused(OAuthError::SlowDown, format!("before {} seconds were over", code.pause)))
        }
        Poll::Denied => Ok(refused(OAuthError::AccessDenied, "the person said no")),
        Poll::Expired => Ok(refused(OAuthError::ExpiredToken, "nobody answered in time")),
        Poll::Spent => Ok(refused(OAuthError::InvalidGrant, "the device code was used")),
    }
}

async fn asked(app: &App, code: &DeviceCode, pause: i64) -> Result<bool, Fault> {
    Ok(store::device_codes::change_polled(&app.db, code, pause, app.now()).await?)
}

async fn ready(
    app: &App,
    client: &Client,
    code: &DeviceCode,
    params: &Params,
    binding: &Binding,
) -> Result<Exchanged, Fault> {
    let grant = match &code.grant {
        Some(id) => store::grants::find(&app.db, id.as_str()).await?.filter(|grant| grant.revoked_at.is_none()),
        None => None,
    };
    let Some(mut grant) = grant else { return Ok(refused(OAuthError::InvalidGrant, "the grant is revoked or gone")) };
    let audience = match target::narrowed(&grant.audience, params) {
        Ok(audience) => audience,
        Err(refusal) => return Ok(Exchanged::Refused(refusal)),
    };
    if !store::device_codes::spend(&app.db, &code.hash, &client.id, app.now()).await? {
        return Ok(refused(OAuthError::InvalidGrant, "the device code was used a moment ago"));
    }
    // A public client's refresh tokens are bound to the key it first shows (RFC 9449 §5).
    if let Some(key) = binding.jkt.clone().filter(|_| client.public()) {
        store::grants::change_key(&app.db, &grant.id, &key).await?;
        grant.jkt = Some(key);
    }
    let share = Share { scope: grant.scope.clone(), audience, generation: grant.generation };
    mint::tokens(app, client, &grant, share, binding).await
}
