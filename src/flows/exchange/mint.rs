//! Tokens are made: access token (RFC 9068), ID token (OpenID Connect Core §2), refresh token where `offline` was granted.

use super::binding::Binding;
use super::{Exchanged, refused};
use crate::app::App;
use crate::crypto::{hash, jwt};
use crate::domain::belonging::Belonging;
use crate::domain::claims::{self, Sources};
use crate::domain::client::Client;
use crate::domain::grant::Grant;
use crate::domain::oauth::OAuthError;
use crate::domain::scope::Scope;
use crate::flows::Fault;
use crate::store;
use serde::Serialize;

/// RFC 6749 §5.1.
#[derive(Serialize)]
pub struct Tokens {
    pub access_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    pub expires_in: u32,
    pub scope: String,
    pub token_type: &'static str,
}

/// `generation` names the refresh token to hand out; 0 is none.
pub(super) async fn tokens(
    app: &App,
    client: &Client,
    grant: &Grant,
    scope: Scope,
    generation: i64,
    binding: &Binding,
) -> Result<Exchanged, Fault> {
    let Some(subject) = store::subjects::find(&app.db, &grant.subject).await?.filter(|subject| !subject.blocked) else {
        return Ok(refused(OAuthError::InvalidGrant, "the subject is blocked or gone"));
    };
    let (live, now) = (app.live(), app.now());
    let Some(belonging) = Belonging::of(&live.catalog, &subject, grant.organization.as_deref()) else {
        return Ok(refused(OAuthError::InvalidGrant, "the subject is no member of the organization any more"));
    };
    let key = live
        .keys
        .signer(client.algorithm, now)
        .ok_or_else(|| Fault::Broken(format!("there is no {} signing key", client.algorithm.as_str())))?;
    let granted = Grant { scope, ..grant.clone() };
    let sources =
        Sources { issuer: &app.issuer, client, grant: &granted, subject: &subject, belonging: &belonging, now };
    let mut told = claims::access_token(&sources, app.entropy.short());
    if let Some(confirmation) = binding.confirmation() {
        told["cnf"] = confirmation;
    }
    let access_token = jwt::sign(key, "at+jwt", &told)?;
    let id_token = if granted.scope.has("openid") {
        let at_hash = hash::at_hash(&access_token, client.algorithm);
        Some(jwt::sign(key, "JWT", &claims::id_token(&sources, app.entropy.short(), at_hash))?)
    } else {
        None
    };
    Ok(Exchanged::Tokens(Box::new(Tokens {
        access_token,
        id_token,
        refresh_token: (generation > 0).then(|| app.secret.refresh_token(grant.id.as_str(), generation)),
        expires_in: client.lifetimes.access,
        scope: granted.scope.to_string(),
        token_type: binding.token_type(),
    })))
}
