//! A client asks in its own name (RFC 6749 §4.4). Nothing is written and nothing read: who the client is was in memory, and so is
//! what it may have.

use super::binding::Binding;
use super::mint::{self, Tokens};
use super::{Exchanged, refused};
use crate::app::App;
use crate::domain::claims;
use crate::domain::client::Client;
use crate::domain::oauth::OAuthError;
use crate::domain::params::Params;
use crate::domain::scope::{SUPPORTED, Scope};
use crate::flows::Fault;

pub fn give(app: &App, client: &Client, params: &Params, binding: &Binding) -> Result<Exchanged, Fault> {
    if client.public() {
        return Ok(refused(OAuthError::UnauthorizedClient, "a client that cannot authenticate"));
    }
    let Some(scope) = scope(app, client, params.get("scope")) else {
        return Ok(refused(OAuthError::InvalidScope, "a scope that is unknown or not this client's"));
    };
    let Some(audience) = audience(app, client, params) else {
        return Ok(refused(OAuthError::InvalidTarget, "an audience that is unknown or not this client's"));
    };
    let from = claims::Machine { issuer: &app.issuer, client, scope: &scope, audience: &audience, now: app.now() };
    let claims = claims::machine_token(&from, app.entropy.short());
    Ok(Exchanged::Tokens(Box::new(Tokens {
        access_token: mint::access(app, client, claims, binding)?,
        id_token: None,
        refresh_token: None,
        expires_in: i64::from(client.lifetimes.access),
        scope: scope.to_string(),
        token_type: binding.token_type(),
        issued_token_type: None,
    })))
}

/// Scopes that are about a person mean nothing here and are left out. None asked for means all the client was declared with.
fn scope(app: &App, client: &Client, asked: Option<&str>) -> Option<Scope> {
    let of_machines = |scope: Scope| scope.only(|word| !SUPPORTED.contains(&word));
    let live = app.live();
    let Some(asked) = asked else {
        return Scope::parse(&client.scopes.join(" ")).map(of_machines);
    };
    let asked = of_machines(Scope::parse(asked)?);
    let allowed = live.catalog.allowed_scope(client, asked.clone());
    (allowed == asked).then_some(asked)
}

/// `resource` (RFC 8707) and Kinde's `audience`, which may hold several.
fn audience(app: &App, client: &Client, params: &Params) -> Option<Vec<String>> {
    let asked = params.all("audience").flat_map(|list| list.split(' ')).chain(params.all("resource"));
    let mut audience: Vec<String> = Vec::new();
    for one in asked.filter(|one| !one.is_empty()) {
        if !may_target(app, client, one) {
            return None;
        }
        if !audience.iter().any(|have| have == one) {
            audience.push(one.to_owned());
        }
    }
    Some(audience)
}

/// Our own API needs no declaration: every SDK of Kinde's asks for it.
fn may_target(app: &App, client: &Client, uri: &str) -> bool {
    let listed = client.resources.iter().any(|resource| resource == uri);
    let ours = uri.strip_suffix("/api").is_some_and(|issuer| issuer == app.issuer);
    listed || (client.resources.is_empty() && (ours || app.live().catalog.resource(uri).is_some()))
}
