//! Sign-ins: which there were, and the story of each, so that an operator sees why a code did not arrive.

use super::Answer;
use super::caller::admit;
use super::page::{Page, bad_cursor, moment, shown};
use super::problem::{Problem, unknown};
use crate::app::App;
use crate::domain::identifier::Identifier;
use crate::domain::management::{Subject, Verb};
use crate::domain::params::Params;
use crate::domain::phone;
use crate::domain::timeline::Line;
use crate::flows::manage::resend::{self, Resent};
use crate::flows::manage::sign_ins::{self, Filter, SignIn};
use crate::flows::timeline;
use crate::http::address::Address;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use serde_json::{Value, json};
use std::time::Duration;

pub async fn list(State(app): State<App>, address: Address, parts: Parts) -> Answer {
    let page = Page::read(&parts)?;
    let filter = filter(&parts)?;
    if page.after.as_deref().is_some_and(|after| !after.starts_with("in_")) {
        return Err(bad_cursor().into());
    }
    let admitted = admit(&app, &parts, address, Verb::Read, Subject::SignIns).await?;
    let found = sign_ins::list(&app, &filter, page.after.as_deref(), page.most).await;
    let answered = found.map(|found| {
        let data: Vec<Value> = found.sign_ins.iter().map(told).collect();
        shown(json!({ "data": data, "next": found.next }))
    });
    Ok(admitted.answer(&app, answered))
}

/// The same passcode once more, to the person.
pub async fn resend(State(app): State<App>, Path(id): Path<String>, address: Address, parts: Parts) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Update, Subject::SignIns).await?;
    let too_many = |code, title, wait: Duration| {
        let seconds = wait.as_secs() + 1;
        let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, code, title).with("retry_after", seconds);
        ([(RETRY_AFTER, seconds.to_string())], problem).into_response()
    };
    let answered = resend::resend(&app, &admitted.by, &id).await.map(|resent| match resent {
        Resent::Sent => StatusCode::ACCEPTED.into_response(),
        Resent::TooSoon(wait) => too_many("too-soon", "It was sent a moment ago.", wait),
        Resent::TooMany(wait) => too_many("too-many", "This identifier had too many messages.", wait),
        Resent::Over => {
            let title = "There is no passcode to send again: it was used, or is over.";
            Problem::new(StatusCode::CONFLICT, "over", title).into_response()
        }
        Resent::Unknown => unknown().into_response(),
    });
    Ok(admitted.answer(&app, answered))
}

fn filter(parts: &Parts) -> Result<Filter, Problem> {
    let params = Params::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let text = |name: &str| params.get(name).map(str::to_owned);
    let wrong =
        |field: &'static str, title| Problem::new(StatusCode::BAD_REQUEST, "bad-filter", title).with("field", field);
    let country = text("country").map(|country| country.to_uppercase());
    if country.as_deref().is_some_and(|country| !phone::is_country(country)) {
        return Err(wrong("country", "country is two letters, as ISO 3166 has them."));
    }
    let identifier = |text: String| {
        // Without its country code a number is one of the country that is asked for.
        let local = || Identifier::phone(&text, country.as_deref()).ok();
        let title = "identifier is a phone number with + and country code, or an e-mail address.";
        Identifier::read(&text).or_else(local).ok_or_else(|| wrong("identifier", title))
    };
    let state = |text: String| {
        let title = "state is begun, asked, proven, answered or expired.";
        sign_ins::State::parse(&text).ok_or_else(|| wrong("state", title))
    };
    Ok(Filter {
        identifier: text("identifier").map(identifier).transpose()?,
        subject: text("subject"),
        client: text("client"),
        state: text("state").map(state).transpose()?,
        connection: text("connection"),
        since: moment(&params, "since")?,
        until: moment(&params, "until")?,
        country,
    })
}

pub async fn show(State(app): State<App>, Path(id): Path<String>, address: Address, parts: Parts) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Read, Subject::SignIns).await?;
    let answered = timeline::of_interaction(&app, &id).await.map(|story| match story {
        None => unknown().into_response(),
        Some(story) => {
            let lines: Vec<Value> = story.lines.iter().map(|line| of_line(line, &app.config.money_currency)).collect();
            let of = &story.interaction;
            let advice = json!({ "stands": story.advice.stands, "next": story.advice.next });
            let told = json!({
                "id": of.id.as_str(), "client": of.client_id.as_str(), "at": of.created_at.secs(),
                "advice": advice, "timeline": lines,
            });
            shown(told)
        }
    });
    Ok(admitted.answer(&app, answered))
}

pub fn told(sign_in: &SignIn) -> Value {
    json!({
        "id": sign_in.id,
        "client": sign_in.client,
        "at": sign_in.at.secs(),
        "state": sign_in.state.as_str(),
        "identifier": sign_in.identifier.as_ref().map(ToString::to_string),
        "connection": sign_in.connection,
        "country": sign_in.country,
    })
}

pub fn of_line(line: &Line, currency: &str) -> Value {
    let cost = line.cost.as_ref().map(|cost| json!({ "amount": cost.amount.to_string(), "currency": cost.currency }));
    let estimate = line.estimate.map(|amount| json!({ "amount": amount.to_string(), "currency": currency }));
    let explained = line.explained.map(|explained| json!({ "means": explained.means, "next": explained.next }));
    json!({ "at_ms": line.at.0, "text": line.text, "cost": cost, "estimate": estimate, "explained": explained })
}
