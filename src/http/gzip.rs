//! Pages sent as gzip. A page is there as a whole, and what compresses it stays with its thread: a compressor is a third of a
//! megabyte, which made and cleared for each page costs as much as the compressing itself.

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use flate2::{Compress, Compression, Crc, FlushCompress, Status};
use std::cell::RefCell;

/// What is shorter fits into one packet as it is.
const SHORTEST: usize = 1_000;
/// What is longer goes as it is made: no page of ours is, only files of an operator's.
const LONGEST: usize = 1_000_000;

/// RFC 1952 §2.3: deflate, nothing said of a file, its time or its system; the fastest compression.
const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 0xff];

thread_local! {
    static COMPRESSOR: RefCell<Compress> = RefCell::new(Compress::new(Compression::fast(), false));
}

pub async fn pages(request: Request, next: Next) -> Response {
    let accepted = accepts(request.headers());
    let response = next.run(request).await;
    let whole = response.body().size_hint().exact().and_then(|bytes| usize::try_from(bytes).ok());
    if !whole.is_some_and(|bytes| (SHORTEST..=LONGEST).contains(&bytes)) || !is_text(response.headers()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    parts.headers.append(VARY, HeaderValue::from_static("accept-encoding"));
    if !accepted {
        return Response::from_parts(parts, body);
    }
    let Ok(plain) = to_bytes(body, LONGEST).await else { return Response::from_parts(parts, Body::empty()) };
    let Some(packed) = compressed(&plain) else { return Response::from_parts(parts, Body::from(plain)) };
    parts.headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(packed))
}

/// RFC 9110 §12.5.3. `*` stands for what is not named.
fn accepts(headers: &HeaderMap) -> bool {
    let codings = headers.get_all(ACCEPT_ENCODING).into_iter().filter_map(|value| value.to_str().ok());
    let (mut named, mut any) = (None, false);
    for coding in codings.flat_map(|value| value.split(',')) {
        let mut parts = coding.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        let wanted = weight.is_none_or(|weight| weight.parse::<f32>().is_ok_and(|weight| weight > 0.0));
        if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") {
            named = Some(wanted);
        } else if name == "*" {
            any = wanted;
        }
    }
    named.unwrap_or(any)
}

fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    !headers.contains_key(CONTENT_ENCODING) && (kind.starts_with("text/") || kind.contains("json"))
}

/// RFC 1952 §2.2. `None` where it would not be shorter.
fn compressed(plain: &[u8]) -> Option<Vec<u8>> {
    let mut crc = Crc::new();
    crc.update(plain);
    COMPRESSOR.with_borrow_mut(|compressor| {
        compressor.reset();
        // A page shrinks to a third; what does not fit is no shorter.
        let mut packed = Vec::with_capacity(HEAD.len() + plain.len());
        packed.extend_from_slice(&HEAD);
        let done = compressor.compress_vec(plain, &mut packed, FlushCompress::Finish);
        matches!(done, Ok(Status::StreamEnd)).then(|| {
            packed.extend_from_slice(&crc.sum().to_le_bytes());
            packed.extend_from_slice(&crc.amount().to_le_bytes());
            packed
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn opened(packed: &[u8]) -> Vec<u8> {
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(packed).read_to_end(&mut plain).expect("a whole gzip member");
        plain
    }

    #[test]
    fn what_is_opened_is_what_was_packed_again_and_again() {
        for n in 1..40_usize {
            let plain = format!("<p>{n} and some more of the same</p>").repeat(n * 17).into_bytes();
            let packed = compressed(&plain).expect("shorter");
            assert!(packed.len() < plain.len());
            assert_eq!(opened(&packed), plain);
        }
    }

    #[test]
    fn what_would_not_be_shorter_stays_as_it_is_and_the_next_is_whole() {
        let noise: Vec<u8> = (0..5_000_u64).map(|n| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect();
        if let Some(packed) = compressed(&noise) {
            assert_eq!(opened(&packed), noise);
        }
        assert_eq!(compressed(b"x"), None);
        let plain = b"whole ".repeat(500);
        assert_eq!(opened(&compressed(&plain).expect("shorter")), plain);
    }

    #[test]
    fn who_asks_for_gzip_is_understood() {
        let told =
            |value: &'static str| accepts(&HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(value))]));
        for yes in ["gzip", "br, GZip;q=0.5", "*", "deflate, *;q=0.1", "x-gzip", "gzip ; q=1.0"] {
            assert!(told(yes), "{yes}");
        }
        for no in ["", "br", "gzip;q=0", "gzip;q=0.000, *", "*;q=0", "identity", "gzip;q=much"] {
            assert!(!told(no), "{no}");
        }
        assert!(!accepts(&HeaderMap::new()));
    }
}
