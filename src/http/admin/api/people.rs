//! People: found by an identifier or listed, blocked and let in again, signed out everywhere, forgotten.

use super::caller::admit;
use super::declared::{Page, read};
use super::problem::{Problem, unknown};
use crate::app::App;
use crate::domain::declaration::Mistake;
use crate::domain::identifier::Identifier;
use crate::domain::management::{Subject as Of, Verb};
use crate::domain::params::Params;
use crate::domain::subject::Subject;
use crate::domain::time::Time;
use crate::flows::manage::accounts::{self, After};
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

pub async fn list(State(app): State<App>, address: Address, parts: Parts) -> Response {
    let (page, after, identifier) = match asked(&parts) {
        Ok(asked) => asked,
        Err(problem) => return problem.into_response(),
    };
    let admitted = match admit(&app, &parts, address, Verb::Read, Of::People).await {
        Ok(admitted) => admitted,
        Err(refused) => return refused,
    };
    let answered = async {
        if let Some(identifier) = identifier {
            let found = accounts::find_by_identifier(&app, &identifier).await?;
            let data: Vec<Value> = found.iter().map(told).collect();
            return Ok(shown(json!({ "data": data, "next": null })));
        }
        let most = i64::try_from(page.most).unwrap_or(i64::MAX);
        let mut people = accounts::list(&app, after.as_ref(), most + 1).await?;
        let more = people.len() > page.most;
        people.truncate(page.most);
        let next = people.last().filter(|_| more).map(|(made, last)| format!("{}-{}", made.0, last.id));
        let data: Vec<Value> = people.iter().map(|(_, subject)| told(subject)).collect();
        Ok(shown(json!({ "data": data, "next": next })))
    };
    admitted.answer(&app, answered.await)
}

pub async fn show(State(app): State<App>, Path(id): Path<String>, address: Address, parts: Parts) -> Response {
    let admitted = match admit(&app, &parts, address, Verb::Read, Of::People).await {
        Ok(admitted) => admitted,
        Err(refused) => return refused,
    };
    let found = accounts::find(&app, &id).await;
    admitted.answer(&app, found.map(one))
}

/// `{"blocked": true}`, or false.
pub async fn update(
    State(app): State<App>,
    Path(id): Path<String>,
    address: Address,
    parts: Parts,
    body: Bytes,
) -> Response {
    let admitted = match admit(&app, &parts, address, Verb::Update, Of::People).await {
        Ok(admitted) => admitted,
        Err(refused) => return refused,
    };
    let answered = async {
        let body = match read(&parts.headers, &body) {
            Ok(body) => body,
            Err(problem) => return Ok(problem.into_response()),
        };
        let only = body.as_object().is_some_and(|fields| fields.len() == 1);
        let Some(blocked) = body["blocked"].as_bool().filter(|_| only) else {
            let mistake =
                Mistake { field: "blocked".into(), ..Mistake::plain("true or false, and nothing else".into()) };
            let title = "Something in it is wrong. Nothing was changed.";
            return Ok(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong", title)
                .errors(&[mistake])
                .into_response());
        };
        Ok(one(accounts::block(&app, &admitted.by, &id, blocked).await?))
    };
    admitted.answer(&app, answered.await)
}

pub async fn end_sessions(State(app): State<App>, Path(id): Path<String>, address: Address, parts: Parts) -> Response {
    let admitted = match admit(&app, &parts, address, Verb::Update, Of::People).await {
        Ok(admitted) => admitted,
        Err(refused) => return refused,
    };
    let ended = accounts::end_sessions(&app, &admitted.by, &id).await;
    let answered = ended.map(|ended| match ended {
        Some(_) => StatusCode::NO_CONTENT.into_response(),
        None => unknown().into_response(),
    });
    admitted.answer(&app, answered)
}

pub async fn erase(State(app): State<App>, Path(id): Path<String>, address: Address, parts: Parts) -> Response {
    let admitted = match admit(&app, &parts, address, Verb::Delete, Of::People).await {
        Ok(admitted) => admitted,
        Err(refused) => return refused,
    };
    let answered = accounts::erase(&app, &admitted.by, &id).await.map(|erased| match erased {
        true => StatusCode::NO_CONTENT.into_response(),
        false => unknown().into_response(),
    });
    admitted.answer(&app, answered)
}

fn asked(parts: &Parts) -> Result<(Page, Option<After>, Option<Identifier>), Problem> {
    let page = Page::read(parts)?;
    let params = Params::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let identifier = params.get("identifier").map(|text| {
        let read = Identifier::phone(text, None).ok().or_else(|| Identifier::email(text).ok());
        let title = "identifier is a phone number with + and country code, or an e-mail address.";
        read.ok_or_else(|| Problem::new(StatusCode::BAD_REQUEST, "bad-identifier", title).with("field", "identifier"))
    });
    let after = page.after.as_deref().map(|cursor| {
        let (made, id) = cursor.split_once('-').unwrap_or_default();
        made.parse().map(|made| After { made: Time(made), id: id.to_owned() }).map_err(|_| super::bad_cursor())
    });
    let (identifier, after) = (identifier.transpose()?, after.transpose()?);
    Ok((page, after, identifier))
}

fn one(found: Option<Subject>) -> Response {
    found.map_or_else(|| unknown().into_response(), |subject| shown(told(&subject)))
}

fn shown(value: Value) -> Response {
    ([(CACHE_CONTROL, NO_STORE)], Json(value)).into_response()
}

fn told(subject: &Subject) -> Value {
    let identifiers =
        subject.identifiers.iter().map(|one| json!({ "kind": one.kind().as_str(), "value": one.reveal() }));
    let memberships = subject.memberships.iter().map(
        |one| json!({ "organization": one.organization.code, "roles": one.roles, "permissions": one.permissions }),
    );
    json!({
        "id": subject.id.as_str(),
        "blocked": subject.blocked,
        "updated_at": subject.updated_at.secs(),
        "identifiers": identifiers.collect::<Vec<_>>(),
        "profile": subject.profile,
        "memberships": memberships.collect::<Vec<_>>(),
    })
}
