//! A code becomes tokens, once (RFC 6749 §4.1.3, RFC 7636 §4.6). A code that comes again ends what came of it.

use super::binding::Binding;
use super::mint::Share;
use super::{Exchanged, mint, refused};
use crate::app::App;
use crate::crypto::hash::{s256, sha256_hex};
use crate::crypto::same::same;
use crate::domain::client::Client;
use crate::domain::grant::Grant;
use crate::domain::oauth::OAuthError;
use crate::domain::params::Params;
use crate::domain::pkce;
use crate::domain::target;
use crate::flows::Fault;
use crate::store;

pub async fn redeem(app: &App, client: &Client, params: &Params, binding: &Binding) -> Result<Exchanged, Fault> {
    let Some(code) = params.get("code") else { return Ok(refused(OAuthError::InvalidRequest, "code is missing")) };
    let Some(redirect_uri) = params.get("redirect_uri") else {
        return Ok(refused(OAuthError::InvalidRequest, "redirect_uri is missing"));
    };
    let (now, code_hash) = (app.now(), sha256_hex(code));
    // A public client's refresh tokens are bound to the key it first shows (RFC 9449 §5).
    let key = binding.jkt.clone().filter(|_| client.public());
    let Some(grant) = store::grants::spend_code(&app.db, &code_hash, &client.id, key, now).await? else {
        let reused = store::grants::revoke_reused_code(&app.db, &code_hash, &client.id, now).await?;
        if reused {
            tracing::warn!(client = %client.id, "an authorization code came twice: its grant is revoked");
        }
        return Ok(refused(OAuthError::InvalidGrant, "the code is unknown, expired, used or another client's"));
    };
    if !client.same_uri(&grant.redirect_uri, redirect_uri) {
        return Ok(refused(OAuthError::InvalidGrant, "redirect_uri is not the one the code was sent to"));
    }
    if !proves_possession(&grant, params.get("code_verifier")) {
        return Ok(refused(OAuthError::InvalidGrant, "code_verifier does not fit code_challenge"));
    }
    if grant.jkt.is_some() && grant.jkt != binding.jkt {
        return Ok(refused(OAuthError::InvalidDpopProof, "the code is bound to another key"));
    }
    let audience = match target::narrowed(&grant.audience, params) {
        Ok(audience) => audience,
        Err(refusal) => return Ok(Exchanged::Refused(refusal)),
    };
    let share = Share { scope: grant.scope.clone(), audience, generation: grant.generation };
    mint::tokens(app, client, &grant, share, binding).await
}

/// A verifier without a challenge fails too: somebody stripped the challenge on its way (RFC 9700 §2.1.1).
pub(super) fn proves_possession(grant: &Grant, verifier: Option<&str>) -> bool {
    match (&grant.code_challenge, verifier) {
        (None, None) => true,
        (Some(challenge), Some(verifier)) => {
            pkce::well_formed(verifier) && same(challenge.as_bytes(), s256(verifier).as_bytes())
        }
        _ => false,
    }
}
