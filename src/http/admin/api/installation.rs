//! The installation itself: who operates it, its signing keys, what it was started with.

use super::Answer;
use super::caller::admit;
use super::declared::read;
use super::page::shown;
use super::problem::{Problem, unknown, wrong};
use crate::app::App;
use crate::domain::declaration::Mistake;
use crate::domain::ids::SubjectId;
use crate::domain::management::{Subject, Verb};
use crate::domain::operator::Role;
use crate::flows::keys;
use crate::flows::manage::operators::{self, Changed};
use crate::http::address::Address;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

pub async fn list_operators(State(app): State<App>, address: Address, parts: Parts) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Read, Subject::Operators).await?;
    let told = |operator: &crate::domain::operator::Operator| json!({ "id": operator.subject.as_str(), "role": operator.role.as_str(), "added_at": operator.added_at.secs() });
    let listed = operators::list(&app).await;
    let answered = listed.map(|all| {
        let data: Vec<Value> = all.iter().map(told).collect();
        shown(json!({ "data": data, "next": null }))
    });
    Ok(admitted.answer(&app, answered))
}

/// `{"role": "support"}`: a link, told this once.
pub async fn invite(State(app): State<App>, address: Address, parts: Parts, body: Bytes) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Create, Subject::Operators).await?;
    let answered = async {
        let role = match role(&parts, &body) {
            Ok(role) => role,
            Err(problem) => return Ok(problem.into_response()),
        };
        let link = operators::invite(&app, &admitted.by, role).await?;
        let made = shown(json!({ "role": role.as_str(), "link": link }));
        Ok((StatusCode::CREATED, made).into_response())
    };
    Ok(admitted.answer(&app, answered.await))
}

pub async fn change_operator(
    State(app): State<App>,
    Path(id): Path<String>,
    address: Address,
    parts: Parts,
    body: Bytes,
) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Update, Subject::Operators).await?;
    let answered = async {
        let role = match role(&parts, &body) {
            Ok(role) => role,
            Err(problem) => return Ok(problem.into_response()),
        };
        Ok(tell(operators::change_role(&app, &admitted.by, &SubjectId::new(&id), role).await?))
    };
    Ok(admitted.answer(&app, answered.await))
}

pub async fn remove_operator(State(app): State<App>, Path(id): Path<String>, address: Address, parts: Parts) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Delete, Subject::Operators).await?;
    let changed = operators::remove(&app, &admitted.by, &SubjectId::new(&id)).await;
    Ok(admitted.answer(&app, changed.map(tell)))
}

fn role(parts: &Parts, body: &Bytes) -> Result<Role, Problem> {
    let body = read(&parts.headers, body)?;
    let only = body.as_object().is_some_and(|fields| fields.len() == 1);
    body["role"]
        .as_str()
        .and_then(Role::parse)
        .filter(|_| only)
        .ok_or_else(|| wrong(&[Mistake::of("role", "owner, admin, support or viewer, and nothing else")]))
}

fn tell(changed: Changed) -> Response {
    match changed {
        Changed::Done => StatusCode::NO_CONTENT.into_response(),
        Changed::Unknown => unknown().into_response(),
        Changed::LastOwner => {
            let title = "This is the last owner: nobody would be left to let others in.";
            Problem::new(StatusCode::CONFLICT, "last-owner", title).into_response()
        }
    }
}

pub async fn list_keys(State(app): State<App>, address: Address, parts: Parts) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Read, Subject::Keys).await?;
    Ok(admitted.answer(&app, Ok(keys_of(&app))))
}

pub async fn rotate_keys(State(app): State<App>, address: Address, parts: Parts) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Create, Subject::Keys).await?;
    let rotated = keys::rotate(&app, &admitted.by).await;
    Ok(admitted.answer(&app, rotated.map(|_| (StatusCode::CREATED, keys_of(&app)).into_response())))
}

fn keys_of(app: &App) -> Response {
    let told = |key: &keys::Published| {
        json!({
            "kid": key.kid, "algorithm": key.algorithm.as_str(), "signs_at": key.signs_at.secs(),
            "leaves_at": key.leaves_at.map(|at| at.secs()),
        })
    };
    let data: Vec<Value> = keys::published(&app.live(), app.now()).iter().map(told).collect();
    shown(json!({ "data": data, "next": null }))
}

/// Read alone: they are changed where they are given, and by a restart.
pub async fn list_settings(State(app): State<App>, address: Address, parts: Parts) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Read, Subject::Settings).await?;
    let all = app.config.told().into_iter().map(
        |told| json!({ "name": told.listed.name, "value": told.value, "from": told.from, "about": told.listed.about }),
    );
    let data: Vec<Value> = all.collect();
    Ok(admitted.answer(&app, Ok(shown(json!({ "data": data, "next": null })))))
}
