//! What an access token may read (OpenID Connect Core §5.3), and its end (RFC 7009).

use super::exchange::client_auth::{self, Credentials};
use super::{Fault, clients};
use crate::app::App;
use crate::crypto::jwt;
use crate::domain::belonging::Belonging;
use crate::domain::claims::{self, Sources};
use crate::domain::oauth::{OAuthError, Refusal};
use crate::store;
use serde_json::Value;

/// The claims, or why not. A token is good while it is ours, unexpired, and its grant not revoked.
pub async fn read(app: &App, token: &str) -> Result<Result<Value, Refusal>, Fault> {
    let refuse = |detail: &str| Ok(Err(Refusal::new(OAuthError::InvalidToken, detail)));
    let (live, now) = (app.live(), app.now());
    let Some(told) = jwt::read(&live.keys, token, now).filter(|told| told["iss"] == app.issuer.as_str()) else {
        return refuse("not a token of ours");
    };
    if jwt::typ(token).as_deref() != Some("at+jwt") {
        return refuse("not an access token");
    }
    if told["exp"].as_i64().is_none_or(|exp| now.secs() >= exp) {
        return refuse("expired");
    }
    let grant = match told["grant_id"].as_str() {
        Some(id) => store::grants::find(&app.db, id).await?.filter(|grant| grant.revoked_at.is_none()),
        None => None,
    };
    let Some(mut grant) = grant else { return refuse("its grant is revoked or gone") };
    if !grant.scope.has("openid") {
        return Ok(Err(Refusal::new(OAuthError::InsufficientScope, "without openid")));
    }
    // A refresh may have narrowed what this very token carries.
    if let Some(narrowed) = told["scope"].as_str().and_then(|scope| grant.scope.narrowed(scope)) {
        grant.scope = narrowed;
    }
    let Some(client) = clients::find(app, grant.client_id.as_str()).await? else {
        return refuse("its client is gone");
    };
    let Some(subject) = store::subjects::find(&app.db, &grant.subject).await?.filter(|subject| !subject.blocked) else {
        return refuse("its subject is blocked or gone");
    };
    let Some(belonging) = Belonging::of(&live.catalog, &subject, grant.organization.as_deref()) else {
        return refuse("its subject is no member of the organization any more");
    };
    Ok(Ok(claims::userinfo(&Sources {
        issuer: &app.issuer,
        client: &client,
        grant: &grant,
        subject: &subject,
        belonging: &belonging,
        now,
    })))
}

/// Revokes the grant an access or refresh token hangs from. A token we do not know is no error (RFC 7009 §2.2).
pub async fn revoke(app: &App, token: Option<&str>, credentials: &Credentials) -> Result<Result<(), Refusal>, Fault> {
    let live = app.live();
    let client = match client_auth::authenticate(app, credentials).await? {
        Ok(client) => client,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some(token) = token else { return Ok(Err(Refusal::new(OAuthError::InvalidRequest, "token is missing"))) };
    let grant_id = match app.secret.read_refresh_token(token) {
        Some((grant_id, _)) => Some(grant_id),
        None => jwt::read(&live.keys, token, app.now()).and_then(|told| told["grant_id"].as_str().map(str::to_owned)),
    };
    if let Some(grant_id) = grant_id
        && let Some(grant) = store::grants::find(&app.db, &grant_id).await?.filter(|grant| grant.client_id == client.id)
    {
        store::grants::revoke(&app.db, &grant.id, app.now()).await?;
    }
    Ok(Ok(()))
}
