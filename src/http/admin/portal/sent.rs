//! A form with a file in it, as its fields: the file becomes a `data:` URL, as files are declared.

use crate::app::App;
use crate::domain::params::Params;
use crate::http::bounds::LARGEST_BODY;
use axum::body::Bytes;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Larger files are not kept, only counted: nothing declared may be larger.
pub const LARGEST_FILE: usize = 16 * 1024;
/// What a whole form with a file may be: a picture as it comes from a camera is told about kindly.
const LARGEST_FORM: usize = 8 * 1024 * 1024;

/// Beside a field with a file: the name under which it is told how large one is that was not kept, in KB.
pub fn large(name: &str) -> String {
    format!("{name}.large")
}

pub fn bound() -> DefaultBodyLimit {
    DefaultBodyLimit::max(LARGEST_FORM)
}

pub struct Sent(pub Params);

impl FromRequest<App> for Sent {
    type Rejection = StatusCode;

    async fn from_request(request: Request, app: &App) -> Result<Self, StatusCode> {
        let header = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if !header.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
            let body = Bytes::from_request(request, app).await.map_err(|refused| refused.status())?;
            return bounded(&body).map(|body| Self(Params::parse(body)));
        }
        let parts = Multipart::from_request(request, app).await.map_err(|refused| refused.status())?;
        read(parts).await.map(|fields| Self(Params::new(fields)))
    }
}

/// What is typed is never longer than in a form without a file.
fn bounded(text: &[u8]) -> Result<&[u8], StatusCode> {
    if text.len() > LARGEST_BODY { Err(StatusCode::PAYLOAD_TOO_LARGE) } else { Ok(text) }
}

async fn read(mut parts: Multipart) -> Result<Vec<(String, String)>, StatusCode> {
    let status = |error: MultipartError| error.status();
    let mut fields = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(status)? {
        let name = part.name().unwrap_or_default().to_owned();
        if part.file_name().is_none() {
            let typed = part.bytes().await.map_err(status)?;
            fields.push((name, String::from_utf8_lossy(bounded(&typed)?).into_owned()));
            continue;
        }
        let kind = part.content_type().unwrap_or("application/octet-stream").to_owned();
        let (bytes, length) = kept(part).await.map_err(status)?;
        match length {
            // No file was chosen.
            0 => {}
            length if length > LARGEST_FILE => fields.push((large(&name), length.div_ceil(1024).to_string())),
            _ => fields.push((name, format!("data:{kind};base64,{}", STANDARD.encode(bytes)))),
        }
    }
    Ok(fields)
}

/// A file's beginning, and how long all of it is.
async fn kept(mut part: Field<'_>) -> Result<(Vec<u8>, usize), MultipartError> {
    let (mut bytes, mut length) = (Vec::new(), 0);
    while let Some(chunk) = part.chunk().await? {
        length += chunk.len();
        if length <= LARGEST_FILE {
            bytes.extend_from_slice(&chunk);
        }
    }
    Ok((bytes, length))
}
