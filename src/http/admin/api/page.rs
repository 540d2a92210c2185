//! Lists, a page at a time.

use super::problem::Problem;
use crate::domain::params::Params;
use crate::domain::time::Time;
use crate::http::headers::NO_STORE;
use axum::Json;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// Seconds that still are a moment: the year 9999.
pub const LATEST: i64 = 253_402_300_799;

/// As many as a page holds, unless asked for fewer.
pub const PAGE: usize = 100;

/// Which page of a list, and of what.
pub struct Page {
    pub after: Option<String>,
    pub most: usize,
    query: String,
}

impl Page {
    pub fn read(parts: &Parts) -> Result<Self, Problem> {
        let params = Params::parse(parts.uri.query().unwrap_or_default().as_bytes());
        let most =
            params.get("limit").map_or(Some(PAGE), |text| text.parse().ok().filter(|most| (1..=PAGE).contains(most)));
        let most = most.ok_or_else(|| {
            let problem = Problem::new(StatusCode::BAD_REQUEST, "bad-limit", "limit is a number from 1 to 100.");
            problem.with("field", "limit")
        })?;
        let query = params.get("q").unwrap_or_default().to_lowercase();
        Ok(Self { after: params.get("cursor").map(str::to_owned), most, query })
    }

    pub fn holds(&self, value: &Value) -> bool {
        self.query.is_empty() || value.to_string().to_lowercase().contains(&self.query)
    }

    /// How many to look for: one more than is shown tells whether there is a next page.
    pub fn wanted(&self) -> i64 {
        i64::try_from(self.most).unwrap_or(i64::MAX).saturating_add(1)
    }

    /// The moment and id after which the page begins, where `place` wrote its cursor.
    pub fn after_place(&self) -> Result<Option<(Time, &str)>, Problem> {
        let Some(cursor) = self.after.as_deref() else { return Ok(None) };
        let (at, id) = cursor.split_once('-').ok_or_else(bad_cursor)?;
        Ok(Some((Time(at.parse().map_err(|_| bad_cursor())?), id)))
    }

    /// What was found, as far as the page goes; `cursor` names where the next begins.
    pub fn show<T>(&self, mut found: Vec<T>, cursor: impl Fn(&T) -> String, told: impl Fn(T) -> Value) -> Response {
        let more = found.len() > self.most;
        found.truncate(self.most);
        let next = found.last().filter(|_| more).map(cursor);
        let data: Vec<Value> = found.into_iter().map(told).collect();
        shown(json!({ "data": data, "next": next }))
    }
}

/// The cursor of what is listed by moment and id.
pub fn place(at: Time, id: &str) -> String {
    format!("{}-{id}", at.0)
}

pub fn bad_cursor() -> Problem {
    let title = "cursor is the `next` of the page before.";
    Problem::new(StatusCode::BAD_REQUEST, "bad-cursor", title).with("field", "cursor")
}

/// A moment that is asked for, in seconds since 1970.
pub fn moment(params: &Params, name: &'static str) -> Result<Option<Time>, Problem> {
    let Some(text) = params.get(name) else { return Ok(None) };
    let seconds = text.parse().ok().filter(|seconds| (0..=LATEST).contains(seconds));
    let title = "since and until are seconds since 1970.";
    let wrong = || Problem::new(StatusCode::BAD_REQUEST, "bad-filter", title).with("field", name);
    seconds.map(|seconds| Some(Time::from_secs(seconds))).ok_or_else(wrong)
}

/// Nobody keeps what operators read.
pub fn shown(value: Value) -> Response {
    ([(CACHE_CONTROL, NO_STORE)], Json(value)).into_response()
}
