//! Everything that can be declared, in the portal, by name: what there is, what holds a text, and a way to make one more.

use super::called::{about, one, title};
use super::cut;
use super::declared::{done, noun};
use super::desk::{Desk, Frame};
use super::turned::Answer;
use crate::domain::declaration::Noun;
use crate::domain::management::{Subject, Verb};
use crate::domain::params::Params;
use crate::flows::manage::change::{self, Item};
use crate::http::urls;
use askama::Template;
use axum::extract::{Path, RawQuery};
use serde_json::{Value, json};

/// How many names stand on a page.
const PAGE: usize = 100;

#[derive(Template)]
#[template(path = "admin/list.html")]
struct ListPage {
    frame: Frame,
    section: &'static str,
    one: &'static str,
    about: &'static str,
    q: String,
    rows: Vec<Row>,
    more: Option<String>,
    may_create: bool,
    done: Option<&'static str>,
}

struct Row {
    href: String,
    name: String,
    title: String,
    notes: Vec<String>,
    off: bool,
}

pub async fn list(desk: Desk, Path(plural): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let noun = noun(&plural)?;
    desk.admit(Verb::Read, Subject::Declared(noun))?;
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let (q, after) = (query.get("q").unwrap_or_default().trim().to_owned(), query.get("after").unwrap_or_default());
    let lower = q.to_lowercase();
    let holds = |value: &Value| lower.is_empty() || value.to_string().to_lowercase().contains(&lower);
    let mut items = change::list_page(&desk.app, noun, Some(after), PAGE + 1, holds).await?;
    let last = cut::cut(&mut items, PAGE).map(|item| item.name.clone());
    let more = last.map(|after| {
        let next = Params::new(vec![("q".into(), q.clone()), ("after".into(), after)]);
        format!("/admin/{}?{}", noun.plural(), next.encoded())
    });
    desk.show(&ListPage {
        frame: desk.frame(noun.plural(), title(noun)),
        section: noun.plural(),
        one: one(noun),
        about: about(noun),
        q,
        rows: items.iter().map(|item| row(noun, item)).collect(),
        more,
        may_create: desk.may(Verb::Create, Subject::Declared(noun)),
        done: done(&query),
    })
}

fn row(noun: Noun, item: &Item) -> Row {
    let text = |field: &str| item.value[field].as_str().unwrap_or_default().to_owned();
    let title = if noun.key() == Some("name") { String::new() } else { text("name") };
    let list = |field: &str| super::form::words(&item.value[field]);
    let notes = match noun {
        Noun::Client => vec![text("kind"), list("connections")],
        Noun::Connection => vec![text("kind"), list("ladder")],
        Noun::Carrier => vec![text("kind")],
        Noun::EventEndpoint => vec![text("url"), list("events")],
        Noun::Cap => vec![
            format!("{} an {}", text("most"), text("per")).replace("an day", "a day"),
            text("country"),
            text("client"),
        ],
        Noun::Role => vec![list("permissions")],
        Noun::FeatureFlag => vec![item.value["value"].to_string()],
        _ => Vec::new(),
    };
    Row {
        href: urls::portal_one(noun.plural(), &item.name),
        name: item.name.clone(),
        title,
        notes: notes.into_iter().filter(|note| !note.is_empty()).collect(),
        off: item.value["enabled"] == json!(false),
    }
}
