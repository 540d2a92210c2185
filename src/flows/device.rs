//! A device without a browser asks; a person types its letters elsewhere, signs in and answers (RFC 8628).

use super::exchange::client_auth::{self, Credentials};
use super::standing::Open;
use super::{Fault, answer, clients, often};
use crate::app::App;
use crate::crypto::hash::sha256_hex;
use crate::domain::client::{Client, GrantType};
use crate::domain::device::{self, DeviceCode, LIFE, PAUSE, State, TRIES};
use crate::domain::ids::InteractionId;
use crate::domain::interaction::{self, Interaction};
use crate::domain::limit::Limit;
use crate::domain::oauth::{OAuthError, Refusal};
use crate::domain::params::Params;
use crate::domain::request::AuthRequest;
use crate::domain::scope::Scope;
use crate::domain::session::Session;
use crate::domain::target;
use crate::domain::time::Time;
use crate::store::{self, Tx};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(60 * 60);
const ONCE: [&str; 1] = ["scope"];
/// What a device is given that names nothing (RFC 6749 §3.3): apps written for Kinde never do.
const USUAL: &str = "openid profile email";

/// RFC 8628 §3.2.
pub struct Begun {
    pub device_code: String,
    /// As people read it.
    pub user_code: String,
}

pub enum Outcome {
    Begun(Begun),
    Refused(Refusal),
    /// Too many for now.
    TooMany(Duration),
}

pub async fn begin(
    app: &App,
    params: &Params,
    credentials: &Credentials,
    address: Option<&str>,
) -> Result<Outcome, Fault> {
    if let Err(fault) = params.check(&ONCE) {
        return Ok(Outcome::Refused(Refusal::new(OAuthError::InvalidRequest, format!("{fault:?}"))));
    }
    let client = match client_auth::authenticate(app, credentials).await? {
        Ok(client) => client,
        Err(refusal) => return Ok(Outcome::Refused(refusal)),
    };
    let (scope, audience) = match read(app, &client, params) {
        Ok(asked) => asked,
        Err(refusal) => return Ok(Outcome::Refused(refusal)),
    };
    if let Some(wait) = often::too_often(app, "device", &client, address).await? {
        return Ok(Outcome::TooMany(wait));
    }
    Ok(Outcome::Begun(draw(app, &client, scope, audience).await?))
}

/// Letters that are taken are drawn again; that this happens twice is no chance.
async fn draw(app: &App, client: &Client, scope: Scope, audience: Vec<String>) -> Result<Begun, Fault> {
    let (now, device_code) = (app.now(), app.entropy.token("dc_"));
    let mut code = DeviceCode {
        hash: sha256_hex(&device_code),
        user_code: app.entropy.user_code(),
        client_id: client.id.clone(),
        scope,
        audience,
        state: State::Pending,
        grant: None,
        pause: PAUSE,
        polled_at: Time::default(),
        created_at: now,
        expires_at: now.plus(LIFE),
    };
    for _ in 0..4 {
        if store::device_codes::add(&app.db, &code).await? {
            tracing::info!(client = %client.id, "a device asks");
            return Ok(Begun { device_code, user_code: device::shown(&code.user_code) });
        }
        code.user_code = app.entropy.user_code();
    }
    Err(Fault::Broken("no user code is free".into()))
}

fn read(app: &App, client: &Client, params: &Params) -> Result<(Scope, Vec<String>), Refusal> {
    let live = app.live();
    if !client.may(GrantType::DeviceCode) {
        return Err(Refusal::new(OAuthError::UnauthorizedClient, "not a client of devices"));
    }
    if live.catalog.offered(client).next().is_none() {
        return Err(Refusal::new(OAuthError::UnauthorizedClient, "no way in is enabled for this client"));
    }
    let asked = params.get("scope").filter(|scope| !scope.is_empty()).unwrap_or(USUAL);
    let scope = Scope::parse(asked).map(|scope| live.catalog.allowed_scope(client, scope));
    let scope = scope.filter(|scope| !scope.is_empty());
    let scope = scope.ok_or_else(|| Refusal::new(OAuthError::InvalidScope, "no scope we know"))?;
    let audience = target::read(params)?;
    live.catalog.allowed_targets(client, &app.issuer, &audience)?;
    Ok((scope, audience))
}

