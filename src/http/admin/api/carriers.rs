//! Carriers looked after: as they are or as they would be, given what they need from us, tried by a message that is followed.

use super::Answer;
use super::caller::admit;
use super::declared::{key, read};
use super::page::shown;
use super::problem::{Problem, key_reused, unknown};
use super::sign_ins::of_line;
use crate::app::App;
use crate::domain::declaration::{Mistake, Noun};
use crate::domain::delivery::Channel;
use crate::domain::identifier::Identifier;
use crate::domain::management::{Subject, Verb};
use crate::flows::carriers::{Finding, Tested};
use crate::flows::manage::carriers::{self, Checked, Condition, Figures, Followed, Untried};
use crate::http::address::Address;
use crate::http::urls;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::LOCATION;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

const CARRIER: Subject = Subject::Declared(Noun::Carrier);

/// One that is not there yet, as it would be declared.
pub async fn check_new(State(app): State<App>, address: Address, parts: Parts, body: Bytes) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Create, CARRIER).await?;
    let answered = async {
        let given = match read(&parts.headers, &body) {
            Ok(given) => given,
            Err(problem) => return Ok(problem.into_response()),
        };
        Ok(checked(carriers::check(&app, &admitted.by, None, given).await?))
    };
    Ok(admitted.answer(&app, answered.await))
}

/// One there is: as it is, or with what is sent laid over it.
pub async fn check(
    State(app): State<App>,
    Path(name): Path<String>,
    address: Address,
    parts: Parts,
    body: Bytes,
) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Update, CARRIER).await?;
    let answered = async {
        if body.is_empty() {
            return Ok(found(carriers::examine(&app, &admitted.by, &name).await?));
        }
        let given = match read(&parts.headers, &body) {
            Ok(given) => given,
            Err(problem) => return Ok(problem.into_response()),
        };
        Ok(checked(carriers::check(&app, &admitted.by, Some(&name), given).await?))
    };
    Ok(admitted.answer(&app, answered.await))
}

pub async fn sync(State(app): State<App>, Path(name): Path<String>, address: Address, parts: Parts) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Update, CARRIER).await?;
    let answered = carriers::sync(&app, &admitted.by, &name).await.map(found);
    Ok(admitted.answer(&app, answered))
}

fn checked(checked: Checked) -> Response {
    match checked {
        Checked::Findings(findings) => found(Some(findings)),
        Checked::Wrong(mistakes) => {
            let title = "Something in it is wrong. Nothing was looked at.";
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong", title).errors(&mistakes).into_response()
        }
        Checked::Unknown => unknown().into_response(),
    }
}

fn found(findings: Option<Vec<Finding>>) -> Response {
    let Some(findings) = findings else { return unknown().into_response() };
    shown(json!({ "good": findings.iter().all(|one| one.good), "findings": of_findings(&findings) }))
}

pub fn of_findings(findings: &[Finding]) -> Vec<Value> {
    findings.iter().map(|one| json!({ "good": one.good, "text": one.text })).collect()
}

/// `{"to": "+234…", "channel": "sms"}`; without a channel, the first that reaches it.
pub async fn test(
    State(app): State<App>,
    Path(name): Path<String>,
    address: Address,
    parts: Parts,
    body: Bytes,
) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Update, CARRIER).await?;
    let answered = async {
        let body = match read(&parts.headers, &body) {
            Ok(body) => body,
            Err(problem) => return Ok(problem.into_response()),
        };
        if carriers::condition(&app, &name).is_none() {
            return Ok(unknown().into_response());
        }
        let (to, channel) = match asked(&body) {
            Ok(asked) => asked,
            Err(problem) => return Ok(problem.into_response()),
        };
        let key = match key(&parts.headers, &admitted.by) {
            Ok(key) => key,
            Err(problem) => return Ok(problem.into_response()),
        };
        Ok(match carriers::test(&app, &admitted.by, &name, &to, channel, key).await? {
            Ok(tested) => tried(&name, &tested),
            Err(Untried::Why(why)) => wrong("to", &why).into_response(),
            Err(Untried::KeyReused) => key_reused().into_response(),
        })
    };
    Ok(admitted.answer(&app, answered.await))
}

