//! Request objects (RFC 9101, OpenID Connect Core §6.1): parameters in a JWT the client signed.

use super::Fault;
use crate::app::App;
use crate::domain::client::Client;
use crate::domain::oauth::{OAuthError, Refusal};
use crate::domain::params::Params;

/// The parameters that count: those of the object where there is one, and nothing beside them (RFC 9101 §6.3).
pub async fn open(_app: &App, client: &Client, params: &Params) -> Result<Result<Params, Refusal>, Fault> {
    Ok(match params.get("request") {
        None if client.require_signed_request => {
            Err(Refusal::new(OAuthError::InvalidRequest, "this client signs its requests, and this one is not"))
        }
        None => Ok(params.clone()),
        Some(_) => Err(Refusal::new(OAuthError::RequestNotSupported, "request")),
    })
}
