//! Pushed authorization requests (RFC 9126): a client hands over its parameters ahead, and gets a reference for the browser.

use super::authorize;
use super::exchange::client_auth::{self, Credentials};
use super::{Fault, often, proof, request_object};
use crate::app::App;
use crate::crypto::hash::sha256_hex;
use crate::domain::callback::Callback;
use crate::domain::client::Client;
use crate::domain::dpop::Shown;
use crate::domain::oauth::{OAuthError, Refusal};
use crate::domain::params::Params;
use crate::domain::request::ONCE;
use crate::store;
use crate::store::pushed_requests::Pushed;
use std::time::Duration;

/// From the app's push to its browser's arrival (FAPI 2.0 §5.3.2.2: less than ten minutes).
const LIFE: Duration = Duration::from_secs(90);
const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";
/// What authenticates the client is no part of its request.
const CREDENTIALS: [&str; 3] = ["client_secret", "client_assertion", "client_assertion_type"];

/// What the client is given.
pub struct Reference {
    pub request_uri: String,
    pub expires_in: u64,
}

pub enum Outcome {
    Kept(Reference),
    Refused(Refusal),
    /// Too many for now.
    TooMany(Duration),
}

pub async fn push(
    app: &App,
    params: &Params,
    credentials: &Credentials,
    shown: &Shown,
    address: Option<&str>,
) -> Result<Outcome, Fault> {
    let client = match client_auth::authenticate(app, credentials).await? {
        Ok(client) => client,
        Err(refusal) => return Ok(Outcome::Refused(refusal)),
    };
    // Counted once it is known who asks: nobody uses up another's share.
    if let Some(wait) = often::too_often(app, "par", &client, address).await? {
        return Ok(Outcome::TooMany(wait));
    }
    Ok(match keep(app, &client, params, shown).await? {
        Ok(reference) => Outcome::Kept(reference),
        Err(refusal) => Outcome::Refused(refusal),
    })
}

async fn keep(app: &App, client: &Client, params: &Params, shown: &Shown) -> Result<Result<Reference, Refusal>, Fault> {
    let params = match read(app, client, params).await {
        Ok(params) => params,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let jkt = match key(app, client, &params, shown).await? {
        Ok(jkt) => jkt,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let secret = app.entropy.token("");
    let pushed = Pushed {
        client_id: client.id.clone(),
        query: params.encoded(),
        jkt,
        expires_at: app.now().plus(LIFE),
        spent_at: None,
    };
    store::pushed_requests::add(&app.db, &sha256_hex(&secret), &pushed).await?;
    Ok(Ok(Reference { request_uri: format!("{PREFIX}{secret}"), expires_in: LIFE.as_secs() }))
}

/// The key the code is to be bound to: the one proven here, which `dpop_jkt` may name as well but not contradict (RFC 9449 §10.1).
async fn key(
    app: &App,
    client: &Client,
    params: &Params,
    shown: &Shown,
) -> Result<Result<Option<String>, Refusal>, Fault> {
    let proven = match proof::key(app, client.profile, shown, None).await? {
        Ok(proven) => proven,
        Err(refusal) => return Ok(Err(refusal)),
    };
    Ok(match (&proven, params.get("dpop_jkt")) {
        (Some(proven), Some(told)) if proven != told => {
            Err(Refusal::new(OAuthError::InvalidDpopProof, "dpop_jkt names another key than the proof's"))
        }
        _ => Ok(proven),
    })
}

/// The request pushed, after the checks of the authorization endpoint (RFC 9126 §2.1).
async fn read(app: &App, client: &Client, params: &Params) -> Result<Params, Refusal> {
    let invalid = |detail: &str| Refusal::new(OAuthError::InvalidRequest, detail);
    params.check(&ONCE).map_err(|fault| invalid(&format!("{fault:?}")))?;
    if params.get("request_uri").is_some() {
        return Err(invalid("a request_uri within a pushed request"));
    }
    let params = request_object::open(app, client, &params.without(&CREDENTIALS)).await?;
    let callback = Callback::prove(client, &params, &app.issuer);
    let callback = callback.ok_or_else(|| invalid("redirect_uri is missing or not registered"))?;
    authorize::check(app, client, &params, &callback)?;
    Ok(params)
}

/// What a `request_uri` leads to.
pub enum Led {
    /// Not a reference of ours.
    Elsewhere,
    /// Never was, or is another client's.
    Nowhere,
    /// Too old, or answered already. The parameters still say where to tell it.
    Over(Params),
    To(Opened),
}

/// A pushed request, to be spent when it is answered.
pub struct Opened {
    pub params: Params,
    pub hash: String,
    pub jkt: Option<String>,
}

/// Looks, and changes nothing: a browser may load the page twice before anybody signs in.
pub async fn open(app: &App, client: &Client, request_uri: &str) -> Result<Led, Fault> {
    let Some(secret) = request_uri.strip_prefix(PREFIX) else { return Ok(Led::Elsewhere) };
    let hash = sha256_hex(secret);
    let found = store::pushed_requests::find(&app.db, &hash).await?;
    let Some(pushed) = found.filter(|pushed| pushed.client_id == client.id) else { return Ok(Led::Nowhere) };
    let params = Params::parse(pushed.query.as_bytes());
    if pushed.spent_at.is_some() || app.now() >= pushed.expires_at {
        return Ok(Led::Over(params));
    }
    Ok(Led::To(Opened { params, hash, jkt: pushed.jkt }))
}
