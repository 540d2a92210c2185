//! Clients are told that a session is over (OpenID Connect Back-Channel Logout 1.0 §2.5): at least once each, while a day lasts.

use super::{Fault, clients};
use crate::app::App;
use crate::crypto::jwt;
use crate::domain::ids::ClientId;
use crate::domain::notice::Notice;
use crate::domain::time::Time;
use crate::store;
use crate::telemetry::Outcome;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

pub use crate::store::notices::BATCH;

/// Longer than a client may take to answer, so that nobody else tells it meanwhile.
const LEASE: Duration = Duration::from_secs(60);
/// At one client at once: one that hangs takes no more than its share.
const AT_ONE_CLIENT: usize = 16;
/// How long what found no place waits.
const CROWDED: Duration = Duration::from_secs(1);

pub async fn claim(app: &App) -> Result<Vec<Notice>, Fault> {
    let now = app.now();
    Ok(store::notices::claim(&app.db, now, now.plus(LEASE)).await?)
}

/// How many are being told of at each client, on this node.
#[derive(Clone, Default)]
pub struct Places(Arc<Mutex<HashMap<ClientId, usize>>>);

/// One of them, given back when dropped.
struct Place(Places, ClientId);

impl Places {
    fn take(&self, client: &ClientId) -> Option<Place> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(client.clone()).or_default();
        (*count < AT_ONE_CLIENT).then(|| {
            *count += 1;
            Place(self.clone(), client.clone())
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.1) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.1);
            }
        }
    }
}

/// What became of one try.
enum Told {
    Sent,
    /// It says that it cannot: asking again changes nothing (§2.8).
    Refused,
    NotNow(String),
    /// Nobody is there to be told any more.
    Dropped,
}

pub async fn tell(app: &App, places: &Places, notice: Notice) -> Result<(), Fault> {
    let Some(_place) = places.take(&notice.client) else {
        let later = app.now().plus(CROWDED);
        store::notices::change_queued(&app.db, &notice, notice.tries - 1, later, "others first").await?;
        return Ok(());
    };
    let told = send(app, &notice).await?;
    let now = app.now();
    let (outcome, detail) = match told {
        Told::Sent => ("sent", None),
        Told::Refused => ("refused", Some("the client answered 400".to_owned())),
        Told::Dropped => ("dropped", None),
        Told::NotNow(what) => match notice.again_at(now) {
            Some(again) => return put_off(app, &notice, again, &what).await,
            None => ("expired", Some(what)),
        },
    };
    count(app, outcome);
    match (outcome, &detail) {
        ("refused" | "expired", Some(detail)) => {
            tracing::warn!(client = %notice.client, outcome, detail, "a client was not told of a sign-out");
        }
        _ => tracing::info!(client = %notice.client, outcome, tries = notice.tries, "sign-out told"),
    }
    let state = if outcome == "sent" { "sent" } else { "failed" };
    store::notices::finish(&app.db, &notice, state, detail, now).await?;
    Ok(())
}

async fn put_off(app: &App, notice: &Notice, again: Time, what: &str) -> Result<(), Fault> {
    count(app, "retried");
    tracing::info!(client = %notice.client, tries = notice.tries, "a client cannot be told of a sign-out now: {what}");
    store::notices::change_queued(&app.db, notice, notice.tries, again, what).await?;
    Ok(())
}

async fn send(app: &App, notice: &Notice) -> Result<Told, Fault> {
    let (live, now) = (app.live(), app.now());
    let Some(client) = clients::find(app, notice.client.as_str()).await? else {
        // Whose metadata stand elsewhere may only be out of reach.
        let elsewhere = clients::may_be_elsewhere(app, notice.client.as_str());
        return Ok(if elsewhere { Told::NotNow("its metadata cannot be read".into()) } else { Told::Dropped });
    };
    let Some(url) = client.logout.back_channel.as_deref() else { return Ok(Told::Dropped) };
    let key = live
        .keys
        .signer(client.algorithm, now)
        .ok_or_else(|| Fault::Broken(format!("there is no {} signing key", client.algorithm.as_str())))?;
    let token = jwt::sign(key, "logout+jwt", &notice.claims(&app.issuer, app.entropy.short(), now))?;
    Ok(match app.web.post_form(url, &[("logout_token", &token)]).await {
        Ok(200..=299) => Told::Sent,
        Ok(400) => Told::Refused,
        Ok(status) => Told::NotNow(format!("it answered {status}")),
        Err(what) => Told::NotNow(what),
    })
}

fn count(app: &App, outcome: &'static str) {
    app.metrics.notices.get_or_create(&Outcome { outcome }).inc();
}
