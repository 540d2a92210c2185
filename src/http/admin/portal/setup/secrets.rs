//! An application's secret: a new one beside the old, and the old one ended.

use super::{Tab, tabs};
use crate::domain::declaration::Noun;
use crate::domain::management::{Subject, Verb};
use crate::domain::params::Params;
use crate::domain::time::Time;
use crate::flows::manage::secrets::{self, Ended, Made, Rotated};
use crate::http::admin::portal::desk::{Desk, Frame};
use crate::http::admin::portal::turned::{Answer, Turned};
use crate::http::admin::portal::written::moment;
use crate::http::pages::Fields;
use crate::http::urls;
use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use std::time::Duration;

const DAY: u64 = 24 * 60 * 60;
/// How long the old one may live: the first is usual.
const LIVES: [(u64, &str); 5] =
    [(7 * DAY, "a week"), (DAY, "a day"), (30 * DAY, "30 days"), (90 * DAY, "90 days"), (0, "not at all: it ends now")];

#[derive(Template)]
#[template(path = "admin/client_secrets.html")]
struct SecretsPage {
    frame: Frame,
    tabs: Vec<Tab>,
    place: String,
    /// Whether it authenticates by a secret at all.
    has: bool,
    /// Until when there are two.
    until: Option<String>,
    made: Option<String>,
    wrong: Option<String>,
    done: Option<&'static str>,
    lives: &'static [(u64, &'static str)],
}

pub async fn show(desk: Desk, Path(id): Path<String>, RawQuery(query): RawQuery) -> Answer {
    desk.admit(Verb::Create, Subject::ClientSecrets)?;
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let done = (query.get("done") == Some("ended")).then_some("The old secret works no more.");
    draw(&desk, StatusCode::OK, &id, |page| page.done = done)
}

/// Shown this once, so it cannot wait behind a redirect.
pub async fn rotate(desk: Desk, Path(id): Path<String>, sent: Fields) -> Answer {
    let by = desk.admit(Verb::Create, Subject::ClientSecrets)?;
    let lives = sent.get("old_lives").parse().ok().filter(|wish| LIVES.iter().any(|(known, _)| known == wish));
    let Some(lives) = lives else {
        let wrong = Some("Choose how long the old one works.".to_owned());
        return draw(&desk, StatusCode::UNPROCESSABLE_ENTITY, &id, |page| page.wrong = wrong);
    };
    match secrets::rotate(&desk.app, by, &id, Duration::from_secs(lives), None).await? {
        Rotated::Made(Made { secret, .. }) => draw(&desk, StatusCode::CREATED, &id, |page| page.made = Some(secret)),
        Rotated::Two(until) => {
            let wrong = Some(format!("Two secrets work already, until {}. End the old one first.", moment(until)));
            draw(&desk, StatusCode::CONFLICT, &id, |page| page.wrong = wrong)
        }
        Rotated::NoSecret => draw(&desk, StatusCode::CONFLICT, &id, |_| {}),
        Rotated::Unknown | Rotated::KeyReused => Err(Turned::NotFound),
    }
}

pub async fn end_old(desk: Desk, Path(id): Path<String>) -> Answer {
    let by = desk.admit(Verb::Delete, Subject::ClientSecrets)?;
    match secrets::end_old(&desk.app, by, &id).await? {
        Ended::Unknown => Err(Turned::NotFound),
        Ended::Done | Ended::None => {
            let place = format!("{}/secrets?done=ended", urls::portal_one("clients", &id));
            Ok(Redirect::to(&place).into_response())
        }
    }
}

fn draw(desk: &Desk, status: StatusCode, id: &str, with: impl FnOnce(&mut SecretsPage)) -> Answer {
    let live = desk.app.live();
    let client = live.catalog.client(id).ok_or(Turned::NotFound)?;
    let until = client.old_secret.as_ref().filter(|old| old.lives(desk.app.now()));
    let mut page = SecretsPage {
        frame: desk.frame("clients", client.name.as_str()),
        tabs: tabs(desk, Noun::Client, id, "secrets"),
        place: urls::portal_one("clients", id),
        has: client.has_secret(),
        until: until.map(|old| moment(Time::from_secs(old.until))),
        made: None,
        wrong: None,
        done: None,
        lives: &LIVES,
    };
    with(&mut page);
    desk.show_as(status, &page)
}
