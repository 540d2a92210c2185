//! How things stand: figures of the last hour, day or thirty days, and what needs somebody.

use super::Answer;
use super::caller::admit;
use super::page::shown;
use super::problem::Problem;
use crate::app::App;
use crate::domain::delivery::Channel;
use crate::domain::figures::Window;
use crate::domain::management::{Subject, Verb};
use crate::domain::params::Params;
use crate::flows::manage::overview::{self, Conversion, Fault, Funnel, Overview};
use crate::http::address::Address;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde_json::{Value, json};
use std::time::Duration;

pub async fn show(State(app): State<App>, address: Address, parts: Parts) -> Answer {
    let params = Params::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let window = params.get("window").map_or(Some(Window::Day), Window::parse).ok_or_else(|| {
        let title = "window is hour, day or month.";
        Problem::new(StatusCode::BAD_REQUEST, "bad-window", title).with("field", "window")
    })?;
    let admitted = admit(&app, &parts, address, Verb::Read, Subject::Overview).await?;
    let answered = overview::read(&app, window).await.map(|overview| shown(told(&overview)));
    Ok(admitted.answer(&app, answered))
}

fn told(of: &Overview) -> Value {
    let list = |items: &mut dyn Iterator<Item = Value>| items.collect::<Vec<_>>();
    let millis = |took: Option<Duration>| took.map(|took| u64::try_from(took.as_millis()).unwrap_or(u64::MAX));
    json!({
        "window": of.window.as_str(),
        "since": of.since.secs(),
        "until": of.until.secs(),
        "counted_at": of.counted_at.map(|at| at.secs()),
        "sign_ins": funnel(of.sign_ins),
        "before": funnel(of.before),
        "course": list(&mut of.course.iter().map(|one| json!({ "at": one.at.secs(), "sign_ins": funnel(one.sign_ins) }))),
        "clients": list(&mut of.clients.iter().map(|one| json!({ "client": one.client, "sign_ins": funnel(one.sign_ins) }))),
        "countries": list(&mut of.countries.iter().map(|one| {
            json!({ "country": one.country, "now": conversion(one.now), "before": conversion(one.before) })
        })),
        "channels": list(&mut of.channels.iter().map(|one| {
            json!({ "channel": one.channel.as_str(), "now": conversion(one.now), "before": conversion(one.before) })
        })),
        "carriers": list(&mut of.carriers.iter().map(|one| {
            json!({ "carrier": one.carrier, "now": conversion(one.now), "before": conversion(one.before) })
        })),
        "ways": list(&mut of.ways.iter().map(|one| {
            json!({ "channel": one.channel.as_str(), "country": one.country, "carrier": one.carrier, "now": conversion(one.now) })
        })),
        "took_ms": { "median": millis(of.median), "p95": millis(of.p95) },
        "spent": list(&mut of.spent.iter().map(|one| {
            json!({ "currency": one.currency, "told": one.told.to_string(), "estimated": one.estimated.to_string() })
        })),
        "caps": list(&mut of.caps.iter().map(|cap| json!({
            "name": cap.name, "of": cap.of, "most": cap.most.to_string(), "spent": cap.spent.to_string(),
            "currency": cap.currency, "percent": cap.percent(),
        }))),
        "faults": {
            "refused": faults(&of.faults.refused),
            "silent": faults(&of.faults.silent),
            "opened": faults(&of.faults.opened),
            "passed_over": faults(&of.faults.passed_over),
            "stopped": faults(&of.faults.stopped),
        },
        "attention": list(&mut of.attention.iter().map(|one| {
            json!({ "grave": one.grave.as_str(), "kind": one.kind, "of": one.of, "what": one.what, "mend": one.mend })
        })),
    })
}

fn funnel(of: Funnel) -> Value {
    let Funnel { begun, asked, delivered, proven, answered } = of;
    json!({ "begun": begun, "asked": asked, "delivered": delivered, "proven": proven, "answered": answered })
}

fn conversion(of: Conversion) -> Value {
    json!({ "asked": of.asked, "delivered": of.delivered, "proven": of.proven, "percent": of.percent() })
}

fn faults(all: &[Fault]) -> Vec<Value> {
    let told = |fault: &Fault| {
        let channel = fault.channel.map(Channel::as_str);
        json!({ "carrier": fault.carrier, "channel": channel, "code": fault.code, "count": fault.count })
    };
    all.iter().map(told).collect()
}
