//! Everything that can be declared, in the portal: a form to make one, a form to change one, a way to delete it. The same change as
//! the API makes, with the same checks.

use super::called::one;
use super::desk::{Desk, Frame};
use super::form::{self, DrawnGroup, Focus, Form, Known};
use super::setup::connections::Trial;
use super::setup::guides::Guide;
use super::setup::{Tab, tabs, typed};
use super::turned::{Answer, Turned};
use crate::domain::audit::By;
use crate::domain::declaration::{Mistake, Noun};
use crate::domain::management::{Subject, Verb};
use crate::domain::params::Params;
use crate::flows::carriers::Finding;
use crate::flows::manage::change::{self, Item, Outcome};
use crate::http::urls;
use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde_json::Value;

#[derive(Template)]
#[template(path = "admin/edit.html")]
struct EditPage {
    frame: Frame,
    section: &'static str,
    tabs: Vec<Tab>,
    /// What to fetch where, for a carrier; and where it reports.
    guide: Option<&'static Guide>,
    receipts: String,
    /// What a connection would do.
    tried: Option<Trial>,
    /// Where a sentence is looked at, as it was when the page was drawn.
    look: Option<String>,
    /// What was found by looking at what stands in the form.
    findings: Vec<Finding>,
    /// Where that is asked for …
    check: String,
    /// … and where by a script, while it is filled in.
    typed: String,
    /// Where one is tried: an event endpoint.
    trial: Option<String>,
    /// The path the form posts to.
    action: String,
    etag: String,
    groups: Vec<DrawnGroup>,
    may_change: bool,
    may_delete: bool,
    /// What no field says.
    mistakes: Vec<String>,
    wrong: bool,
    /// Somebody changed it meanwhile: what it says now where that is not what this form says.
    differences: Vec<(&'static str, String)>,
    used_by: Vec<String>,
    secret: Option<String>,
    done: Option<&'static str>,
}

pub fn noun(plural: &str) -> Result<Noun, Turned> {
    Noun::of_plural(plural).ok_or(Turned::NotFound)
}

/// What a redirect says was done. Nothing else is repeated from an address.
pub fn done(query: &Params) -> Option<&'static str> {
    match query.get("done")? {
        "saved" => Some("Saved."),
        "deleted" => Some("Deleted."),
        _ => None,
    }
}

pub async fn new(desk: Desk, Path(plural): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let noun = noun(&plural)?;
    desk.admit(Verb::Create, Subject::Declared(noun))?;
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let item = form::filled(&form::groups(noun, kind(&query)), &query);
    shown(&desk, StatusCode::OK, &edit(&desk, noun, None, &item, &Typed::default()))
}

pub async fn create(desk: Desk, Path(plural): Path<String>, body: Bytes) -> Answer {
    let noun = noun(&plural)?;
    let by = desk.admit(Verb::Create, Subject::Declared(noun))?;
    let sent = filled_in(&desk, by, noun, &body);
    if sent.get("row").is_some() {
        return rearranged(&desk, by, noun, None, sent).await;
    }
    let (value, mistakes) = read(&desk, noun, &sent);
    if !mistakes.is_empty() {
        return again(&desk, noun, None, &value, &sent, &mistakes);
    }
    match change::create(&desk.app, by, noun, value.clone(), None).await? {
        Outcome::Created(item) => match &item.secret {
            None => {
                Ok(Redirect::to(&format!("{}?done=saved", urls::portal_one(noun.plural(), &item.name))).into_response())
            }
            // Shown this once, so it cannot wait behind a redirect.
            Some(_) => {
                let page = EditPage { secret: item.secret.clone(), ..unchanged(&desk, noun, &item) };
                shown(&desk, StatusCode::CREATED, &page)
            }
        },
        Outcome::Exists => again(&desk, noun, None, &value, &sent, &[change::exists(noun)]),
        Outcome::Wrong(mistakes) => again(&desk, noun, None, &value, &sent, &mistakes),
        _ => Err(Turned::NotFound),
    }
}

