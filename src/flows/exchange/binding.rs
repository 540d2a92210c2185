//! What the tokens of a request are bound to: the key of its DPoP proof (RFC 9449 §5), or the certificate of its connection
//! (RFC 8705 §3). Whoever must be bound and shows neither gets nothing.

use crate::app::App;
use crate::domain::client::Client;
use crate::domain::dpop::Shown;
use crate::domain::oauth::{OAuthError, Refusal};
use crate::flows::{Fault, proof};
use serde_json::{Value, json};

#[derive(Clone, Debug, Default)]
pub struct Binding {
    /// The thumbprint of the key a proof was made with.
    pub jkt: Option<String>,
    /// `x5t#S256` of the client's certificate.
    pub certificate: Option<String>,
}

impl Binding {
    pub fn token_type(&self) -> &'static str {
        if self.jkt.is_some() { "DPoP" } else { "Bearer" }
    }

    /// The `cnf` of an access token (RFC 7800 §3.1).
    pub fn confirmation(&self) -> Option<Value> {
        match (&self.jkt, &self.certificate) {
            (Some(jkt), _) => Some(json!({ "jkt": jkt })),
            (None, Some(certificate)) => Some(json!({ "x5t#S256": certificate })),
            (None, None) => None,
        }
    }
}

/// Checked before anything of the request is used up: a client told `use_dpop_nonce` comes again with the same code.
pub(super) async fn of(
    app: &App,
    client: &Client,
    shown: &Shown,
    certificate: Option<String>,
) -> Result<Result<Binding, Refusal>, Fault> {
    let jkt = match proof::key(app, client.profile, shown, None).await? {
        Ok(jkt) => jkt,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if client.tokens.dpop_bound && jkt.is_none() {
        return Ok(Err(Refusal::new(OAuthError::InvalidDpopProof, "this client's tokens are bound by DPoP")));
    }
    if client.tokens.tls_bound && certificate.is_none() {
        return Ok(Err(Refusal::new(OAuthError::InvalidRequest, "this client's tokens are bound to its certificate")));
    }
    // A certificate binds where the client says so, or where nothing else does and something must.
    let required = client.profile.requires_bound_tokens() && jkt.is_none();
    let certificate = certificate.filter(|_| client.tokens.tls_bound || required);
    if required && certificate.is_none() {
        return Ok(Err(Refusal::new(OAuthError::InvalidDpopProof, "neither a proof nor a certificate")));
    }
    Ok(Ok(Binding { jkt, certificate }))
}