fn asked(body: &Value) -> Result<(Identifier, Option<Channel>), Problem> {
    let odd = body.as_object().into_iter().flatten().find(|(name, _)| !["to", "channel"].contains(&name.as_str()));
    if let Some((name, _)) = odd {
        return Err(wrong(name, "there is no such field: to and channel"));
    }
    let to = body["to"].as_str().and_then(Identifier::read);
    let to = to.ok_or_else(|| wrong("to", "a number with + and country code, or an e-mail address"))?;
    let channel = match &body["channel"] {
        Value::Null => None,
        named => Some(
            named
                .as_str()
                .and_then(Channel::parse)
                .ok_or_else(|| wrong("channel", "whatsapp, telegram, sms, voice or email"))?,
        ),
    };
    Ok((to, channel))
}

fn wrong(field: &str, what: &str) -> Problem {
    let title = "Nothing was sent.";
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong", title).errors(&[Mistake::of(field, what)])
}

fn tried(name: &str, tested: &Tested) -> Response {
    let (taken, said) = match &tested.said {
        Ok(said) => (true, said),
        Err(said) => (false, said),
    };
    let mut response =
        (StatusCode::CREATED, shown(json!({ "id": tested.id, "taken": taken, "said": said }))).into_response();
    let place = format!("{}/tests/{}", urls::api_declared("carriers", name), tested.id);
    response.headers_mut().extend(HeaderValue::from_str(&place).ok().map(|place| (LOCATION, place)));
    response
}

/// How far a test has come, with what the carrier reported of it.
pub async fn tested(
    State(app): State<App>,
    Path((name, id)): Path<(String, String)>,
    address: Address,
    parts: Parts,
) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Read, CARRIER).await?;
    let answered = carriers::follow(&app, &name, &id).await.map(|followed| match followed {
        None => unknown().into_response(),
        Some(followed) => shown(of_test(&id, &followed, &app.config.money_currency)),
    });
    Ok(admitted.answer(&app, answered))
}

fn of_test(id: &str, followed: &Followed, currency: &str) -> Value {
    let stood = &followed.stood;
    let cost = stood.cost.as_ref().map(|cost| json!({ "amount": cost.amount.to_string(), "currency": cost.currency }));
    json!({
        "id": id,
        "state": followed.standing().as_str(),
        "over": followed.over,
        "channel": stood.channel.as_str(),
        "reference": stood.reference,
        "cost": cost,
        "timeline": followed.lines.iter().map(|line| of_line(line, currency)).collect::<Vec<_>>(),
    })
}

pub async fn condition(State(app): State<App>, Path(name): Path<String>, address: Address, parts: Parts) -> Answer {
    let admitted = admit(&app, &parts, address, Verb::Read, CARRIER).await?;
    let told = carriers::condition(&app, &name).map_or_else(|| unknown().into_response(), |found| shown(of(&found)));
    Ok(admitted.answer(&app, Ok(told)))
}

fn of(found: &Condition) -> Value {
    let figures = |one: &Figures| {
        json!({
            "channel": one.channel.as_str(), "country": one.country, "tried": one.tried, "taken": one.good,
            "answers_in_ms": u64::try_from(one.took.as_millis()).unwrap_or(u64::MAX), "left_alone": one.open,
        })
    };
    json!({
        "receipts_url": found.receipts,
        "unusable": found.unusable,
        "channels": found.channels.iter().map(|channel| channel.as_str()).collect::<Vec<_>>(),
        "last_five_minutes": found.figures.iter().map(figures).collect::<Vec<_>>(),
    })
}