pub async fn show(desk: Desk, Path((plural, name)): Path<(String, String)>, RawQuery(query): RawQuery) -> Answer {
    let noun = noun(&plural)?;
    desk.admit(Verb::Read, Subject::Declared(noun))?;
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let item = change::find(&desk.app, noun, &name).await?.ok_or(Turned::NotFound)?;
    let page = EditPage { done: done(&query), ..unchanged(&desk, noun, &item) };
    shown(&desk, StatusCode::OK, &page)
}

pub async fn save(desk: Desk, Path((plural, name)): Path<(String, String)>, body: Bytes) -> Answer {
    let noun = noun(&plural)?;
    let by = desk.admit(Verb::Update, Subject::Declared(noun))?;
    let sent = filled_in(&desk, by, noun, &body);
    let item = change::find(&desk.app, noun, &name).await?.ok_or(Turned::NotFound)?;
    if sent.get("row").is_some() {
        return rearranged(&desk, by, noun, Some(&item), sent).await;
    }
    let (value, mistakes) = read(&desk, noun, &sent);
    if !mistakes.is_empty() {
        return again(&desk, noun, Some(&item), &value, &sent, &mistakes);
    }
    let etag = sent.get("etag").filter(|etag| !etag.is_empty());
    match change::update(&desk.app, by, noun, &name, value.clone(), etag).await? {
        Outcome::Updated(item) => {
            Ok(Redirect::to(&format!("{}?done=saved", urls::portal_one(noun.plural(), &item.name))).into_response())
        }
        Outcome::Wrong(mistakes) => again(&desk, noun, Some(&item), &value, &sent, &mistakes),
        Outcome::Stale(now) => {
            let sent = typed::kept(&desk.app, by, &form::groups(noun, kind(&sent)), sent);
            let typed = Typed { sent: Some(&sent), ..Typed::default() };
            let mut page = edit(&desk, noun, Some(&now), &now.value, &typed);
            page.differences = differences(noun, &now.value, &value);
            shown(&desk, StatusCode::CONFLICT, &page)
        }
        _ => Err(Turned::NotFound),
    }
}

pub async fn delete(desk: Desk, Path((plural, name)): Path<(String, String)>, body: Bytes) -> Answer {
    let noun = noun(&plural)?;
    let by = desk.admit(Verb::Delete, Subject::Declared(noun))?;
    let sent = Params::parse(&body);
    let etag = sent.get("etag").filter(|etag| !etag.is_empty());
    match change::delete(&desk.app, by, noun, &name, etag).await? {
        Outcome::Deleted => Ok(Redirect::to(&format!("/admin/{}?done=deleted", noun.plural())).into_response()),
        Outcome::InUse(mistakes) => {
            let item = change::find(&desk.app, noun, &name).await?.ok_or(Turned::NotFound)?;
            let used_by = mistakes.iter().map(ToString::to_string).collect();
            shown(&desk, StatusCode::CONFLICT, &EditPage { used_by, ..unchanged(&desk, noun, &item) })
        }
        Outcome::Stale(item) => {
            let page = unchanged(&desk, noun, &item);
            let mistakes = vec!["Somebody changed it since you looked. This is what it is now.".to_owned()];
            shown(&desk, StatusCode::CONFLICT, &EditPage { mistakes, wrong: true, ..page })
        }
        _ => Err(Turned::NotFound),
    }
}

