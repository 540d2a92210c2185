//! Documents anybody may read, kept as they are sent: made anew when what is declared or the keys change, and once a second,
//! because keys come and go by the clock. A reader who has the newest is told so (RFC 9110 §13.1.2).

use crate::app::{App, Live};
use axum::body::Bytes;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

/// Shorter than the time a new key is published before it signs.
const FIVE_MINUTES: HeaderValue = HeaderValue::from_static("public, max-age=300");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// One document.
#[derive(Default)]
pub struct Published(Mutex<Option<Kept>>);

struct Kept {
    of: Arc<Live>,
    second: i64,
    body: Bytes,
    tag: String,
}

impl Published {
    pub fn answer(&self, app: &App, asked: &HeaderMap, make: impl FnOnce(&Live) -> Value) -> Response {
        let (body, tag) = self.newest(app, make);
        let known =
            asked.get_all(IF_NONE_MATCH).iter().any(|value| value.to_str().is_ok_and(|tags| tags.contains(&tag)));
        let named = HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"\""));
        if known {
            return (StatusCode::NOT_MODIFIED, [(CACHE_CONTROL, FIVE_MINUTES), (ETAG, named)]).into_response();
        }
        ([(CACHE_CONTROL, FIVE_MINUTES), (ETAG, named), (CONTENT_TYPE, JSON)], body).into_response()
    }

    fn newest(&self, app: &App, make: impl FnOnce(&Live) -> Value) -> (Bytes, String) {
        let (live, second) = (app.live(), app.now().secs());
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = kept.as_ref().filter(|kept| kept.second == second && Arc::ptr_eq(&kept.of, &live)) {
            return (kept.body.clone(), kept.tag.clone());
        }
        let body = Bytes::from(make(&live).to_string());
        let mut hasher = DefaultHasher::new();
        body.hash(&mut hasher);
        let tag = format!("\"{:016x}\"", hasher.finish());
        *kept = Some(Kept { of: live, second, body: body.clone(), tag: tag.clone() });
        (body, tag)
    }
}
