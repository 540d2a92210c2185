//! A client's secret, made anew beside the old one; the old one, ended.

use super::Answer;
use super::caller::admit;
use super::declared::{key, read};
use super::problem::{Problem, key_reused, unknown, wrong};
use crate::app::App;
use crate::domain::declaration::Mistake;
use crate::domain::management::{Subject, Verb};
use crate::flows::manage::secrets::{self, Ended, LONGEST, Made, Rotated, USUAL};
use crate::http::address::Address;
use crate::http::headers::NO_STORE;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::time::Duration;

/// `{"old_lives_seconds": 604800}`; 0 ends the old one at once.
pub async fn rotate(
    State(app): State<App>,
    Path(id): Path<String>,
    address: Address,
    parts: Parts,
    body: Bytes,
) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Create, Subject::ClientSecrets).await?;
    let answered = async {
        let (body, key) = match (read(&parts.headers, &body), key(&parts.headers, &admitted.by)) {
            (Ok(body), Ok(key)) => (body, key),
            (Err(problem), _) | (_, Err(problem)) => return Ok(problem.into_response()),
        };
        let lives = match old_lives(&body) {
            Ok(lives) => lives,
            Err(problem) => return Ok(problem.into_response()),
        };
        Ok(tell(secrets::rotate(&app, &admitted.by, &id, lives, key).await?))
    };
    Ok(admitted.answer(&app, answered.await))
}

pub async fn end_old(State(app): State<App>, Path(id): Path<String>, address: Address, parts: Parts) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Delete, Subject::ClientSecrets).await?;
    let answered = secrets::end_old(&app, &admitted.by, &id).await.map(|ended| match ended {
        Ended::Done => StatusCode::NO_CONTENT.into_response(),
        Ended::Unknown | Ended::None => unknown().into_response(),
    });
    Ok(admitted.answer(&app, answered))
}

fn old_lives(body: &Value) -> Result<Duration, Problem> {
    const FIELD: &str = "old_lives_seconds";
    let known = body.as_object().is_some_and(|fields| fields.keys().all(|name| name == FIELD));
    let seconds = body.get(FIELD).map_or(Some(USUAL.as_secs()), Value::as_u64);
    let seconds = seconds.filter(|seconds| known && *seconds <= LONGEST.as_secs());
    seconds.map(Duration::from_secs).ok_or_else(|| {
        let what = format!("a whole number of seconds, {} at most, and nothing else", LONGEST.as_secs());
        wrong(&[Mistake::of(FIELD, what)])
    })
}

fn tell(rotated: Rotated) -> Response {
    match rotated {
        Rotated::Made(Made { secret, old_until }) => {
            let told = json!({ "secret": secret, "old_until": old_until });
            (StatusCode::CREATED, [(CACHE_CONTROL, NO_STORE)], Json(told)).into_response()
        }
        Rotated::Unknown => unknown().into_response(),
        Rotated::NoSecret => {
            let title = "This client authenticates by something else than a secret.";
            Problem::new(StatusCode::CONFLICT, "no-secret", title).into_response()
        }
        Rotated::Two(until) => {
            let title = "Two secrets work already. End the old one first.";
            Problem::new(StatusCode::CONFLICT, "two-secrets", title).with("old_until", until.secs()).into_response()
        }
        Rotated::KeyReused => key_reused().into_response(),
    }
}
