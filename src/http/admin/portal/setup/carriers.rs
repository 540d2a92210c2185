//! Carriers: which kind, what to fetch where, whether what was typed is right; then how one does, and a message to try it.

use super::guides::{GUIDES, Guide};
use super::{Tab, tabs, typed};
use crate::domain::carrier::Carrier;
use crate::domain::declaration::Noun;
use crate::domain::delivery::{Channel, Explained};
use crate::domain::identifier::Identifier;
use crate::domain::management::{Subject, Verb};
use crate::domain::params::Params;
use crate::flows::carriers::Finding;
use crate::flows::manage::carriers::{self, Checked, Figures, Followed, Standing, Untried};
use crate::flows::manage::change::Key;
use crate::http::admin::portal::declared::{self, Asked};
use crate::http::admin::portal::desk::{Desk, Frame};
use crate::http::admin::portal::turned::{Answer, Turned};
use crate::http::admin::portal::{form, written};
use crate::http::pages::Fields;
use crate::http::urls;
use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};

const CARRIER: Subject = Subject::Declared(Noun::Carrier);

#[derive(Template)]
#[template(path = "admin/carrier_kinds.html")]
struct KindsPage {
    frame: Frame,
    guides: Vec<&'static Guide>,
}

/// Without a kind, the kinds.
pub async fn new(desk: Desk, RawQuery(query): RawQuery) -> Answer {
    desk.admit(Verb::Create, CARRIER)?;
    let asked = Params::parse(query.clone().unwrap_or_default().as_bytes());
    if asked.get("kind").and_then(Guide::of).is_some() {
        return declared::new(desk, Path(Noun::Carrier.plural().to_owned()), RawQuery(query)).await;
    }
    let phone = desk.app.config.allow_dev_phone;
    let guides = GUIDES.iter().filter(|guide| phone || guide.kind != "dev_phone").collect();
    desk.show(&KindsPage { frame: desk.frame("carriers", "New carrier: which kind?"), guides })
}

/// As it was typed, with what was found.
pub async fn check_new(desk: Desk, body: Bytes) -> Answer {
    check(desk, None, &body).await
}

pub async fn check_one(desk: Desk, Path(name): Path<String>, body: Bytes) -> Answer {
    check(desk, Some(name), &body).await
}

async fn check(desk: Desk, name: Option<String>, body: &[u8]) -> Answer {
    let verb = if name.is_some() { Verb::Update } else { Verb::Create };
    let by = desk.admit(verb, CARRIER)?;
    let sent = Params::parse(body);
    let groups = form::groups(Noun::Carrier, sent.get("kind").unwrap_or_default());
    let sent = typed::opened(&desk.app, by, &groups, sent);
    let known = form::Known::of(&desk.app, sent.get("kind").unwrap_or_default());
    let (value, mistakes) = form::read(&groups, &sent, &known);
    let mut asked = Asked { noun: Noun::Carrier, name, value, sent, mistakes, findings: Vec::new(), done: None };
    if asked.mistakes.is_empty() {
        match carriers::check(&desk.app, by, asked.name.as_deref(), asked.value.clone()).await? {
            Checked::Unknown => return Err(Turned::NotFound),
            Checked::Wrong(mistakes) => asked.mistakes = mistakes,
            Checked::Findings(findings) => asked.findings = findings,
        }
    }
    let wrong = !asked.mistakes.is_empty() || asked.findings.iter().any(|finding| !finding.good);
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    declared::checked(&desk, by, status, asked).await
}

