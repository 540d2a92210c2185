//! Everything that can be declared: listed, read, made, changed, taken away.

use super::Answer;
use super::caller::admit;
use super::page::Page;
use super::problem::{Problem, key_reused, unknown, wrong};
use crate::app::App;
use crate::domain::audit::By;
use crate::domain::declaration::Noun;
use crate::domain::json;
use crate::domain::management::{Subject, Verb};
use crate::flows::manage::change::{self, Item, Key, Outcome};
use crate::http::address::Address;
use crate::http::headers::NO_STORE;
use crate::http::urls;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_MATCH, IF_NONE_MATCH, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

pub async fn list(State(app): State<App>, Path(noun): Path<String>, address: Address, parts: Parts) -> Answer {
    let noun = Noun::of_plural(&noun).ok_or_else(unknown)?;
    let page = Page::read(&parts)?;
    let admitted = admit(&app, &parts, address, Verb::Read, Subject::Declared(noun)).await?;
    let answered = async {
        let holds = |value: &Value| page.holds(value);
        let items = change::list_page(&app, noun, page.after.as_deref(), page.most + 1, holds).await?;
        Ok(page.show(items, |last| last.name.clone(), |item| item.value))
    };
    Ok(admitted.answer(&app, answered.await))
}

pub async fn create(
    State(app): State<App>,
    Path(noun): Path<String>,
    address: Address,
    parts: Parts,
    body: Bytes,
) -> Answer {
    let noun = Noun::of_plural(&noun).ok_or_else(unknown)?;
    let admitted = admit(&app, &parts, address, Verb::Create, Subject::Declared(noun)).await?;
    let answered = async {
        let body = match read(&parts.headers, &body) {
            Ok(body) => body,
            Err(problem) => return Ok(problem.into_response()),
        };
        let key = match key(&parts.headers, &admitted.by) {
            Ok(key) => key,
            Err(problem) => return Ok(problem.into_response()),
        };
        Ok(tell(noun, change::create(&app, &admitted.by, noun, body, key).await?))
    };
    Ok(admitted.answer(&app, answered.await))
}

pub async fn show(
    State(app): State<App>,
    Path((noun, name)): Path<(String, String)>,
    address: Address,
    parts: Parts,
) -> Answer {
    let noun = Noun::of_plural(&noun).ok_or_else(unknown)?;
    let admitted = admit(&app, &parts, address, Verb::Read, Subject::Declared(noun)).await?;
    let answered = async {
        Ok(match change::find(&app, noun, &name).await? {
            None => unknown().into_response(),
            Some(item) if parts.headers.get(IF_NONE_MATCH).is_some_and(|known| matches(known, &item.etag)) => {
                (StatusCode::NOT_MODIFIED, etag(&item)).into_response()
            }
            Some(item) => shown(StatusCode::OK, noun, item),
        })
    };
    Ok(admitted.answer(&app, answered.await))
}

pub async fn update(
    State(app): State<App>,
    Path((noun, name)): Path<(String, String)>,
    address: Address,
    parts: Parts,
    body: Bytes,
) -> Answer {
    let noun = Noun::of_plural(&noun).ok_or_else(unknown)?;
    let admitted = admit(&app, &parts, address, Verb::Update, Subject::Declared(noun)).await?;
    let answered = async {
        let (body, etag) = match (read(&parts.headers, &body), if_match(&parts.headers)) {
            (Ok(body), Ok(etag)) => (body, etag),
            (Err(problem), _) | (_, Err(problem)) => return Ok(problem.into_response()),
        };
        Ok(tell(noun, change::update(&app, &admitted.by, noun, &name, body, etag.as_deref()).await?))
    };
    Ok(admitted.answer(&app, answered.await))
}

