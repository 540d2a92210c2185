//! Files of people: taken in, and how far each is read.

use super::Answer;
use super::caller::admit;
use super::page::{Page, bad_cursor, place, shown};
use super::problem::{Problem, unknown};
use crate::app::App;
use crate::domain::import::{Format, Import, Said};
use crate::domain::management::{Subject as Of, Verb};
use crate::domain::params::Params;
use crate::domain::time::Time;
use crate::flows::manage::import::spool::{self, Refused};
use crate::flows::manage::import::{self, Asked};
use crate::http::address::Address;
use crate::http::headers::NO_STORE;
use crate::http::urls;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

pub async fn create(State(app): State<App>, address: Address, request: axum::extract::Request) -> Answer {
    let (parts, body) = request.into_parts();
    let admitted = admit(&app, &parts, address, Verb::Create, Of::Imports).await?;
    let answered = async {
        let asked = match asked(&parts) {
            Ok(asked) => asked,
            Err(problem) => return Ok(problem.into_response()),
        };
        let taken = spool::take(&app, &admitted.by, asked, Body::into_data_stream(body)).await?;
        Ok(match taken {
            Ok(import) => begun(&import),
            Err(refused) => refuse(refused).into_response(),
        })
    };
    Ok(admitted.answer(&app, answered.await))
}

fn asked(parts: &Parts) -> Result<Asked, Problem> {
    let params = Params::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let wrong = |field: &str, title| {
        Problem::new(StatusCode::BAD_REQUEST, "bad-question", title).with("field", field.to_owned())
    };
    let flag = |name: &str| match params.get(name) {
        None => Ok(false),
        Some(text) => text.parse().map_err(|_| wrong(name, "It is true or false.")),
    };
    let format = params.get("format").and_then(Format::parse);
    let title = "format is csv, firebase, auth0, supabase, kinde or logto.";
    Ok(Asked {
        format: format.ok_or_else(|| wrong("format", title))?,
        trust_unverified: flag("trust_unverified")?,
        dry_run: flag("dry_run")?,
        resume: false,
    })
}

fn refuse(refused: Refused) -> Problem {
    match refused {
        Refused::TooLarge => {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "Send no more than 2 GB at once.")
        }
        Refused::Torn => Problem::new(StatusCode::BAD_REQUEST, "torn", "The file stopped in the middle."),
    }
}

fn begun(import: &Import) -> Response {
    let mut response = (StatusCode::ACCEPTED, [(CACHE_CONTROL, NO_STORE)], Json(told(import))).into_response();
    let place = urls::API_IMPORT.replace("{id}", &import.id);
    response.headers_mut().extend(HeaderValue::from_str(&place).ok().map(|place| (LOCATION, place)));
    response
}

pub async fn list(State(app): State<App>, address: Address, parts: Parts) -> Answer {
    let page = Page::read(&parts)?;
    let before = page.after_place()?;
    let admitted = admit(&app, &parts, address, Verb::Read, Of::Imports).await?;
    let found = import::list(&app, before, page.wanted()).await;
    let answered = found.map(|found| page.show(found, |last| place(last.started_at, &last.id), |import| told(&import)));
    Ok(admitted.answer(&app, answered))
}

pub async fn show(State(app): State<App>, Path(id): Path<String>, address: Address, parts: Parts) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Read, Of::Imports).await?;
    let found = import::find(&app, &id).await;
    let answered = found.map(|found| found.map_or_else(|| unknown().into_response(), |import| shown(told(&import))));
    Ok(admitted.answer(&app, answered))
}

pub async fn lines(State(app): State<App>, Path(id): Path<String>, address: Address, parts: Parts) -> Answer {
    let page = Page::read(&parts)?;
    let after = page.after.as_deref().map(str::parse::<i64>).transpose().map_err(|_| bad_cursor())?;
    let admitted = admit(&app, &parts, address, Verb::Read, Of::Imports).await?;
    let found = import::lines(&app, &id, after.unwrap_or(0), page.wanted()).await;
    let answered = found.map(|found| match found {
        None => unknown().into_response(),
        Some(found) => page.show(found, |last| last.line.to_string(), |said| of_line(&said)),
    });
    Ok(admitted.answer(&app, answered))
}

fn told(import: &Import) -> Value {
    json!({
        "id": import.id,
        "format": import.format.as_str(),
        "dry_run": import.dry_run,
        "trust_unverified": import.trust_unverified,
        "state": import.state.as_str(),
        "detail": import.detail,
        "bytes": import.size,
        "bytes_read": import.position,
        "made": import.made,
        "present": import.present,
        "wrong": import.wrong,
        "started_at": import.started_at.secs(),
        "updated_at": import.updated_at.secs(),
        "finished_at": import.finished_at.map(Time::secs),
    })
}

fn of_line(said: &Said) -> Value {
    json!({ "line": said.line, "became": said.became.as_str(), "detail": said.detail })
}
