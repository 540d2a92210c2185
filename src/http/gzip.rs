//! Pages sent as gzip. A page is there as a whole, and what compresses it stays with its thread: a compressor is a third of a
//! megabyte, which made and cleared for each page costs as much as the compressing itself.

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use flate2::{Compress, Compression, Crc, FlushCompress, Status};
use memchr::memmem;
use std::cell::RefCell;
use std::sync::{Arc, PoisonError, RwLock};

/// What is shorter fits into one packet as it is.
const SHORTEST: usize = 1_000;
/// What is longer goes as it is made: no page of ours is, only files of an operator's.
const LONGEST: usize = 1_000_000;

/// Stands before and after what many pages have in common: an empty comment in HTML, and nothing in a style sheet (CSS Syntax
/// Level 3, §4.2).
const MARK: &[u8] = b"<!---->";
/// Pieces that are kept: the style sheets, and the countries in each language, each a few thousand bytes.
const MOST: usize = 256;

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
    let html = kind(&parts.headers).starts_with("text/html");
    let Some(packed) = compressed(&plain, html) else { return Response::from_parts(parts, Body::from(plain)) };
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

fn kind(headers: &HeaderMap) -> &str {
    headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default()
}

fn is_text(headers: &HeaderMap) -> bool {
    let kind = kind(headers);
    !headers.contains_key(CONTENT_ENCODING) && (kind.starts_with("text/") || kind.contains("json"))
}

/// RFC 1952 §2.2. `None` where it would not be shorter. Only in HTML does a mark stand for what it says: nobody can write one there,
/// for what people write is escaped, and what stands between two of them is kept.
fn compressed(plain: &[u8], html: bool) -> Option<Vec<u8>> {
    // A page shrinks to a third; what does not fit is no shorter.
    let mut packed = Vec::with_capacity(HEAD.len() + plain.len());
    packed.extend_from_slice(&HEAD);
    let (mut crc, mut from) = (Crc::new(), 0);
    let mut marks = memmem::find_iter(if html { plain } else { &[] }, MARK);
    while let (Some(opens), Some(closes)) = (marks.next(), marks.next()) {
        let begins = opens + MARK.len();
        let Some(common) = Common::of(&plain[begins..closes]) else { continue };
        own(&plain[from..begins], FlushCompress::Sync, &mut packed, &mut crc)?;
        packed.extend_from_slice(&common.packed);
        crc.combine(&common.crc);
        from = closes;
    }
    own(&plain[from..], FlushCompress::Finish, &mut packed, &mut crc)?;
    packed.extend_from_slice(&crc.sum().to_le_bytes());
    packed.extend_from_slice(&crc.amount().to_le_bytes());
    (packed.len() < plain.len()).then_some(packed)
}

/// What only this page has, after what is packed already; it refers to nothing before itself.
fn own(plain: &[u8], flush: FlushCompress, packed: &mut Vec<u8>, crc: &mut Crc) -> Option<()> {
    crc.update(plain);
    COMPRESSOR.with_borrow_mut(|compressor| {
        compressor.reset();
        pack(compressor, plain, flush, packed)
    })
}

/// `None` where it did not fit into what room there was.
fn pack(compressor: &mut Compress, plain: &[u8], flush: FlushCompress, packed: &mut Vec<u8>) -> Option<()> {
    let fitted = match compressor.compress_vec(plain, packed, flush) {
        Ok(Status::StreamEnd) => true,
        // With room left, all was taken in and all is written out (RFC 1951 §3.2.4: an empty block ends at a whole byte).
        Ok(Status::Ok) => flush == FlushCompress::Sync && packed.len() < packed.capacity(),
        Ok(Status::BufError) | Err(_) => false,
    };
    fitted.then_some(())
}

/// A piece that many pages have: packed once, as small as can be, and put into each of them as it is.
struct Common {
    plain: Vec<u8>,
    packed: Vec<u8>,
    crc: Crc,
}

impl Common {
    /// `None` where there are too many already.
    fn of(piece: &[u8]) -> Option<Arc<Self>> {
        static KNOWN: RwLock<Vec<Arc<Common>>> = RwLock::new(Vec::new());
        let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(common) = known.iter().find(|common| common.plain == piece) {
            return Some(common.clone());
        }
        if known.len() >= MOST {
            return None;
        }
        drop(known);
        let mut crc = Crc::new();
        crc.update(piece);
        let mut packed = Vec::with_capacity(piece.len() + SHORTEST);
        pack(&mut Compress::new(Compression::best(), false), piece, FlushCompress::Sync, &mut packed)?;
        packed.shrink_to_fit();
        let common = Arc::new(Self { plain: piece.to_vec(), packed, crc });
        KNOWN.write().unwrap_or_else(PoisonError::into_inner).push(common.clone());
        Some(common)
    }
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
            let packed = compressed(&plain, true).expect("shorter");
            assert!(packed.len() < plain.len());
            assert_eq!(opened(&packed), plain);
        }
    }

    #[test]
    fn what_pages_have_in_common_is_packed_once_and_stands_in_each_of_them() {
        let sheet = "p{margin:0}".repeat(300);
        let page = |n: usize, between: &str| {
            format!(
                "<style>{n}<!---->{sheet}<!----></style><h1>{n}</h1>{between}<!---->{}<!---->end",
                "list".repeat(400)
            )
        };
        let alone = compressed(page(0, "").as_bytes(), true).expect("shorter");
        for n in 0..50 {
            let plain = page(n, &"sheet{margin:0}".repeat(n));
            assert_eq!(opened(&compressed(plain.as_bytes(), true).expect("shorter")), plain.as_bytes());
        }
        let piece = Common::of(sheet.as_bytes()).expect("known").packed.clone();
        assert!(alone.windows(piece.len()).any(|bytes| bytes == piece), "as it is");
        // Elsewhere anybody may write a mark.
        let plain = page(0, "");
        let other = compressed(plain.as_bytes(), false).expect("shorter");
        assert_eq!(opened(&other), plain.as_bytes());
        assert!(!other.windows(piece.len()).any(|bytes| bytes == piece), "nothing is kept of it");
        for odd in ["<!---->", "a<!---->", "<!----><!---->", "<!----><!----><!---->b", "<!----<!---->->"] {
            let plain = format!("{}{odd}{}", "x".repeat(700), "y".repeat(700));
            assert_eq!(opened(&compressed(plain.as_bytes(), true).expect("shorter")), plain.as_bytes(), "{odd}");
        }
    }

    #[test]
    fn what_would_not_be_shorter_stays_as_it_is_and_the_next_is_whole() {
        let noise: Vec<u8> = (0..5_000_u64).map(|n| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect();
        if let Some(packed) = compressed(&noise, true) {
            assert_eq!(opened(&packed), noise);
        }
        assert_eq!(compressed(b"x", true), None);
        let plain = b"whole ".repeat(500);
        assert_eq!(opened(&compressed(&plain, true).expect("shorter")), plain);
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
