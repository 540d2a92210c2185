//! Events as operators see them: what happened, who was told, who was not and why; told again, or told for a trial.

use super::audit;
use crate::app::App;
use crate::domain::audit::{Act, By};
use crate::domain::event::{Delivery, Event, Happened, Source};
use crate::domain::time::Time;
use crate::flows::Fault;
use crate::flows::events::{add, delivery};
use crate::store;
pub use crate::store::event_deliveries::Filter as DeliveryFilter;
pub use crate::store::events::Filter;
use serde_json::json;

/// A page of events, newest first, those before this moment and id.
pub async fn list(app: &App, filter: &Filter, before: Option<(Time, &str)>, most: i64) -> Result<Vec<Event>, Fault> {
    Ok(store::events::list(app.db.aside(), filter, before.unwrap_or((Time(i64::MAX), "")), most).await?)
}

/// One event, and what became of telling it, oldest first.
pub async fn find(app: &App, id: &str) -> Result<Option<(Event, Vec<Delivery>)>, Fault> {
    let Some(event) = store::events::find(&app.db, id).await? else { return Ok(None) };
    let deliveries = store::event_deliveries::list_event(&app.db, id).await?;
    Ok(Some((event, deliveries)))
}

/// A page of deliveries, newest first, those before this moment and id.
pub async fn deliveries(
    app: &App,
    filter: &DeliveryFilter,
    before: Option<(Time, &str)>,
    most: i64,
) -> Result<Vec<Delivery>, Fault> {
    Ok(store::event_deliveries::list(app.db.aside(), filter, before.unwrap_or((Time(i64::MAX), "")), most).await?)
}

#[derive(Debug)]
pub enum Replayed {
    /// These are on their way.
    Done(Vec<Delivery>),
    /// There is no such event, or it is forgotten.
    Unknown,
    /// There is no such endpoint.
    NoEndpoint,
}

/// Tells an event again: to this endpoint, or to all that were told of it before. Each is told with the same id, beside the
/// order in which the others come.
pub async fn replay(app: &App, by: &By, id: &str, endpoint: Option<&str>) -> Result<Replayed, Fault> {
    let Some((event, before)) = find(app, id).await? else { return Ok(Replayed::Unknown) };
    let live = app.live();
    let known = |name: &str| live.catalog.event_endpoint(name).is_some();
    if endpoint.is_some_and(|name| !known(name)) {
        return Ok(Replayed::NoEndpoint);
    }
    let mut names: Vec<&str> = match endpoint {
        Some(name) => vec![name],
        None => before.iter().map(|told| told.endpoint.as_str()).filter(|name| known(name)).collect(),
    };
    names.sort_unstable();
    names.dedup();
    let mut again = Vec::new();
    let mut tx = app.db.begin().await?;
    for name in &names {
        let mut one = delivery(app, &event, name);
        one.about.clone_from(&one.id);
        store::event_deliveries::add(&mut tx, &one).await?;
        again.push(one);
    }
    let after = Some(json!({ "endpoints": names }));
    let act = Act { act: "replay", noun: "event", name: event.id.clone(), before: None, after };
    audit::write(app, &mut tx, by, vec![act]).await?;
    tx.commit().await?;
    app.events.notify_one();
    Ok(Replayed::Done(again))
}

/// Tells one endpoint that it is being tried. `None` where there is none of this name.
pub async fn test(app: &App, by: &By, endpoint: &str) -> Result<Option<(Event, Delivery)>, Fault> {
    if app.live().catalog.event_endpoint(endpoint).is_none() {
        return Ok(None);
    }
    let mut tx = app.db.begin().await?;
    let happened = Happened::test(Source::of(&by.actor), endpoint, &app.entropy.short());
    let event = add(app, &mut tx, happened).await?;
    let told = delivery(app, &event, endpoint);
    store::event_deliveries::add(&mut tx, &told).await?;
    let after = Some(json!({ "event": event.id }));
    let act = Act { act: "test", noun: "event_endpoint", name: endpoint.to_owned(), before: None, after };
    audit::write(app, &mut tx, by, vec![act]).await?;
    tx.commit().await?;
    app.events.notify_one();
    Ok(Some((event, told)))
}
