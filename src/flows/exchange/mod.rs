//! The token endpoint (RFC 6749 §3.2): who is the client, then one file per grant type.

mod authorization_code;
mod binding;
pub mod client_auth;
mod mint;
mod refresh_token;

use super::Fault;
use crate::app::App;
use crate::domain::dpop::Shown;
use crate::domain::oauth::{OAuthError, Refusal};
use crate::domain::params::Params;
use crate::telemetry::Outcome;
use client_auth::Credentials;
pub use mint::Tokens;

const ONCE: [&str; 8] =
    ["grant_type", "code", "redirect_uri", "client_id", "client_secret", "code_verifier", "refresh_token", "scope"];

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
    let binding = match binding::of(app, &client, shown, None).await? {
        Ok(binding) => binding,
        Err(refusal) => return Ok(Exchanged::Refused(refusal)),
    };
    match params.get("grant_type") {
        Some("authorization_code") => authorization_code::redeem(app, &client, params, &binding).await,
        Some("refresh_token") => refresh_token::redeem(app, &client, params, &binding).await,
        Some(other) => Ok(refused(OAuthError::UnsupportedGrantType, other.chars().take(60).collect::<String>())),
        None => Ok(refused(OAuthError::InvalidRequest, "grant_type is missing")),
    }
}

fn refused(error: OAuthError, detail: impl Into<String>) -> Exchanged {
    Exchanged::Refused(Refusal::new(error, detail))
}
