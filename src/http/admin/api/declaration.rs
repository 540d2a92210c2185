//! The whole installation as a file: written out, and declared.

use super::Answer;
use super::caller::admit;
use super::page::shown;
use super::problem::{Problem, wrong};
use crate::app::App;
use crate::domain::management::{Subject, Verb};
use crate::domain::params::Params;
use crate::flows::manage::apply::{Applied, Changes, How, apply_so, no_files};
use crate::flows::manage::export;
use crate::http::address::Address;
use crate::http::headers::NO_STORE;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::IntoResponse;
use serde_json::{Map, Value, json};

pub const TOML: &str = "application/toml";
pub const PLAIN: &str = "text/plain";

/// As `countersign export` writes it.
pub async fn export(State(app): State<App>, address: Address, parts: Parts) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Read, Subject::Declaration).await?;
    let headers = [(CONTENT_TYPE, HeaderValue::from_static(TOML)), (CACHE_CONTROL, NO_STORE)];
    let answered = export::export(&app).await.map(|text| (headers, text).into_response());
    Ok(admitted.answer(&app, answered))
}

pub async fn apply(State(app): State<App>, address: Address, parts: Parts, body: Bytes) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Update, Subject::Declaration).await?;
    let answered = async {
        let (how, text) = match (how(&parts), text(&parts.headers, &body)) {
            (Ok(how), Ok(text)) => (how, text),
            (Err(problem), _) | (_, Err(problem)) => return Ok(problem.into_response()),
        };
        Ok(match apply_so(&app, &admitted.by, text, &no_files, how).await? {
            Applied::Done(changes) => shown(told(changes, how.dry_run)),
            Applied::Wrong(mistakes) => wrong(&mistakes).into_response(),
        })
    };
    Ok(admitted.answer(&app, answered.await))
}

fn how(parts: &Parts) -> Result<How, Problem> {
    let params = Params::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let flag = |name: &'static str| match params.get(name) {
        None => Ok(false),
        Some(text) => text.parse().map_err(|_| {
            Problem::new(StatusCode::BAD_REQUEST, "bad-question", "It is true or false.").with("field", name)
        }),
    };
    Ok(How { dry_run: flag("dry_run")?, prune: flag("prune")? })
}

fn text<'a>(headers: &HeaderMap, body: &'a Bytes) -> Result<&'a str, Problem> {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if ![TOML, PLAIN].contains(&kind) {
        let title = "Send TOML, and say so: Content-Type: application/toml.";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-toml", title));
    }
    let title = "The file is no UTF-8.";
    std::str::from_utf8(body).map_err(|_| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong", title))
}

fn told(changes: Changes, dry_run: bool) -> Value {
    // What a dry run made is nobody's.
    let made = changes.made_secrets.into_iter().filter(|_| !dry_run);
    let secrets: Map<String, Value> = made.map(|(client, secret)| (client, json!(secret))).collect();
    json!({ "dry_run": dry_run, "changes": changes.lines, "made_secrets": secrets })
}
