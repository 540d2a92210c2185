//! An application tried: its own sign-in, in the operator's browser, and what it would have got.

use super::{Tab, tabs};
use crate::domain::client::Client;
use crate::domain::declaration::Noun;
use crate::domain::identifier::Identifier;
use crate::domain::management::{Subject, Verb};
use crate::domain::oauth::OAuthError;
use crate::domain::params::Params;
use crate::flows::timeline::Story;
use crate::flows::trial::{self, End, Tried, Untried};
use crate::http::admin::portal::desk::{Desk, Frame};
use crate::http::admin::portal::turned::{Answer, Turned};
use crate::http::browser::Browser;
use crate::http::{cookies, urls};
use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect};
use serde_json::Value;

#[derive(Template)]
#[template(path = "admin/client_tried.html")]
struct TriedPage {
    frame: Frame,
    tabs: Vec<Tab>,
    place: String,
    /// Nothing came that this browser asked for.
    lost: bool,
    good: bool,
    stands: String,
    next: &'static str,
    who: String,
    scope: String,
    claims: Vec<(String, String)>,
    json: String,
    story: Option<String>,
}

/// Whoever may change applications may try them.
pub fn may(desk: &Desk) -> bool {
    desk.may(Verb::Update, Subject::Declared(Noun::Client))
}

pub fn why(untried: Untried) -> &'static str {
    match untried {
        Untried::Machine => "Nobody signs in to it: it acts in its own name.",
        Untried::NoCode => "Nobody comes back to it in a browser: its grant types leave authorization_code out.",
        Untried::NoWayIn => "None of its connections is switched on: nobody can sign in to it now.",
    }
}

pub async fn begin(desk: Desk, browser: Browser, Path(id): Path<String>) -> Answer {
    let by = desk.admit(Verb::Update, Subject::Declared(Noun::Client))?;
    let client = trial::client(&desk.app, &id).ok_or(Turned::NotFound)?;
    if let Some(untried) = trial::untried(&desk.app, &client) {
        let page = TriedPage { stands: why(untried).to_owned(), ..page(&desk, &client) };
        return desk.show_as(StatusCode::CONFLICT, &page);
    }
    let session = cookies::current(&desk.app, &desk.cookie).await?;
    let (kept, query) = trial::begin(&desk.app, by, &client, &browser.key, session.as_ref()).await?;
    let kept = cookies::tries_at_portal(&desk.app, &kept);
    Ok((browser, kept, Redirect::to(&format!("{}?{query}", urls::AUTHORIZE))).into_response())
}

pub async fn show(desk: Desk, Path(id): Path<String>, headers: HeaderMap, RawQuery(query): RawQuery) -> Answer {
    let by = desk.admit(Verb::Update, Subject::Declared(Noun::Client))?;
    let client = trial::client(&desk.app, &id).ok_or(Turned::NotFound)?;
    let answer = Params::parse(query.unwrap_or_default().as_bytes());
    let kept = cookies::tried_at_portal(&desk.app, &headers);
    let Some(tried) = trial::finish(&desk.app, by, &client, kept.as_deref(), &answer).await? else {
        let stands =
            "There is nothing to show here: this trial was shown already, took too long, or began in another browser.";
        let page = TriedPage { lost: true, stands: stands.to_owned(), ..page(&desk, &client) };
        return desk.show_as(StatusCode::BAD_REQUEST, &page);
    };
    if let Some(ended) = &tried.ended {
        cookies::give_back(&desk.cookie, ended.as_str(), tried.before.as_ref()).await?;
    }
    let shown = desk.show(&told(&desk, &client, tried))?;
    // Shown once: what it was read with is used up.
    Ok((cookies::tries_at_portal(&desk.app, ""), shown).into_response())
}

fn page(desk: &Desk, client: &Client) -> TriedPage {
    TriedPage {
        frame: desk.frame("clients", format!("Tried: {}", client.name)),
        tabs: tabs(desk, Noun::Client, client.id.as_str(), "tried"),
        place: urls::portal_one("clients", client.id.as_str()),
        lost: false,
        good: false,
        stands: String::new(),
        next: "",
        who: String::new(),
        scope: String::new(),
        claims: Vec::new(),
        json: String::new(),
        story: None,
    }
}

fn told(desk: &Desk, client: &Client, tried: Tried) -> TriedPage {
    let shown = |one: &Identifier| if desk.role().sees_identifiers() { one.shown() } else { one.to_string() };
    let challenge = tried.story.as_ref().and_then(|story| story.challenge.as_ref());
    let story = tried.story.as_ref().filter(|_| desk.may(Verb::Read, Subject::SignIns));
    let mut page = TriedPage {
        who: challenge.map(|challenge| shown(&challenge.identifier)).unwrap_or_default(),
        story: story.map(|story| urls::portal_one("sign_ins", story.interaction.id.as_str())),
        ..page(desk, client)
    };
    match tried.end {
        End::In { claims, scope } => {
            (page.good, page.stands, page.scope) =
                (true, format!("It works: they are signed in to {}.", client.name), scope);
            if let Some(claims) = claims {
                page.json = serde_json::to_string_pretty(&claims).unwrap_or_default();
                page.claims = claims.as_object().map(listed).unwrap_or_default();
            }
        }
        End::Refused(error) => (page.stands, page.next) = refused(error, tried.story),
    }
    page
}

fn listed(claims: &serde_json::Map<String, Value>) -> Vec<(String, String)> {
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    claims.iter().map(|(name, value)| (name.clone(), plain(value))).collect()
}

/// The story knows best; without one the error has to do, as an application would read it.
fn refused(error: OAuthError, story: Option<Story>) -> (String, &'static str) {
    match story {
        Some(story) => (format!("They are not let in. {}", story.advice.stands), story.advice.next),
        None => (format!("The application gets an error, {}: {}", error.code(), error.description()), ""),
    }
}
