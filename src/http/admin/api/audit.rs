//! What operators did, newest first.

use super::caller::admit;
use super::declared::Page;
use crate::app::App;
use crate::domain::management::{Subject, Verb};
use crate::domain::params::Params;
use crate::flows::manage::audit::{self, Filter};
use crate::http::address::Address;
use crate::http::headers::NO_STORE;
use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde_json::json;

pub async fn list(State(app): State<App>, address: Address, parts: Parts) -> Response {
    let page = match Page::read(&parts) {
        Ok(page) => page,
        Err(problem) => return problem.into_response(),
    };
    let before = match page.after.as_deref().map(str::parse::<i64>) {
        None => None,
        Some(Ok(before)) => Some(before),
        Some(Err(_)) => return super::bad_cursor().into_response(),
    };
    let params = Params::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let text = |name: &str| params.get(name).unwrap_or_default().to_owned();
    let filter = Filter { actor: text("actor"), noun: text("noun"), name: text("name") };
    let admitted = match admit(&app, &parts, address, Verb::Read, Subject::Audit).await {
        Ok(admitted) => admitted,
        Err(refused) => return refused,
    };
    let answered = async {
        let most = i64::try_from(page.most).unwrap_or(i64::MAX);
        let mut entries = audit::list(&app, &filter, before, most + 1).await?;
        let more = entries.len() > page.most;
        entries.truncate(page.most);
        let next = entries.last().filter(|_| more).map(|last| last.seq.to_string());
        Ok(([(CACHE_CONTROL, NO_STORE)], Json(json!({ "data": entries, "next": next }))).into_response())
    };
    admitted.answer(&app, answered.await)
}
