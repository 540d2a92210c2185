//! Sign-ins: which there were, and the story of each, so that an operator sees why a code did not arrive.

use super::Answer;
use super::caller::admit;
use super::page::{Page, place, shown};
use super::problem::unknown;
use crate::app::App;
use crate::domain::management::{Subject, Verb};
use crate::domain::params::Params;
use crate::domain::timeline::Line;
use crate::flows::manage::sign_ins::{self, SignIn};
use crate::flows::timeline;
use crate::http::address::Address;
use axum::extract::{Path, State};
use axum::http::request::Parts;
use axum::response::IntoResponse;
use serde_json::{Value, json};

pub async fn list(State(app): State<App>, address: Address, parts: Parts) -> Answer {
    let page = Page::read(&parts)?;
    let before = page.after_place()?;
    let admitted = admit(&app, &parts, address, Verb::Read, Subject::SignIns).await?;
    let params = Params::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let client = params.get("client").unwrap_or_default();
    let answered = async {
        let found = sign_ins::list(&app, client, before, page.wanted()).await?;
        Ok(page.show(found, |last| place(last.ends_at, &last.id), |one| told(&one)))
    };
    Ok(admitted.answer(&app, answered.await))
}

pub async fn show(State(app): State<App>, Path(id): Path<String>, address: Address, parts: Parts) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Read, Subject::SignIns).await?;
    let answered = timeline::of_interaction(&app, &id).await.map(|story| match story {
        None => unknown().into_response(),
        Some(story) => {
            let lines: Vec<Value> = story.lines.iter().map(|line| of_line(line, &app.config.money_currency)).collect();
            let of = &story.interaction;
            let advice = json!({ "stands": story.advice.stands, "next": story.advice.next });
            let told = json!({
                "id": of.id.as_str(), "client": of.client_id.as_str(), "at": of.created_at.secs(),
                "advice": advice, "timeline": lines,
            });
            shown(told)
        }
    });
    Ok(admitted.answer(&app, answered))
}

pub fn told(sign_in: &SignIn) -> Value {
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
    let explained = line.explained.map(|explained| json!({ "means": explained.means, "next": explained.next }));
    json!({ "at_ms": line.at.0, "text": line.text, "cost": cost, "estimate": estimate, "explained": explained })
}
