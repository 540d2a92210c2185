//! Sign-ins: looked for by whatever is in hand, and the story of one with what to try next.

use super::desk::{Desk, Frame};
use super::overview::country;
use super::turned::{Answer, Turned};
use super::typed::{kept, of_query};
use super::written::{self, moment, span};
use crate::domain::declaration::Noun;
use crate::domain::delivery::Explained;
use crate::domain::identifier::Identifier;
use crate::domain::management::{Subject, Verb};
use crate::domain::params::Params;
use crate::domain::time::Time;
use crate::domain::timeline::Line;
use crate::flows::manage::resend::{Resent, resend as send_again};
use crate::flows::manage::sign_ins::{self, Filter, State};
use crate::flows::timeline::{self, Advice, Story};
use crate::http::urls;
use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};

const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "admin/sign_ins.html")]
struct SignInsPage {
    frame: Frame,
    asked: Asked,
    states: [State; 5],
    clients: Vec<String>,
    wrong: Vec<(&'static str, &'static str)>,
    rows: Vec<Row>,
    more: Option<String>,
}

/// As it was typed.
#[derive(Default)]
struct Asked {
    identifier: String,
    subject: String,
    client: String,
    state: String,
    country: String,
    since: String,
    until: String,
}

struct Row {
    href: String,
    at: String,
    who: String,
    client: String,
    country: String,
    state: &'static str,
}

impl SignInsPage {
    fn wrong(&self, field: &str) -> Option<&str> {
        self.wrong.iter().find(|(name, _)| *name == field).map(|(_, what)| *what)
    }
}

/// How far a sign-in came, in words.
pub fn state(state: State) -> &'static str {
    match state {
        State::Begun => "saw the page",
        State::Asked => "asked for a code",
        State::Proven => "typed it right",
        State::Answered => "back in the app",
        State::Expired => "gave up, or too late",
    }
}

pub async fn list(desk: Desk, RawQuery(query): RawQuery) -> Answer {
    desk.admit(Verb::Read, Subject::SignIns)?;
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let text = |name: &str| of_query(&query, name);
    let asked = Asked {
        identifier: text("identifier"),
        subject: text("subject"),
        client: text("client"),
        state: text("state"),
        country: text("country").to_uppercase(),
        since: text("since"),
        until: text("until"),
    };
    let (filter, wrong) = filter(&asked);
    let after = Some(text("after")).filter(|after| after.starts_with("in_"));
    let found = match wrong.is_empty() {
        true => Some(sign_ins::list(&desk.app, &filter, after.as_deref(), PAGE).await?),
        false => None,
    };
    let next = found.as_ref().and_then(|found| found.next.clone());
    let live = desk.app.live();
    let page = SignInsPage {
        frame: desk.frame("sign_ins", "Sign-ins"),
        states: State::ALL,
        clients: live.catalog.clients.keys().take(200).cloned().collect(),
        more: next.map(|after| format!("/admin/sign_ins?{}", query.without(&["after"]).with("after", after).encoded())),
        rows: found.iter().flat_map(|found| &found.sign_ins).map(|one| row(&desk, one)).collect(),
        asked: Asked {
            identifier: kept(&asked.identifier),
            subject: kept(&asked.subject),
            client: kept(&asked.client),
            ..asked
        },
        wrong,
    };
    let status = if page.wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    desk.show_as(status, &page)
}

fn row(desk: &Desk, one: &sign_ins::SignIn) -> Row {
    let shown = |one: &Identifier| if desk.role().sees_identifiers() { one.shown() } else { one.to_string() };
    Row {
        href: urls::portal_one("sign_ins", &one.id),
        at: moment(one.at),
        who: one.identifier.as_ref().map(shown).unwrap_or_default(),
        client: one.client.clone(),
        country: one.country.as_deref().map(|iso| country(desk, iso)).unwrap_or_default(),
        state: state(one.state),
    }
}

fn filter(asked: &Asked) -> (Filter, Vec<(&'static str, &'static str)>) {
    let mut wrong = Vec::new();
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let mut read = |field: &'static str, text: &str, what: &'static str, good: bool| {
        if !text.is_empty() && !good {
            wrong.push((field, what));
        }
    };
    let country = some(&asked.country);
    let known = country.as_deref().is_none_or(crate::domain::phone::is_country);
    read("country", &asked.country, "Two letters, like NG.", known);
    let identifier = || {
        let local = || Identifier::phone(&asked.identifier, country.as_deref().filter(|_| known)).ok();
        Identifier::read(&asked.identifier).or_else(local)
    };
    let identifier = some(&asked.identifier).and_then(|_| identifier());
    let whole = "A whole number with + and country code, or a whole address. Without the + choose its country.";
    read("identifier", &asked.identifier, whole, identifier.is_some());
    let state = State::parse(&asked.state);
    read("state", &asked.state, "Choose one of these.", state.is_some());
    let (since, until) = (written::day(&asked.since), written::day(&asked.until));
    read("since", &asked.since, "A day is written like 2026-01-31.", since.is_some());
    read("until", &asked.until, "A day is written like 2026-01-31.", until.is_some());
    let filter = Filter {
        identifier,
        subject: some(&asked.subject),
        client: some(&asked.client),
        state,
        country,
        connection: None,
        since,
        until: until.map(written::next_day),
    };
    (filter, wrong)
}

