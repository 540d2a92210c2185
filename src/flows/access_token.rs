//! Access tokens as they come back to us: JWTs (RFC 9068) or text only we can open, read by one reader; whether they live; and
//! whether whoever shows one may (RFC 6750 §2, RFC 9449 §7.1, RFC 8705 §3).

use super::{Fault, clients, proof};
use crate::app::App;
use crate::crypto::jwt;
use crate::crypto::keys::SigningKey;
use crate::crypto::same::same;
use crate::domain::client::Client;
use crate::domain::dpop::Shown;
use crate::domain::grant::Grant;
use crate::domain::oauth::{OAuthError, Refusal};
use crate::domain::scope::Scope;
use crate::store;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use std::sync::Arc;

/// How an opaque token begins. What follows is its claims under the installation's seal, so nothing of it is stored.
const OPAQUE: &str = "at_";
const LABEL: &str = "access token";
/// No token of ours is longer; nothing longer is opened.
const LONGEST: usize = 16 * 1024;

/// What a living token says.
#[derive(Clone, Debug)]
pub struct Told {
    pub claims: Value,
    /// The client it was issued to.
    pub client: Arc<Client>,
    /// What it hangs from; a client's own token hangs from nothing.
    pub grant: Option<Grant>,
}

impl Told {
    pub fn scope(&self) -> Scope {
        self.claims["scope"].as_str().and_then(Scope::parse).unwrap_or_default()
    }

    pub fn audience(&self) -> impl Iterator<Item = &str> {
        self.claims["aud"].as_array().into_iter().flatten().filter_map(Value::as_str)
    }
}

/// By which name a token was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    Bearer,
    Dpop,
}

/// A token as a request presented it.
#[derive(Clone, Debug)]
pub struct Presented {
    pub token: String,
    pub scheme: Scheme,
    pub shown: Shown,
    /// `x5t#S256` of the certificate of its connection.
    pub certificate: Option<String>,
}

/// The claims as the client is to get them.
pub fn write(app: &App, client: &Client, key: &SigningKey, claims: &Value) -> Result<String, Fault> {
    if !client.tokens.opaque {
        return Ok(jwt::sign(key, "at+jwt", claims)?);
    }
    let sealed = app.secret.seal.close(LABEL, claims.to_string().as_bytes())?;
    Ok(format!("{OPAQUE}{}", URL_SAFE_NO_PAD.encode(sealed)))
}

/// What a token of ours says, alive or not.
pub fn open(app: &App, token: &str) -> Option<Value> {
    if token.len() > LONGEST {
        return None;
    }
    let claims = match token.strip_prefix(OPAQUE) {
        Some(sealed) => {
            let plain = app.secret.seal.open(LABEL, &URL_SAFE_NO_PAD.decode(sealed).ok()?).ok()?;
            serde_json::from_slice(&plain).ok()?
        }
        None => jwt::read_typ(&app.live().keys, token, "at+jwt", app.now())?,
    };
    (claims["iss"] == app.issuer.as_str()).then_some(claims)
}

/// A token that lives: ours, unexpired, its client there, its grant not revoked. Whether its subject may still sign in is for the
/// caller to look at, who mostly reads the subject anyway.
pub async fn read(app: &App, token: &str) -> Result<Result<Told, &'static str>, Fault> {
    let Some(claims) = open(app, token) else { return Ok(Err("not an access token of ours")) };
    if claims["exp"].as_i64().is_none_or(|exp| app.now().secs() >= exp) {
        return Ok(Err("expired"));
    }
    let Some(client) = clients::find(app, claims["azp"].as_str().unwrap_or_default()).await? else {
        return Ok(Err("its client is gone"));
    };
    // What came by a grant ends with it. Tokens that say how they came were never a grant's only ones, and end one by one.
    if let Some(jti) = claims["jti"].as_str().filter(|_| claims["gty"].is_array())
        && store::revoked_tokens::find(&app.db, jti).await?.is_some()
    {
        return Ok(Err("revoked"));
    }
    let Some(id) = claims["grant_id"].as_str() else { return Ok(Ok(Told { claims, client, grant: None })) };
    match store::grants::find(&app.db, id).await?.filter(|grant| grant.revoked_at.is_none()) {
        Some(grant) => Ok(Ok(Told { claims, client, grant: Some(grant) })),
        None => Ok(Err("its grant is revoked or gone")),
    }
}

/// A living token, shown by who may show it.
pub async fn present(app: &App, presented: &Presented) -> Result<Result<Told, Refusal>, Fault> {
    let told = match read(app, &presented.token).await? {
        Ok(told) => told,
        Err(detail) => return Ok(Err(invalid(detail))),
    };
    Ok(check_binding(app, &told, presented).await?.map(|()| told))
}

fn invalid(detail: &str) -> Refusal {
    Refusal::new(OAuthError::InvalidToken, detail)
}

async fn check_binding(app: &App, told: &Told, presented: &Presented) -> Result<Result<(), Refusal>, Fault> {
    let bound = &told.claims["cnf"];
    if let Some(certificate) = bound["x5t#S256"].as_str() {
        let shown =
            presented.certificate.as_deref().is_some_and(|shown| same(shown.as_bytes(), certificate.as_bytes()));
        return Ok(if shown { Ok(()) } else { Err(invalid("bound to another certificate")) });
    }
    match (bound["jkt"].as_str(), presented.scheme) {
        (None, Scheme::Bearer) => Ok(Ok(())),
        (None, Scheme::Dpop) => Ok(Err(invalid("bound to no key, and shown as if it were"))),
        (Some(_), Scheme::Bearer) => Ok(Err(invalid("bound to a key, and shown without a proof"))),
        (Some(jkt), Scheme::Dpop) => {
            Ok(match proof::key(app, told.client.profile, &presented.shown, Some(&presented.token)).await? {
                Ok(Some(shown)) if same(shown.as_bytes(), jkt.as_bytes()) => Ok(()),
                Ok(Some(_)) => Err(Refusal::new(OAuthError::InvalidDpopProof, "of another key")),
                Ok(None) => Err(Refusal::new(OAuthError::InvalidDpopProof, "no proof")),
                Err(refusal) => Err(refusal),
            })
        }
    }
}
