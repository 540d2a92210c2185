//! Who the client is, at every endpoint where it has to show that (RFC 6749 §2.3): by a secret, by a JWT it signed (RFC 7523), by
//! its certificate (RFC 8705), or by nothing but an id where nothing can be kept.

mod assertion;
mod credentials;

use crate::app::App;
use crate::crypto::certificate::Certificate;
use crate::crypto::hash::sha256_hex;
use crate::crypto::same::same;
use crate::domain::client::{AuthMethod, Client};
use crate::domain::oauth::{OAuthError, Refusal};
use crate::domain::time::Time;
use crate::flows::{Fault, clients};
pub use credentials::Credentials;
use credentials::Shown;
use std::ops::Deref;
use std::sync::Arc;

/// A client that has shown who it is.
#[derive(Clone, Debug)]
pub struct Authenticated {
    pub client: Arc<Client>,
    /// `x5t#S256` of the certificate it came with, whatever it authenticated by: tokens can be bound to it (RFC 8705 §3).
    pub certificate: Option<String>,
}

impl Deref for Authenticated {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.client
    }
}

/// The thumbprint of what stands in a believed `Client-Cert`, for resources whose tokens are bound to it.
pub fn thumbprint(client_cert: &str) -> Option<String> {
    Certificate::read(client_cert).map(|certificate| certificate.thumbprint())
}

pub async fn authenticate(app: &App, credentials: &Credentials) -> Result<Result<Authenticated, Refusal>, Fault> {
    if let Some(wrong) = &credentials.wrong {
        return Ok(Err(wrong.clone()));
    }
    let refuse = |detail: &str| Ok(Err(Refusal::new(OAuthError::InvalidClient, detail)));
    let Some(id) = credentials.id.as_deref() else { return refuse("no client_id") };
    let Some(client) = clients::find(app, id).await? else { return refuse("unknown client") };
    if let Err(detail) = is_its_method(&client, &credentials.shown) {
        return refuse(detail);
    }
    let good = match &credentials.shown {
        Shown::Nothing => by_certificate(&client, credentials.certificate.as_ref()),
        Shown::Secret(_, secret) => by_secret(&client, secret, app.now()),
        Shown::Assertion(method, jws) => assertion::check(app, &client, *method, jws).await?,
    };
    let certificate = credentials.certificate.as_ref().map(Certificate::thumbprint);
    match good {
        Ok(()) => Ok(Ok(Authenticated { client, certificate })),
        Err(detail) => refuse(detail),
    }
}

/// The method registered is the method used: a second way in would be the weaker one (RFC 9700 §2.5).
fn is_its_method(client: &Client, shown: &Shown) -> Result<(), &'static str> {
    let used = match shown {
        Shown::Secret(method, _) | Shown::Assertion(method, _) => *method,
        Shown::Nothing if client.keys.method == Some(AuthMethod::TlsClientAuth) => AuthMethod::TlsClientAuth,
        Shown::Nothing => AuthMethod::None,
    };
    let registered = match client.keys.method {
        Some(method) => method == used,
        None if client.secret_hash.is_some() => {
            matches!(used, AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost)
        }
        None => used == AuthMethod::None && client.public(),
    };
    match (registered, client.profile.allows(used)) {
        (true, true) => Ok(()),
        (true, false) => Err("a method its profile does not allow"),
        (false, _) => Err("not by the method this client authenticates with"),
    }
}

/// Either of the two it may have. Both are looked at, whichever it is.
fn by_secret(client: &Client, secret: &str, now: Time) -> Result<(), &'static str> {
    let hash = client.secret_hash.as_deref().ok_or("this client has no secret")?;
    let shown = sha256_hex(secret);
    let is = |hash: &str| same(hash.as_bytes(), shown.as_bytes());
    let old = client.old_secret.as_ref().is_some_and(|old| is(&old.hash) & old.lives(now));
    if is(hash) | old { Ok(()) } else { Err("wrong secret") }
}

/// Asked for where the method is a certificate; a public client shows nothing.
fn by_certificate(client: &Client, certificate: Option<&Certificate>) -> Result<(), &'static str> {
    if client.keys.method != Some(AuthMethod::TlsClientAuth) {
        return Ok(());
    }
    let wanted = client.keys.certificate.as_deref().ok_or("no certificate is registered")?;
    match certificate {
        Some(certificate) if certificate.is(wanted) => Ok(()),
        Some(_) => Err("another certificate than the one registered"),
        None => Err("no certificate, or none from a proxy that is trusted"),
    }
}
