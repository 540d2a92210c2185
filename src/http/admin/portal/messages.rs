//! What people read: messages with their length and cost, and every sentence of the pages, each a step from being said otherwise.

use super::desk::{Desk, Frame};
use super::turned::{Answer, Turned};
use crate::app::{Sample, Sentence};
use crate::domain::declaration::Noun;
use crate::domain::management::{Subject, Verb};
use crate::domain::params::Params;
use crate::http::urls;
use askama::Template;
use axum::extract::RawQuery;

#[derive(Template)]
#[template(path = "admin/messages.html")]
struct MessagesPage {
    frame: Frame,
    language: String,
    languages: Vec<String>,
    client: String,
    clients: Vec<(String, String)>,
    q: String,
    messages: Vec<Row>,
    sentences: Vec<Row>,
    more: usize,
    may_change: bool,
}

struct Row {
    key: &'static str,
    text: String,
    own: bool,
    href: String,
    about: String,
    sample: Option<String>,
}

/// How many sentences stand on a page.
const PAGE: usize = 60;

pub async fn show(desk: Desk, RawQuery(query): RawQuery) -> Answer {
    let subject = Subject::Declared(Noun::Text);
    desk.admit(Verb::Read, subject)?;
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let asked = |name: &str| query.get(name).map(str::trim).filter(|text| !text.is_empty());
    let (language, client, q) = (asked("language").unwrap_or("en"), asked("client"), asked("q").unwrap_or_default());
    let said = desk.app.said(language, client).ok_or(Turned::NotFound)?;
    let currency = desk.app.config.money_currency.clone();
    let holds = |sentence: &Sentence| {
        q.is_empty() || format!("{} {}", sentence.key, sentence.text).to_lowercase().contains(&q.to_lowercase())
    };
    let row = |sentence: &Sentence| row(sentence, &said.language, client, &currency);
    let is_message = |sentence: &&Sentence| sentence.holes.iter().any(|hole| hole == "code");
    let messages = said.sentences.iter().filter(is_message).map(row).collect();
    let others = said.sentences.iter().filter(|one| !is_message(one)).filter(|one| holds(one));
    let mut sentences: Vec<Row> = others.map(row).collect();
    let more = sentences.len().saturating_sub(PAGE);
    sentences.truncate(PAGE);
    let live = desk.app.live();
    let declared = live.catalog.clients.values().filter(|one| one.registered.is_none());
    let mut clients: Vec<(String, String)> = declared.map(|one| (one.id.to_string(), one.name.clone())).collect();
    clients.sort();
    desk.show(&MessagesPage {
        frame: desk.frame("messages", "Messages and words"),
        language: said.language.clone(),
        languages: said.languages.clone(),
        client: client.unwrap_or_default().to_owned(),
        clients,
        q: q.to_owned(),
        messages,
        sentences,
        more,
        may_change: desk.may(Verb::Create, subject),
    })
}

fn row(sentence: &Sentence, language: &str, client: Option<&str>, currency: &str) -> Row {
    let href = match &sentence.own {
        Some(name) => urls::portal_one(Noun::Text.plural(), name),
        None => {
            let mut filled = vec![
                ("language".to_owned(), language.to_owned()),
                ("key".to_owned(), sentence.key.to_owned()),
                ("text".to_owned(), sentence.text.clone()),
            ];
            filled.extend(client.map(|client| ("client".to_owned(), client.to_owned())));
            format!("/admin/new/texts?{}", Params::new(filled).encoded())
        }
    };
    let mut about = Vec::new();
    if !sentence.holes.is_empty() {
        let holes: Vec<String> = sentence.holes.iter().map(|hole| format!("{{ ${hole} }}")).collect();
        about.push(format!("can hold {}", holes.join(", ")));
    }
    about.extend(sentence.sample.iter().flat_map(|sample| self::about(sample, currency)));
    Row {
        key: sentence.key,
        text: sentence.text.clone(),
        own: sentence.own.is_some(),
        href,
        about: about.join(" · "),
        sample: sentence.sample.as_ref().map(|sample| sample.text.clone()),
    }
}

/// How long a message is, and what it costs.
pub fn about(sample: &Sample, currency: &str) -> Vec<String> {
    let mut about = Vec::new();
    if let Some(length) = sample.length {
        let alphabet = if length.gsm { "plain letters" } else { "letters that take more room" };
        about.push(format!("{} places in {alphabet}: {} SMS", length.places, length.segments));
    }
    if let Some((least, most)) = sample.cost {
        let range = if least == most { format!("{least}") } else { format!("{least} to {most}") };
        about.push(format!("costs {range} {currency}"));
    }
    about
}
