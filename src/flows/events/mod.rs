//! What happened is told to the endpoints that want to hear of it: written in the transaction in which it happens, sent by
//! `send`. Where nobody wants to hear, nothing is written.

mod send;

pub use send::{Places, claim, tell};

use super::Fault;
use crate::app::{App, endpoint_label};
use crate::crypto::CryptoError;
use crate::domain::audit::{Act, By};
use crate::domain::event::{Delivery, Event, EventEndpoint, Happened, Kind, Source, State};
use crate::domain::ids::SubjectId;
use crate::store::{self, Tx};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// Whether anybody wants to hear of one of these: whoever needs no transaction otherwise asks first.
pub fn wanted(app: &App, kinds: &[Kind]) -> bool {
    let live = app.live();
    kinds.iter().any(|kind| live.catalog.wants(*kind))
}

/// Writes it down for every endpoint that wants it; rung for at once, which is a moment before the commit.
pub async fn write(app: &App, tx: &mut Tx, happened: Happened) -> Result<(), Fault> {
    let (live, kind) = (app.live(), happened.kind);
    if !live.catalog.wants(kind) {
        return Ok(());
    }
    let event = add(app, tx, happened).await?;
    for endpoint in live.catalog.event_endpoints.iter().filter(|endpoint| endpoint.wants(kind)) {
        store::event_deliveries::add(&mut *tx, &delivery(app, &event, &endpoint.name)).await?;
    }
    app.events.notify_one();
    Ok(())
}

/// Writes it down, for nobody yet.
pub(super) async fn add(app: &App, tx: &mut Tx, happened: Happened) -> Result<Event, Fault> {
    let now = app.now();
    let identifier = happened.identifier.as_ref().map(|identifier| app.secret.blurred(identifier)).unwrap_or_default();
    let mut event = happened.at(app.entropy.event_id(now), now);
    event.place = store::events::add(tx, &event, &identifier).await?;
    Ok(event)
}

/// One that is due now, in its line.
pub(super) fn delivery(app: &App, event: &Event, endpoint: &str) -> Delivery {
    let now = app.now();
    Delivery {
        id: app.entropy.event_delivery_id(now),
        event: event.id.clone(),
        endpoint: endpoint.to_owned(),
        about: event.about.clone(),
        place: event.place,
        state: State::Pending,
        tries: 0,
        run_at: now,
        status: None,
        detail: None,
        created_at: now,
        finished_at: None,
    }
}

/// What an entry of the book is for endpoints: of clients, connections, carriers, and of people as far as it is one thing done.
pub(super) async fn write_act(app: &App, tx: &mut Tx, by: &By, act: &Act) -> Result<(), Fault> {
    let source = Source::of(&by.actor);
    let subject = |kind| Happened::subject(kind, source, &SubjectId::new(&act.name));
    let happened = match (act.noun, act.act) {
        ("person", "block") => subject(Kind::SubjectBlocked),
        ("person", "unblock") => subject(Kind::SubjectUnblocked),
        ("person", "erase") => subject(Kind::SubjectErased),
        // Not erased: what apps keep of them is still theirs.
        ("person", "merged") => {
            let into = act.after.as_ref().and_then(|after| after["into"].as_str()).unwrap_or_default();
            Happened::merged(source, &SubjectId::new(&act.name), into)
        }
        ("person", "add_identifier" | "remove_identifier" | "merge") => {
            Happened::updated(source, &SubjectId::new(&act.name), &["identifiers"])
        }
        ("person", "update") => {
            let changed = act.after.as_ref().and_then(|after| after["changed"].as_array()).cloned().unwrap_or_default();
            let changed: Vec<&str> = changed.iter().filter_map(Value::as_str).collect();
            Happened::updated(source, &SubjectId::new(&act.name), &changed)
        }
        (noun @ ("client" | "connection" | "carrier"), _) => {
            let Some(kind) = declared(noun, act.act) else { return Ok(()) };
            Happened::declared(kind, source, noun, &act.name, &changed(act))
        }
        _ => return Ok(()),
    };
    write(app, tx, happened).await
}

fn declared(noun: &str, act: &str) -> Option<Kind> {
    let done = match act {
        "create" => "created",
        "update" => "updated",
        "delete" => "deleted",
        _ => return None,
    };
    Kind::parse(&format!("{noun}.{done}"))
}

/// The settings that are others now, by name; values may be secrets.
fn changed(act: &Act) -> Vec<String> {
    let (Some(Value::Object(before)), Some(Value::Object(after))) = (&act.before, &act.after) else {
        return Vec::new();
    };
    let mut names: Vec<String> = before.keys().chain(after.keys()).cloned().collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| before.get(name) != after.get(name));
    names
}

/// What an endpoint's documents are signed with.
pub fn secret(app: &App, endpoint: &EventEndpoint) -> Result<String, CryptoError> {
    let unreadable = |_| CryptoError("the secret of an event endpoint cannot be read".into());
    let sealed = STANDARD.decode(&endpoint.sealed_secret).map_err(|_| unreadable(()))?;
    let opened = app.secret.seal.open(&endpoint_label(&endpoint.name), &sealed)?;
    String::from_utf8(opened).map_err(|_| unreadable(()))
}
