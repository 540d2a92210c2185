//! What a client registered, read, changed and taken back by whoever holds its registration access token (RFC 7592).

use super::{Change, Metadata, Outcome, Sender, act, information, logo, publish, register, settle_secret, statement};
use crate::app::App;
use crate::crypto::hash::sha256_hex;
use crate::crypto::same::same;
use crate::domain::audit::{Actor, By};
use crate::domain::client::{Branding, Client, Registered};
use crate::domain::ids::ClientId;
use crate::domain::oauth::{OAuthError, Refusal};
use crate::domain::registration::{Rules, read};
use crate::flows::Fault;
use crate::store::{self, sql::On};
use serde_json::Value;

/// Unknown clients, declared ones and wrong tokens look alike (§3).
const NO: Outcome = Outcome::Unauthorized("no such client, or not its token");

/// What only we say (RFC 7592 §2.2).
const OURS: [&str; 4] =
    ["registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at"];

pub async fn find(app: &App, id: &str, token: Option<&str>) -> Result<Outcome, Fault> {
    Ok(match opened(&app.db, id, token).await? {
        Some((client, token)) => Outcome::Registered(information(app, &client, token, None)),
        None => NO,
    })
}

pub async fn change(app: &App, id: &str, sender: Sender<'_>, body: &[u8]) -> Result<Outcome, Fault> {
    let Some((before, token)) = opened(&app.db, id, sender.token).await? else { return Ok(NO) };
    let Some(registered) = &before.registered else { return Ok(NO) };
    let live = app.live();
    let Some(policy) = live.catalog.policy(|policy| policy.name == registered.policy) else {
        return Ok(Outcome::Unauthorized("its policy is gone"));
    };
    let read = register::object(body)
        .and_then(|body| own(&before, body))
        .and_then(|body| statement::merge(policy, body, app.now()))
        .and_then(|metadata| Ok((read(before.id.clone(), &metadata, &Rules { policy, secrets: true })?, metadata)));
    let (client, metadata) = match read {
        Ok(read) => read,
        Err(refusal) => return Ok(Outcome::Refused(refusal)),
    };
    let logo = logo::fetch(app, &metadata, Some(&before)).await;
    let branding = Branding { logo, ..client.branding.clone() };
    let kept = Registered { metadata: Value::Object(metadata), ..registered.clone() };
    let mut client = Client { branding, registered: Some(kept), ..client };
    let secret = settle_secret(app, &mut client, Some(&before))?;
    let mut tx = app.db.begin().await?;
    store::catalog::hold(&mut tx).await?;
    // Taken back meanwhile, it stays away.
    if opened(&mut tx, id, Some(token)).await?.is_none() {
        return Ok(NO);
    }
    store::catalog::change_client(&mut tx, &client).await?;
    let act = act("update", Some(&before), Some(&client));
    publish(app, tx, &itself(id, &sender), act, &Change::Of(&client)).await?;
    tracing::info!(client = id, "registration changed");
    Ok(Outcome::Registered(information(app, &client, token, secret)))
}

/// With everything it was given.
pub async fn forget(app: &App, id: &str, sender: Sender<'_>) -> Result<Outcome, Fault> {
    let mut tx = app.db.begin().await?;
    store::catalog::hold(&mut tx).await?;
    let Some((client, _)) = opened(&mut tx, id, sender.token).await? else { return Ok(NO) };
    store::catalog::forget_client(&mut tx, &client.id).await?;
    store::grants::revoke_all(&mut tx, &client.id, app.now()).await?;
    let act = act("delete", Some(&client), None);
    publish(app, tx, &itself(id, &sender), act, &Change::Gone(&client.id)).await?;
    tracing::info!(client = id, "registration taken back");
    Ok(Outcome::Forgotten)
}

/// Whoever holds its token is the client.
fn itself(id: &str, sender: &Sender<'_>) -> By {
    By { actor: Actor::Client(id.to_owned()), address: sender.address.unwrap_or_default().to_owned() }
}

async fn opened<'t>(
    on: impl Into<On<'_>>,
    id: &str,
    token: Option<&'t str>,
) -> Result<Option<(Client, &'t str)>, Fault> {
    let Some(token) = token.filter(|_| !id.contains('\0')) else { return Ok(None) };
    let found = store::catalog::find_client(on, &ClientId::new(id)).await?;
    let hash = sha256_hex(token);
    let its = |client: &Client| {
        client.registered.as_ref().is_some_and(|own| same(own.token_hash.as_bytes(), hash.as_bytes()))
    };
    Ok(found.filter(its).map(|client| (client, token)))
}

/// The metadata, once they are of this client and say nothing that is ours to say.
fn own(before: &Client, mut metadata: Metadata) -> Result<Metadata, Refusal> {
    let wrong = |detail: &str| Refusal::new(OAuthError::InvalidRequest, detail);
    if metadata.remove("client_id").as_ref().and_then(Value::as_str) != Some(before.id.as_str()) {
        return Err(wrong("client_id is not this client's"));
    }
    if OURS.iter().any(|name| metadata.contains_key(*name)) {
        return Err(wrong("a member that only the server sets"));
    }
    let secret = metadata.remove("client_secret");
    let same_secret = |secret: &Value| {
        let hash = secret.as_str().map(sha256_hex).unwrap_or_default();
        before.secret_hash.as_ref().is_some_and(|own| same(own.as_bytes(), hash.as_bytes()))
    };
    if secret.as_ref().is_some_and(|secret| !same_secret(secret)) {
        return Err(wrong("client_secret is not this client's: no one is chosen by the client"));
    }
    Ok(metadata)
}
