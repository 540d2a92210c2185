//! The book of what operators did: looked through, held against itself, taken along.

use super::cut;
use super::desk::{Desk, Frame};
use super::turned::Answer;
use super::written::{self, moment};
use crate::domain::audit::Entry;
use crate::domain::identifier::Identifier;
use crate::domain::management::{Subject, Verb};
use crate::domain::params::Params;
use crate::flows::manage::accounts;
use crate::flows::manage::audit::{self, Filter, Verified};
use crate::http::urls;
use askama::Template;
use axum::body::Body;
use axum::extract::RawQuery;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const PAGE: usize = 50;
/// How much of one value is shown: whole ones are in the copy.
const LONGEST: usize = 300;
/// How many differences of one entry are shown.
const MOST: usize = 12;

#[derive(Template)]
#[template(path = "admin/audit.html")]
struct AuditPage {
    frame: Frame,
    asked: Asked,
    wrong: Option<&'static str>,
    verified: Option<(bool, String)>,
    rows: Vec<Row>,
    more: Option<String>,
}

#[derive(Default)]
struct Asked {
    noun: String,
    name: String,
    actor: String,
    since: String,
    until: String,
}

struct Row {
    seq: i64,
    at: String,
    who: String,
    /// Their id, where more is known of them than that.
    actor: String,
    from: String,
    act: String,
    noun: String,
    name: String,
    href: Option<String>,
    differences: Vec<Difference>,
    more: usize,
}

#[derive(Debug, PartialEq, Eq)]
struct Difference {
    field: String,
    before: Option<String>,
    after: Option<String>,
}

pub async fn list(desk: Desk, RawQuery(query): RawQuery) -> Answer {
    desk.admit(Verb::Read, Subject::Audit)?;
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let text = |name: &str| query.get(name).unwrap_or_default().trim().to_owned();
    let asked = Asked {
        noun: text("noun"),
        name: text("name"),
        actor: text("actor"),
        since: text("since"),
        until: text("until"),
    };
    let day = |text: &str| if text.is_empty() { Some(None) } else { written::day(text).map(Some) };
    let (since, until) = (day(&asked.since), day(&asked.until));
    let wrong = (since.is_none() || until.is_none()).then_some("A day is written like 2026-01-31.");
    let filter = Filter {
        noun: asked.noun.clone(),
        name: asked.name.clone(),
        actor: asked.actor.clone(),
        since: since.flatten(),
        until: until.flatten().map(written::next_day),
    };
    let before = query.get("before").and_then(|before| before.parse().ok());
    let mut entries = match wrong {
        None => audit::list(&desk.app, &filter, before, cut::wanted(PAGE)).await?,
        Some(_) => Vec::new(),
    };
    let last = cut::cut(&mut entries, PAGE).map(|entry| entry.seq);
    let people = people(&desk, &entries).await?;
    let page = AuditPage {
        frame: desk.frame("audit", "Audit"),
        more: last.map(|last| {
            let kept = query.without(&["before"]).with("before", last.to_string());
            format!("{}?{}", urls::PORTAL_AUDIT, kept.encoded())
        }),
        rows: entries.iter().map(|entry| row(&desk, &people, entry)).collect(),
        verified: match query.get("verify") {
            Some(_) => Some(told(audit::verify(&desk.app).await?)),
            None => None,
        },
        asked,
        wrong,
    };
    let status =
        if wrong.is_some() { axum::http::StatusCode::UNPROCESSABLE_ENTITY } else { axum::http::StatusCode::OK };
    desk.show_as(status, &page)
}

fn told(verified: Verified) -> (bool, String) {
    match verified {
        Verified::Whole(count) => (true, format!("All {count} entries are as they were written.")),
        Verified::Broken(seq) => (false, format!("Entry {seq} was changed, or one before it was taken out or put in.")),
        Verified::Cut(seq) => (false, format!("Entries after {seq} were taken away.")),
    }
}

/// Operators of a page by what they sign in with.
async fn people(desk: &Desk, entries: &[Entry]) -> Result<BTreeMap<String, String>, super::turned::Turned> {
    let ids: BTreeSet<&str> = entries.iter().filter_map(|entry| entry.actor.strip_prefix("operator:")).collect();
    let mut people = BTreeMap::new();
    for id in ids {
        let Some(person) = accounts::find(&desk.app, id).await? else { continue };
        let shown = |one: &Identifier| if desk.role().sees_identifiers() { one.shown() } else { one.to_string() };
        people.extend(person.identifiers.first().map(|one| (id.to_owned(), shown(one))));
    }
    Ok(people)
}