#[derive(Template)]
#[template(path = "admin/sign_in.html")]
struct SignInPage {
    frame: Frame,
    here: String,
    began: String,
    client: String,
    client_href: Option<String>,
    who: String,
    connection: String,
    person: Option<String>,
    advice: Advice,
    lines: Vec<Told>,
    may_resend: bool,
    done: Option<&'static str>,
    refused: Option<String>,
}

struct Told {
    after: String,
    at: String,
    text: String,
    money: String,
    explained: Option<Explained>,
}

pub async fn show(desk: Desk, Path(id): Path<String>, RawQuery(query): RawQuery) -> Answer {
    desk.admit(Verb::Read, Subject::SignIns)?;
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let done = match query.get("done") {
        Some("sent") => Some("On its way again: the same code."),
        _ => None,
    };
    draw(&desk, StatusCode::OK, &id, done, None).await
}

async fn draw(
    desk: &Desk,
    status: StatusCode,
    id: &str,
    done: Option<&'static str>,
    refused: Option<String>,
) -> Answer {
    let story = timeline::of_interaction(&desk.app, id).await?.ok_or(Turned::NotFound)?;
    let challenge = story.challenge.as_ref();
    let shown = |one: &Identifier| if desk.role().sees_identifiers() { one.shown() } else { one.to_string() };
    let client = story.interaction.client_id.as_str().to_owned();
    let readable = desk.may(Verb::Read, Subject::Declared(Noun::Client));
    let waits = challenge.is_some_and(|challenge| challenge.live(desk.app.now()));
    desk.show_as(
        status,
        &SignInPage {
            frame: desk.frame("sign_ins", "One sign-in"),
            here: urls::portal_one("sign_ins", id),
            began: moment(story.interaction.created_at),
            client_href: readable.then(|| urls::portal_one("clients", &client)),
            client,
            who: challenge.map(|challenge| shown(&challenge.identifier)).unwrap_or_default(),
            connection: challenge.map(|challenge| challenge.connection.clone()).unwrap_or_default(),
            person: person(desk, &story).await?,
            lines: story.lines.iter().map(|line| told(desk, story.interaction.created_at, line)).collect(),
            may_resend: waits && story.interaction.finished_at.is_none() && desk.may(Verb::Update, Subject::SignIns),
            advice: story.advice,
            done,
            refused,
        },
    )
}

/// Whose number or address it is, for whoever may read people.
async fn person(desk: &Desk, story: &Story) -> Result<Option<String>, Turned> {
    let Some(challenge) = story.challenge.as_ref().filter(|_| desk.may(Verb::Read, Subject::People)) else {
        return Ok(None);
    };
    let found = crate::flows::manage::accounts::find_by_identifier(&desk.app, &challenge.identifier).await?;
    Ok(found.map(|subject| urls::portal_one("people", subject.id.as_str())))
}

fn told(desk: &Desk, began: Time, line: &Line) -> Told {
    let currency = &desk.app.config.money_currency;
    let money = match (&line.cost, line.estimate) {
        (Some(cost), _) => format!("{} {}", cost.amount, cost.currency),
        (None, Some(estimate)) if estimate.0 > 0 => format!("about {estimate} {currency}"),
        _ => String::new(),
    };
    let text = line.text.clone();
    Told { after: span(line.at.since(began)), at: written::rfc3339(line.at), text, money, explained: line.explained }
}

/// The same code once more, within the limits that hold for the person too. Nobody here sees it.
pub async fn resend(desk: Desk, Path(id): Path<String>) -> Answer {
    let by = desk.admit(Verb::Update, Subject::SignIns)?;
    let (status, refused) = match send_again(&desk.app, by, &id).await? {
        Resent::Sent => {
            return Ok(Redirect::to(&format!("{}?done=sent", urls::portal_one("sign_ins", &id))).into_response());
        }
        Resent::TooSoon(left) => (
            StatusCode::TOO_MANY_REQUESTS,
            format!("It was sent a moment ago. It can be sent again in {}.", span(left)),
        ),
        Resent::TooMany(left) => (
            StatusCode::TOO_MANY_REQUESTS,
            format!("This number or address had too many messages. It can get another in {}.", span(left)),
        ),
        Resent::Over => (
            StatusCode::CONFLICT,
            "There is no code to send again: it was used, or is over. They can ask for another.".to_owned(),
        ),
        Resent::Unknown => return Err(Turned::NotFound),
    };
    draw(&desk, status, &id, None, Some(refused)).await
}
