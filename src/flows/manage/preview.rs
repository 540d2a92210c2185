//! What a message would go through, without sending one: the rungs for a country and a client, who carries each, what it costs, and
//! what stands in the way.

use super::check;
use crate::app::{App, Live};
use crate::delivery::route::{Ready, route};
use crate::domain::catalog::Catalog;
use crate::domain::connection::{Connection, ConnectionKind};
use crate::domain::declaration::{Mistake, Noun};
use crate::domain::delivery::{Cap, Channel, Choice, Micros};
use crate::domain::phone;
use crate::flows::Fault;
use crate::store;
use serde_json::Value;
use std::time::Duration;

/// Of whom it is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// ISO 3166 alpha-2, of a country that is known.
    pub country: Option<String>,
    /// The client's id; none asks of clients in general.
    pub client: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// Why people do not get that far.
    pub not_offered: Vec<String>,
    pub rungs: Vec<Rung>,
    pub caps: Vec<Counted>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rung {
    pub channel: Channel,
    /// Why it is left out.
    pub closed: Option<String>,
    pub wait: Duration,
    /// In the order they are tried.
    pub carriers: Vec<Carried>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    pub carrier: String,
    pub sender: Option<String>,
    pub region: Option<String>,
    /// What a message is expected to cost.
    pub price: Micros,
    /// Why it is passed over now.
    pub out: Option<String>,
}

/// A cap that counts such a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    pub cap: String,
    pub most: Micros,
    pub spent: Micros,
}

impl Counted {
    pub fn reached(&self) -> bool {
        self.spent >= self.most
    }
}

/// Nothing where there is no connection of this name.
pub async fn preview(app: &App, name: &str, asked: &Asked) -> Result<Option<Way>, Fault> {
    let live = app.live();
    let Some(connection) = live.catalog.connection(name) else { return Ok(None) };
    way(app, &live, connection, asked).await.map(Some)
}

/// As a connection would do it with this given, and keeps nothing of it. `name` is of one there is. Else what is wrong with it.
pub async fn unsaved(
    app: &App,
    name: Option<&str>,
    given: Value,
    asked: &Asked,
) -> Result<Result<Way, Vec<Mistake>>, Fault> {
    let wanted = match check::draft(app, Noun::Connection, name, given).await? {
        Ok(wanted) => wanted,
        Err(mistakes) => return Ok(Err(mistakes)),
    };
    let Some(connection) = wanted.connections.first() else { return Ok(Err(Vec::new())) };
    way(app, &app.live(), connection, asked).await.map(Ok)
}

async fn way(app: &App, live: &Live, connection: &Connection, asked: &Asked) -> Result<Way, Fault> {
    let country = asked.country.as_deref().filter(|_| connection.kind == ConnectionKind::Phone);
    let client = asked.client.as_deref().unwrap_or_default();
    let ladder = connection.ladder_of(client, country);
    let rungs = ladder.iter().map(|channel| rung(app, live, connection, *channel, country, client)).collect();
    let mut caps = Vec::new();
    for cap in &live.catalog.caps {
        caps.extend(counted(app, cap, client, country.unwrap_or_default()).await?);
    }
    Ok(Way { not_offered: not_offered(&live.catalog, connection, country, asked), rungs, caps })
}

fn not_offered(catalog: &Catalog, connection: &Connection, country: Option<&str>, asked: &Asked) -> Vec<String> {
    let mut reasons = Vec::new();
    if !connection.enabled {
        reasons.push("This connection is switched off.".to_owned());
    }
    if let Some(country) = country.filter(|country| !connection.offers(country)) {
        reasons.push(format!("{country} is not among the countries it offers."));
    }
    match asked.client.as_deref().map(|id| (id, catalog.client(id))) {
        Some((id, None)) => reasons.push(format!("There is no application {id}.")),
        Some((id, Some(client))) if !client.connections.contains(&connection.name) => {
            reasons.push(format!("The application {id} does not offer this connection."));
        }
        _ => {}
    }
    reasons
}

fn rung(
    app: &App,
    live: &Live,
    connection: &Connection,
    channel: Channel,
    country: Option<&str>,
    client: &str,
) -> Rung {
    let routed = route(&live.carriers, channel, connection.rung(channel), country);
    let number = country.and_then(phone::example).unwrap_or_default();
    // Asking such a carrier whether digits are right would tell who is known: see `flows::deliver`.
    let no_sign_up = live.catalog.client(client).is_some_and(|client| !client.sign_up);
    let carriers: Vec<Carried> =
        routed.into_iter().map(|(ready, choice)| carried(app, ready, choice, channel, &number, no_sign_up)).collect();
    let closed = match country {
        Some(country) if connection.closed(channel, Some(country)) => Some(format!("It is closed in {country}.")),
        _ if carriers.is_empty() => Some("No carrier that can be used carries it.".to_owned()),
        _ => None,
    };
    Rung { channel, closed, wait: connection.wait(channel), carriers }
}

fn carried(
    app: &App,
    ready: &Ready,
    choice: Option<&Choice>,
    channel: Channel,
    number: &str,
    no_sign_up: bool,
) -> Carried {
    let out = if no_sign_up && ready.verifier.is_some() {
        Some("It makes codes itself, and would tell who is known to an application that takes nobody new.".to_owned())
    } else if app.health.is_open(ready.name(), channel) {
        Some("It fails just now; it is tried again now and then.".to_owned())
    } else {
        None
    };
    Carried {
        carrier: ready.name().to_owned(),
        sender: choice.and_then(|choice| choice.sender.clone()),
        region: choice.and_then(|choice| choice.region.clone()),
        price: ready.carrier.price(channel, number),
        out,
    }
}

async fn counted(app: &App, cap: &Cap, client: &str, country: &str) -> Result<Option<Counted>, Fault> {
    let Some(counter) = cap.counter(client, country) else { return Ok(None) };
    let spent = Micros(store::counters::find(&app.db, &counter, app.now()).await?);
    Ok(Some(Counted { cap: cap.id(), most: cap.most, spent }))
}