/// The form as it was filled in, with what is wrong where it is wrong.
fn again(desk: &Desk, noun: Noun, item: Option<&Item>, value: &Value, sent: &Params, mistakes: &[Mistake]) -> Answer {
    let stored = item.map_or(value, |item| &item.value);
    let verb = if item.is_some() { Verb::Update } else { Verb::Create };
    let by = desk.admit(verb, Subject::Declared(noun))?;
    let sent = typed::kept(&desk.app, by, &form::groups(noun, kind(sent)), sent.clone());
    let typed = Typed { sent: Some(&sent), mistakes, focus: None };
    let page = read_before(edit(desk, noun, item, stored, &typed), &sent);
    shown(desk, StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Nothing was taken over: what somebody else changes meanwhile is still news to this form.
fn read_before(page: EditPage, sent: &Params) -> EditPage {
    let etag = sent.get("etag").map_or_else(|| page.etag.clone(), str::to_owned);
    EditPage { etag, ..page }
}

/// The form with its rows otherwise, or with what it would come to. Nothing is saved.
async fn rearranged(desk: &Desk, by: &By, noun: Noun, item: Option<&Item>, sent: Params) -> Answer {
    let (mut mistakes, mut way) = (Vec::new(), None);
    // Whoever only moves rows is not told what is missing.
    let asked = sent.get("row") == Some("try");
    let value = read(desk, noun, &sent).0;
    let (sent, focus) = form::rearranged(&sent).map_or((sent, None), |(sent, focus)| (sent, Some(focus)));
    if noun == Noun::Connection && Trial::asked(&sent) {
        let known = Known::of(&desk.app, kind(&sent));
        let (value, unread) = read(desk, noun, &sent);
        let name = item.map(|item| item.name.as_str());
        let looked = if unread.is_empty() { Trial::look(desk, name, value, &sent, &known).await? } else { Err(unread) };
        looked.map_or_else(|wrong| mistakes = wrong, |found| way = Some(found));
        mistakes.retain(|_| asked);
    }
    let stored = item.map_or(&value, |item| &item.value);
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let sent = typed::kept(&desk.app, by, &form::groups(noun, kind(&sent)), sent);
    let typed = Typed { sent: Some(&sent), mistakes: &mistakes, focus: focus.as_ref() };
    let mut page = read_before(edit(desk, noun, item, stored, &typed), &sent);
    if let Some(trial) = &mut page.tried {
        (trial.way, trial.focused) = (way, asked);
    }
    shown(desk, status, &page)
}

pub fn read(desk: &Desk, noun: Noun, sent: &Params) -> (Value, Vec<Mistake>) {
    form::read(&form::groups(noun, kind(sent)), sent, &Known::of(&desk.app, kind(sent)))
}

/// What was posted, with secrets that were typed before.
pub fn filled_in(desk: &Desk, by: &By, noun: Noun, body: &[u8]) -> Params {
    let sent = Params::parse(body);
    typed::opened(&desk.app, by, &form::groups(noun, kind(&sent)), sent)
}

/// A form as it was filled in, looked at before it is saved.
pub struct Asked {
    pub noun: Noun,
    /// Of one there is.
    pub name: Option<String>,
    pub value: Value,
    pub sent: Params,
    pub mistakes: Vec<Mistake>,
    pub findings: Vec<Finding>,
    pub done: Option<&'static str>,
}

pub async fn checked(desk: &Desk, by: &By, status: StatusCode, asked: Asked) -> Answer {
    let Asked { noun, name, value, sent, mistakes, findings, done } = asked;
    let item = match &name {
        Some(name) => Some(change::find(&desk.app, noun, name).await?.ok_or(Turned::NotFound)?),
        None => None,
    };
    let stored = item.as_ref().map_or(&value, |item| &item.value);
    let sent = typed::kept(&desk.app, by, &form::groups(noun, kind(&sent)), sent);
    let typed = Typed { sent: Some(&sent), mistakes: &mistakes, focus: None };
    let page = read_before(edit(desk, noun, item.as_ref(), stored, &typed), &sent);
    shown(desk, status, &EditPage { findings, done, ..page })
}

pub fn kind(sent: &Params) -> &str {
    sent.get("kind").unwrap_or_default()
}

/// A sentence's form has a frame beside it.
fn shown(desk: &Desk, status: StatusCode, page: &EditPage) -> Answer {
    if page.look.is_some() { desk.show_with_frames(status, page) } else { desk.show_as(status, page) }
}

/// What stands in a form in place of what is saved.
#[derive(Default)]
struct Typed<'a> {
    sent: Option<&'a Params>,
    mistakes: &'a [Mistake],
    focus: Option<&'a Focus>,
}

fn unchanged(desk: &Desk, noun: Noun, item: &Item) -> EditPage {
    edit(desk, noun, Some(item), &item.value, &Typed::default())
}

fn edit(desk: &Desk, noun: Noun, item: Option<&Item>, value: &Value, typed: &Typed<'_>) -> EditPage {
    let Typed { sent, mistakes, focus } = *typed;
    let kind = sent.map(kind).filter(|kind| !kind.is_empty()).or(value["kind"].as_str()).unwrap_or_default().to_owned();
    let groups = form::groups(noun, &kind);
    let known = Known::of(&desk.app, &kind);
    let named = |mistake: &&Mistake| {
        let head = form::head(&mistake.field);
        groups.iter().flat_map(|group| group.fields).any(|field| field.name == head) || head.starts_with("try_")
    };
    let others = mistakes.iter().filter(|mistake| !named(mistake)).map(ToString::to_string).collect();
    let fixed = item.and(noun.key());
    let subject = Subject::Declared(noun);
    let verb = if item.is_some() { Verb::Update } else { Verb::Create };
    let name = item.map(|item| item.name.clone());
    let guide = Some(noun).filter(|noun| *noun == Noun::Carrier).and_then(|_| Guide::of(&kind));
    let place = |name: &Option<String>| {
        name.as_deref()
            .map_or_else(|| format!("/admin/{}", noun.plural()), |name| urls::portal_one(noun.plural(), name))
    };
    let checked = urls::portal_check(noun.plural(), name.as_deref());
    let typed_name = || sent.and_then(|sent| sent.get("name")).unwrap_or("NAME").to_owned();
    EditPage {
        tabs: name.as_deref().map(|name| tabs(desk, noun, name, "")).unwrap_or_default(),
        guide,
        receipts: desk.app.receipts_address(&name.clone().unwrap_or_else(typed_name)),
        look: (noun == Noun::Text).then(|| looked_at(&groups, value, sent)),
        tried: (noun == Noun::Connection).then(|| Trial::of(desk, name.as_deref(), value, (sent, mistakes), &known)),
        findings: Vec::new(),
        check: match (guide, &name) {
            (None, _) => checked.clone(),
            (Some(_), None) => urls::PORTAL_CARRIER_CHECK_NEW.to_owned(),
            (Some(_), Some(_)) => format!("{}/check", place(&name)),
        },
        typed: checked,
        trial: name
            .as_ref()
            .filter(|_| noun == Noun::EventEndpoint && desk.may(Verb::Update, subject))
            .map(|_| format!("{}/test", place(&name))),
        frame: desk.frame(noun.plural(), name.clone().unwrap_or_else(|| format!("New {}", one(noun)))),
        section: noun.plural(),
        action: place(&name),
        etag: item.map(|item| item.etag.clone()).unwrap_or_default(),
        groups: form::draw(&groups, &Form { known: &known, item: value, sent, mistakes, fixed, focus, files: false }),
        may_change: desk.may(verb, subject),
        may_delete: item.is_some() && desk.may(Verb::Delete, subject),
        mistakes: others,
        wrong: !mistakes.is_empty(),
        differences: Vec::new(),
        used_by: Vec::new(),
        secret: None,
        done: None,
    }
}

fn looked_at(groups: &[form::Group], value: &Value, sent: Option<&Params>) -> String {
    let fields = groups.iter().flat_map(|group| group.fields).map(|field| field.name);
    let stands = |name: &str| sent.map_or_else(|| value[name].as_str(), |sent| sent.get(name)).map(str::to_owned);
    let all = fields.filter_map(|name| Some((name.to_owned(), stands(name)?))).collect();
    format!("{}?{}", urls::PORTAL_TEXT_LOOK, Params::new(all).encoded())
}

/// Fields that somebody else wrote differently from this form.
fn differences(noun: Noun, now: &Value, wanted: &Value) -> Vec<(&'static str, String)> {
    let kind = now["kind"].as_str().unwrap_or_default();
    let groups = form::groups(noun, kind);
    let empty = |value: &Value| match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        _ => false,
    };
    let differs = |name: &str| {
        let (now, wanted) = (&now[name], wanted.get(name));
        wanted.is_some_and(|wanted| now != wanted && !(empty(now) && empty(wanted)))
    };
    let fields = groups.iter().flat_map(|group| group.fields).filter(|field| differs(field.name));
    fields.map(|field| (field.label, form::shown(field, &now[field.name]))).collect()
}