fn row(desk: &Desk, people: &BTreeMap<String, String>, entry: &Entry) -> Row {
    let who = match entry.actor.split_once(':') {
        Some(("operator", id)) => people.get(id).cloned().unwrap_or_else(|| "somebody who is no more".to_owned()),
        Some((_, client)) => format!("application {client}"),
        None if entry.actor == "command" => "the command line".to_owned(),
        None => entry.actor.clone(),
    };
    let mut differences = differences(entry.before.as_ref(), entry.after.as_ref());
    let more = differences.len().saturating_sub(MOST);
    differences.truncate(MOST);
    Row {
        seq: entry.seq,
        at: moment(entry.at),
        who,
        actor: entry.actor.clone(),
        from: entry.address.clone(),
        act: entry.act.replace('_', " "),
        noun: entry.noun.replace('_', " "),
        name: entry.name.clone(),
        href: href(desk, entry),
        differences,
        more,
    }
}

fn href(desk: &Desk, entry: &Entry) -> Option<String> {
    let noun = crate::domain::declaration::Noun::ALL.into_iter().find(|noun| noun.as_str() == entry.noun);
    match (noun, entry.noun.as_str()) {
        (Some(noun), _) if desk.may(Verb::Read, Subject::Declared(noun)) && entry.act != "delete" => {
            Some(urls::portal_one(noun.plural(), &entry.name))
        }
        (None, "person") if entry.act != "erase" => Some(urls::portal_one("people", &entry.name)),
        (None, "sign_in") => Some(urls::portal_one("sign_ins", &entry.name)),
        _ => None,
    }
}

/// Field by field, however deep.
fn differences(before: Option<&Value>, after: Option<&Value>) -> Vec<Difference> {
    let (mut was, mut is) = (BTreeMap::new(), BTreeMap::new());
    before.iter().for_each(|value| flat("", value, &mut was));
    after.iter().for_each(|value| flat("", value, &mut is));
    let fields: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    let differ = fields.into_iter().filter(|field| was.get(*field) != is.get(*field));
    differ
        .map(|field| Difference {
            field: field.clone(),
            before: was.get(field).cloned(),
            after: is.get(field).cloned(),
        })
        .collect()
}

fn flat(name: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    match value {
        Value::Null => {}
        Value::Object(fields) => {
            for (field, value) in fields {
                let name = if name.is_empty() { field.clone() } else { format!("{name}.{field}") };
                flat(&name, value, into);
            }
        }
        Value::Array(items) if items.iter().all(|item| !item.is_object()) => {
            let items: Vec<String> = items.iter().map(plain).collect();
            into.insert(name.to_owned(), cut(&items.join(", ")));
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                flat(&format!("{name} {}", at + 1), item, into);
            }
        }
        other => {
            into.insert(name.to_owned(), cut(&plain(other)));
        }
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn cut(text: &str) -> String {
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// The whole book as JSON lines, as it is read: it may be long.
pub async fn export(desk: Desk) -> Answer {
    desk.admit(Verb::Read, Subject::Audit)?;
    Ok(download("audit.jsonl", "application/jsonl", Body::from_stream(audit::lines(&desk.app))))
}

/// To be kept as a file, never shown: what is in it was written by others.
pub fn download(name: &str, kind: &'static str, body: Body) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    if let Ok(named) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(CONTENT_DISPOSITION, named);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_difference_names_the_fields_that_differ() {
        let before = json!({ "name": "Shop", "branding": { "color": "#fff" }, "scopes": ["a"], "same": 1 });
        let after =
            json!({ "name": "Shop", "branding": { "color": "#000" }, "scopes": ["a", "b"], "same": 1, "new": true });
        let told = differences(Some(&before), Some(&after));
        let told: Vec<_> =
            told.iter().map(|one| (one.field.as_str(), one.before.as_deref(), one.after.as_deref())).collect();
        let expected = [
            ("branding.color", Some("#fff"), Some("#000")),
            ("new", None, Some("true")),
            ("scopes", Some("a"), Some("a, b")),
        ];
        assert_eq!(told, expected);
        assert_eq!(differences(None, Some(&json!({ "rows": [{ "a": 1 }] })))[0].field, "rows 1.a");
        assert!(differences(None, None).is_empty());
        assert_eq!(cut(&"x".repeat(400)).chars().count(), LONGEST + 1);
    }
}
