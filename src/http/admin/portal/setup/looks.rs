//! How an application's sign-in pages look: its name, colour and logo, beside a frame that shows both pages as people will see them,
//! saved or not.

use super::{Tab, tabs};
use crate::domain::declaration::{Mistake, Noun};
use crate::domain::management::{Subject, Verb};
use crate::domain::params::Params;
use crate::flows::manage::change::{self, Item, Outcome};
use crate::http::admin::portal::desk::{Desk, Frame};
use crate::http::admin::portal::form::{self, DrawnGroup, Form, Known};
use crate::http::admin::portal::sent::Sent;
use crate::http::admin::portal::turned::{Answer, Turned};
use crate::http::urls;
use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};

const CLIENT: Subject = Subject::Declared(Noun::Client);

#[derive(Template)]
#[template(path = "admin/client_looks.html")]
struct LooksPage {
    frame: Frame,
    tabs: Vec<Tab>,
    place: String,
    id: String,
    etag: String,
    groups: Vec<DrawnGroup>,
    mistakes: Vec<String>,
    wrong: bool,
    stale: bool,
    done: bool,
    may_change: bool,
    /// Of the pages, for looking at them.
    languages: Vec<String>,
}

pub async fn show(desk: Desk, Path(id): Path<String>, RawQuery(query): RawQuery) -> Answer {
    desk.admit(Verb::Read, CLIENT)?;
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let item = change::find(&desk.app, Noun::Client, &id).await?.ok_or(Turned::NotFound)?;
    let done = query.get("done") == Some("saved");
    draw(&desk, StatusCode::OK, &id, &item, None, &[], |page| page.done = done)
}

pub async fn save(desk: Desk, Path(id): Path<String>, Sent(sent): Sent) -> Answer {
    let by = desk.admit(Verb::Update, CLIENT)?;
    let item = change::find(&desk.app, Noun::Client, &id).await?.ok_or(Turned::NotFound)?;
    let (value, mistakes) = form::read(&form::looks(), &sent, &Known::of(&desk.app, ""));
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    if !mistakes.is_empty() {
        return draw(&desk, wrong, &id, &item, Some(&sent), &mistakes, |_| {});
    }
    let etag = sent.get("etag");
    match change::update(&desk.app, by, Noun::Client, &id, value, etag).await? {
        Outcome::Updated(_) => {
            Ok(Redirect::to(&format!("{}/looks?done=saved", urls::portal_one("clients", &id))).into_response())
        }
        Outcome::Wrong(mistakes) => draw(&desk, wrong, &id, &item, Some(&sent), &mistakes, |_| {}),
        Outcome::Stale(now) => draw(&desk, StatusCode::CONFLICT, &id, &now, Some(&sent), &[], |page| page.stale = true),
        _ => Err(Turned::NotFound),
    }
}

fn draw(
    desk: &Desk,
    status: StatusCode,
    id: &str,
    item: &Item,
    sent: Option<&Params>,
    mistakes: &[Mistake],
    with: impl FnOnce(&mut LooksPage),
) -> Answer {
    let known =
        |mistake: &&Mistake| form::looks().iter().flat_map(|group| group.fields).any(|f| f.name == mistake.field);
    let name = item.value["name"].as_str().unwrap_or_default();
    let choices = Known::of(&desk.app, "");
    let mut page = LooksPage {
        frame: desk.frame("clients", name),
        tabs: tabs(desk, Noun::Client, id, "looks"),
        place: urls::portal_one("clients", id),
        id: id.to_owned(),
        etag: item.etag.clone(),
        groups: form::draw(
            &form::looks(),
            &Form { known: &choices, item: &item.value, sent, mistakes, fixed: None, focus: None, files: true },
        ),
        mistakes: mistakes.iter().filter(|one| !known(one)).map(ToString::to_string).collect(),
        wrong: !mistakes.is_empty(),
        stale: false,
        done: false,
        may_change: desk.may(Verb::Update, CLIENT),
        languages: desk.app.texts.languages().map(|words| words.tag().to_owned()).collect(),
    };
    with(&mut page);
    desk.show_with_frames(status, &page)
}
