//! Signing out: a page that asks, and the page after it. Opening it ends nothing (invariant 8); where an application proved
//! that it asks for this very person, the page presses its own button.

use super::carry;
use crate::app::App;
use crate::domain::callback::Redirection;
use crate::domain::oauth::ResponseMode;
use crate::domain::params::Params;
use crate::domain::session::Session as SignedIn;
use crate::flows::sign_out::{self, Frames, Plan};
use crate::flows::{Fault, consent};
use crate::http::browser::Browser;
use crate::http::fault::{self, render};
use crate::http::frame::bare;
use crate::http::oauth::refresh_cookies;
use crate::http::views::{ConfirmLogoutPage, SignedOutPage};
use crate::http::watch::RequestId;
use crate::http::{cookies, headers, urls};
use axum::extract::{Extension, RawForm, RawQuery, State};
use axum::http::header::ORIGIN;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use tower_sessions::Session;

/// Carried by our own form only.
const CONFIRMED: &str = "confirmed";
const PASSED_ON: [&str; 7] =
    ["id_token_hint", "post_logout_redirect_uri", "redirect", "redirect_uri", "client_id", "state", "ui_locales"];

pub async fn show(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    browser: Browser,
    cookie: Session,
    RawQuery(query): RawQuery,
) -> Response {
    ask(&app, &id, &browser, &cookie, &Params::parse(query.unwrap_or_default().as_bytes())).await
}

/// Our own form signs out; an application's form (RP-Initiated Logout §2 allows POST) only opens the page.
pub async fn submit(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    browser: Browser,
    cookie: Session,
    headers: HeaderMap,
    RawForm(form): RawForm,
) -> Response {
    let params = Params::parse(&form);
    if params.get(CONFIRMED).is_none() || !ours(&app, &headers) {
        return ask(&app, &id, &browser, &cookie, &params).await;
    }
    match end(&app, &cookie, &params).await {
        Ok((plan, frames)) => {
            let mut response = match plan {
                Plan::Ask { to, .. } if !frames.is_empty() => {
                    signed_out_page(&app, &id, &browser, &languages(&params), to.as_deref(), &frames)
                }
                plan => leave(&app, &id, &browser, plan),
            };
            refresh_cookies::forget_all(&app, &mut response);
            response
        }
        Err(broken) => fault::page(&app, &browser, &id, &broken),
    }
}

async fn end(app: &App, cookie: &Session, params: &Params) -> Result<(Plan, Frames), Fault> {
    let Some(session) = cookies::current(app, cookie).await? else {
        return Ok((sign_out::plan(app, params, None).await?, Frames::new()));
    };
    let frames = sign_out::end(app, &session, sign_out::everywhere(params)).await?;
    cookies::end(cookie).await?;
    Ok((sign_out::plan(app, params, Some(&session)).await?, frames))
}

fn languages(params: &Params) -> Vec<String> {
    params.get("ui_locales").iter().flat_map(|list| list.split(' ')).map(str::to_owned).collect()
}

fn ours(app: &App, headers: &HeaderMap) -> bool {
    let same_site = headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin");
    let origin = headers.get(ORIGIN).is_none_or(|origin| origin == app.issuer.as_str());
    same_site && origin
}

async fn planned(app: &App, cookie: &Session, params: &Params) -> Result<(Option<SignedIn>, Plan), Fault> {
    let session = cookies::current(app, cookie).await?;
    let plan = sign_out::plan(app, params, session.as_ref()).await?;
    Ok((session, plan))
}

async fn ask(app: &App, id: &RequestId, browser: &Browser, cookie: &Session, params: &Params) -> Response {
    let (session, plan) = match planned(app, cookie, params).await {
        Ok(planned) => planned,
        Err(broken) => return fault::page(app, browser, id, &broken),
    };
    let Plan::Ask { to, sure } = &plan else { return leave(app, id, browser, plan) };
    let Some(session) = session else { return leave(app, id, browser, plan) };
    let who = match consent::who(app, &session).await {
        Ok(who) => who,
        Err(broken) => return fault::page(app, browser, id, &broken),
    };
    let nonce = app.entropy.short();
    let languages = languages(params);
    let everywhere = sign_out::everywhere(params);
    let hidden: Vec<(&str, &str)> = PASSED_ON
        .iter()
        .filter_map(|name| Some((*name, params.get(name)?)))
        .chain(everywhere.then_some(("all_sessions", "true")))
        .chain([(CONFIRMED, "yes")])
        .collect();
    match render(&ConfirmLogoutPage {
        frame: bare(app, browser.words_at(app, None, &languages), &nonce),
        action: urls::LOGOUT,
        hidden: &hidden,
        who: who.as_deref(),
        auto: *sure,
        everywhere,
        stay: urls::ACCOUNT,
    }) {
        Ok(html) => headers::page(app, StatusCode::OK, html, &nonce, to.as_deref()),
        Err(broken) => fault::page(app, browser, id, &broken),
    }
}

fn leave(app: &App, id: &RequestId, browser: &Browser, plan: Plan) -> Response {
    match plan {
        Plan::Ask { to: Some(to), .. } => {
            carry(app, browser, &Redirection { uri: to, mode: ResponseMode::Query, signed: None, params: Vec::new() })
        }
        Plan::Ask { to: None, .. } => Redirect::to(urls::SIGNED_OUT).into_response(),
        Plan::Fault(detail) => fault::bad_request(app, browser, id, detail),
        Plan::Params(wrong) => fault::bad_request(app, browser, id, &fault::params(&wrong)),
    }
}

pub async fn signed_out(State(app): State<App>, Extension(id): Extension<RequestId>, browser: Browser) -> Response {
    signed_out_page(&app, &id, &browser, &[], None, &[])
}

/// The frames tell applications in this browser; the page then goes on to `to`, where there is one.
pub(super) fn signed_out_page(
    app: &App,
    id: &RequestId,
    browser: &Browser,
    languages: &[String],
    to: Option<&str>,
    frames: &[String],
) -> Response {
    let nonce = app.entropy.short();
    let frame = bare(app, browser.words_at(app, None, languages), &nonce);
    match render(&SignedOutPage { frame, back: to, frames }) {
        Ok(html) => headers::framing(app, html, &nonce, frames),
        Err(broken) => fault::page(app, browser, id, &broken),
    }
}
