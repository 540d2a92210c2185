//! A token for another, narrower one (RFC 8693): a service that was called on somebody's behalf calls the next one. What comes of
//! it says who acts, reaches no further than the token it came of, and ends with it.

use super::binding::Binding;
use super::mint::{self, Tokens};
use super::{Exchanged, refused};
use crate::app::App;
use crate::domain::belonging::Belonging;
use crate::domain::claims::{self, Sources};
use crate::domain::client::{Client, GrantType};
use crate::domain::grant::Grant;
use crate::domain::oauth::{OAuthError, Refusal};
use crate::domain::params::Params;
use crate::domain::scope::Scope;
use crate::domain::target;
use crate::flows::Fault;
use crate::flows::access_token::{self, Told};
use crate::store;
use serde_json::{Value, json};

const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
/// Who acts for whom may be told this often over.
const DEEPEST: usize = 4;

pub async fn swap(app: &App, client: &Client, params: &Params, binding: &Binding) -> Result<Exchanged, Fault> {
    if client.public() {
        return Ok(refused(OAuthError::UnauthorizedClient, "a client that cannot authenticate"));
    }
    let (subject_token, actor_token) = match named(params) {
        Ok(named) => named,
        Err(detail) => return Ok(refused(OAuthError::InvalidRequest, detail)),
    };
    let Some((told, grant)) = held(app, client, subject_token).await?.and_then(with_grant) else {
        return Ok(refused(OAuthError::InvalidRequest, "subject_token is not a person's that came to this client"));
    };
    // A bound token would become anybody's.
    if told.claims["cnf"].is_object() && binding.confirmation().is_none() {
        return Ok(refused(OAuthError::InvalidRequest, "subject_token is bound, and nothing binds what is asked for"));
    }
    let actor = match actor_token {
        None => None,
        Some(token) => match held(app, client, token).await? {
            Some(actor) => Some(actor),
            None => return Ok(refused(OAuthError::InvalidRequest, "actor_token is none of this client's")),
        },
    };
    let Some(act) = act(client, actor.as_ref(), &told) else {
        return Ok(refused(OAuthError::InvalidRequest, "too many act for one another"));
    };
    let granted = match narrowed(app, client, &told, grant, params) {
        Ok(granted) => granted,
        Err(refusal) => return Ok(Exchanged::Refused(refusal)),
    };
    give(app, client, &told, &granted, act, binding).await
}

/// `subject_token` and `actor_token`, each with the one type we swap (§2.1).
fn named(params: &Params) -> Result<(&str, Option<&str>), &'static str> {
    let subject = params.get("subject_token").ok_or("subject_token is missing")?;
    if params.get("subject_token_type") != Some(ACCESS_TOKEN) {
        return Err("subject_token_type is not an access token's");
    }
    if params.get("requested_token_type").is_some_and(|asked| asked != ACCESS_TOKEN) {
        return Err("requested_token_type is not an access token's");
    }
    match (params.get("actor_token"), params.get("actor_token_type")) {
        (None, None) => Ok((subject, None)),
        (Some(actor), Some(ACCESS_TOKEN)) => Ok((subject, Some(actor))),
        _ => Err("actor_token and actor_token_type do not fit"),
    }
}

/// A living token this client came by rightly: issued to it, or shown to an API it serves.
async fn held(app: &App, client: &Client, token: &str) -> Result<Option<Told>, Fault> {
    let Ok(told) = access_token::read(app, token).await? else { return Ok(None) };
    let live = app.live();
    let served = told
        .audience()
        .filter_map(|uri| live.catalog.resource(uri))
        .any(|resource| resource.servers.iter().any(|server| server == client.id.as_str()));
    Ok((told.client.id == client.id || served).then_some(told))
}

fn with_grant(mut told: Told) -> Option<(Told, Grant)> {
    let grant = told.grant.take()?;
    Some((told, grant))
}

/// The actor, and who acted before it (§4.1).
fn act(client: &Client, actor: Option<&Told>, subject: &Told) -> Option<Value> {
    let who = actor.and_then(|actor| actor.claims["sub"].as_str());
    let mut act = json!({ "sub": who.unwrap_or(client.id.as_str()), "client_id": client.id.as_str() });
    let before = &subject.claims["act"];
    let mut depth = 1;
    let mut each = before;
    while each.is_object() {
        depth += 1;
        each = &each["act"];
    }
    if before.is_object() {
        act["act"] = before.clone();
    }
    (depth <= DEEPEST).then_some(act)
}

/// No wider scope than the token's; audiences of the token's own, or those the client was declared with.
fn narrowed(app: &App, client: &Client, told: &Told, grant: Grant, params: &Params) -> Result<Grant, Refusal> {
    let refuse = |error, detail| Refusal::new(error, detail);
    let has = told.scope();
    let scope = match params.get("scope") {
        // Refreshing is not handed on.
        None => has.only(|word| !word.starts_with("offline")),
        Some(asked) => Scope::parse(asked)
            .and_then(|_| has.narrowed(asked))
            .ok_or_else(|| refuse(OAuthError::InvalidScope, "wider than subject_token's"))?,
    };
    let scope = app.live().catalog.allowed_scope(client, scope);
    let asked = target::read(params)?;
    let may = |uri: &String| client.resources.contains(uri) || told.audience().any(|one| one == uri);
    if !asked.iter().all(may) {
        return Err(refuse(OAuthError::InvalidTarget, "an audience that is neither subject_token's nor the client's"));
    }
    let audience = if asked.is_empty() { told.audience().map(str::to_owned).collect() } else { asked };
    Ok(Grant { scope, audience, ..grant })
}

async fn give(
    app: &App,
    client: &Client,
    told: &Told,
    granted: &Grant,
    act: Value,
    binding: &Binding,
) -> Result<Exchanged, Fault> {
    let subject = store::subjects::find(&app.db, &granted.subject).await?.filter(|subject| !subject.blocked);
    let Some(subject) = subject else {
        return Ok(refused(OAuthError::InvalidRequest, "the subject is blocked or gone"));
    };
    let (live, now) = (app.live(), app.now());
    let Some(belonging) = Belonging::of(&live.catalog, &subject, granted.organization.as_deref()) else {
        return Ok(refused(OAuthError::InvalidRequest, "the subject is no member of the organization any more"));
    };
    let sources =
        Sources { issuer: &app.issuer, client, grant: granted, subject: &subject, belonging: &belonging, now };
    let mut claims = claims::access_token(&sources, app.entropy.short());
    let latest = told.claims["exp"].as_i64().unwrap_or_default();
    let expires = latest.min(now.secs().saturating_add(i64::from(client.lifetimes.access)));
    claims["exp"] = expires.into();
    claims["act"] = act;
    claims["gty"] = json!([GrantType::TokenExchange.as_str()]);
    Ok(Exchanged::Tokens(Box::new(Tokens {
        access_token: mint::access(app, client, claims, binding)?,
        id_token: None,
        refresh_token: None,
        expires_in: expires.saturating_sub(now.secs()),
        scope: granted.scope.to_string(),
        token_type: binding.token_type(),
        issued_token_type: Some(ACCESS_TOKEN),
    })))
}
