//! What went wrong, as `application/problem+json` (RFC 9457).

use crate::domain::declaration::Mistake;
use crate::http::headers::NO_STORE;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

pub const TYPE: &str = "application/problem+json";

pub struct Problem {
    status: StatusCode,
    /// What programs tell it by.
    code: &'static str,
    title: &'static str,
    members: Map<String, Value>,
}

impl Problem {
    pub fn new(status: StatusCode, code: &'static str, title: &'static str) -> Self {
        Self { status, code, title, members: Map::new() }
    }

    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    /// Each with the field it is about.
    pub fn errors(self, mistakes: &[Mistake]) -> Self {
        let told = mistakes.iter().map(|mistake| {
            // What another thing says of it: which one.
            let at = mistake.at.split_once("] ").map_or(mistake.at.as_str(), |(_, name)| name);
            let noun = mistake.at.split(['[', ' ']).next().unwrap_or_default();
            let of = if at.is_empty() { Value::Null } else { json!(format!("{noun} {}", at.replace('"', ""))) };
            json!({ "field": mistake.field, "detail": mistake.what, "of": of })
        });
        let told: Vec<Value> = told.collect();
        self.with("errors", told)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({
            "type": format!("urn:countersign:problem:{}", self.code),
            "title": self.title,
            "status": self.status.as_u16(),
        });
        if let Some(members) = body.as_object_mut() {
            members.extend(self.members);
        }
        let headers = [(CACHE_CONTROL, NO_STORE), (CONTENT_TYPE, HeaderValue::from_static(TYPE))];
        (self.status, headers, body.to_string()).into_response()
    }
}

impl From<Problem> for Response {
    fn from(problem: Problem) -> Self {
        problem.into_response()
    }
}

/// What is sent cannot be taken over, for all of these.
pub fn wrong(mistakes: &[Mistake]) -> Problem {
    let title = "Something in it is wrong. Nothing was changed.";
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong", title).errors(mistakes)
}

pub fn unknown() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "unknown", "There is no such thing.")
}

pub fn key_reused() -> Problem {
    let title = "This Idempotency-Key stood for another request.";
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "key-reused", title)
}
