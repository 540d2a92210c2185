//! A client gives a token back (RFC 7009). Whatever kind it says it is, we see for ourselves; what is not this client's, or
//! nobody's, is no error and changes nothing.

use super::exchange::client_auth::{self, Credentials};
use super::{Fault, access_token};
use crate::app::App;
use crate::domain::client::Client;
use crate::domain::oauth::{OAuthError, Refusal};
use crate::domain::params::Params;
use crate::domain::time::Time;
use crate::store;
use serde_json::Value;

pub async fn revoke(app: &App, params: &Params, credentials: &Credentials) -> Result<Result<(), Refusal>, Fault> {
    let invalid = |detail: String| Ok(Err(Refusal::new(OAuthError::InvalidRequest, detail)));
    if let Err(fault) = params.check(&["token", "token_type_hint", "client_id", "client_secret"]) {
        return invalid(format!("{fault:?}"));
    }
    let client = match client_auth::authenticate(app, credentials).await? {
        Ok(client) => client,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some(token) = params.get("token") else { return invalid("token is missing".into()) };
    match app.secret.read_refresh_token(token) {
        Some((grant, _)) => end_grant(app, &client, &grant).await?,
        None => match access_token::open(app, token) {
            Some(claims) if claims["azp"] == client.id.as_str() => end(app, &client, &claims).await?,
            _ => {}
        },
    }
    Ok(Ok(()))
}

/// With its grant, where it is the grant's own (§2.1: refresh tokens may go with it); by itself, where it came another way.
async fn end(app: &App, client: &Client, claims: &Value) -> Result<(), Fault> {
    match (claims["grant_id"].as_str(), claims["jti"].as_str(), claims["exp"].as_i64()) {
        (Some(grant), ..) if !claims["gty"].is_array() => end_grant(app, client, grant).await,
        (_, Some(jti), Some(exp)) => {
            Ok(store::revoked_tokens::add(&app.db, jti, Time::from_secs(exp.saturating_add(1))).await?)
        }
        _ => Ok(()),
    }
}

async fn end_grant(app: &App, client: &Client, id: &str) -> Result<(), Fault> {
    let grant = store::grants::find(&app.db, id).await?.filter(|grant| grant.client_id == client.id);
    if let Some(grant) = grant {
        store::grants::revoke(&app.db, &grant.id, app.now()).await?;
    }
    Ok(())
}
