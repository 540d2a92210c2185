//! The portal's first page: what needs somebody, then how sign-ins, messages and money stand.

use super::chart::{self, Bars, Course};
use super::desk::{Desk, Frame};
use super::turned::Answer;
use super::written::{filters, moment, span};
use crate::domain::declaration::Noun;
use crate::domain::delivery::Explained;
use crate::domain::figures::Window;
use crate::domain::management::{Subject, Verb};
use crate::domain::params::Params;
use crate::flows::manage::overview::{self, Attention, Conversion, Fault, Grave, Overview};
use crate::http::urls;
use askama::Template;
use axum::extract::RawQuery;

/// How many rows of a table stand on the page: the others are few.
const MOST: usize = 12;

#[derive(Template)]
#[template(path = "admin/overview.html")]
struct OverviewPage {
    frame: Frame,
    window: Window,
    windows: [Window; 3],
    counted: Option<String>,
    needs: Vec<Need>,
    steps: Vec<Step>,
    course: Course,
    clients: Vec<Of>,
    tables: Vec<Table>,
    ways: Vec<Way>,
    median: String,
    p95: String,
    spent: Vec<Spent>,
    caps: Vec<Cap>,
    faults: Vec<(&'static str, Vec<Trouble>)>,
}

struct Need {
    class: &'static str,
    grave: &'static str,
    of: String,
    what: String,
    mend: String,
    /// Where it is mended, for whoever may look there.
    href: Option<String>,
}

struct Step {
    label: &'static str,
    count: i64,
    before: i64,
    bar: Bars,
}

/// A line of a table of conversions.
struct Of {
    name: String,
    href: Option<String>,
    asked: i64,
    delivered: i64,
    proven: i64,
    bar: Bars,
    percent: String,
    before: String,
}

struct Table {
    title: &'static str,
    first: &'static str,
    /// What is counted.
    counts: &'static str,
    rows: Vec<Of>,
    more: usize,
}

struct Way {
    channel: &'static str,
    country: String,
    carrier: String,
    now: Conversion,
    percent: String,
}

struct Spent {
    currency: String,
    told: String,
    estimated: String,
}

struct Cap {
    name: String,
    href: Option<String>,
    of: String,
    spent: String,
    most: String,
    percent: i64,
    bar: Bars,
}

struct Trouble {
    carrier: String,
    channel: &'static str,
    code: String,
    count: i64,
    explained: Option<Explained>,
}

pub async fn show(desk: Desk, RawQuery(query): RawQuery) -> Answer {
    desk.admit(Verb::Read, Subject::Overview)?;
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let window = query.get("window").and_then(Window::parse).unwrap_or(Window::Day);
    let read = overview::read(&desk.app, window).await?;
    desk.show(&page(&desk, &read))
}

fn page(desk: &Desk, read: &Overview) -> OverviewPage {
    OverviewPage {
        frame: desk.frame("", "Overview"),
        window: read.window,
        windows: Window::ALL,
        counted: read.counted_at.map(moment),
        needs: read.attention.iter().map(|one| need(desk, one)).collect(),
        steps: steps(read),
        course: chart::course(read),
        clients: clients(desk, read),
        tables: tables(desk, read),
        ways: ways(desk, read),
        median: read.median.map_or_else(|| "–".to_owned(), span),
        p95: read.p95.map_or_else(|| "–".to_owned(), span),
        spent: spent(read),
        caps: read.caps.iter().map(|cap| of_cap(desk, cap)).collect(),
        faults: faults(desk, read),
    }
}

pub fn window_name(window: &Window) -> &'static str {
    match window {
        Window::Hour => "Last hour",
        Window::Day => "Last day",
        Window::Month => "Last 30 days",
    }
}

/// What a window is held against.
pub fn window_before(window: &Window) -> &'static str {
    match window {
        Window::Hour => "The hour before",
        Window::Day => "The day before",
        Window::Month => "The 30 days before",
    }
}

/// A link to one declared thing, for whoever may read it.
fn link(desk: &Desk, noun: Noun, name: &str) -> Option<String> {
    let there = !name.is_empty() && desk.may(Verb::Read, Subject::Declared(noun));
    there.then(|| urls::portal_one(noun.plural(), name))
}

fn need(desk: &Desk, one: &Attention) -> Need {
    let noun = match one.kind {
        "carrier-unusable" | "carrier-refuses" | "circuit-open" => Some(Noun::Carrier),
        "no-carrier" => Some(Noun::Connection),
        "cap-reached" | "cap-near" => Some(Noun::Cap),
        _ => None,
    };
    let sign_ins = || desk.may(Verb::Read, Subject::SignIns).then(|| "/admin/sign_ins?state=expired".to_owned());
    let (class, grave) = match one.grave {
        Grave::Stops => ("alert", "Stops sign-ins"),
        Grave::Threatens => ("warn", "Soon stops some"),
        Grave::Odd => ("odd", "Looks odd"),
    };
    Need {
        class,
        grave,
        of: one.of.clone(),
        what: one.what.clone(),
        mend: one.mend.clone(),
        href: match noun {
            Some(noun) => link(desk, noun, &one.of),
            None => sign_ins(),
        },
    }
}

