//! Tokens are made: access token (RFC 9068), ID token (OpenID Connect Core §2), refresh token where `offline` was granted.

use super::binding::Binding;
use super::{Exchanged, refused};
use crate::app::{App, Live};
use crate::crypto::keys::SigningKey;
use crate::crypto::{hash, jwt};
use crate::domain::belonging::Belonging;
use crate::domain::claims::{self, Sources};
use crate::domain::client::Client;
use crate::domain::grant::Grant;
use crate::domain::oauth::OAuthError;
use crate::domain::scope::Scope;
use crate::flows::{Fault, access_token};
use crate::store;
use serde::Serialize;
use serde_json::Value;

/// RFC 6749 §5.1.
#[derive(Serialize)]
pub struct Tokens {
    pub access_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    pub expires_in: i64,
    /// A client's own token may have none: a scope is one word at least (§3.3).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub scope: String,
    pub token_type: &'static str,
    /// RFC 8693 §2.2.1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued_token_type: Option<&'static str>,
}

/// What of a grant this very request is to get.
pub(super) struct Share {
    pub scope: Scope,
    pub audience: Vec<String>,
    /// The refresh token to hand out; 0 is none.
    pub generation: i64,
}

pub(super) async fn tokens(
    app: &App,
    client: &Client,
    grant: &Grant,
    share: Share,
    binding: &Binding,
) -> Result<Exchanged, Fault> {
    let Some(subject) = store::subjects::find(&app.db, &grant.subject).await?.filter(|subject| !subject.blocked) else {
        return Ok(refused(OAuthError::InvalidGrant, "the subject is blocked or gone"));
    };
    let (live, now) = (app.live(), app.now());
    let Some(belonging) = Belonging::of(&live.catalog, &subject, grant.organization.as_deref()) else {
        return Ok(refused(OAuthError::InvalidGrant, "the subject is no member of the organization any more"));
    };
    let key = signer(app, &live, client)?;
    let granted = Grant { scope: share.scope, audience: share.audience, ..grant.clone() };
    let sources =
        Sources { issuer: &app.issuer, client, grant: &granted, subject: &subject, belonging: &belonging, now };
    let access_token = access(app, client, claims::access_token(&sources, app.entropy.short()), binding)?;
    let id_token = if granted.scope.has("openid") {
        let at_hash = hash::at_hash(&access_token, client.algorithm);
        Some(jwt::sign(key, "JWT", &claims::id_token(&sources, app.entropy.short(), at_hash))?)
    } else {
        None
    };
    let refresh_token = (share.generation > 0).then(|| app.secret.refresh_token(grant.id.as_str(), share.generation));
    Ok(Exchanged::Tokens(Box::new(Tokens {
        access_token,
        id_token,
        refresh_token,
        expires_in: i64::from(client.lifetimes.access),
        scope: granted.scope.to_string(),
        token_type: binding.token_type(),
        issued_token_type: None,
    })))
}

/// An access token of these claims, in the client's form, bound to what the request showed.
pub(super) fn access(app: &App, client: &Client, mut claims: Value, binding: &Binding) -> Result<String, Fault> {
    if let Some(confirmation) = binding.confirmation() {
        claims["cnf"] = confirmation;
    }
    access_token::write(app, client, signer(app, &app.live(), client)?, &claims)
}

fn signer<'a>(app: &App, live: &'a Live, client: &Client) -> Result<&'a SigningKey, Fault> {
    let key = live.keys.signer(client.algorithm, app.now());
    key.ok_or_else(|| Fault::Broken(format!("there is no {} signing key", client.algorithm.as_str())))
}
