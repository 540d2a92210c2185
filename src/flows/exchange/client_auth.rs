//! Who the client is (RFC 6749 §2.3): `client_secret_basic`, `client_secret_post`, or nothing but an id where no secret can be kept.

use crate::app::App;
use crate::crypto::hash::sha256_hex;
use crate::crypto::same::same;
use crate::domain::client::Client;
use crate::domain::oauth::{OAuthError, Refusal};
use crate::domain::params::Params;
use crate::flows::{Fault, clients};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::sync::Arc;

/// What the request brought.
#[derive(Default)]
pub struct Credentials {
    pub id: Option<String>,
    pub secret: Option<String>,
    /// Whether it tried HTTP Basic: a failure then answers 401 with `WWW-Authenticate`.
    pub basic: bool,
    /// Two methods at once, or a header that cannot be read.
    malformed: bool,
}

impl Credentials {
    pub fn read(authorization: Option<&str>, params: &Params) -> Self {
        let (id, secret) = (params.get("client_id").map(str::to_owned), params.get("client_secret").map(str::to_owned));
        let Some(header) = authorization.and_then(basic_part) else {
            return Self { id, secret, basic: false, malformed: false };
        };
        match decode(header) {
            Some((header_id, header_secret)) => Self {
                malformed: secret.is_some() || id.is_some_and(|id| id != header_id),
                id: Some(header_id),
                secret: Some(header_secret),
                basic: true,
            },
            None => Self { id: None, secret: None, basic: true, malformed: true },
        }
    }

    fn unreadable(&self) -> Refusal {
        match (self.malformed, &self.id) {
            (false, _) => Refusal::new(OAuthError::InvalidClient, "no client_id"),
            (true, None) => Refusal::new(OAuthError::InvalidClient, "unreadable client authentication"),
            (true, Some(_)) => Refusal::new(OAuthError::InvalidRequest, "more than one way of client authentication"),
        }
    }
}

fn basic_part(header: &str) -> Option<&str> {
    let (scheme, rest) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("basic").then_some(rest.trim())
}

/// Both halves are form-encoded before they are base64 (RFC 6749 §2.3.1).
fn decode(header: &str) -> Option<(String, String)> {
    let plain = String::from_utf8(STANDARD.decode(header).ok()?).ok()?;
    let (id, secret) = plain.split_once(':')?;
    let form = |text: &str| {
        url::form_urlencoded::parse(format!("x={text}").as_bytes()).next().map(|(_, value)| value.into_owned())
    };
    Some((form(id)?, form(secret)?))
}

pub async fn authenticate(app: &App, credentials: &Credentials) -> Result<Result<Arc<Client>, Refusal>, Fault> {
    let Some(id) = credentials.id.as_deref().filter(|_| !credentials.malformed) else {
        return Ok(Err(credentials.unreadable()));
    };
    Ok(match clients::find(app, id).await? {
        Some(client) => check(&client, credentials).map(|()| client),
        None => Err(Refusal::new(OAuthError::InvalidClient, "unknown client")),
    })
}

fn check(client: &Client, credentials: &Credentials) -> Result<(), Refusal> {
    let refuse = |detail: &str| Refusal::new(OAuthError::InvalidClient, detail);
    match (&client.secret_hash, &credentials.secret) {
        (Some(hash), Some(secret)) if same(hash.as_bytes(), sha256_hex(secret).as_bytes()) => Ok(()),
        (Some(_), Some(_)) => Err(refuse("wrong secret")),
        (Some(_), None) => Err(refuse("this client has a secret and sent none")),
        (None, None) => Ok(()),
        (None, Some(_)) => Err(refuse("this client has no secret and sent one")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_is_form_decoded() {
        let header = format!("Basic {}", STANDARD.encode("a%20b:c%2Bd+e"));
        let read = Credentials::read(Some(&header), &Params::default());
        assert_eq!((read.id.as_deref(), read.secret.as_deref(), read.basic), (Some("a b"), Some("c+d e"), true));
        let both = Credentials::read(Some(&header), &Params::parse(b"client_secret=x"));
        assert!(both.malformed);
        assert!(Credentials::read(Some("Basic !!"), &Params::default()).malformed);
        assert!(!Credentials::read(Some("Bearer x"), &Params::parse(b"client_id=x")).basic);
    }
}