fn steps(read: &Overview) -> Vec<Step> {
    let (now, before) = (read.sign_ins, read.before);
    let steps = [
        ("Saw the page", now.begun, before.begun),
        ("Asked for a code", now.asked, before.asked),
        ("Code reached them", now.delivered, before.delivered),
        ("Typed it right", now.proven, before.proven),
        ("Back in the app", now.answered, before.answered),
    ];
    let most = steps.iter().map(|(_, count, _)| *count).max().unwrap_or(0);
    let step = |(label, count, before)| Step { label, count, before, bar: chart::bars(most, most, count) };
    steps.into_iter().map(step).collect()
}

fn percent(of: Conversion) -> String {
    of.percent().map_or_else(|| "–".to_owned(), |percent| format!("{percent} %"))
}

fn of(name: String, href: Option<String>, most: i64, now: Conversion, before: Option<Conversion>) -> Of {
    Of {
        name,
        href,
        asked: now.asked,
        delivered: now.delivered,
        proven: now.proven,
        bar: chart::bars(most, now.asked, now.proven),
        percent: percent(now),
        before: before.map(percent).unwrap_or_default(),
    }
}

fn clients(desk: &Desk, read: &Overview) -> Vec<Of> {
    let most = read.clients.iter().map(|one| one.sign_ins.asked).max().unwrap_or(0);
    let rows = read.clients.iter().take(MOST);
    rows.map(|one| of(one.client.clone(), link(desk, Noun::Client, &one.client), most, one.sign_ins.conversion(), None))
        .collect()
}

fn tables(desk: &Desk, read: &Overview) -> Vec<Table> {
    let table = |title, first, counts, all: Vec<(String, Option<String>, Conversion, Conversion)>| {
        let most = all.iter().map(|(_, _, now, _)| now.asked).max().unwrap_or(0);
        let more = all.len().saturating_sub(MOST);
        let rows = all.into_iter().take(MOST);
        let rows = rows.map(|(name, href, now, before)| of(name, href, most, now, Some(before))).collect();
        Table { title, first, counts, rows, more }
    };
    let channels =
        read.channels.iter().map(|one| (channel(one.channel.as_str()).to_owned(), None, one.now, one.before));
    let countries = read.countries.iter().map(|one| (country(desk, &one.country), None, one.now, one.before));
    let carriers = read.carriers.iter().map(|one| {
        let name = if one.carrier.is_empty() { "no carrier".to_owned() } else { one.carrier.clone() };
        (name, link(desk, Noun::Carrier, &one.carrier), one.now, one.before)
    });
    vec![
        table("By channel", "Channel", "messages", channels.collect()),
        table("By country", "Country", "sign-ins", countries.collect()),
        table("By carrier", "Carrier", "messages", carriers.collect()),
    ]
}

pub fn channel(name: &str) -> &'static str {
    match name {
        "whatsapp" => "WhatsApp",
        "sms" => "SMS",
        "voice" => "Call",
        "telegram" => "Telegram",
        "email" => "E-mail",
        _ => "–",
    }
}

pub fn country(desk: &Desk, iso: &str) -> String {
    if iso.is_empty() {
        return "e-mail".to_owned();
    }
    let known = desk.app.texts.pick(&["en"]).country(iso).map(|country| country.name.clone());
    known.map_or_else(|| iso.to_owned(), |name| format!("{name} ({iso})"))
}

fn ways(desk: &Desk, read: &Overview) -> Vec<Way> {
    let way = |one: &overview::OfWay| Way {
        channel: channel(one.channel.as_str()),
        country: country(desk, &one.country),
        carrier: if one.carrier.is_empty() { "no carrier".to_owned() } else { one.carrier.clone() },
        now: one.now,
        percent: percent(one.now),
    };
    read.ways.iter().take(MOST * 2).map(way).collect()
}

fn spent(read: &Overview) -> Vec<Spent> {
    let of = |one: &overview::Spent| Spent {
        currency: one.currency.clone(),
        told: one.told.to_string(),
        estimated: one.estimated.to_string(),
    };
    read.spent.iter().map(of).collect()
}

fn of_cap(desk: &Desk, cap: &overview::CapStands) -> Cap {
    Cap {
        name: cap.name.clone(),
        href: link(desk, Noun::Cap, &cap.name),
        of: cap.of.clone(),
        spent: format!("{} {}", cap.spent, cap.currency),
        most: format!("{} {}", cap.most, cap.currency),
        percent: cap.percent(),
        bar: chart::bars(100, 100, cap.percent()),
    }
}

fn faults(desk: &Desk, read: &Overview) -> Vec<(&'static str, Vec<Trouble>)> {
    let live = desk.app.live();
    let kind = |name: &str| {
        let known = live.catalog.carriers.iter().find(|sealed| sealed.carrier.name == name);
        known.map(|sealed| sealed.carrier.kind.as_str())
    };
    let trouble = |fault: &Fault| Trouble {
        carrier: fault.carrier.clone(),
        channel: fault.channel.map_or("", |of| channel(of.as_str())),
        code: fault.code.clone(),
        count: fault.count,
        explained: Explained::of(kind(&fault.carrier), &fault.code, None),
    };
    let all = [
        ("Not taken by the carrier", &read.faults.refused),
        ("No channel was left", &read.faults.stopped),
        ("Taken, and never heard of again", &read.faults.silent),
        ("Carrier left alone for a while, as it failed too often", &read.faults.opened),
        ("Carrier passed over meanwhile", &read.faults.passed_over),
    ];
    let all = all.into_iter().filter(|(_, faults)| !faults.is_empty());
    all.map(|(title, faults)| (title, faults.iter().take(MOST).map(trouble).collect())).collect()
}
