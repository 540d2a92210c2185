//! Clients register themselves (RFC 7591), and look after what they registered (RFC 7592), under policies an operator declared.

mod logo;
mod manage;
mod register;
mod statement;

pub use manage::{change, find, forget};
pub use register::{Sender, register};

use super::Fault;
use super::manage::audit;
use crate::app::{App, secret_label};
use crate::crypto::hash::sha256_hex;
use crate::domain::audit::{Act, By};
use crate::domain::client::{AuthMethod, Client};
use crate::domain::ids::ClientId;
use crate::domain::oauth::Refusal;
use crate::domain::registration::told;
use crate::store::{self, Tx};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// A client's metadata, as it asked for them or as it is told.
pub type Metadata = Map<String, Value>;

pub enum Outcome {
    /// What is registered now, secrets made just now among it.
    Registered(Metadata),
    Forgotten,
    Refused(Refusal),
    /// No token, or not the right one. What is missing is for the log.
    Unauthorized(&'static str),
    /// Too many for now.
    TooMany(Duration),
}

/// The client's secret, where its method needs one: kept if there is one, else made, and then told this once.
fn settle_secret(app: &App, client: &mut Client, before: Option<&Client>) -> Result<Option<String>, Fault> {
    if !client.has_secret() {
        return Ok(None);
    }
    let sealed = client.keys.method == Some(AuthMethod::ClientSecretJwt);
    let kept = before.filter(|before| before.secret_hash.is_some() && (!sealed || before.keys.sealed_secret.is_some()));
    if let Some(kept) = kept {
        client.secret_hash = kept.secret_hash.clone();
        client.old_secret = kept.old_secret.clone();
        client.keys.sealed_secret = kept.keys.sealed_secret.clone().filter(|_| sealed);
        return Ok(None);
    }
    let secret = app.entropy.client_secret();
    client.secret_hash = Some(sha256_hex(&secret));
    if sealed {
        let closed = app.secret.seal.close(&secret_label(client.id.as_str()), secret.as_bytes())?;
        client.keys.sealed_secret = Some(STANDARD.encode(closed));
    }
    Ok(Some(secret))
}

/// RFC 7591 §3.2.1, RFC 7592 §3. `place` is the client's own address here, `token` opens it.
fn information(app: &App, client: &Client, token: &str, secret: Option<String>) -> Metadata {
    let registered = client.registered.as_ref();
    let asked = registered.and_then(|registered| registered.metadata.as_object().cloned()).unwrap_or_default();
    let mut told = told(client, &asked);
    let issued_at = registered.map_or(0, |registered| registered.issued_at);
    let place = format!("{}/oauth2/register/{}", app.issuer, client.id);
    let mut tell = |name: &str, value: Value| drop(told.insert(name.to_owned(), value));
    tell("client_id", json!(client.id.as_str()));
    tell("client_id_issued_at", json!(issued_at));
    tell("registration_client_uri", json!(place));
    tell("registration_access_token", json!(token));
    if client.has_secret() {
        tell("client_secret_expires_at", json!(0));
    }
    if let Some(secret) = secret {
        tell("client_secret", json!(secret));
    }
    told
}

/// What became of the one client a transaction was about.
enum Change<'a> {
    Of(&'a Client),
    Gone(&'a ClientId),
}

/// What the book says of it. Metadata hold no secret; of what a client makes of itself, they are all.
fn act(act: &'static str, before: Option<&Client>, after: Option<&Client>) -> Act {
    let told = |client: &Client| {
        let registered = client.registered.as_ref();
        let policy = registered.map(|registered| registered.policy.as_str());
        json!({ "policy": policy, "metadata": registered.map(|registered| &registered.metadata) })
    };
    let name = before.or(after).map(|client| client.id.as_str().to_owned()).unwrap_or_default();
    Act { act, noun: "client", name, before: before.map(told), after: after.map(told) }
}

/// Written down, then every node reads its catalog anew; this one, where it stood at the revision before, knows already what
/// changed.
async fn publish(app: &App, mut tx: Tx, by: &By, act: Act, change: &Change<'_>) -> Result<(), Fault> {
    audit::write(app, &mut tx, by, vec![act]).await?;
    let (before, _) = store::catalog::find_revision(&mut tx).await?;
    store::catalog::raise_revision(&mut tx).await?;
    tx.commit().await?;
    let (id, client) = match change {
        Change::Of(client) => (&client.id, Some(*client)),
        Change::Gone(id) => (*id, None),
    };
    if app.take_over(before, id, client) {
        return Ok(());
    }
    app.reload().await.map_err(|error| Fault::Broken(error.to_string()))
}
