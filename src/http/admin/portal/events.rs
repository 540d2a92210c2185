//! Events: what happened, who was told of it, who was not and why; told again.

use super::cut;
use super::desk::{Desk, Frame};
use super::turned::{Answer, Turned};
use super::typed::{kept, of_form, of_query};
use super::written::{self, moment};
use crate::domain::declaration::Noun;
use crate::domain::event::{Delivery, Kind, State};
use crate::domain::management::{Subject, Verb};
use crate::domain::params::Params;
use crate::domain::time::Time;
use crate::flows::manage::events::{self, DeliveryFilter, Filter, Replayed};
use crate::http::pages::Fields;
use crate::http::urls;
use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};

const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "admin/events.html")]
struct EventsPage {
    frame: Frame,
    kinds: [Kind; 24],
    kind: String,
    subject: String,
    since: String,
    wrong: Vec<(&'static str, &'static str)>,
    rows: Vec<Row>,
    more: Option<String>,
}

struct Row {
    href: String,
    kind: String,
    at: String,
    subject: Option<String>,
}

impl EventsPage {
    fn wrong(&self, field: &str) -> Option<&str> {
        self.wrong.iter().find(|(name, _)| *name == field).map(|(_, what)| *what)
    }
}

pub async fn list(desk: Desk, RawQuery(query): RawQuery) -> Answer {
    desk.admit(Verb::Read, Subject::Events)?;
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let (kind, subject, since) = (of_query(&query, "type"), of_query(&query, "subject"), of_query(&query, "since"));
    let mut wrong = Vec::new();
    if !kind.is_empty() && Kind::parse(&kind).is_none() {
        wrong.push(("type", "Choose one of these."));
    }
    let day = written::day(&since);
    if !since.is_empty() && day.is_none() {
        wrong.push(("since", "A day is written like 2026-01-31."));
    }
    let filter = Filter { kind: kind.clone(), subject: subject.clone(), since: day.unwrap_or(Time(0)) };
    let place = cut::after(&query);
    let mut found = match wrong.is_empty() {
        true => {
            events::list(&desk.app, &filter, place.as_ref().map(|(at, id)| (*at, id.as_str())), cut::wanted(PAGE))
                .await?
        }
        false => Vec::new(),
    };
    let last = cut::cut(&mut found, PAGE).map(|last| cut::place(last.at, &last.id));
    let people = desk.may(Verb::Read, Subject::People);
    let page = EventsPage {
        frame: desk.frame("events", "Events"),
        kinds: Kind::ALL,
        more: last.map(|after| format!("/admin/events?{}", query.without(&["after"]).with("after", after).encoded())),
        rows: found
            .into_iter()
            .map(|event| Row {
                href: urls::portal_one("events", &event.id),
                kind: event.kind,
                at: moment(event.at),
                subject: event.subject.filter(|_| people),
            })
            .collect(),
        kind: kept(&kind),
        subject: kept(&subject),
        since: kept(&since),
        wrong,
    };
    let status = if page.wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    desk.show_as(status, &page)
}

#[derive(Template)]
#[template(path = "admin/event.html")]
struct EventPage {
    frame: Frame,
    here: String,
    at: String,
    source: String,
    data: String,
    deliveries: Vec<Told>,
    /// Somebody is about to be told.
    waiting: bool,
    endpoints: Vec<String>,
    may_replay: bool,
    done: Option<&'static str>,
    refused: Option<&'static str>,
}

struct Told {
    event: String,
    endpoint: String,
    state: &'static str,
    tries: i64,
    said: String,
    at: String,
    next: String,
}

fn told(delivery: &Delivery) -> Told {
    let status = delivery.status.map(|status| status.to_string()).unwrap_or_default();
    let said = [status.as_str(), delivery.detail.as_deref().unwrap_or_default()];
    Told {
        event: urls::portal_one("events", &delivery.event),
        endpoint: delivery.endpoint.clone(),
        state: match delivery.state {
            State::Pending => "waiting",
            State::Delivered => "told",
            State::Failed => "given up",
        },
        tries: delivery.tries,
        said: said.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "),
        at: moment(delivery.created_at),
        next: match (delivery.state, delivery.finished_at) {
            (State::Pending, _) => format!("next try {}", moment(delivery.run_at)),
            (_, Some(at)) => moment(at),
            _ => String::new(),
        },
    }
}