pub enum Typed {
    /// On to the pages of this interaction.
    Asked(InteractionId),
    Empty,
    /// Not letters of ours, or of nothing that waits.
    Wrong,
    TooMany(Duration),
}

/// Counted first, looked up second (RFC 8628 §5.1): what was right is taken off again.
pub async fn typed(
    app: &App,
    text: &str,
    browser: &str,
    address: Option<&str>,
    languages: Vec<String>,
) -> Result<Typed, Fault> {
    if text.trim().is_empty() {
        return Ok(Typed::Empty);
    }
    let now = app.now();
    let limit = |key: String| Limit { key, most: TRIES, window: HOUR };
    let of_browser = limit(format!("device_browser:{browser}"));
    // Without an address of its own a browser is counted twice, which changes nothing.
    let of_address = limit(address.map_or_else(
        || format!("device_browser_too:{browser}"),
        |address| format!("device_address:{}", app.secret.blurred_text(address)),
    ));
    let counts = store::counters::raise(&app.db, [&of_browser, &of_address], now).await?;
    if let Some(over) = of_browser.exceeded(&counts).or_else(|| of_address.exceeded(&counts)) {
        return Ok(Typed::TooMany(over.ends_at.since(now)));
    }
    let Some(user_code) = device::typed(text) else { return Ok(Typed::Wrong) };
    let code = store::device_codes::find_typed(&app.db, &user_code).await?.filter(|code| code.open(now));
    let client = match &code {
        Some(code) => clients::find(app, code.client_id.as_str()).await?,
        None => None,
    };
    let client = client.filter(|client| client.may(GrantType::DeviceCode));
    let (Some(code), Some(client)) = (code, client) else { return Ok(Typed::Wrong) };
    for counter in [&of_browser, &of_address] {
        store::counters::lower_by(&app.db, &counter.key, 1).await?;
    }
    let interaction = Interaction {
        id: app.entropy.interaction_id(now),
        client_id: client.id.clone(),
        request: AuthRequest {
            scope: code.scope,
            audience: code.audience,
            device: Some(code.hash),
            languages,
            ..AuthRequest::default()
        },
        browser: browser.to_owned(),
        created_at: now,
        expires_at: now.plus(interaction::LIFE),
        finished_at: None,
        proven: None,
    };
    store::interactions::add(&app.db, &interaction).await?;
    tracing::info!(interaction = %interaction.id, client = %client.id, "a device's code was typed");
    Ok(Typed::Asked(interaction.id))
}

/// The code an interaction answers, as the device shows it, while it can be answered.
pub async fn waiting(app: &App, request: &AuthRequest) -> Result<Option<String>, Fault> {
    let Some(hash) = &request.device else { return Ok(None) };
    let code = store::device_codes::find(&app.db, hash).await?.filter(|code| code.open(app.now()));
    Ok(code.map(|code| device::shown(&code.user_code)))
}

/// `false` where it expired, or somebody answered it elsewhere: nothing was given.
pub(super) async fn approve(app: &App, tx: &mut Tx, open: &Open, session: &Session, hash: &str) -> Result<bool, Fault> {
    if !open.client.may(GrantType::DeviceCode) {
        return Ok(false);
    }
    let grant = answer::draw(app, &open.client, &open.interaction.request, session);
    if !store::device_codes::change_approved(&mut *tx, hash, &grant.id, app.now()).await? {
        return Ok(false);
    }
    answer::keep_for_device(app, tx, grant, &open.interaction.id).await?;
    Ok(true)
}
