//! Where a person types what a device shows, and where they end once it is answered. What the device asks for is shown, and
//! confirmed, on the page of consent.

use super::Fields;
use crate::app::App;
use crate::domain::params::Params;
use crate::domain::time::seconds_up;
use crate::flows::advance::Told;
use crate::flows::device::{Typed, typed};
use crate::http::address::Address;
use crate::http::browser::Browser;
use crate::http::fault::{self, render};
use crate::http::frame::{bare, dev};
use crate::http::views::{DevicePage, Frame, StandingPage};
use crate::http::watch::RequestId;
use crate::http::{headers, urls};
use axum::extract::{Extension, RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Redirect, Response};

/// With `user_code` in its address (`verification_uri_complete`) the letters stand there already: nothing else is different.
pub async fn show(State(app): State<App>, browser: Browser, RawQuery(query): RawQuery) -> Response {
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let letters: String = query.get("user_code").unwrap_or_default().chars().take(40).collect();
    let page = draw(&app, &browser, &letters, None);
    // The browser is known by a cookie from here on: wrong letters are counted for it.
    (browser, page).into_response()
}

pub async fn submit(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    browser: Browser,
    Address(address): Address,
    sent: Fields,
) -> Response {
    let letters: String = sent.get("user_code").chars().take(40).collect();
    let wrong = |status, key| draw(&app, &browser, &letters, Some((status, key)));
    match typed(&app, &letters, &browser.key, address.as_deref(), Vec::new()).await {
        Ok(Typed::Asked(interaction)) => {
            (browser, Redirect::to(&urls::of(urls::IDENTIFIER, interaction.as_str()))).into_response()
        }
        Ok(Typed::Empty) => wrong(StatusCode::UNPROCESSABLE_ENTITY, "device-empty"),
        Ok(Typed::Wrong) => {
            let page = wrong(StatusCode::UNPROCESSABLE_ENTITY, "device-wrong");
            (browser, page).into_response()
        }
        Ok(Typed::TooMany(wait)) => {
            let mut response = wrong(StatusCode::TOO_MANY_REQUESTS, "device-too-many");
            response.headers_mut().insert(RETRY_AFTER, seconds_up(wait).into());
            response
        }
        Err(broken) => fault::page(&app, &browser, &id, &broken),
    }
}

fn draw(app: &App, browser: &Browser, letters: &str, wrong: Option<(StatusCode, &str)>) -> Response {
    let nonce = app.entropy.short();
    let page = DevicePage {
        frame: frame(app, browser, &nonce),
        action: urls::DEVICE,
        letters,
        error: wrong.map(|(_, key)| key),
    };
    match render(&page) {
        Ok(html) => headers::page(app, wrong.map_or(StatusCode::OK, |(status, _)| status), html, &nonce, None),
        Err(broken) => fault::machine(app, &broken),
    }
}

/// The last page. It tells what became of the code, and nothing of whose it was.
pub async fn done(State(app): State<App>, browser: Browser, RawQuery(query): RawQuery) -> Response {
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let told = Told::parse(query.get("done").unwrap_or_default());
    let good = matches!(told, Some(Told::Allowed));
    let (heading, body, onward) = match told {
        Some(Told::Allowed) => ("device-allowed-title", "device-allowed-body", None),
        Some(Told::Denied) => ("device-denied-title", "device-denied-body", None),
        Some(Told::Over) | None => ("device-over-title", "device-over-body", Some((urls::DEVICE, "device-again"))),
    };
    let nonce = app.entropy.short();
    match render(&StandingPage { frame: frame(&app, &browser, &nonce), heading, body, good, onward }) {
        Ok(html) => headers::page(&app, StatusCode::OK, html, &nonce, None),
        Err(broken) => fault::machine(&app, &broken),
    }
}

fn frame<'a>(app: &'a App, browser: &Browser, nonce: &'a str) -> Frame<'a> {
    Frame { dev: dev(app), ..bare(app, browser.words(app), nonce) }
}