pub async fn show(desk: Desk, Path(id): Path<String>, RawQuery(query): RawQuery) -> Answer {
    desk.admit(Verb::Read, Subject::Events)?;
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let done = match query.get("done") {
        Some("again") => Some("It is told again."),
        Some("test") => Some("The endpoint is told that it is being tried. How that went stands below."),
        _ => None,
    };
    draw(&desk, StatusCode::OK, &id, done, None).await
}

async fn draw(
    desk: &Desk,
    status: StatusCode,
    id: &str,
    done: Option<&'static str>,
    refused: Option<&'static str>,
) -> Answer {
    let (event, deliveries) = events::find(&desk.app, id).await?.ok_or(Turned::NotFound)?;
    let shown = event.shown(desk.role().sees_identifiers());
    let live = desk.app.live();
    desk.show_as(
        status,
        &EventPage {
            frame: desk.frame("events", event.kind.as_str()),
            here: urls::portal_one("events", id),
            at: moment(event.at),
            source: event.source.clone(),
            data: serde_json::to_string_pretty(&shown).unwrap_or_default(),
            waiting: deliveries
                .iter()
                .any(|one| one.state == State::Pending && one.status.is_none() && one.detail.is_none()),
            deliveries: deliveries.iter().map(told).collect(),
            endpoints: live.catalog.event_endpoints.iter().map(|endpoint| endpoint.name.clone()).collect(),
            may_replay: desk.may(Verb::Update, Subject::Events),
            done,
            refused,
        },
    )
}

pub async fn replay(desk: Desk, Path(id): Path<String>, sent: Fields) -> Answer {
    let by = desk.admit(Verb::Update, Subject::Events)?;
    let endpoint = of_form(&sent, "endpoint");
    match events::replay(&desk.app, by, &id, Some(endpoint.as_str()).filter(|name| !name.is_empty())).await? {
        Replayed::Done(again) if again.is_empty() => {
            let nobody = "Nobody was told of it before. Choose an endpoint.";
            draw(&desk, StatusCode::UNPROCESSABLE_ENTITY, &id, None, Some(nobody)).await
        }
        Replayed::Done(_) => {
            Ok(Redirect::to(&format!("{}?done=again", urls::portal_one("events", &id))).into_response())
        }
        Replayed::NoEndpoint => {
            let none = "There is no such endpoint.";
            draw(&desk, StatusCode::UNPROCESSABLE_ENTITY, &id, None, Some(none)).await
        }
        Replayed::Unknown => Err(Turned::NotFound),
    }
}

/// Tells an endpoint that it is being tried, and leads to what became of it.
pub async fn test(desk: Desk, Path(name): Path<String>) -> Answer {
    let by = desk.admit(Verb::Update, Subject::Declared(Noun::EventEndpoint))?;
    let (event, _) = events::test(&desk.app, by, &name).await?.ok_or(Turned::NotFound)?;
    Ok(Redirect::to(&format!("{}?done=test", urls::portal_one("events", &event.id))).into_response())
}

#[derive(Template)]
#[template(path = "admin/event_deliveries.html")]
struct DeliveriesPage {
    frame: Frame,
    endpoints: Vec<String>,
    endpoint: String,
    states: [State; 3],
    state: String,
    rows: Vec<Told>,
    more: Option<String>,
}

pub async fn deliveries(desk: Desk, RawQuery(query): RawQuery) -> Answer {
    desk.admit(Verb::Read, Subject::Events)?;
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let (endpoint, state) = (of_query(&query, "endpoint"), of_query(&query, "state"));
    let state = State::parse(&state).map(|state| state.as_str().to_owned()).unwrap_or_default();
    let filter = DeliveryFilter { endpoint: endpoint.clone(), state: state.clone() };
    let place = cut::after(&query);
    let place = place.as_ref().map(|(at, id)| (*at, id.as_str()));
    let mut found = events::deliveries(&desk.app, &filter, place, cut::wanted(PAGE)).await?;
    let last = cut::cut(&mut found, PAGE).map(|last| cut::place(last.created_at, &last.id));
    let live = desk.app.live();
    let rest = |after| query.without(&["after"]).with("after", after).encoded();
    desk.show(&DeliveriesPage {
        frame: desk.frame("events", "Who was told"),
        endpoints: live.catalog.event_endpoints.iter().map(|endpoint| endpoint.name.clone()).collect(),
        endpoint: kept(&endpoint),
        states: State::ALL,
        state,
        rows: found.iter().map(told).collect(),
        more: last.map(|after| format!("{}?{}", urls::PORTAL_EVENT_DELIVERIES, rest(after))),
    })
}
