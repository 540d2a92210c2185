//! The first page: a phone number or an e-mail address.

use super::{Asked, Fields, Shown, open, show as page};
use crate::app::App;
use crate::domain::connection::{Connection, ConnectionKind};
use crate::domain::identifier::Identifier;
use crate::domain::interaction::Step;
use crate::domain::phone;
use crate::domain::time::seconds_up;
use crate::flows::advance;
use crate::flows::identify::{self, Identified, Mistake, Typed};
use crate::flows::standing::Open;
use crate::http::browser::Browser;
use crate::http::fault::{self, render};
use crate::http::frame::Look;
use crate::http::views::{Confirm, IdentifierPage, Kind, Method};
use crate::http::watch::RequestId;
use crate::http::{cookies, urls};
use crate::text::{Country, Words};
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Redirect, Response};
use tower_sessions::Session;

pub async fn show(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    browser: Browser,
    cookie: Session,
    asked: Asked,
) -> Shown {
    let open = open(&app, &id, &browser, &asked.interaction).await?;
    // Signed in meanwhile, in another tab: the same request begun again answers at once.
    let step = match cookies::current(&app, &cookie).await {
        Ok(session) => advance::of(&app, &open, session.as_ref()).await,
        Err(broken) => Err(broken),
    };
    Ok(match step {
        Ok(Step::Answer) => Redirect::to(&urls::again(&open.interaction.request)).into_response(),
        Ok(Step::Consent) => Redirect::to(&urls::of(urls::CONSENT, &asked.interaction)).into_response(),
        Ok(Step::Identify | Step::Prove) => draw(&app, &open, &browser, &asked, &Typed::default(), None),
        Err(broken) => fault::page(&app, &browser, &id, &broken),
    })
}

pub async fn submit(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    browser: Browser,
    asked: Asked,
    sent: Fields,
) -> Shown {
    let open = open(&app, &id, &browser, &asked.interaction).await?;
    let words = browser.words_at(&app, Some(&open.client.id), &open.interaction.request.languages);
    let typed = Typed {
        method: method(&open, &asked).map(|connection| connection.name.clone()).unwrap_or_default(),
        phone: sent.get("p_phone").to_owned(),
        country: sent.get("p_country").to_owned(),
        email: sent.get("p_email").to_owned(),
    };
    Ok(match identify::submit(&app, &open, &typed, words.tag()).await {
        Ok(Identified::Asked) => Redirect::to(&urls::of(urls::PASSCODE, &asked.interaction)).into_response(),
        Ok(Identified::Mistyped(mistake)) => {
            draw(&app, &open, &browser, &asked, &typed, Some((StatusCode::UNPROCESSABLE_ENTITY, key(mistake))))
        }
        Ok(Identified::TooMany(wait)) => {
            let mut response =
                draw(&app, &open, &browser, &asked, &typed, Some((StatusCode::TOO_MANY_REQUESTS, "too-many-codes")));
            response.headers_mut().insert(RETRY_AFTER, seconds_up(wait).into());
            response
        }
        Err(broken) => fault::page(&app, &browser, &id, &broken),
    })
}

fn key(mistake: Mistake) -> &'static str {
    match mistake {
        Mistake::PhoneEmpty => "phone-empty",
        Mistake::PhoneImpossible => "phone-impossible",
        Mistake::PhoneNotReached => "phone-not-mobile",
        Mistake::CountryNotOffered => "phone-country-not-offered",
        Mistake::EmailEmpty => "email-empty",
        Mistake::EmailInvalid => "email-invalid",
    }
}

/// Which way in this page shows: the one chosen, the one the hint is for, or the first.
fn method<'a>(open: &'a Open, asked: &Asked) -> Option<&'a Connection> {
    let offered = open.offered();
    let chosen = asked.method.as_ref().and_then(|name| offered.iter().find(|connection| connection.name == *name));
    let hinted = open
        .interaction
        .request
        .login_hint
        .as_ref()
        .and_then(|hint| offered.iter().find(|connection| connection.kind.identifier() == hint.kind()));
    let before = open
        .challenge
        .as_ref()
        .and_then(|challenge| offered.iter().find(|connection| connection.name == challenge.connection));
    chosen.or(before).or(hinted).or(offered.first()).copied()
}

