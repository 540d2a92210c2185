//! What is said now, in a language and to an application: what `texts` may put in other words.

use super::Answer;
use super::caller::admit;
use super::page::shown;
use super::problem::Problem;
use crate::app::{App, Sample, Sentence};
use crate::domain::declaration::Noun;
use crate::domain::management::{Subject, Verb};
use crate::domain::params::Params;
use crate::http::address::Address;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde_json::{Value, json};

pub async fn list(State(app): State<App>, address: Address, parts: Parts) -> Answer {
    let params = Params::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let language = params.get("language").unwrap_or("en");
    let client = params.get("client").filter(|client| !client.is_empty());
    let title = "language is one of those the pages speak, like en or pt-BR.";
    let unknown = || Problem::new(StatusCode::BAD_REQUEST, "bad-language", title).with("field", "language");
    let admitted = admit(&app, &parts, address, Verb::Read, Subject::Declared(Noun::Text)).await?;
    let said = app.said(language, client).ok_or_else(unknown)?;
    let data: Vec<Value> = said.sentences.iter().map(told).collect();
    Ok(admitted.answer(&app, Ok(shown(json!({ "data": data, "next": null })))))
}

fn told(sentence: &Sentence) -> Value {
    json!({
        "key": sentence.key,
        "text": sentence.text,
        "holes": sentence.holes,
        "own": sentence.own,
        "sample": sentence.sample.as_ref().map(sample),
    })
}

fn sample(sample: &Sample) -> Value {
    json!({
        "channel": sample.channel.as_str(),
        "text": sample.text,
        "segments": sample.length.map(|length| length.segments),
        "least_cost": sample.cost.map(|(least, _)| least.to_string()),
        "most_cost": sample.cost.map(|(_, most)| most.to_string()),
    })
}
