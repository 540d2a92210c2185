//! A client registers itself (RFC 7591 §3).

use super::{Change, Metadata, Outcome, act, information, logo, publish, settle_secret, statement};
use crate::app::App;
use crate::crypto::hash::sha256_hex;
use crate::crypto::same::same;
use crate::domain::audit::{Actor, By};
use crate::domain::client::{Branding, Client, Registered};
use crate::domain::ids::ClientId;
use crate::domain::json;
use crate::domain::limit::{Count, Limit};
use crate::domain::oauth::{OAuthError, Refusal};
use crate::domain::registration::{Policy, Rules, read};
use crate::flows::Fault;
use crate::store;
use crate::store::Tx;
use serde_json::Value;
use std::time::Duration;

const AN_HOUR: Duration = Duration::from_secs(3_600);
/// All addresses together get as much as so many.
const ADDRESSES: u32 = 50;

/// Who asks.
pub struct Sender<'a> {
    /// The initial access token it brought.
    pub token: Option<&'a str>,
    /// Where from, as far as that can be known.
    pub address: Option<&'a str>,
}

pub async fn register(app: &App, sender: Sender<'_>, body: &[u8]) -> Result<Outcome, Fault> {
    let live = app.live();
    let hash = sender.token.map(sha256_hex);
    let now = app.now().secs();
    let Some(policy) = live.catalog.policy(|policy| policy.open_at(now) && opened(policy, hash.as_deref())) else {
        return Ok(Outcome::Unauthorized("no policy is opened by this token, or none is open"));
    };
    if policy.open
        && let Some(count) = count(app, policy, sender.address).await?
    {
        tracing::warn!(policy = policy.name, "too many registrations");
        return Ok(Outcome::TooMany(count.ends_at.since(app.now())));
    }
    // Looked at again once nobody else can add one.
    if is_full(policy, live.catalog.registered_by(&policy.name)) {
        return Ok(Outcome::TooMany(AN_HOUR));
    }
    let metadata = match object(body).and_then(|body| statement::merge(policy, body, app.now())) {
        Ok(metadata) => metadata,
        Err(refusal) => return Ok(Outcome::Refused(refusal)),
    };
    let id = ClientId::new(format!("cl_{}", app.entropy.short()));
    match read(id, &metadata, &Rules { policy, secrets: true }) {
        Ok(client) => {
            let (actor, address) = (Actor::Registration(policy.name.clone()), sender.address.unwrap_or_default());
            add(app, &By { actor, address: address.to_owned() }, policy, client, metadata).await
        }
        Err(refusal) => Ok(Outcome::Refused(refusal)),
    }
}

pub(super) fn object(body: &[u8]) -> Result<Metadata, Refusal> {
    json::read_object(body).ok_or_else(|| {
        Refusal::new(OAuthError::InvalidClientMetadata, "the body is no JSON object, or repeats a member")
    })
}

fn opened(policy: &Policy, hash: Option<&str>) -> bool {
    match (&policy.token_hash, hash) {
        (Some(own), Some(hash)) => same(own.as_bytes(), hash.as_bytes()),
        (None, None) => policy.open,
        _ => false,
    }
}

fn is_full(policy: &Policy, registered: usize) -> bool {
    let full = registered >= usize::try_from(policy.most_clients).unwrap_or(usize::MAX);
    if full {
        tracing::warn!(policy = policy.name, "this policy has as many clients as it may");
    }
    full
}

/// How many came by this policy, while the catalog is held: what this node has read counts if nothing has changed since.
async fn came(app: &App, tx: &mut Tx, policy: &Policy) -> Result<usize, Fault> {
    let live = app.live();
    let (revision, _) = store::catalog::find_revision(&mut *tx).await?;
    if live.catalog.revision == revision {
        return Ok(live.catalog.registered_by(&policy.name));
    }
    Ok(store::catalog::list(tx).await?.registered_by(&policy.name))
}

/// The counter that is full, if one is. Addresses stand in it only as keyed hashes; all that cannot be known are one.
async fn count(app: &App, policy: &Policy, address: Option<&str>) -> Result<Option<Count>, Fault> {
    let blurred = app.secret.blurred_text(address.unwrap_or_default());
    let name = &policy.name;
    let one = Limit { key: format!("register:{name}:{blurred}"), most: policy.per_hour, window: AN_HOUR };
    let most = policy.per_hour.saturating_mul(ADDRESSES);
    let all = Limit { key: format!("register:{name}"), most, window: AN_HOUR };
    let counts = store::counters::raise(&app.db, [&one, &all], app.now()).await?;
    Ok(one.exceeded(&counts).or(all.exceeded(&counts)))
}

async fn add(app: &App, by: &By, policy: &Policy, client: Client, metadata: Metadata) -> Result<Outcome, Fault> {
    let token = app.entropy.token("rat_");
    let registered = Registered {
        policy: policy.name.clone(),
        token_hash: sha256_hex(&token),
        issued_at: app.now().secs(),
        metadata: Value::Null,
    };
    let logo = logo::fetch(app, &metadata, None).await;
    let branding = Branding { logo, ..client.branding.clone() };
    let kept = Registered { metadata: Value::Object(metadata), ..registered };
    let mut client = Client { branding, registered: Some(kept), ..client };
    let secret = settle_secret(app, &mut client, None)?;
    let mut tx = app.db.begin().await?;
    store::catalog::hold(&mut tx).await?;
    if is_full(policy, came(app, &mut tx, policy).await?) {
        return Ok(Outcome::TooMany(AN_HOUR));
    }
    store::catalog::change_client(&mut tx, &client).await?;
    publish(app, tx, by, act("create", None, Some(&client)), &Change::Of(&client)).await?;
    tracing::info!(client = %client.id, policy = policy.name, "client registered");
    Ok(Outcome::Registered(information(app, &client, &token, secret)))
}
