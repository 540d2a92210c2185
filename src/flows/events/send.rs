//! Endpoints are told, in order for each account and each sign-in, at least once, for three days. No transaction is open while
//! one is spoken to.

use super::secret;
use crate::app::App;
use crate::crypto::jwt;
use crate::delivery::signature::{ID, Key, SIGNATURE, TIMESTAMP};
use crate::domain::client::Algorithm;
use crate::domain::event::{Delivery, Event, EventEndpoint, Form, PATIENCE, State};
use crate::flows::Fault;
use crate::store;
use crate::telemetry::Outcome;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Longer than an endpoint may take to answer, so that nobody else tells it meanwhile.
const LEASE: Duration = Duration::from_secs(60);
/// At one endpoint at once: one that hangs holds up nobody else's.
const AT_ONE_ENDPOINT: usize = 16;

/// How many tries take more than half an hour: an operator ought to look.
const LONG: i64 = 4;

/// The places at each endpoint, on this node.
#[derive(Default)]
pub struct Places(HashMap<String, Arc<Semaphore>>);

/// What is due at every endpoint, as far as there is place, each with the place it takes; and whether there may be more.
pub async fn claim(app: &App, places: &mut Places) -> Result<(Vec<(Delivery, OwnedSemaphorePermit)>, bool), Fault> {
    let (live, now) = (app.live(), app.now());
    let (mut claimed, mut more) = (Vec::new(), false);
    for endpoint in live.catalog.event_endpoints.iter().filter(|endpoint| endpoint.enabled) {
        let free = places.0.entry(endpoint.name.clone()).or_insert_with(|| Arc::new(Semaphore::new(AT_ONE_ENDPOINT)));
        let most = free.available_permits();
        if most == 0 {
            continue;
        }
        let wanted = i64::try_from(most).unwrap_or(1);
        let due = store::event_deliveries::claim(&app.db, &endpoint.name, now, now.plus(LEASE), wanted).await?;
        more |= due.len() == most;
        for delivery in due {
            claimed.extend(free.clone().try_acquire_owned().ok().map(|place| (delivery, place)));
        }
    }
    Ok((claimed, more))
}

/// What became of one try.
struct Tried {
    status: Option<u16>,
    /// Why that was not enough.
    wrong: Option<String>,
    /// When it asks us to come back.
    again_in: Option<Duration>,
}

pub async fn tell(app: &App, delivery: Delivery) -> Result<(), Fault> {
    let live = app.live();
    // Whoever takes an endpoint away ends what it was to be told.
    let Some(endpoint) = live.catalog.event_endpoint(&delivery.endpoint) else { return Ok(()) };
    let Some(event) = store::events::find(&app.db, &delivery.event).await? else { return Ok(()) };
    let tried = send(app, endpoint, &event).await?;
    let (now, status) = (app.now(), tried.status.map(i64::from));
    let Some(wrong) = tried.wrong else {
        count(app, "delivered");
        store::event_deliveries::finish(&app.db, &delivery, State::Delivered, status, None, now).await?;
        tracing::debug!(event = event.id, endpoint = endpoint.name, tries = delivery.tries, "event told");
        return Ok(());
    };
    // 410 is its last word, as Standard Webhooks has it.
    let again = delivery.again_at(now, tried.again_in).filter(|_| tried.status != Some(410));
    let Some(again) = again else {
        count(app, "failed");
        let what = format!("was not told of {}: {wrong}", event.id);
        app.alert("event_endpoint", &endpoint.name, &what);
        store::event_deliveries::finish(&app.db, &delivery, State::Failed, status, Some(wrong), now).await?;
        return Ok(());
    };
    count(app, "retried");
    if delivery.tries >= LONG {
        app.alert("event_endpoint", &endpoint.name, &format!("has taken none for half an hour: {wrong}"));
    }
    tracing::warn!(event = event.id, endpoint = endpoint.name, tries = delivery.tries, "event not told yet: {wrong}");
    if store::event_deliveries::change_again(&app.db, &delivery, again, status, &wrong).await? {
        store::event_deliveries::change_behind(&app.db, &delivery, again).await?;
    }
    Ok(())
}

async fn send(app: &App, endpoint: &EventEndpoint, event: &Event) -> Result<Tried, Fault> {
    let (content_type, body) = match endpoint.form {
        Form::Standard => ("application/json", event.document(endpoint.identifiers).to_string()),
        Form::Jwt => ("application/jwt", signed(app, endpoint, event)?),
    };
    let seconds = app.now().secs();
    let Some(key) = secret(app, endpoint).ok().as_deref().and_then(Key::read) else {
        let wrong = Some("its secret cannot be read any more: give it another".to_owned());
        return Ok(Tried { status: None, wrong, again_in: None });
    };
    let headers = [
        ("content-type", content_type.to_owned()),
        (ID, event.id.clone()),
        (TIMESTAMP, seconds.to_string()),
        (SIGNATURE, key.sign(&event.id, seconds, body.as_bytes())),
    ];
    Ok(match app.web.tell(&endpoint.url, endpoint.allow_private, &headers, body, PATIENCE).await {
        Ok(told) => Tried {
            status: Some(told.status),
            wrong: (!(200..300).contains(&told.status)).then(|| format!("it answered {}", told.status)),
            again_in: told.retry_after.map(|after| after.wait(app.now().secs())),
        },
        Err(what) => Tried { status: None, wrong: Some(what), again_in: None },
    })
}

/// RS256, and a type of its own: no ID token, no access token, nothing anybody else takes for theirs (RFC 8725 §3.11).
fn signed(app: &App, endpoint: &EventEndpoint, event: &Event) -> Result<String, Fault> {
    let (live, now) = (app.live(), app.now());
    let key = live.keys.signer(Algorithm::RS256, now);
    let key = key.ok_or_else(|| Fault::Broken("there is no RS256 signing key".into()))?;
    Ok(jwt::sign(key, "event+jwt", &event.claims(&app.issuer, endpoint.identifiers, now))?)
}

fn count(app: &App, outcome: &'static str) {
    app.metrics.events.get_or_create(&Outcome { outcome }).inc();
}