fn draw(
    app: &App,
    open: &Open,
    browser: &Browser,
    asked: &Asked,
    typed: &Typed,
    wrong: Option<(StatusCode, &'static str)>,
) -> Response {
    let Some(connection) = method(open, asked) else {
        return fault::machine(
            app,
            &crate::flows::Fault::Broken(format!("client {} offers no connection", open.interaction.client_id)),
        );
    };
    let nonce = app.entropy.short();
    let words = browser.words_at(app, Some(&open.client.id), &open.interaction.request.languages);
    let look = Look::of(&open.client);
    let known = known(open, connection);
    let filled = fill(connection, browser, typed, known.as_ref());
    let (all, pinned) = countries(&words, connection, &filled.country);
    let action = urls::identifier_by(&asked.interaction, &connection.name);
    let edit_url = urls::identifier_again(&asked.interaction);
    let others: Vec<(&Connection, String)> = open
        .offered()
        .into_iter()
        .filter(|other| other.name != connection.name)
        .map(|other| (other, urls::identifier_by(&asked.interaction, &other.name)))
        .collect();
    let methods: Vec<Method<'_>> =
        others.iter().map(|(other, url)| Method { name: &other.name, kind: kind(other), url }).collect();
    // A hint for the very connection asked for: the person only says yes.
    let invited = open.interaction.request.invitation.is_some();
    let sure = known.as_ref().filter(|_| {
        let named = open.interaction.request.connection.is_some();
        invited || (named && open.challenge.is_none() && !asked.edit && wrong.is_none())
    });
    let shown = sure.map(Identifier::shown);
    let html = render(&IdentifierPage {
        frame: look.frame(app, words.clone(), &nonce),
        action: &action,
        cancel: &urls::of(urls::CANCEL, &asked.interaction),
        hidden: &[],
        kind: kind(connection),
        methods: &methods,
        phone: &filled.phone,
        country: &filled.country,
        countries: &all,
        pinned: &pinned,
        email: &filled.email,
        error: wrong.map(|(_, key)| key),
        creating: open.interaction.request.prompt.create,
        confirm: shown.as_deref().map(|shown| Confirm { shown, edit_url: (!invited).then_some(edit_url.as_str()) }),
        terms: open.client.branding.terms_url.as_deref(),
        privacy: open.client.branding.privacy_url.as_deref(),
    });
    page(app, open, wrong.map_or(StatusCode::OK, |(status, _)| status), html, &nonce)
}

fn kind(connection: &Connection) -> Kind {
    match connection.kind {
        ConnectionKind::Phone => Kind::Phone,
        ConnectionKind::Email => Kind::Email,
    }
}

/// What we may already know: asked for a moment ago in this browser, or hinted by the client.
fn known(open: &Open, connection: &Connection) -> Option<Identifier> {
    let kind = connection.kind.identifier();
    let before = open
        .challenge
        .as_ref()
        .map(|challenge| challenge.identifier.clone())
        .filter(|identifier| identifier.kind() == kind);
    before.or_else(|| open.interaction.request.login_hint.as_ref().and_then(|hint| hint.identifier(kind)))
}

struct Filled {
    phone: String,
    country: String,
    email: String,
}

/// What was typed stays as it was; else what we know; else an empty field and the likeliest country.
fn fill(connection: &Connection, browser: &Browser, typed: &Typed, known: Option<&Identifier>) -> Filled {
    let mut filled = Filled { phone: typed.phone.clone(), country: typed.country.clone(), email: typed.email.clone() };
    if typed.method.is_empty()
        && let Some(known) = known
    {
        match connection.kind {
            ConnectionKind::Phone => {
                filled.phone = known.shown();
                filled.country = phone::country_of(known.reveal()).unwrap_or_default();
            }
            ConnectionKind::Email => known.reveal().clone_into(&mut filled.email),
        }
    }
    if !phone::is_country(&filled.country) || !connection.offers(&filled.country) {
        let near = browser.country().filter(|country| connection.offers(country) && phone::is_country(country));
        let first = || connection.countries.first().cloned();
        filled.country =
            near.or_else(|| connection.default_country.clone()).or_else(first).unwrap_or_else(|| "US".to_owned());
    }
    filled
}

/// The countries offered, by name, and the few likeliest first where the list is long.
fn countries<'a>(words: &'a Words, connection: &Connection, chosen: &str) -> (Vec<&'a Country>, Vec<&'a Country>) {
    if connection.kind != ConnectionKind::Phone {
        return (Vec::new(), Vec::new());
    }
    let all: Vec<&Country> = words.countries().iter().filter(|country| connection.offers(&country.iso)).collect();
    if all.len() <= 12 {
        return (all, Vec::new());
    }
    let mut likeliest: Vec<&str> = vec![chosen];
    likeliest.extend(connection.default_country.as_deref());
    likeliest.dedup();
    let pinned = likeliest.into_iter().filter_map(|iso| words.country(iso)).collect();
    (all, pinned)
}
