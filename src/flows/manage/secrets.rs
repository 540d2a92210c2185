//! A client's secret is changed without a gap: a new one, shown once, beside the old one, which lives a while longer.

use super::change::{Change, Key, remembered};
use crate::app::{App, secret_label};
use crate::crypto::hash::sha256_hex;
use crate::domain::audit::By;
use crate::domain::client::{AuthMethod, Client, OldSecret};
use crate::domain::declaration::Noun;
use crate::domain::time::Time;
use crate::flows::Fault;
use crate::store;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Long enough for a deployment that waits for next week.
pub const USUAL: Duration = Duration::from_secs(7 * 24 * 60 * 60);
pub const LONGEST: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// A secret made now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    pub secret: String,
    /// Until when the one before it works too, in seconds since 1970.
    pub old_until: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rotated {
    Made(Made),
    Unknown,
    /// It authenticates by something else.
    NoSecret,
    /// There are two already: a third would end the one that is perhaps in use still.
    Two(Time),
    /// The key stood for another request.
    KeyReused,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Done,
    Unknown,
    /// There is one secret, and it stays.
    None,
}

/// `old_lives` is how long the secret there is works beside the new one; no time ends it at once.
pub async fn rotate(app: &App, by: &By, id: &str, old_lives: Duration, key: Option<Key>) -> Result<Rotated, Fault> {
    let mut change = Change::begin(app, Noun::Client, id).await?;
    let asked = key.map(|key| key.stored(&format!("secret of {id} {}", old_lives.as_secs())));
    if let Some((key, asked)) = &asked
        && let Some(answered) = store::idempotency::find(&mut change.tx, key, app.now()).await?
    {
        let made = remembered(app, key, asked, &answered)?;
        return Ok(made.map_or(Rotated::KeyReused, Rotated::Made));
    }
    let Some(client) = declared(&change, id) else { return Ok(Rotated::Unknown) };
    if !client.has_secret() {
        return Ok(Rotated::NoSecret);
    }
    let now = app.now();
    if let Some(old) = client.old_secret.as_ref().filter(|old| old.lives(now)) {
        return Ok(Rotated::Two(Time::from_secs(old.until)));
    }
    let (client, made) = renewed(app, client, old_lives.min(LONGEST))?;
    store::catalog::change_client(&mut change.tx, &client).await?;
    if let Some((key, asked)) = asked {
        change.remember(&key, asked, &made).await?;
    }
    change.commit_as(by, Some("rotate_secret")).await?;
    Ok(Rotated::Made(made))
}

/// From now on only the newer one works.
pub async fn end_old(app: &App, by: &By, id: &str) -> Result<Ended, Fault> {
    let mut change = Change::begin(app, Noun::Client, id).await?;
    let Some(client) = declared(&change, id) else { return Ok(Ended::Unknown) };
    if !client.old_secret.as_ref().is_some_and(|old| old.lives(app.now())) {
        return Ok(Ended::None);
    }
    store::catalog::change_client(&mut change.tx, &Client { old_secret: None, ..client }).await?;
    change.commit_as(by, Some("end_old_secret")).await?;
    Ok(Ended::Done)
}

/// One that registered itself looks after its secret by itself (RFC 7592).
fn declared(change: &Change<'_>, id: &str) -> Option<Client> {
    change.before.item(Noun::Client, id)?;
    change.before.catalog.client(id).map(|client| Client::clone(client))
}

fn renewed(app: &App, client: Client, old_lives: Duration) -> Result<(Client, Made), Fault> {
    let secret = app.entropy.client_secret();
    let mut client = client;
    let until = app.now().plus(old_lives).secs();
    let sealed = client.keys.sealed_secret.take();
    let old = client.secret_hash.take().filter(|_| !old_lives.is_zero());
    client.old_secret = old.map(|hash| OldSecret { hash, sealed, until });
    client.secret_hash = Some(sha256_hex(&secret));
    if client.keys.method == Some(AuthMethod::ClientSecretJwt) {
        let closed = app.secret.seal.close(&secret_label(client.id.as_str()), secret.as_bytes())?;
        client.keys.sealed_secret = Some(STANDARD.encode(closed));
    }
    let old_until = client.old_secret.as_ref().map(|old| old.until);
    Ok((client, Made { secret, old_until }))
}
