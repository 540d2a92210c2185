//! A connection: what a number of a country would go through, and the URL that opens it for an application.

use super::connect::authorize_url;
use super::{Tab, tabs};
use crate::domain::connection::ConnectionKind;
use crate::domain::declaration::Noun;
use crate::domain::management::{Subject, Verb};
use crate::domain::params::Params;
use crate::domain::phone;
use crate::flows::manage::preview::{self, Asked, Way};
use crate::http::admin::portal::desk::{Desk, Frame};
use crate::http::admin::portal::turned::{Answer, Turned};
use crate::http::urls;
use crate::text::Country;
use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;

#[derive(Template)]
#[template(path = "admin/connection_preview.html")]
struct PreviewPage {
    frame: Frame,
    tabs: Vec<Tab>,
    place: String,
    id: String,
    phone: bool,
    /// ISO code, name, and whether it is chosen.
    countries: Vec<(String, String, bool)>,
    clients: Vec<(String, String, bool)>,
    wrong: bool,
    way: Option<Way>,
    currency: String,
    /// Opens this way in for the chosen application.
    url: String,
}

pub async fn show(desk: Desk, Path(name): Path<String>, RawQuery(query): RawQuery) -> Answer {
    desk.admit(Verb::Read, Subject::Declared(Noun::Connection))?;
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let live = desk.app.live();
    let connection = live.catalog.connection(&name).ok_or(Turned::NotFound)?;
    let is_phone = connection.kind == ConnectionKind::Phone;
    let country = query.get("country").map(str::to_owned).or(connection.default_country.clone()).filter(|_| is_phone);
    let wrong = country.as_deref().is_some_and(|country| !phone::is_country(country));
    let client = query.get("client").filter(|id| live.catalog.client(id).is_some()).map(str::to_owned);
    let asked = Asked { country: country.clone().filter(|_| !wrong), client: client.clone() };
    let ready = asked.country.is_some() || !is_phone;
    let way = if ready { preview::preview(&desk.app, &name, &asked).await? } else { None };
    let chosen = |own: &str, chosen: &Option<String>| chosen.as_deref() == Some(own);
    let listed = |one: &Country| (one.iso.clone(), one.name.clone(), chosen(&one.iso, &country));
    let mut clients: Vec<_> = live
        .catalog
        .clients
        .values()
        .filter(|one| one.connections.contains(&name) && one.id.as_str() != crate::domain::portal::CLIENT)
        .map(|one| (one.id.to_string(), one.name.clone(), chosen(one.id.as_str(), &client)))
        .collect();
    clients.sort();
    let client = client.and_then(|id| live.catalog.client(&id));
    let url = client.and_then(|client| authorize_url(&desk.app.issuer, client, Some(connection.id.as_str())));
    let page = PreviewPage {
        frame: desk.frame("connections", name.as_str()),
        tabs: tabs(&desk, Noun::Connection, &name, "preview"),
        place: urls::portal_one("connections", &name),
        id: connection.id.to_string(),
        phone: is_phone,
        countries: desk.app.texts.pick(&["en"]).countries().iter().map(listed).collect(),
        clients,
        wrong,
        way,
        currency: desk.app.config.money_currency.clone(),
        url: url.unwrap_or_default(),
    };
    desk.show_as(if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &page)
}
