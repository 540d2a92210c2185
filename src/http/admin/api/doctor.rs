//! What stands between people and their codes, looked at from end to end, as `countersign doctor` does.

use super::Answer;
use super::caller::admit;
use super::carriers::of_findings;
use super::page::shown;
use crate::app::App;
use crate::domain::management::{Subject, Verb};
use crate::flows::carriers::Examined;
use crate::flows::doctor;
use crate::http::address::Address;
use axum::extract::State;
use axum::http::request::Parts;
use serde_json::{Value, json};

pub async fn examine(State(app): State<App>, address: Address, parts: Parts) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Read, Subject::Overview).await?;
    let answered = doctor::examine(&app).await.map(|examined| {
        let good = examined.iter().flat_map(|one| &one.findings).all(|finding| finding.good);
        shown(json!({ "good": good, "examined": examined.iter().map(told).collect::<Vec<_>>() }))
    });
    Ok(admitted.answer(&app, answered))
}

fn told(one: &Examined) -> Value {
    json!({ "name": one.carrier, "kind": one.kind, "findings": of_findings(&one.findings) })
}
