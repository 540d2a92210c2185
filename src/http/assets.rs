//! Files that never change under their name: scripts by content hash, names of countries, logos.

use super::views::Assets;
use crate::app::App;
use crate::crypto::hash::sha256_hex;
use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use serde::Deserialize;
use std::sync::LazyLock;

struct Script {
    name: String,
    body: &'static str,
}

static SCRIPTS: LazyLock<[Script; 6]> = LazyLock::new(|| {
    [
        script("page", include_str!("../../static/page.js")),
        script("countries", include_str!("../../static/countries.js")),
        script("phone", include_str!("../../static/phone.js")),
        script("admin", include_str!("../../static/admin.js")),
        script("admin_form", include_str!("../../static/admin_form.js")),
        script("admin_look", include_str!("../../static/admin_look.js")),
    ]
});

fn script(name: &str, body: &'static str) -> Script {
    let hash = sha256_hex(body);
    Script { name: format!("{name}.{}.js", hash.get(..12).unwrap_or(&hash)), body }
}

static ASSETS: LazyLock<Assets> = LazyLock::new(|| Assets {
    page_js: path("page."),
    countries_js: path("countries."),
    countries_json: super::urls::COUNTRIES.to_owned(),
});

/// Where each file is.
pub fn assets() -> &'static Assets {
    &ASSETS
}

pub fn phone_js() -> String {
    path("phone.")
}

pub fn admin_js() -> String {
    path("admin.")
}

pub fn admin_form_js() -> String {
    path("admin_form.")
}

pub fn admin_look_js() -> String {
    path("admin_look.")
}

fn path(prefix: &str) -> String {
    SCRIPTS
        .iter()
        .find(|script| script.name.starts_with(prefix))
        .map_or_else(String::new, |script| format!("/static/{}", script.name))
}

const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");

pub async fn show(Path(file): Path<String>) -> Response {
    let found = SCRIPTS.iter().find(|script| script.name == file);
    found.map_or_else(
        || StatusCode::NOT_FOUND.into_response(),
        |script| {
            let headers = [
                (CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
                (CACHE_CONTROL, FOREVER),
                (X_CONTENT_TYPE_OPTIONS, NOSNIFF),
            ];
            (headers, script.body).into_response()
        },
    )
}

#[derive(Deserialize)]
pub struct Lang {
    #[serde(default)]
    lang: String,
}

pub async fn countries(State(app): State<App>, Query(Lang { lang }): Query<Lang>) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (CACHE_CONTROL, A_DAY),
        (X_CONTENT_TYPE_OPTIONS, NOSNIFF),
    ];
    (headers, app.texts.pick(&[&lang]).countries_json().to_owned()).into_response()
}

pub async fn logo(State(app): State<App>, Path(client): Path<String>) -> Response {
    let live = app.live();
    let logo = live.catalog.client(&client).and_then(|client| client.branding.logo.as_ref());
    let decoded = logo.and_then(|logo| {
        Some((
            HeaderValue::from_str(&logo.media_type).ok()?,
            base64::engine::general_purpose::STANDARD.decode(&logo.data).ok()?,
        ))
    });
    decoded.map_or_else(
        || StatusCode::NOT_FOUND.into_response(),
        |(media_type, bytes)| {
            // An SVG opened by itself must not be able to run anything here.
            let alone = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");
            let headers = [
                (CONTENT_TYPE, media_type),
                (CACHE_CONTROL, HeaderValue::from_static("public, max-age=300")),
                (X_CONTENT_TYPE_OPTIONS, NOSNIFF),
                (CONTENT_SECURITY_POLICY, alone),
            ];
            (headers, bytes).into_response()
        },
    )
}
