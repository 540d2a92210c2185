//! Sign-ins: which there were, and the story of each, so that an operator sees why a code did not arrive.

use super::caller::admit;
use super::declared::Page;
use super::problem::unknown;
use crate::app::App;
use crate::domain::management::{Subject, Verb};
use crate::domain::params::Params;
use crate::domain::time::Time;
use crate::domain::timeline::Line;
use crate::flows::manage::sign_ins::{self, SignIn};
use crate::flows::timeline;
use crate::http::address::Address;
use crate::http::headers::NO_STORE;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

pub async fn list(State(app): State<App>, address: Address, parts: Parts) -> Response {
    let page = match Page::read(&parts) {
        Ok(page) => page,
        Err(problem) => return problem.into_response(),
    };
    let cursor = page.after.as_deref().map(|cursor| {
        let (ends, id) = cursor.split_once('-').unwrap_or_default();
        ends.parse().map(|ends| (Time(ends), id))
    });
    let Ok(before) = cursor.transpose() else { return super::bad_cursor().into_response() };
    let admitted = match admit(&app, &parts, address, Verb::Read, Subject::SignIns).await {
        Ok(admitted) => admitted,
        Err(refused) => return refused,
    };
    let params = Params::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let client = params.get("client").unwrap_or_default();
    let answered = async {
        let most = i64::try_from(page.most).unwrap_or(i64::MAX);
        let mut found = sign_ins::list(&app, client, before, most + 1).await?;
        let more = found.len() > page.most;
        found.truncate(page.most);
        let next = found.last().filter(|_| more).map(|last| format!("{}-{}", last.ends_at.0, last.id));
        let data: Vec<Value> = found.iter().map(told).collect();
        Ok(([(CACHE_CONTROL, NO_STORE)], Json(json!({ "data": data, "next": next }))).into_response())
    };
    admitted.answer(&app, answered.await)
}

pub async fn show(State(app): State<App>, Path(id): Path<String>, address: Address, parts: Parts) -> Response {
    let admitted = match admit(&app, &parts, address, Verb::Read, Subject::SignIns).await {
        Ok(admitted) => admitted,
        Err(refused) => return refused,
    };
    let answered = timeline::of_interaction(&app, &id).await.map(|story| match story {
        None => unknown().into_response(),
        Some(story) => {
            let lines: Vec<Value> = story.lines.iter().map(|line| of_line(line, &app.config.money_currency)).collect();
            let of = &story.interaction;
            let told = json!({ "id": of.id.as_str(), "client": of.client_id.as_str(), "at": of.created_at.secs(), "timeline": lines });
            ([(CACHE_CONTROL, NO_STORE)], Json(told)).into_response()
        }
    });
    admitted.answer(&app, answered)
}

fn told(sign_in: &SignIn) -> Value {
    json!({
        "id": sign_in.id,
        "client": sign_in.client,
        "at": sign_in.at.secs(),
        "state": sign_in.state.as_str(),
        "identifier": sign_in.identifier.as_ref().map(ToString::to_string),
        "connection": sign_in.connection,
    })
}

fn of_line(line: &Line, currency: &str) -> Value {
    let cost = line.cost.as_ref().map(|cost| json!({ "amount": cost.amount.to_string(), "currency": cost.currency }));
    let estimate = line.estimate.map(|amount| json!({ "amount": amount.to_string(), "currency": currency }));
    json!({ "at_ms": line.at.0, "text": line.text, "cost": cost, "estimate": estimate })
}