pub async fn delete(
    State(app): State<App>,
    Path((noun, name)): Path<(String, String)>,
    address: Address,
    parts: Parts,
) -> Answer {
    let noun = Noun::of_plural(&noun).ok_or_else(unknown)?;
    let admitted = admit(&app, &parts, address, Verb::Delete, Subject::Declared(noun)).await?;
    let answered = async {
        let etag = match if_match(&parts.headers) {
            Ok(etag) => etag,
            Err(problem) => return Ok(problem.into_response()),
        };
        Ok(tell(noun, change::delete(&app, &admitted.by, noun, &name, etag.as_deref()).await?))
    };
    Ok(admitted.answer(&app, answered.await))
}

fn tell(noun: Noun, outcome: Outcome) -> Response {
    match outcome {
        Outcome::Created(item) => shown(StatusCode::CREATED, noun, item),
        Outcome::Updated(item) => shown(StatusCode::OK, noun, item),
        Outcome::Deleted => StatusCode::NO_CONTENT.into_response(),
        Outcome::Unknown => unknown().into_response(),
        Outcome::Exists => Problem::new(StatusCode::CONFLICT, "exists", "There is one of this name.").into_response(),
        Outcome::Stale(item) => {
            let title = "Somebody changed it since you read it. Look at what it is now, and try again.";
            let problem = Problem::new(StatusCode::PRECONDITION_FAILED, "stale", title);
            (etag(&item), problem.with("current", item.value)).into_response()
        }
        Outcome::Wrong(mistakes) => wrong(&mistakes).into_response(),
        Outcome::InUse(mistakes) => {
            let title = "Others need it. Nothing was changed.";
            Problem::new(StatusCode::CONFLICT, "in-use", title).errors(&mistakes).into_response()
        }
        Outcome::KeyReused => key_reused().into_response(),
    }
}

fn shown(status: StatusCode, noun: Noun, item: Item) -> Response {
    let mut value = item.value.clone();
    if let Some(secret) = &item.secret {
        let field = if noun == Noun::Registration { "token" } else { "secret" };
        value[field] = json!(secret);
    }
    let mut response = (status, etag(&item), [(CACHE_CONTROL, NO_STORE)], Json(value)).into_response();
    if status == StatusCode::CREATED
        && let Ok(location) = HeaderValue::from_str(&urls::api_declared(noun.plural(), &item.name))
    {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

fn etag(item: &Item) -> HeaderMap {
    let value = HeaderValue::from_str(&format!("\"{}\"", item.etag));
    value.into_iter().map(|value| (ETAG, value)).collect()
}

/// Whether a list of tags names this one (RFC 9110 §13.1.2).
fn matches(known: &HeaderValue, etag: &str) -> bool {
    let tag = |one: &str| one.trim().trim_start_matches("W/").trim_matches('"') == etag;
    known.to_str().is_ok_and(|known| known == "*" || known.split(',').any(tag))
}

/// The tag a change must name, or `None` for `*`: whatever it is now.
fn if_match(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    match headers.get(IF_MATCH).and_then(|value| value.to_str().ok()) {
        Some("*") => Ok(None),
        Some(tag) => Ok(Some(tag.trim().trim_matches('"').to_owned())),
        None => {
            let title = "Say which state you change: If-Match with the ETag you read, or *.";
            Err(Problem::new(StatusCode::PRECONDITION_REQUIRED, "if-match-needed", title))
        }
    }
}

pub fn read(headers: &HeaderMap, body: &[u8]) -> Result<Value, Problem> {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !["application/json", "application/merge-patch+json"].contains(&kind) {
        let title = "Send JSON, and say so: Content-Type: application/json.";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json", title));
    }
    let title = "The body is no JSON object.";
    let bad = || Problem::new(StatusCode::BAD_REQUEST, "bad-json", title);
    json::read_object(body).map(Value::Object).ok_or_else(bad)
}

pub fn key(headers: &HeaderMap, by: &By) -> Result<Option<Key>, Problem> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let title = "An Idempotency-Key is 1 to 255 printable characters.";
    let bad = || Problem::new(StatusCode::BAD_REQUEST, "bad-key", title);
    let key = value.to_str().map_err(|_| bad())?.trim_matches('"');
    if !(1..=255).contains(&key.len()) {
        return Err(bad());
    }
    Ok(Some(Key { key: key.to_owned(), of: by.actor.to_string() }))
}
