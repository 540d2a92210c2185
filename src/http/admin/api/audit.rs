//! What operators did, newest first.

use super::Answer;
use super::caller::admit;
use super::page::{Page, bad_cursor};
use crate::app::App;
use crate::domain::management::{Subject, Verb};
use crate::domain::params::Params;
use crate::flows::manage::audit::{self, Filter};
use crate::http::address::Address;
use axum::extract::State;
use axum::http::request::Parts;
use serde_json::json;

pub async fn list(State(app): State<App>, address: Address, parts: Parts) -> Answer {
    let page = Page::read(&parts)?;
    let before = page.after.as_deref().map(str::parse::<i64>).transpose().map_err(|_| bad_cursor())?;
    let params = Params::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let text = |name: &str| params.get(name).unwrap_or_default().to_owned();
    let filter = Filter { actor: text("actor"), noun: text("noun"), name: text("name"), ..Filter::default() };
    let admitted = admit(&app, &parts, address, Verb::Read, Subject::Audit).await?;
    let answered = async {
        let entries = audit::list(&app, &filter, before, page.wanted()).await?;
        Ok(page.show(entries, |last| last.seq.to_string(), |entry| json!(entry)))
    };
    Ok(admitted.answer(&app, answered.await))
}
