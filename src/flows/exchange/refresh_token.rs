//! Refreshing (RFC 6749 §6), each token used once (RFC 9700 §4.14.2). Refresh tokens are derived, not stored: the grant keeps
//! only which generation is the newest, so requests that race get the very same successor.

use super::binding::Binding;
use super::mint::Share;
use super::{Exchanged, mint, refused};
use crate::app::App;
use crate::domain::client::Client;
use crate::domain::grant::{Grant, Standing};
use crate::domain::oauth::OAuthError;
use crate::domain::params::Params;
use crate::domain::target;
use crate::flows::Fault;
use crate::store;
use std::time::Duration;

pub async fn redeem(app: &App, client: &Client, params: &Params, binding: &Binding) -> Result<Exchanged, Fault> {
    let Some(token) = params.get("refresh_token") else {
        return Ok(refused(OAuthError::InvalidRequest, "refresh_token is missing"));
    };
    let Some((grant_id, generation)) = app.secret.read_refresh_token(token) else {
        return Ok(refused(OAuthError::InvalidGrant, "not a refresh token of ours"));
    };
    let Some(grant) = store::grants::find(&app.db, &grant_id).await?.filter(|grant| grant.client_id == client.id)
    else {
        return Ok(refused(OAuthError::InvalidGrant, "no such grant, or another client's"));
    };
    // A client that authenticates may come with a new key (RFC 9449 §5).
    if client.public() && grant.jkt.is_some() && grant.jkt != binding.jkt {
        return Ok(refused(OAuthError::InvalidDpopProof, "the refresh token is bound to another key"));
    }
    // Before anything is used up: what is refused for its scope can be asked again.
    let scope = params.get("scope").map_or_else(|| Some(grant.scope.clone()), |asked| grant.scope.narrowed(asked));
    let audience = target::narrowed(&grant.audience, params);
    let standing = grant.standing(generation, app.now(), app.config.refresh_overlap.0);
    let usable = matches!(standing, Standing::Newest | Standing::Overlapping);
    let (scope, audience) = match (scope, audience) {
        (Some(scope), Ok(audience)) => (scope, audience),
        (None, _) if usable => return Ok(refused(OAuthError::InvalidScope, "more than was granted")),
        (_, Err(refusal)) if usable => return Ok(Exchanged::Refused(refusal)),
        // What is not usable is told so first.
        _ => Default::default(),
    };
    // Bound to the client's key or certificate already, a token that stays the same is worth nothing to a thief.
    if standing == Standing::Newest && !client.profile.rotates_refresh() {
        return mint::tokens(app, client, &grant, Share { scope, audience, generation }, binding).await;
    }
    // A fresh look after losing a race: what was newest is then the one before, within its overlap.
    let (grant, standing) = match rotate(app, client, &grant, generation).await? {
        Some(rotated) => rotated,
        None => match store::grants::find(&app.db, &grant_id).await? {
            Some(grant) => (grant.clone(), grant.standing(generation, app.now(), app.config.refresh_overlap.0)),
            None => return Ok(refused(OAuthError::InvalidGrant, "the grant is gone")),
        },
    };
    match standing {
        Standing::Newest | Standing::Overlapping => {}
        Standing::Dead => return Ok(refused(OAuthError::InvalidGrant, "the grant is revoked or expired")),
        Standing::Reused => {
            store::grants::revoke(&app.db, &grant.id, app.now()).await?;
            tracing::warn!(client = %client.id, grant = %grant.id, "a replaced refresh token came again: its family is revoked");
            return Ok(refused(OAuthError::InvalidGrant, "a replaced refresh token was used"));
        }
    }
    let share = Share { scope, audience, generation: generation + 1 };
    mint::tokens(app, client, &grant, share, binding).await
}

/// The newest token is replaced; `None` when somebody else replaced it in this instant.
async fn rotate(
    app: &App,
    client: &Client,
    grant: &Grant,
    generation: i64,
) -> Result<Option<(Grant, Standing)>, Fault> {
    let now = app.now();
    let standing = grant.standing(generation, now, app.config.refresh_overlap.0);
    if standing != Standing::Newest {
        return Ok(Some((grant.clone(), standing)));
    }
    let expires_at = grant.prolonged(now, Duration::from_secs(u64::from(client.lifetimes.refresh)));
    let rotated = store::grants::spend_generation(&app.db, &grant.id, generation, expires_at, now).await?;
    Ok(rotated.then(|| (grant.clone(), standing)))
}
