//! People: found by an identifier or listed, blocked and let in again, signed out everywhere, forgotten.

use super::Answer;
use super::caller::admit;
use super::declared::read;
use super::page::{Page, place, shown};
use super::problem::{Problem, unknown};
use crate::app::App;
use crate::domain::declaration::Mistake;
use crate::domain::identifier::Identifier;
use crate::domain::management::{Subject as Of, Verb};
use crate::domain::params::Params;
use crate::domain::subject::Subject;
use crate::flows::manage::accounts;
use crate::http::address::Address;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

pub async fn list(State(app): State<App>, address: Address, parts: Parts) -> Answer {
    let page = Page::read(&parts)?;
    let (identifier, after) = (identifier(&parts)?, page.after_place()?);
    let admitted = admit(&app, &parts, address, Verb::Read, Of::People).await?;
    let answered = async {
        if let Some(identifier) = identifier {
            let found = accounts::find_by_identifier(&app, &identifier).await?;
            let data: Vec<Value> = found.iter().map(told).collect();
            return Ok(shown(json!({ "data": data, "next": null })));
        }
        let people = accounts::list(&app, after, page.wanted()).await?;
        Ok(page.show(people, |(made, last)| place(*made, last.id.as_str()), |(_, subject)| told(&subject)))
    };
    Ok(admitted.answer(&app, answered.await))
}

pub async fn show(State(app): State<App>, Path(id): Path<String>, address: Address, parts: Parts) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Read, Of::People).await?;
    let found = accounts::find(&app, &id).await;
    Ok(admitted.answer(&app, found.map(one)))
}

/// `{"blocked": true}`, or false.
pub async fn update(
    State(app): State<App>,
    Path(id): Path<String>,
    address: Address,
    parts: Parts,
    body: Bytes,
) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Update, Of::People).await?;
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
    Ok(admitted.answer(&app, answered.await))
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

pub async fn erase(State(app): State<App>, Path(id): Path<String>, address: Address, parts: Parts) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Delete, Of::People).await?;
    let answered = accounts::erase(&app, &admitted.by, &id).await.map(|erased| match erased {
        true => StatusCode::NO_CONTENT.into_response(),
        false => unknown().into_response(),
    });
    Ok(admitted.answer(&app, answered))
}

/// The one person asked for by number or address.
fn identifier(parts: &Parts) -> Result<Option<Identifier>, Problem> {
    let params = Params::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let read = params.get("identifier").map(|text| {
        let title = "identifier is a phone number with + and country code, or an e-mail address.";
        let wrong = || Problem::new(StatusCode::BAD_REQUEST, "bad-identifier", title).with("field", "identifier");
        Identifier::read(text).ok_or_else(wrong)
    });
    read.transpose()
}

fn one(found: Option<Subject>) -> Response {
    found.map_or_else(|| unknown().into_response(), |subject| shown(told(&subject)))
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
