//! The token endpoint (RFC 6749 §3.2): who is the client, then one file per grant type.

mod authorization_code;
mod binding;
pub mod client_auth;
mod client_credentials;
mod device_code;
mod mint;
mod refresh_token;
mod token_exchange;
mod trial;

use super::Fault;
use crate::app::App;
use crate::domain::client::{Client, GrantType};
use crate::domain::dpop::Shown;
use crate::domain::oauth::{OAuthError, Refusal};
use crate::domain::params::Params;
use crate::telemetry::Outcome;
use client_auth::Credentials;
pub use mint::Tokens;
pub(super) use trial::{Redeemed, redeem as redeem_trial};

/// The credentials' own parameters are `client_auth`'s to count; `audience` and `resource` may repeat (RFC 8707 §2, RFC 8693 §2.1).
const ONCE: [&str; 12] = [
    "device_code",
    "grant_type",
    "code",
    "redirect_uri",
    "code_verifier",
    "refresh_token",
    "scope",
    "subject_token",
    "subject_token_type",
    "actor_token",
    "actor_token_type",
    "requested_token_type",
];

pub enum Exchanged {
    Tokens(Box<Tokens>),
    Refused(Refusal),
}

pub async fn exchange(
    app: &App,
    params: &Params,
    credentials: &Credentials,
    shown: &Shown,
) -> Result<Exchanged, Fault> {
    let exchanged = dispatch(app, params, credentials, shown).await?;
    let outcome = match &exchanged {
        Exchanged::Tokens(_) => "issued",
        Exchanged::Refused(refusal) => {
            tracing::info!(error = %refusal.error, detail = refusal.detail, "token request refused");
            refusal.error.code()
        }
    };
    app.metrics.tokens.get_or_create(&Outcome { outcome }).inc();
    Ok(exchanged)
}

async fn dispatch(app: &App, params: &Params, credentials: &Credentials, shown: &Shown) -> Result<Exchanged, Fault> {
    if let Err(fault) = params.check(&ONCE) {
        return Ok(refused(OAuthError::InvalidRequest, format!("{fault:?}")));
    }
    let client = match client_auth::authenticate(app, credentials).await? {
        Ok(client) => client,
        Err(refusal) => return Ok(Exchanged::Refused(refusal)),
    };
    let grant_type = match allowed(&client, params.get("grant_type")) {
        Ok(grant_type) => grant_type,
        Err(refusal) => return Ok(Exchanged::Refused(refusal)),
    };
    let binding = match binding::of(app, &client, shown, client.certificate.clone()).await? {
        Ok(binding) => binding,
        Err(refusal) => return Ok(Exchanged::Refused(refusal)),
    };
    match grant_type {
        GrantType::AuthorizationCode => authorization_code::redeem(app, &client, params, &binding).await,
        GrantType::RefreshToken => refresh_token::redeem(app, &client, params, &binding).await,
        GrantType::ClientCredentials => client_credentials::give(app, &client, params, &binding),
        GrantType::TokenExchange => token_exchange::swap(app, &client, params, &binding).await,
        GrantType::DeviceCode => device_code::redeem(app, &client, params, &binding).await,
    }
}

/// By its whole name, and only where this client may come by it (RFC 6749 §5.2).
fn allowed(client: &Client, asked: Option<&str>) -> Result<GrantType, Refusal> {
    let Some(asked) = asked else { return Err(Refusal::new(OAuthError::InvalidRequest, "grant_type is missing")) };
    let Some(grant_type) = GrantType::ALL.into_iter().find(|one| one.as_str() == asked) else {
        let detail: String = asked.chars().take(60).collect();
        return Err(Refusal::new(OAuthError::UnsupportedGrantType, detail));
    };
    if !client.may(grant_type) {
        return Err(Refusal::new(OAuthError::UnauthorizedClient, grant_type.as_str()));
    }
    Ok(grant_type)
}

fn refused(error: OAuthError, detail: impl Into<String>) -> Exchanged {
    Exchanged::Refused(Refusal::new(error, detail))
}
