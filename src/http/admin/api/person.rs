//! One person: what they sign in with, what they did and have open; made one with another account of theirs; their own copy.

use super::Answer;
use super::caller::admit;
use super::declared::read;
use super::page::{Page, place, shown};
use super::people::tell;
use super::problem::{Problem, unknown, wrong};
use super::sign_ins;
use crate::app::App;
use crate::domain::declaration::Mistake;
use crate::domain::grant::Grant;
use crate::domain::management::{Subject as Of, Verb};
use crate::domain::session::Session;
use crate::domain::time::Time;
use crate::flows::manage::accounts;
use crate::http::address::Address;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

pub async fn add_identifier(
    State(app): State<App>,
    Path(id): Path<String>,
    address: Address,
    parts: Parts,
    body: Bytes,
) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Update, Of::People).await?;
    let answered = async {
        let text = match only(&parts, &body, "identifier") {
            Ok(text) => text,
            Err(problem) => return Ok(problem.into_response()),
        };
        Ok(tell(accounts::add_identifier(&app, &admitted.by, &id, &text).await?))
    };
    Ok(admitted.answer(&app, answered.await))
}

pub async fn remove_identifier(
    State(app): State<App>,
    Path((id, identifier)): Path<(String, String)>,
    address: Address,
    parts: Parts,
) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Update, Of::People).await?;
    let removed = accounts::remove_identifier(&app, &admitted.by, &id, &identifier).await;
    Ok(admitted.answer(&app, removed.map(tell)))
}

/// `{"from": "kp_…"}`: the account that goes. It is deleted, so it takes the scope that deletes, too.
pub async fn merge(
    State(app): State<App>,
    Path(id): Path<String>,
    address: Address,
    parts: Parts,
    body: Bytes,
) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Delete, Of::People).await?;
    let answered = async {
        let from = match only(&parts, &body, "from") {
            Ok(from) => from,
            Err(problem) => return Ok(problem.into_response()),
        };
        Ok(tell(accounts::merge(&app, &admitted.by, &id, &from).await?))
    };
    Ok(admitted.answer(&app, answered.await))
}

/// The text of a body that says only this.
fn only(parts: &Parts, body: &[u8], field: &str) -> Result<String, Problem> {
    let body = read(&parts.headers, body)?;
    let one = body.as_object().is_some_and(|fields| fields.len() == 1);
    body[field]
        .as_str()
        .filter(|_| one)
        .map(str::to_owned)
        .ok_or_else(|| wrong(&[Mistake::of(field, "a text, and nothing else")]))
}

pub async fn export(State(app): State<App>, Path(id): Path<String>, address: Address, parts: Parts) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Read, Of::People).await?;
    let copied = accounts::copy(&app, &id).await;
    Ok(admitted.answer(&app, copied.map(|copy| copy.map_or_else(|| unknown().into_response(), shown))))
}

pub async fn sign_ins(State(app): State<App>, Path(id): Path<String>, address: Address, parts: Parts) -> Answer {
    let page = Page::read(&parts)?;
    let before = page.after_place()?;
    let admitted = admit(&app, &parts, address, Verb::Read, Of::People).await?;
    let found = accounts::sign_ins(&app, &id, before, page.wanted()).await;
    let answered = found.map(|found| match found {
        Some(found) => page.show(found, |last| place(last.ends_at, &last.id), |one| sign_ins::told(&one)),
        None => unknown().into_response(),
    });
    Ok(admitted.answer(&app, answered))
}

pub async fn sessions(State(app): State<App>, Path(id): Path<String>, address: Address, parts: Parts) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Read, Of::People).await?;
    let found = accounts::sessions(&app, &id).await;
    Ok(admitted.answer(&app, found.map(|found| all(found, of_session))))
}

pub async fn end_sessions(State(app): State<App>, Path(id): Path<String>, address: Address, parts: Parts) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Update, Of::People).await?;
    let ended = accounts::end_sessions(&app, &admitted.by, &id).await;
    let answered = ended.map(|ended| match ended {
        Some(_) => StatusCode::NO_CONTENT.into_response(),
        None => unknown().into_response(),
    });
    Ok(admitted.answer(&app, answered))
}

pub async fn grants(State(app): State<App>, Path(id): Path<String>, address: Address, parts: Parts) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Read, Of::People).await?;
    let found = accounts::grants(&app, &id).await;
    Ok(admitted.answer(&app, found.map(|found| all(found, of_grant))))
}

fn all<T>(found: Option<Vec<T>>, told: impl Fn(T) -> Value) -> Response {
    let Some(found) = found else { return unknown().into_response() };
    let data: Vec<Value> = found.into_iter().map(told).collect();
    shown(json!({ "data": data, "next": null }))
}

fn of_session(session: Session) -> Value {
    json!({
        "id": session.id.as_str(),
        "signed_in_at": session.auth_time.secs(),
        "expires_at": session.expires_at.secs(),
        "ended_at": session.ended_at.map(Time::secs),
    })
}

fn of_grant(grant: Grant) -> Value {
    json!({
        "id": grant.id.as_str(),
        "client": grant.client_id.as_str(),
        "session": Some(grant.session.as_str()).filter(|session| !session.is_empty()),
        "scope": grant.scope.to_string(),
        "audience": grant.audience,
        "organization": grant.organization,
        "created_at": grant.created_at.secs(),
        "expires_at": grant.expires_at.secs(),
        "revoked_at": grant.revoked_at.map(Time::secs),
    })
}
