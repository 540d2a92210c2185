//! The book of what operators did: newest first, proven whole, or all of it.

use super::Answer;
use super::caller::admit;
use super::openapi::LINES;
use super::page::{Page, bad_cursor, moment, shown};
use crate::app::App;
use crate::domain::management::{Subject, Verb};
use crate::domain::params::Params;
use crate::flows::manage::audit::{self, Filter, Verified};
use crate::http::address::Address;
use crate::http::headers::NO_STORE;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::response::IntoResponse;
use serde_json::json;

pub async fn list(State(app): State<App>, address: Address, parts: Parts) -> Answer {
    let page = Page::read(&parts)?;
    let before = page.after.as_deref().map(str::parse::<i64>).transpose().map_err(|_| bad_cursor())?;
    let params = Params::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let text = |name: &str| params.get(name).unwrap_or_default().to_owned();
    let filter = Filter {
        actor: text("actor"),
        noun: text("noun"),
        name: text("name"),
        since: moment(&params, "since")?,
        until: moment(&params, "until")?,
    };
    let admitted = admit(&app, &parts, address, Verb::Read, Subject::Audit).await?;
    let answered = async {
        let entries = audit::list(&app, &filter, before, page.wanted()).await?;
        Ok(page.show(entries, |last| last.seq.to_string(), |entry| json!(entry)))
    };
    Ok(admitted.answer(&app, answered.await))
}

pub async fn verify(State(app): State<App>, address: Address, parts: Parts) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Read, Subject::Audit).await?;
    let answered = audit::verify(&app).await.map(|verified| {
        let (entries, broken_at, cut_after) = match verified {
            Verified::Whole(entries) => (Some(entries), None, None),
            Verified::Broken(seq) => (None, Some(seq), None),
            Verified::Cut(seq) => (None, None, Some(seq)),
        };
        let whole = entries.is_some();
        shown(json!({ "whole": whole, "entries": entries, "broken_at": broken_at, "cut_after": cut_after }))
    });
    Ok(admitted.answer(&app, answered))
}

/// As it is read: it may be long.
pub async fn export(State(app): State<App>, address: Address, parts: Parts) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Read, Subject::Audit).await?;
    let headers = [(CONTENT_TYPE, HeaderValue::from_static(LINES)), (CACHE_CONTROL, NO_STORE)];
    let body = Body::from_stream(audit::lines(&app));
    Ok(admitted.answer(&app, Ok((headers, body).into_response())))
}
