//! Events: what happened, which endpoints were told, and which were not and why; told again, or told for a trial.

use super::Answer;
use super::caller::admit;
use super::declared::read;
use super::page::{Page, place, shown};
use super::problem::{Problem, unknown};
use crate::app::App;
use crate::domain::declaration::Noun;
use crate::domain::event::{Delivery, Event, Kind, State};
use crate::domain::management::{Subject, Verb};
use crate::domain::params::Params;
use crate::domain::time::Time;
use crate::flows::manage::events::{self, DeliveryFilter, Filter, Replayed};
use crate::http::address::Address;
use axum::body::Bytes;
use axum::extract::{Path, State as Of};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use serde_json::{Value, json};

pub async fn list(Of(app): Of<App>, address: Address, parts: Parts) -> Answer {
    let page = Page::read(&parts)?;
    let (filter, before) = (filter(&parts)?, page.after_place()?);
    let admitted = admit(&app, &parts, address, Verb::Read, Subject::Events).await?;
    let answered = async {
        let found = events::list(&app, &filter, before, page.wanted()).await?;
        Ok(page.show(found, |last| place(last.at, &last.id), |event| told(&event)))
    };
    Ok(admitted.answer(&app, answered.await))
}

pub async fn show(Of(app): Of<App>, Path(id): Path<String>, address: Address, parts: Parts) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Read, Subject::Events).await?;
    let answered = events::find(&app, &id).await.map(|found| match found {
        None => unknown().into_response(),
        Some((event, deliveries)) => {
            let mut whole = told(&event);
            whole["deliveries"] = deliveries.iter().map(of_delivery).collect();
            shown(whole)
        }
    });
    Ok(admitted.answer(&app, answered))
}

pub async fn deliveries(Of(app): Of<App>, address: Address, parts: Parts) -> Answer {
    let page = Page::read(&parts)?;
    let before = page.after_place()?;
    let params = Params::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let text = |name: &str| params.get(name).unwrap_or_default().to_owned();
    let filter = DeliveryFilter { endpoint: text("endpoint"), state: text("state") };
    if !filter.state.is_empty() && State::parse(&filter.state).is_none() {
        return Err(wrong("bad-state", "state", "state is pending, delivered or failed.").into());
    }
    let admitted = admit(&app, &parts, address, Verb::Read, Subject::Events).await?;
    let answered = async {
        let found = events::deliveries(&app, &filter, before, page.wanted()).await?;
        Ok(page.show(found, |last| place(last.created_at, &last.id), |one| of_delivery(&one)))
    };
    Ok(admitted.answer(&app, answered.await))
}

/// `{"endpoint": "…"}`, or nothing for all that were told of it before.
pub async fn replay(Of(app): Of<App>, Path(id): Path<String>, address: Address, parts: Parts, body: Bytes) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Update, Subject::Events).await?;
    let answered = async {
        let body = if body.is_empty() { Ok(json!({})) } else { read(&parts.headers, &body) };
        let body = match body {
            Ok(body) => body,
            Err(problem) => return Ok(problem.into_response()),
        };
        let known = body.as_object().is_some_and(|fields| fields.keys().all(|name| name == "endpoint"));
        let endpoint = body["endpoint"].as_str();
        if !known || (endpoint.is_none() && !body["endpoint"].is_null()) {
            return Ok(no_endpoint().into_response());
        }
        Ok(match events::replay(&app, &admitted.by, &id, endpoint).await? {
            Replayed::Done(again) => {
                let data: Vec<Value> = again.iter().map(of_delivery).collect();
                (StatusCode::ACCEPTED, shown(json!({ "data": data }))).into_response()
            }
            Replayed::Unknown => unknown().into_response(),
            Replayed::NoEndpoint => no_endpoint().into_response(),
        })
    };
    Ok(admitted.answer(&app, answered.await))
}

pub async fn test(Of(app): Of<App>, Path(name): Path<String>, address: Address, parts: Parts) -> Answer {
    let subject = Subject::Declared(Noun::EventEndpoint);
    let admitted = admit(&app, &parts, address, Verb::Update, subject).await?;
    let answered = events::test(&app, &admitted.by, &name).await.map(|made| match made {
        None => unknown().into_response(),
        Some((event, delivery)) => {
            let mut whole = told(&event);
            whole["deliveries"] = json!([of_delivery(&delivery)]);
            (StatusCode::ACCEPTED, shown(whole)).into_response()
        }
    });
    Ok(admitted.answer(&app, answered))
}

fn filter(parts: &Parts) -> Result<Filter, Problem> {
    let params = Params::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let text = |name: &str| params.get(name).unwrap_or_default().to_owned();
    let since = match params.get("since") {
        None => Time(0),
        Some(text) => {
            let seconds =
                text.parse::<i64>().map_err(|_| wrong("bad-since", "since", "since is in seconds since 1970."))?;
            Time::from_secs(seconds)
        }
    };
    let kind = text("type");
    if !kind.is_empty() && Kind::parse(&kind).is_none() {
        return Err(wrong("bad-type", "type", "type is one of those an endpoint can hear, like subject.created."));
    }
    Ok(Filter { kind, subject: text("subject"), since })
}

fn wrong(code: &'static str, field: &str, title: &'static str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, code, title).with("field", field)
}

fn no_endpoint() -> Problem {
    let title = "endpoint is the name of an event endpoint, or left out for all that were told before.";
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong", title).with("field", "endpoint")
}

/// Operators who may read events need not be those who may read people: identifiers are masked.
fn told(event: &Event) -> Value {
    json!({
        "id": event.id,
        "type": event.kind,
        "at": event.at.secs(),
        "timestamp": event.timestamp(),
        "source": event.source,
        "subject": event.subject,
        "data": event.shown(false),
    })
}

fn of_delivery(delivery: &Delivery) -> Value {
    let pending = delivery.state == State::Pending;
    json!({
        "id": delivery.id,
        "event": delivery.event,
        "endpoint": delivery.endpoint,
        "state": delivery.state.as_str(),
        "tries": delivery.tries,
        "status": delivery.status,
        "detail": delivery.detail,
        "at": delivery.created_at.secs(),
        "next_at": pending.then(|| delivery.run_at.secs()),
        "finished_at": delivery.finished_at.map(Time::secs),
    })
}
