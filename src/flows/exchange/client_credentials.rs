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
use crate::domain::target;
use crate::flows::Fault;

pub fn give(app: &App, client: &Client, params: &Params, binding: &Binding) -> Result<Exchanged, Fault> {
    if client.public() {
        return Ok(refused(OAuthError::UnauthorizedClient, "a client that cannot authenticate"));
    }
    let Some(scope) = scope(app, client, params.get("scope")) else {
        return Ok(refused(OAuthError::InvalidScope, "a scope that is unknown or not this client's"));
    };
    let audience = match target::read(params) {
        Ok(audience) => audience,
        Err(refusal) => return Ok(Exchanged::Refused(refusal)),
    };
    if let Err(refusal) = app.live().catalog.allowed_targets(client, &app.issuer, &audience) {
        return Ok(Exchanged::Refused(refusal));
    }
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
