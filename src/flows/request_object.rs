//! Request objects (RFC 9101, OpenID Connect Core §6.1): parameters in a JWT the client signed.

use super::client_keys;
use crate::app::App;
use crate::domain::client::Client;
use crate::domain::oauth::{OAuthError, Refusal};
use crate::domain::params::Params;
use crate::domain::request_object;

/// The parameters that count: those of the object where there is one, and nothing beside them (RFC 9101 §6.3).
pub async fn open(app: &App, client: &Client, params: &Params) -> Result<Params, Refusal> {
    let Some(object) = params.get("request") else {
        if client.require_signed_request {
            return Err(Refusal::new(
                OAuthError::InvalidRequest,
                "this client signs its requests, and this one is not",
            ));
        }
        return Ok(params.clone());
    };
    let invalid = |detail| Refusal::new(OAuthError::InvalidRequestObject, detail);
    let algorithms = client.profile.client_algorithms();
    let object = client_keys::verify(app, client, object, algorithms).await.map_err(invalid)?;
    if client.keys.request_algorithm.as_ref().is_some_and(|only| *only != object.algorithm) {
        return Err(invalid("signed by another algorithm than the client registered"));
    }
    if !request_object::is_typ(object.typ()) {
        return Err(invalid("signed as something else than a request"));
    }
    request_object::read(&object.claims, client, &app.issuer, app.now()).map_err(invalid)
}
