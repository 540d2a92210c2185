//! A form looked at while it is filled in, by what a save would say of it: for a script by field, else as the page drawn again.

use super::declared::{self, Asked};
use super::desk::Desk;
use super::form;
use super::turned::{Answer, Turned};
use crate::domain::declaration::Mistake;
use crate::domain::management::{Subject, Verb};
use crate::domain::params::Params;
use crate::flows::manage::check as flow;
use crate::http::headers::NO_STORE;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery};
use axum::http::header::{ACCEPT, CACHE_CONTROL};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use serde_json::{Map, Value};

pub async fn check(
    desk: Desk,
    Path(plural): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let noun = declared::noun(&plural)?;
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let name = query.get("name").map(str::to_owned);
    let verb = if name.is_some() { Verb::Update } else { Verb::Create };
    let by = desk.admit(verb, Subject::Declared(noun))?;
    let sent = declared::filled_in(&desk, by, noun, &body);
    let (value, mut mistakes) = declared::read(&desk, noun, &sent);
    let found = flow::check(&desk.app, noun, name.as_deref(), value.clone()).await?.ok_or(Turned::NotFound)?;
    // What cannot even be read counts as empty there: that it cannot says more.
    let unread: Vec<String> = mistakes.iter().map(|mistake| form::head(&mistake.field).to_owned()).collect();
    mistakes.extend(found.into_iter().filter(|mistake| !unread.iter().any(|head| head == form::head(&mistake.field))));
    if headers.get(ACCEPT).is_some_and(|accepted| accepted == "application/json") {
        return Ok(([(CACHE_CONTROL, NO_STORE)], Json(by_field(&mistakes))).into_response());
    }
    let good = mistakes.is_empty();
    let status = if good { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let done = good.then_some("Nothing is wrong with it. Nothing is saved yet.");
    let asked = Asked { noun, name, value, sent, mistakes, findings: Vec::new(), done };
    declared::checked(&desk, by, status, asked).await
}

/// As the form has its fields.
fn by_field(mistakes: &[Mistake]) -> Value {
    let heads = mistakes.iter().map(|mistake| form::head(&mistake.field));
    let told = |head: &str| form::wrong(mistakes, head).unwrap_or_default();
    Value::Object(heads.map(|head| (head.to_owned(), told(head).into())).collect::<Map<_, _>>())
}
