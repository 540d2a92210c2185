//! How large a request may be: an address of 8 KB, headers of 16 KB, a body of 64 KB. Whoever sends more is told so before
//! anything of it is read; carriers' receipts have a bound of their own.

use super::headers::NO_STORE;
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

pub const LONGEST_URL: usize = 8 * 1024;
const LARGEST_HEADERS: usize = 16 * 1024;
/// Nothing we read is larger: forms of a few fields, an `id_token_hint`, a request object.
pub const LARGEST_BODY: usize = 64 * 1024;
/// A whole installation, with logos and words of its own.
pub const LARGEST_FILE: usize = 2 * 1024 * 1024;

/// What whoever sends too much is told, by address and headers.
pub fn refusal(request: &Request) -> Option<Response> {
    let url = request.uri().path_and_query().map_or(0, |whole| whole.as_str().len());
    if url > LONGEST_URL {
        return Some(told(StatusCode::URI_TOO_LONG, "The address is too long.\n"));
    }
    let large = size(request.headers()) > LARGEST_HEADERS;
    large.then(|| told(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers are too large.\n"))
}

/// As they stand on the wire: `name: value` and the end of the line.
fn size(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum()
}

fn told(status: StatusCode, text: &'static str) -> Response {
    let headers = [(CACHE_CONTROL, NO_STORE), (CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"))];
    (status, headers, text).into_response()
}