#[derive(Template)]
#[template(path = "admin/carrier.html")]
struct LookPage {
    frame: Frame,
    tabs: Vec<Tab>,
    /// Its own path.
    place: String,
    guide: Option<&'static Guide>,
    receipts: String,
    unusable: Option<String>,
    /// What the first line over them says, and each.
    found: Option<(&'static str, Vec<Finding>)>,
    health: Vec<Health>,
    prices: Vec<[String; 3]>,
    currency: String,
    channels: Vec<&'static str>,
    to: String,
    /// Stands for one test: sent twice, the form sends one message.
    once: String,
    wrong: Option<String>,
    may_change: bool,
}

struct Health {
    channel: &'static str,
    country: String,
    tried: u32,
    percent: u32,
    took: String,
    open: bool,
}

pub async fn look(desk: Desk, Path(name): Path<String>) -> Answer {
    desk.admit(Verb::Read, CARRIER)?;
    draw(&desk, StatusCode::OK, &name, |_| {})
}

pub async fn examine(desk: Desk, Path(name): Path<String>) -> Answer {
    let by = desk.admit(Verb::Update, CARRIER)?;
    let findings = carriers::examine(&desk.app, by, &name).await?.ok_or(Turned::NotFound)?;
    draw(&desk, StatusCode::OK, &name, |page| page.found = Some(("What was found", findings)))
}

pub async fn sync(desk: Desk, Path(name): Path<String>) -> Answer {
    let by = desk.admit(Verb::Update, CARRIER)?;
    let findings = carriers::sync(&desk.app, by, &name).await?.ok_or(Turned::NotFound)?;
    draw(&desk, StatusCode::OK, &name, |page| page.found = Some(("What became of each template", findings)))
}

/// One message to somebody who waits for it.
pub async fn test(desk: Desk, Path(name): Path<String>, sent: Fields) -> Answer {
    let by = desk.admit(Verb::Update, CARRIER)?;
    let typed = sent.get("to").trim();
    let again = |wrong: String| {
        let to = typed.to_owned();
        draw(&desk, StatusCode::UNPROCESSABLE_ENTITY, &name, |page| (page.to, page.wrong) = (to, Some(wrong)))
    };
    let Some(to) = Identifier::read(typed) else {
        return again("A number with + and country code, or an e-mail address.".to_owned());
    };
    let once = sent.get("once");
    let key = (!once.is_empty()).then(|| Key { key: once.to_owned(), of: by.actor.to_string() });
    match carriers::test(&desk.app, by, &name, &to, Channel::parse(sent.get("channel")), key).await? {
        Ok(tested) => {
            let place = format!("{}/tests/{}", urls::portal_one("carriers", &name), tested.id);
            Ok(Redirect::to(&place).into_response())
        }
        Err(Untried::Why(why)) => again(format!("Nothing was sent: {why}.")),
        Err(Untried::KeyReused) => again("This form sent a test already. Send this one from here.".to_owned()),
    }
}

#[derive(Template)]
#[template(path = "admin/carrier_test.html")]
struct TestPage {
    frame: Frame,
    tabs: Vec<Tab>,
    /// Nothing more is to come.
    over: bool,
    standing: &'static str,
    good: bool,
    here: String,
    lines: Vec<(String, String, Option<Explained>)>,
    reference: String,
    cost: String,
}

pub async fn tested(desk: Desk, Path((name, id)): Path<(String, String)>) -> Answer {
    desk.admit(Verb::Read, CARRIER)?;
    let followed = carriers::follow(&desk.app, &name, &id).await?.ok_or(Turned::NotFound)?;
    let (good, standing) = match followed.standing() {
        Standing::Undelivered => (false, "The carrier could not deliver it."),
        Standing::Delivered => (true, "It is on the device."),
        Standing::Sending => (true, "On its way to the carrier."),
        Standing::Refused => (false, "The carrier did not take it."),
        Standing::Unknown => (false, "The line broke: it is not known whether the carrier has it."),
        Standing::Sent => (true, "The carrier has it. Word of delivery is waited for; some carriers send none."),
    };
    let Followed { stood, lines, over } = followed;
    let line = |line: &crate::domain::timeline::Line| (written::rfc3339(line.at), line.text.clone(), line.explained);
    desk.show(&TestPage {
        frame: desk.frame("carriers", format!("A test by {name}")),
        tabs: tabs(&desk, Noun::Carrier, &name, "test"),
        over,
        standing,
        good,
        here: format!("{}/tests/{id}", urls::portal_one("carriers", &name)),
        lines: lines.iter().map(line).collect(),
        reference: stood.reference.unwrap_or_default(),
        cost: stood.cost.map(|cost| format!("{} {}", cost.amount, cost.currency)).unwrap_or_default(),
    })
}

fn draw(desk: &Desk, status: StatusCode, name: &str, with: impl FnOnce(&mut LookPage)) -> Answer {
    let found = carriers::condition(&desk.app, name).ok_or(Turned::NotFound)?;
    let mut page = LookPage {
        frame: desk.frame("carriers", name),
        tabs: tabs(desk, Noun::Carrier, name, "look"),
        place: urls::portal_one("carriers", name),
        guide: Guide::of(found.carrier.kind.as_str()),
        receipts: found.receipts,
        unusable: found.unusable,
        found: None,
        health: found.figures.into_iter().map(health).collect(),
        prices: prices(&found.carrier),
        currency: desk.app.config.money_currency.clone(),
        channels: found.channels.into_iter().map(Channel::as_str).collect(),
        to: String::new(),
        once: desk.app.entropy.short(),
        wrong: None,
        may_change: desk.may(Verb::Update, CARRIER),
    };
    with(&mut page);
    desk.show_as(status, &page)
}

fn health(one: Figures) -> Health {
    Health {
        channel: one.channel.as_str(),
        percent: one.good * 100 / one.tried.max(1),
        took: format!("{:.1} s", one.took.as_secs_f64()),
        country: one.country,
        tried: one.tried,
        open: one.open,
    }
}

fn prices(carrier: &Carrier) -> Vec<[String; 3]> {
    let row = |price: &crate::domain::carrier::Price| {
        let prefix = if price.prefix.is_empty() { "everywhere else".to_owned() } else { price.prefix.clone() };
        [price.channel.as_str().to_owned(), prefix, price.amount.to_string()]
    };
    carrier.prices.iter().map(row).collect()
}
