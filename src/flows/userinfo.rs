//! What an access token may read of its subject (OpenID Connect Core §5.3).

use super::Fault;
use super::access_token::{self, Presented, Told};
use crate::app::App;
use crate::crypto::jwt;
use crate::domain::belonging::Belonging;
use crate::domain::claims::{self, Sources};
use crate::domain::client::{Algorithm, Client};
use crate::domain::grant::Grant;
use crate::domain::oauth::{OAuthError, Refusal};
use crate::store;
use serde_json::{Value, json};
use std::sync::Arc;

pub enum Read {
    Claims(Value),
    /// The same, signed as the client registered (§5.3.2).
    Signed(String),
}

/// What it may read, and whose app asks.
pub async fn read(app: &App, presented: &Presented) -> Result<Result<(Arc<Client>, Read), Refusal>, Fault> {
    let told = match access_token::present(app, presented).await? {
        Ok(told) => told,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let lacking = |detail: &str| Ok(Err(Refusal::new(OAuthError::InsufficientScope, detail)));
    // A refresh may have narrowed what this very token carries.
    let scope = told.scope();
    let Told { client, grant: Some(grant), .. } = told else { return lacking("a client's own token") };
    if !scope.has("openid") {
        return lacking("without openid");
    }
    let grant = Grant { scope, ..grant };
    let Some(subject) = store::subjects::find(&app.db, &grant.subject).await?.filter(|subject| !subject.blocked) else {
        return Ok(Err(Refusal::new(OAuthError::InvalidToken, "its subject is blocked or gone")));
    };
    let live = app.live();
    let Some(belonging) = Belonging::of(&live.catalog, &subject, grant.organization.as_deref()) else {
        let detail = "its subject is no member of the organization any more";
        return Ok(Err(Refusal::new(OAuthError::InvalidToken, detail)));
    };
    let mut claims = claims::userinfo(&Sources {
        issuer: &app.issuer,
        client: &client,
        grant: &grant,
        subject: &subject,
        belonging: &belonging,
        now: app.now(),
    });
    // Kinde's profile calls the subject `id` as well.
    claims["id"] = claims["sub"].clone();
    let told = match client.tokens.userinfo_algorithm {
        None => Read::Claims(claims),
        Some(algorithm) => Read::Signed(sign(app, &client, algorithm, claims)?),
    };
    Ok(Ok((client, told)))
}

/// Without a `typ`: nobody takes it for an ID token, and no library for something it does not know.
fn sign(app: &App, client: &Client, algorithm: Algorithm, mut claims: Value) -> Result<String, Fault> {
    claims["iss"] = app.issuer.as_str().into();
    claims["aud"] = json!(client.id.as_str());
    let live = app.live();
    let key = live.keys.signer(algorithm, app.now());
    let key = key.ok_or_else(|| Fault::Broken(format!("there is no {} signing key", algorithm.as_str())))?;
    Ok(jwt::sign_plain(key, &claims)?)
}
