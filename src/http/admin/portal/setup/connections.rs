//! A connection: what a number of a country would go through, saved or not; who offers it; and the URL that opens it for an
//! application.

use super::connect::authorize_url;
use super::{Tab, tabs};
use crate::domain::connection::ConnectionKind;
use crate::domain::declaration::{Mistake, Noun};
use crate::domain::management::{Subject, Verb};
use crate::domain::params::Params;
use crate::domain::{phone, portal};
use crate::flows::manage::preview::{self, Asked, Way};
use crate::http::admin::portal::desk::{Desk, Frame};
use crate::http::admin::portal::form::{self, DrawnGroup, Field, Form, Known, Shape, Source};
use crate::http::admin::portal::turned::{Answer, Turned};
use crate::http::urls;
use crate::text::Country;
use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use serde_json::{Value, json};

/// Beside a connection's form: what it would do as it is filled in, and who offers it.
pub struct Trial {
    pub groups: Vec<DrawnGroup>,
    /// As the form stands.
    pub way: Option<Way>,
    /// Just asked for.
    pub focused: bool,
    pub currency: String,
    /// Applications, by their pages.
    pub offered_by: Vec<(String, String)>,
    pub more: usize,
}

const TRIAL: &[Field] = &[
    form::field("try_country", "A number in", "A name or two letters.", Shape::Countries),
    form::field("try_client", "Who signs in to", "", Shape::Chosen(Source::Clients, "any application")),
];
/// Applications named beside the form.
const NAMED: usize = 50;

impl Trial {
    pub fn of(
        desk: &Desk,
        name: Option<&str>,
        value: &Value,
        (sent, mistakes): (Option<&Params>, &[Mistake]),
        known: &Known,
    ) -> Self {
        let live = desk.app.live();
        let clients = live.catalog.clients.values().filter(|one| one.id.as_str() != portal::CLIENT);
        let offers = clients.filter(|one| name.is_some_and(|name| one.connections.iter().any(|own| own == name)));
        let mut offered_by: Vec<(String, String)> =
            offers.map(|one| (urls::portal_one("clients", one.id.as_str()), one.name.clone())).collect();
        offered_by.sort_by(|one, other| one.1.cmp(&other.1));
        let more = offered_by.len().saturating_sub(NAMED);
        offered_by.truncate(NAMED);
        let chosen: Vec<&str> = value["default_country"].as_str().into_iter().collect();
        let item = json!({ "try_country": chosen });
        let form = Form { known, item: &item, sent, mistakes, fixed: None, focus: None, files: false };
        // An address has no country.
        let fields = if known.is_of("email") { &TRIAL[1..] } else { TRIAL };
        let groups = form::draw(&[form::group("", fields)], &form);
        let currency = desk.app.config.money_currency.clone();
        Self { groups, way: None, focused: false, currency, offered_by, more }
    }

    /// Whether that is asked.
    pub fn asked(sent: &Params) -> bool {
        sent.get("row") == Some("try") || sent.get("try_shown").is_some()
    }

    /// What the form would do, or what is wrong with it.
    pub async fn look(
        desk: &Desk,
        name: Option<&str>,
        value: Value,
        sent: &Params,
        known: &Known,
    ) -> Result<Result<Way, Vec<Mistake>>, Turned> {
        let (read, mistakes) = form::read(&[form::group("", TRIAL)], sent, known);
        if !mistakes.is_empty() {
            return Ok(Err(mistakes));
        }
        let country = read["try_country"][0].as_str().map(str::to_owned);
        let unknown = country.as_deref().filter(|country| !phone::is_country(country));
        let needed = value["kind"] == "phone" && country.is_none();
        if needed || unknown.is_some() {
            return Ok(Err(vec![Mistake::of("try_country", "Choose a country.")]));
        }
        let client = read["try_client"].as_str().map(str::to_owned);
        Ok(preview::unsaved(&desk.app, name, value, &Asked { country, client }).await?)
    }
}

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
        .filter(|one| one.connections.contains(&name) && one.id.as_str() != portal::CLIENT)
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
