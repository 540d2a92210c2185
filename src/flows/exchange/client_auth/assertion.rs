//! A JWT the client signed, with its own key or with its secret (RFC 7523 §3, OpenID Connect Core §9).

use crate::app::{App, secret_label};
use crate::crypto::jws::Jws;
use crate::domain::assertion::{self, Wanted};
use crate::domain::client::{AuthMethod, Client};
use crate::flows::{Fault, client_keys, once};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The error is for the log. What is good is good once: spent last, so that nobody uses up another's `jti`.
pub(super) async fn check(
    app: &App,
    client: &Client,
    method: AuthMethod,
    jws: &str,
) -> Result<Result<(), &'static str>, Fault> {
    let jws = match method {
        AuthMethod::ClientSecretJwt => by_secret(app, client, jws)?,
        _ => client_keys::verify(app, client, jws, client.profile.client_algorithms()).await,
    };
    let jws = match jws {
        Ok(jws) if client.keys.assertion_algorithm.as_ref().is_some_and(|only| *only != jws.algorithm) => {
            return Ok(Err("signed by another algorithm than the client registered"));
        }
        Ok(jws) if assertion::is_typ(jws.typ()) => jws,
        Ok(_) => return Ok(Err("a JWT of another kind")),
        Err(detail) => return Ok(Err(detail)),
    };
    let wanted = Wanted { client: client.id.as_str(), issuer: &app.issuer, profile: client.profile };
    let good = match assertion::check(&jws.claims, &wanted, app.now()) {
        Ok(good) => good,
        Err(detail) => return Ok(Err(detail)),
    };
    let first = once::spend(app, "assertion", client.id.as_str(), good.jti, good.ends_at).await?;
    Ok(if first { Ok(()) } else { Err("its jti was used before") })
}

/// The secret is kept sealed for this one method: to make a MAC anew, its hash is not enough.
fn by_secret<'a>(app: &App, client: &Client, jws: &'a str) -> Result<Result<Jws<'a>, &'static str>, Fault> {
    let Some(sealed) = &client.keys.sealed_secret else {
        return Ok(Err("the client has no secret that can be opened"));
    };
    let old = client.old_secret.as_ref().filter(|old| old.lives(app.now())).and_then(|old| old.sealed.as_ref());
    let Some(jws) = Jws::read(jws) else { return Ok(Err("no JWT")) };
    for sealed in [Some(sealed), old].into_iter().flatten() {
        if jws.verified_with_secret(&opened(app, client, sealed)?) {
            return Ok(Ok(jws));
        }
    }
    Ok(Err("the MAC is not of the client's secret"))
}

fn opened(app: &App, client: &Client, sealed: &str) -> Result<zeroize::Zeroizing<Vec<u8>>, Fault> {
    let broken = |_| Fault::Broken(format!("a sealed secret of the client {} is not base64", client.id));
    let secret = app.secret.seal.open(&secret_label(client.id.as_str()), &STANDARD.decode(sealed).map_err(broken)?)?;
    Ok(zeroize::Zeroizing::new(secret))
}
