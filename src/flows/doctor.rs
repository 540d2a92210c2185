//! What stands between a person and their passcode: carriers, ladders without a carrier, prices missing under a cap, caps
//! that are reached. Sends nothing; says how to mend each.

use super::Fault;
use super::carriers::{self, Examined};
use crate::app::{App, Live};
use crate::delivery::Finding;
use crate::domain::carrier::CarrierKind;
use crate::domain::connection::Connection;
use crate::domain::delivery::{Cap, Channel, Micros, Scope};
use crate::store;

pub async fn examine(app: &App) -> Result<Vec<Examined>, Fault> {
    let live = app.live();
    let mut examined = carriers::examine(app).await;
    for connection in live.catalog.connections.iter().filter(|connection| connection.enabled) {
        let findings = ladder(&live, connection);
        examined.push(Examined { carrier: connection.name.clone(), kind: "connection", findings });
    }
    if !live.catalog.caps.is_empty() {
        let mut findings = Vec::new();
        for cap in &live.catalog.caps {
            findings.push(spent(app, cap).await?);
        }
        findings.extend(unpriced(&live));
        examined.push(Examined { carrier: "caps".into(), kind: "money", findings });
    }
    Ok(examined)
}

/// Each rung needs somebody to carry it.
fn ladder(live: &Live, connection: &Connection) -> Vec<Finding> {
    let rungs = connection.ladder.iter().map(|channel| {
        let name = channel.as_str();
        let able = able(live, connection, *channel);
        if able.is_empty() {
            Finding::bad(format!("{name}: no carrier that can be used carries it; declare one, or take the rung away"))
        } else {
            Finding::good(format!("{name}: {}", able.join(", then ")))
        }
    });
    rungs.collect()
}

/// The carriers that take this rung.
pub fn able<'a>(live: &'a Live, connection: &Connection, channel: Channel) -> Vec<&'a str> {
    let chosen = connection.rung(channel).map(|rung| rung.carriers.as_slice()).unwrap_or_default();
    let able = live.carriers.iter().filter(|ready| ready.carrier.kind.carries(channel));
    able.map(|ready| ready.name())
        .filter(|name| chosen.is_empty() || chosen.iter().any(|choice| choice.carrier == *name))
        .collect()
}

async fn spent(app: &App, cap: &Cap) -> Result<Finding, Fault> {
    let (currency, id) = (&app.config.money_currency, cap.id());
    let counter = match &cap.scope {
        Scope::Client(client) if client != "*" => cap.counter(client, ""),
        Scope::Country(country) if country != "*" => cap.counter("", country),
        Scope::Installation => cap.counter("", ""),
        _ => None,
    };
    let Some(counter) = counter else {
        return Ok(Finding::good(format!("{id}: at most {} {currency} each", cap.most)));
    };
    let spent = Micros(store::counters::find(&app.db, &counter, app.now()).await?);
    Ok(if spent >= cap.most {
        Finding::bad(format!(
            "{id}: {spent} of {} {currency} spent; SMS and calls stop until its time is over",
            cap.most
        ))
    } else {
        Finding::good(format!("{id}: {spent} of {} {currency} spent", cap.most))
    })
}

/// Caps count what messages are expected to cost.
fn unpriced(live: &Live) -> Vec<Finding> {
    let missing = live.carriers.iter().filter(|ready| ready.carrier.kind != CarrierKind::DevPhone).flat_map(|ready| {
        let carried =
            Channel::ALL.into_iter().filter(|channel| channel.is_toll() && ready.carrier.kind.carries(*channel));
        carried.filter(|channel| !ready.carrier.prices.iter().any(|price| price.channel == *channel)).map(|channel| {
            let (name, channel) = (ready.name(), channel.as_str());
            Finding::bad(format!("{name} has no price for {channel}: each is counted as 0.10; add [[carrier.price]]"))
        })
    });
    missing.collect()
}
