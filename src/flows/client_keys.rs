//! What a client signed: verified by the keys it registered, or by those it publishes.
//!
//! For a client assertion and for a request object alike: `verify(app, client, jws, client.profile.client_algorithms())`, then
//! the caller looks at `claims` itself (`iss`, `aud`, `exp`, `jti`, …) and at `typ()`. Nothing of the claims is looked at here, and
//! no key the JWS itself brings or points to is ever used.

use crate::app::{App, Published};
use crate::crypto::jwk::{KeySet, Verdict};
use crate::crypto::jws::Jws;
use crate::domain::client::Client;
use crate::domain::json;
use std::sync::Arc;

/// A set of keys is not larger.
const LARGEST_SET: usize = 64 * 1024;

/// The JWS, once a key of the client has verified it with one of these algorithms; or why not, for the log.
pub async fn verify<'a>(
    app: &App,
    client: &Client,
    jws: &'a str,
    algorithms: &[&str],
) -> Result<Jws<'a>, &'static str> {
    let jws = Jws::read(jws).ok_or("no JWS that is read here")?;
    if !algorithms.contains(&jws.algorithm.as_str()) {
        return Err("an algorithm that is not allowed here");
    }
    let verdict = match (&client.keys.jwks, &client.keys.jwks_uri) {
        (Some(_), _) => app.live().declared_keys(client).map_or(Verdict::NoKey, |keys| jws.verified_by(&keys)),
        (None, Some(uri)) => by_published(app, uri, &jws).await,
        (None, None) => return Err("the client has registered no keys"),
    };
    match verdict {
        Verdict::Good => Ok(jws),
        Verdict::Bad => Err("the signature is wrong"),
        Verdict::NoKey => Err("signed by no key of the client"),
    }
}

/// A key that is not there may be newer than what is held: the address is read once more.
async fn by_published(app: &App, uri: &str, jws: &Jws<'_>) -> Verdict {
    let published = app.client_keys.at(uri);
    if !published.is_fresh(app.now()) {
        renew(app, uri, &published).await;
    }
    let judge = |keys: Option<Arc<KeySet>>| keys.map_or(Verdict::NoKey, |keys| jws.verified_by(&keys));
    let before = published.keys();
    let verdict = judge(before.clone());
    if verdict != Verdict::NoKey {
        return verdict;
    }
    let turn = published.turn().await;
    // Whoever had the turn before may have read what is needed.
    if !published.is_resting(app.now()) {
        read(app, uri, &published).await;
    }
    drop(turn);
    judge(published.keys())
}

/// What has grown old is read anew. Those who have an old set do not wait for one another.
async fn renew(app: &App, uri: &str, published: &Published) {
    let turn = match published.keys() {
        Some(_) => published.try_turn(),
        None => Some(published.turn().await),
    };
    if turn.is_some() && !published.is_fresh(app.now()) && !published.is_resting(app.now()) {
        read(app, uri, published).await;
    }
}

/// What cannot be read leaves what was read before.
async fn read(app: &App, uri: &str, published: &Published) {
    published.trying(app.now());
    let fetched = match app.web.fetch(uri, LARGEST_SET).await {
        Ok(fetched) if fetched.status == 200 => fetched,
        Ok(fetched) => return tracing::warn!(uri, status = fetched.status, "a client's keys are not there"),
        Err(what) => return tracing::warn!(uri, "a client's keys cannot be read: {what}"),
    };
    match json::read(&fetched.body).as_ref().and_then(KeySet::read) {
        // An empty set as well: that is how a client takes its keys back.
        Some(keys) => published.read(keys, fetched.max_age, app.now()),
        None => tracing::warn!(uri, "what stands at a client's jwks_uri is no set of keys"),
    }
}
