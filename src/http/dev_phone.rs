//! The phone: every message as it would look on a device. Exists only where the configuration says so.

use super::assets::phone_js;
use super::fault::render;
use super::headers;
use super::urls;
use super::views::{PhoneMessage, PhonePage};
use crate::app::App;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use futures_util::Stream;
use futures_util::StreamExt;
use serde::Deserialize;
use std::convert::Infallible;
use tokio_stream::wrappers::BroadcastStream;

pub fn routes() -> Router<App> {
    Router::new()
        .route(urls::PHONE, get(show))
        .route(urls::PHONE_LIVE, get(live))
        .route(urls::PHONE_MESSAGES, get(messages))
}

async fn show(State(app): State<App>) -> Response {
    let nonce = app.entropy.short();
    let shown = app.phone.messages(None);
    let times: Vec<String> = shown.iter().map(|message| clock_time(message.at)).collect();
    let messages: Vec<PhoneMessage<'_>> = shown
        .iter()
        .zip(&times)
        .map(|(message, at)| PhoneMessage {
            id: &message.id,
            channel: message.channel,
            from: &message.from,
            to: &message.to,
            subject: &message.subject,
            body: &message.text,
            at,
            lang: &message.language,
            dir: app.texts.pick(&[&message.language]).dir(),
        })
        .collect();
    let page =
        PhonePage { nonce: &nonce, script: &phone_js(), live: urls::PHONE_LIVE, messages: &messages, demo: None };
    match render(&page) {
        Ok(html) => headers::page(&app, StatusCode::OK, html, &nonce, None),
        Err(fault) => super::fault::machine(&app, &fault),
    }
}

fn clock_time(secs: i64) -> String {
    let of_day = secs.rem_euclid(86_400);
    format!("{:02}:{:02}:{:02}", of_day / 3600, of_day / 60 % 60, of_day % 60)
}

async fn live(State(app): State<App>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let stopping = app.stopping.clone();
    let news = BroadcastStream::new(app.phone.listen())
        .map(|_| Ok(Event::default().data("new")))
        .take_until(async move { stopping.cancelled().await });
    Sse::new(news).keep_alive(KeepAlive::default())
}

#[derive(Deserialize)]
struct Filter {
    to: Option<String>,
}

async fn messages(State(app): State<App>, Query(Filter { to }): Query<Filter>) -> Response {
    ([(CACHE_CONTROL, headers::NO_STORE)], Json(app.phone.messages(to.as_deref()))).into_response()
}
