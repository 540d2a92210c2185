//! What a number of a country would go through for a client.

use super::Answer;
use super::caller::admit;
use super::page::shown;
use super::problem::{Problem, unknown};
use crate::app::App;
use crate::domain::declaration::Noun;
use crate::domain::management::{Subject, Verb};
use crate::domain::params::Params;
use crate::domain::phone;
use crate::flows::manage::preview::{self, Asked, Carried, Rung, Way};
use crate::http::address::Address;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use serde_json::{Value, json};

pub async fn show(State(app): State<App>, Path(name): Path<String>, address: Address, parts: Parts) -> Answer {
    let asked = asked(&parts)?;
    let admitted = admit(&app, &parts, address, Verb::Read, Subject::Declared(Noun::Connection)).await?;
    let found = preview::preview(&app, &name, &asked).await;
    let answered = found.map(|way| match way {
        Some(way) => shown(told(&way, &app.config.money_currency)),
        None => unknown().into_response(),
    });
    Ok(admitted.answer(&app, answered))
}

fn asked(parts: &Parts) -> Result<Asked, Problem> {
    let params = Params::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let own = |name: &str| params.get(name).filter(|text| !text.is_empty()).map(str::to_owned);
    let country = own("country");
    if country.as_deref().is_some_and(|country| !phone::is_country(country)) {
        let title = "country is two letters, like NG.";
        return Err(Problem::new(StatusCode::BAD_REQUEST, "bad-country", title).with("field", "country"));
    }
    Ok(Asked { country, client: own("client") })
}

fn told(way: &Way, currency: &str) -> Value {
    let caps = way.caps.iter().map(|one| {
        let (most, spent) = (one.most.to_string(), one.spent.to_string());
        json!({ "cap": one.cap, "most": most, "spent": spent, "reached": one.reached() })
    });
    json!({
        "offered": way.not_offered.is_empty(),
        "not_offered": way.not_offered,
        "currency": currency,
        "rungs": way.rungs.iter().map(rung).collect::<Vec<_>>(),
        "caps": caps.collect::<Vec<_>>(),
    })
}

fn rung(of: &Rung) -> Value {
    json!({
        "channel": of.channel.as_str(),
        "closed": of.closed,
        "wait_seconds": of.wait.as_secs(),
        "carriers": of.carriers.iter().map(carried).collect::<Vec<_>>(),
    })
}

fn carried(of: &Carried) -> Value {
    let price = of.price.to_string();
    json!({ "carrier": of.carrier, "sender": of.sender, "region": of.region, "price": price, "out": of.out })
}
