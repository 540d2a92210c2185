//! Whoever asks shows that it holds a key (RFC 9449). Each proof is good once; nonces are derived from the time and the
//! installation's secret, so that no row is kept for them and every node knows them.

use super::{Fault, once};
use crate::app::App;
use crate::crypto::dpop;
use crate::crypto::hash::s256;
use crate::crypto::same::same;
use crate::domain::dpop::{NONCE_LIFE, Proof, Shown};
use crate::domain::oauth::{OAuthError, Refusal};
use crate::domain::profile::Profile;
use crate::domain::time::Time;

/// The thumbprint of the key a request proved to hold; `None` where it showed no proof. `token` is the access token it came with.
pub async fn key(
    app: &App,
    profile: Profile,
    shown: &Shown,
    token: Option<&str>,
) -> Result<Result<Option<String>, Refusal>, Fault> {
    let now = app.now();
    let proof = match read(profile, shown, token, now) {
        Ok(Some(proof)) => proof,
        Ok(None) => return Ok(Ok(None)),
        Err(detail) => return Ok(Err(Refusal::new(OAuthError::InvalidDpopProof, detail))),
    };
    // Before the proof is used up: with a nonce, the client makes another.
    if let Err(refusal) = check_nonce(app, profile, &proof, now) {
        return Ok(Err(refusal));
    }
    if !once::spend(app, "dpop", &proof.jkt, &proof.jti, proof.ends_at()).await? {
        return Ok(Err(Refusal::new(OAuthError::InvalidDpopProof, "the proof came before")));
    }
    Ok(Ok(Some(proof.jkt)))
}

fn read(profile: Profile, shown: &Shown, token: Option<&str>, now: Time) -> Result<Option<Proof>, &'static str> {
    let Some(proof) = shown.one()? else { return Ok(None) };
    let proof = dpop::read(proof, profile.client_algorithms())?;
    proof.fits(shown, token.map(s256).as_deref(), now)?;
    Ok(Some(proof))
}

/// A nonce that is not ours any more is never taken; whether there must be one is the profile's say (§8, §9).
fn check_nonce(app: &App, profile: Profile, proof: &Proof, now: Time) -> Result<(), Refusal> {
    let good = match &proof.nonce {
        Some(told) => knows(app, told, now),
        None => !profile.requires_dpop_nonce(),
    };
    if good { Ok(()) } else { Err(Refusal::new(OAuthError::UseDpopNonce, "the nonce is missing or too old")) }
}

/// What the next proof is to hold.
pub fn nonce(app: &App) -> String {
    app.secret.nonce(window(app.now()))
}

/// This window's nonce, the one before, or the next: another node's clock may be ahead.
fn knows(app: &App, told: &str, now: Time) -> bool {
    let window = window(now);
    [window, window - 1, window + 1].iter().any(|one| same(app.secret.nonce(*one).as_bytes(), told.as_bytes()))
}

fn window(now: Time) -> i64 {
    now.secs().div_euclid(i64::try_from(NONCE_LIFE.as_secs()).unwrap_or(i64::MAX))
}
