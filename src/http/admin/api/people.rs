//! People: found, listed, made, changed, forgotten.

use super::Answer;
use super::caller::admit;
use super::declared::{key, read};
use super::page::{Page, place, shown};
use super::problem::{Problem, key_reused, unknown, wrong};
use crate::app::App;
use crate::domain::declaration::Mistake;
use crate::domain::identifier::Identifier;
use crate::domain::management::{Subject as Of, Verb};
use crate::domain::params::Params;
use crate::domain::subject::Subject;
use crate::flows::manage::accounts::{self, Outcome, Refused, Search};
use crate::http::address::Address;
use crate::http::headers::NO_STORE;
use crate::http::urls;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

pub async fn list(State(app): State<App>, address: Address, parts: Parts) -> Answer {
    let page = Page::read(&parts)?;
    let (identifier, after) = (identifier(&parts)?, page.after_place()?);
    let params = Params::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let search = Search { text: params.get("q").unwrap_or_default(), blocked: blocked(&params)? };
    let admitted = admit(&app, &parts, address, Verb::Read, Of::People).await?;
    let answered = async {
        if let Some(identifier) = identifier {
            let found = accounts::find_by_identifier(&app, &identifier).await?;
            let data: Vec<Value> = found.iter().map(told).collect();
            return Ok(shown(json!({ "data": data, "next": null })));
        }
        let people = accounts::list(&app, search, after, page.wanted()).await?;
        Ok(page.show(people, |last| place(last.created_at, last.id.as_str()), |subject| told(&subject)))
    };
    Ok(admitted.answer(&app, answered.await))
}

pub async fn create(State(app): State<App>, address: Address, parts: Parts, body: Bytes) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Create, Of::People).await?;
    let answered = async {
        let (body, key) = match (read(&parts.headers, &body), key(&parts.headers, &admitted.by)) {
            (Ok(body), Ok(key)) => (body, key),
            (Err(problem), _) | (_, Err(problem)) => return Ok(problem.into_response()),
        };
        Ok(tell(accounts::create(&app, &admitted.by, body, key).await?))
    };
    Ok(admitted.answer(&app, answered.await))
}

pub async fn show(State(app): State<App>, Path(id): Path<String>, address: Address, parts: Parts) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Read, Of::People).await?;
    let found = accounts::find(&app, &id).await;
    let found = found.map(|found| found.map_or_else(|| unknown().into_response(), |one| shown(told(&one))));
    Ok(admitted.answer(&app, found))
}

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
        Ok(tell(accounts::change(&app, &admitted.by, &id, body).await?))
    };
    Ok(admitted.answer(&app, answered.await))
}

pub async fn erase(State(app): State<App>, Path(id): Path<String>, address: Address, parts: Parts) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Delete, Of::People).await?;
    let erased = accounts::erase(&app, &admitted.by, &id).await;
    Ok(admitted.answer(&app, erased.map(tell)))
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

fn blocked(params: &Params) -> Result<Option<bool>, Problem> {
    let read = params.get("blocked").map(|text| {
        let wrong = || Problem::new(StatusCode::BAD_REQUEST, "bad-filter", "blocked is true or false.");
        text.parse().map_err(|_| wrong().with("field", "blocked"))
    });
    read.transpose()
}

/// What became of a change.
pub fn tell(outcome: Outcome) -> Response {
    match outcome {
        Outcome::Made(subject) => made(&subject),
        Outcome::Done(subject) => shown(told(&subject)),
        Outcome::Gone => StatusCode::NO_CONTENT.into_response(),
        Outcome::Unknown => unknown().into_response(),
        Outcome::Wrong(mistakes) => wrong(&mistakes).into_response(),
        Outcome::Refused(refused) => refuse(refused).into_response(),
        Outcome::KeyReused => key_reused().into_response(),
    }
}

fn refuse(refused: Refused) -> Problem {
    let conflict = |code, title| Problem::new(StatusCode::CONFLICT, code, title);
    match refused {
        Refused::Taken(field, owner) => {
            let mistake = Mistake::of(&field, format!("belongs to {owner}"));
            conflict("exists", "Somebody has this identifier. Nothing was changed.").errors(&[mistake])
        }
        Refused::Last => {
            conflict("last-identifier", "It is the only one: without it nobody could sign in. Add another first.")
        }
        Refused::Unproven => conflict(
            "proof-needed",
            "Both accounts must be proven: let the person sign in with both, in one browser, within 15 minutes, and try again.",
        ),
        Refused::LastOwner => conflict(
            "last-owner",
            "It is the last owner's: nobody would be left to let operators in. Make another first.",
        ),
        Refused::Operates => conflict(
            "operates",
            "They operate this service: what they sign in with is changed in the portal, by who may change operators.",
        ),
        Refused::Blocked => conflict("blocked", "One of the two is blocked. Let them in again first."),
    }
}

fn made(subject: &Subject) -> Response {
    let mut response = (StatusCode::CREATED, [(CACHE_CONTROL, NO_STORE)], Json(told(subject))).into_response();
    if let Ok(location) = HeaderValue::from_str(&urls::api_person(subject.id.as_str())) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
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
        "created_at": subject.created_at.secs(),
        "updated_at": subject.updated_at.secs(),
        "identifiers": identifiers.collect::<Vec<_>>(),
        "profile": subject.profile,
        "memberships": memberships.collect::<Vec<_>>(),
    })
}
