//! Pages people walk through. Each is a noun with `show` and `submit`; a post that went well always redirects.

pub mod account;
pub mod consent;
pub mod device;
pub mod identifier;
pub mod live;
pub mod logout;
pub mod passcode;

use super::browser::Browser;
use super::fault::{self, render};
use super::frame::{Look, bare};
use super::watch::RequestId;
use super::{headers, urls, views};
use crate::app::App;
use crate::domain::callback::Redirection;
use crate::domain::oauth::ResponseMode;
use crate::domain::params::Params;
use crate::flows::Fault;
use crate::flows::advance::Onward;
use crate::flows::authorize::PageFault;
use crate::flows::respond;
use crate::flows::standing::{self, Open, Standing};
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use std::convert::Infallible;
use views::{PostPage, StandingPage, SuccessPage};

/// What every page's query may hold. Whatever else stands there, or stands there twice, is no reason for an error.
#[derive(Debug)]
pub struct Asked {
    pub interaction: String,
    pub method: Option<String>,
    pub edit: bool,
    pub again: Option<String>,
}

impl FromRequestParts<App> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        let query = Params::parse(parts.uri.query().unwrap_or_default().as_bytes());
        let get = |name| query.get(name).map(str::to_owned);
        Ok(Self {
            interaction: get("interaction").unwrap_or_default(),
            method: get("method"),
            edit: query.get("edit").is_some(),
            again: get("again"),
        })
    }
}

/// What a form of ours sent. One that cannot be read counts as empty: the page comes back and says what is missing.
pub struct Fields(Params);

impl Fields {
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).unwrap_or_default()
    }
}

impl FromRequest<App> for Fields {
    type Rejection = StatusCode;

    async fn from_request(request: Request, app: &App) -> Result<Self, StatusCode> {
        match Bytes::from_request(request, app).await {
            Ok(body) => Ok(Self(Params::parse(&body))),
            Err(refused) if refused.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(refused.status()),
            Err(_) => Ok(Self(Params::default())),
        }
    }
}

/// A page, or the other one that stands in its way.
pub type Shown = Result<Response, Response>;

/// The open interaction, or the page that says where things stand.
pub async fn open(app: &App, id: &RequestId, browser: &Browser, interaction: &str) -> Result<Box<Open>, Response> {
    let stands = |status, kind: &'static str, open: Option<&Open>| standing(app, browser, status, kind, open);
    match standing::find(app, interaction, &browser.key).await {
        // Switched off meanwhile.
        Ok(Standing::Open(open)) if open.offered().is_empty() => {
            Err(fault::request(app, browser, id, &PageFault::NoWayIn { client: open.client.name.clone() }))
        }
        Ok(Standing::Open(open)) => Ok(open),
        Ok(Standing::Unknown) => Err(stands(StatusCode::NOT_FOUND, "unknown", None)),
        Ok(Standing::Foreign) => Err(stands(StatusCode::FORBIDDEN, "foreign", None)),
        Ok(Standing::Expired(open)) => Err(match reauth(app, &open) {
            Some(back) => carry(app, browser, &back),
            None => stands(StatusCode::GONE, "expired", Some(&open)),
        }),
        Ok(Standing::Finished(open)) => Err(stands(StatusCode::OK, "finished", Some(&open))),
        Err(broken) => Err(fault::page(app, browser, id, &broken)),
    }
}

/// Where the application asked to begin it again itself, and still lives where the request said.
fn reauth(app: &App, open: &Open) -> Option<Redirection> {
    let request = &open.interaction.request;
    let state = request.reauth.clone().filter(|_| open.client.has_redirect_uri(&request.redirect_uri))?;
    Some(request.callback(&app.issuer).reauth(state))
}

/// Ended or foreign sign-ins lead on where we know where to: to the same request, begun again.
fn standing(app: &App, browser: &Browser, status: StatusCode, kind: &str, open: Option<&Open>) -> Response {
    let nonce = app.entropy.short();
    let words = match open {
        Some(open) => browser.words_at(app, Some(&open.client.id), &open.interaction.request.languages),
        None => browser.words(app),
    };
    let look = open.map(|open| Look::of(&open.client));
    let frame =
        look.as_ref().map_or_else(|| bare(app, words.clone(), &nonce), |look| look.frame(app, words.clone(), &nonce));
    let again = open.map(|open| urls::again(&open.interaction.request));
    let label = if kind == "finished" { "continue" } else { "start-again" };
    let page = StandingPage {
        frame,
        heading: &format!("interaction-{kind}-title"),
        body: &format!("interaction-{kind}-body"),
        good: kind == "finished",
        onward: again.as_deref().map(|url| (url, label)),
    };
    match render(&page) {
        Ok(html) => headers::page(app, status, html, &nonce, None),
        Err(broken) => fault::machine(app, &broken),
    }
}

/// Sends the browser to the client with its answer.
pub fn carry(app: &App, browser: &Browser, redirection: &Redirection) -> Response {
    let redirection = match respond::ready(app, redirection.clone()) {
        Ok(ready) => ready,
        Err(broken) => return fault::machine(app, &broken),
    };
    match redirection.mode {
        ResponseMode::Query => Redirect::to(&redirection.url()).into_response(),
        ResponseMode::FormPost => {
            let nonce = app.entropy.short();
            let hidden: Vec<(&str, &str)> =
                redirection.params.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let frame = bare(app, browser.words(app), &nonce);
            match render(&PostPage { frame, action: &redirection.uri, hidden: &hidden }) {
                Ok(html) => headers::page(app, StatusCode::OK, html, &nonce, Some(&redirection.uri)),
                Err(broken) => fault::machine(app, &broken),
            }
        }
    }
}

/// Where a step that is done leads.
pub fn onward(app: &App, browser: &Browser, open: &Open, onward: Onward) -> Response {
    match onward {
        Onward::Step(step) => Redirect::to(&urls::step(step, open.interaction.id.as_str())).into_response(),
        // A code lives a minute: who waits longer here begins again, and is answered at once.
        Onward::Client(redirection) if open.interaction.request.success_page && redirection.has("code") => {
            success(app, browser, open, &redirection)
        }
        Onward::Client(redirection) => carry(app, browser, &redirection),
        Onward::Device(told) => Redirect::to(&urls::device_done(told)).into_response(),
    }
}

fn success(app: &App, browser: &Browser, open: &Open, redirection: &Redirection) -> Response {
    if redirection.mode != ResponseMode::Query {
        return carry(app, browser, redirection);
    }
    let redirection = match respond::ready(app, redirection.clone()) {
        Ok(ready) => ready,
        Err(broken) => return fault::machine(app, &broken),
    };
    let nonce = app.entropy.short();
    let words = browser.words_at(app, Some(&open.client.id), &open.interaction.request.languages);
    let look = Look::of(&open.client);
    let page =
        SuccessPage { frame: look.frame(app, words.clone(), &nonce), app: &open.client.name, url: &redirection.url() };
    show(app, open, StatusCode::OK, render(&page), &nonce)
}

/// A page of an open interaction; its forms may end at the client.
pub fn show(app: &App, open: &Open, status: StatusCode, html: Result<String, Fault>, nonce: &str) -> Response {
    match html {
        Ok(html) => headers::page(app, status, html, nonce, Some(&open.interaction.request.redirect_uri)),
        Err(broken) => fault::machine(app, &broken),
    }
}
