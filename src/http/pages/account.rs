//! A person's own page. Opened by a link from an app, which is spent by the page's own button, or by the session of this browser.

use super::Fields;
use super::logout::signed_out_page;
use crate::app::App;
use crate::domain::ids::{ClientId, SubjectId};
use crate::domain::params::Params;
use crate::domain::session::Session as SignedIn;
use crate::flows::account::{self, Account, Entry};
use crate::flows::{Fault, clients, consent};
use crate::http::browser::Browser;
use crate::http::fault::{self, render};
use crate::http::frame::{Look, bare};
use crate::http::oauth::refresh_cookies;
use crate::http::views::{AccountOpenPage, AccountPage, SeenSession, StandingPage};
use crate::http::watch::RequestId;
use crate::http::{cookies, headers, urls};
use axum::extract::{Extension, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tower_sessions::Session;

/// Whose page this browser may see.
struct Seen {
    subject: SubjectId,
    entry: Option<Entry>,
    session: Option<SignedIn>,
}

/// The link opened last counts before who is signed in.
async fn seen(app: &App, cookie: &Session) -> Result<Option<Seen>, Fault> {
    let entry = cookies::entered(cookie).await?.filter(|entry| entry.live(app.now()));
    let session = cookies::current(app, cookie).await?;
    let subject = match (&entry, &session) {
        (Some(entry), _) => SubjectId::new(&entry.subject),
        (None, Some(session)) => session.subject.clone(),
        (None, None) => return Ok(None),
    };
    Ok(Some(Seen { subject, entry, session }))
}

pub async fn show(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    browser: Browser,
    cookie: Session,
    RawQuery(query): RawQuery,
) -> Response {
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    if let Some(link) = query.get("link") {
        let nonce = app.entropy.short();
        let page = AccountOpenPage { frame: bare(&app, browser.words(&app), &nonce), action: urls::ACCOUNT_OPEN, link };
        return headers::page(&app, StatusCode::OK, render(&page).unwrap_or_default(), &nonce, None);
    }
    let shown = match seen(&app, &cookie).await {
        Ok(Some(seen)) => draw(&app, &browser, &seen).await,
        Ok(None) => Ok(None),
        Err(broken) => Err(broken),
    };
    answer(&app, &id, &browser, shown)
}

/// What came of it; nothing where the page is nobody's.
fn answer(app: &App, id: &RequestId, browser: &Browser, done: Result<Option<Response>, Fault>) -> Response {
    match done {
        Ok(Some(response)) => response,
        Ok(None) => over(app, browser),
        Err(broken) => fault::page(app, browser, id, &broken),
    }
}

pub async fn open(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    browser: Browser,
    cookie: Session,
    sent: Fields,
) -> Response {
    let entered = match account::enter(&app, sent.get("link")).await {
        Ok(Some(entry)) => cookies::enter(&cookie, &entry).await.map(|()| Some(again())),
        Ok(None) => Ok(None),
        Err(broken) => Err(broken),
    };
    answer(&app, &id, &browser, entered)
}

pub async fn take_back(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    browser: Browser,
    cookie: Session,
    sent: Fields,
) -> Response {
    let done = match seen(&app, &cookie).await {
        Ok(Some(seen)) => {
            let client = ClientId::new(sent.get("client").replace('\0', ""));
            consent::forget(&app, &seen.subject, &client).await.map(|_| Some(again()))
        }
        Ok(None) => Ok(None),
        Err(broken) => Err(broken),
    };
    answer(&app, &id, &browser, done)
}

pub async fn sign_out_everywhere(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    browser: Browser,
    cookie: Session,
) -> Response {
    let done = match seen(&app, &cookie).await {
        Ok(Some(seen)) => match account::sign_out_everywhere(&app, &seen.subject, seen.session.as_ref()).await {
            Ok(frames) => cookies::end(&cookie).await.map(|()| Some(left(&app, &id, &browser, &frames))),
            Err(broken) => Err(broken),
        },
        Ok(None) => Ok(None),
        Err(broken) => Err(broken),
    };
    answer(&app, &id, &browser, done)
}

/// The page anew, as it stands now.
fn again() -> Response {
    Redirect::to(urls::ACCOUNT).into_response()
}

fn left(app: &App, id: &RequestId, browser: &Browser, frames: &[String]) -> Response {
    let mut response = match frames {
        [] => Redirect::to(urls::SIGNED_OUT).into_response(),
        frames => signed_out_page(app, id, browser, &[], None, frames),
    };
    refresh_cookies::forget_all(app, &mut response);
    response
}

async fn draw(app: &App, browser: &Browser, seen: &Seen) -> Result<Option<Response>, Fault> {
    let Some(account) = account::read(app, &seen.subject).await? else { return Ok(None) };
    let client = match &seen.entry {
        Some(entry) => clients::find(app, &entry.client).await?,
        None => None,
    };
    let (nonce, look) = (app.entropy.short(), client.as_deref().map(Look::of));
    let frame = look
        .as_ref()
        .map_or_else(|| bare(app, browser.words(app), &nonce), |look| look.frame(app, browser.words(app), &nonce));
    let organizations: Vec<(String, String)> =
        account.organizations.iter().map(|(name, roles)| (name.clone(), roles.join(", "))).collect();
    let apps: Vec<(String, String)> = account.apps.iter().map(|(id, name)| (id.to_string(), name.clone())).collect();
    let page = AccountPage {
        frame,
        name: account.name.as_deref(),
        identifiers: &account.identifiers,
        organizations: &organizations,
        apps: &apps,
        sessions: &sessions(&account, seen),
        take_back: urls::ACCOUNT_TAKE_BACK,
        sign_out: urls::LOGOUT,
        everywhere: urls::ACCOUNT_EVERYWHERE,
        back: seen.entry.as_ref().and_then(|entry| entry.back.as_deref()),
    };
    Ok(Some(headers::page(app, StatusCode::OK, render(&page)?, &nonce, None)))
}

fn sessions(account: &Account, seen: &Seen) -> Vec<SeenSession> {
    let here = seen.session.as_ref().map(|session| &session.id);
    let listed = account.sessions.iter().map(|session| {
        let at = OffsetDateTime::from_unix_timestamp(session.auth_time.secs()).ok();
        let at = at.and_then(|at| at.format(&Rfc3339).ok()).unwrap_or_default();
        let shown = format!("{} UTC", at.get(..16).unwrap_or_default().replace('T', " "));
        SeenSession { at, shown, here: here == Some(&session.id) }
    });
    listed.collect()
}

/// Nobody's page: the link was used, is too old, or there was none.
fn over(app: &App, browser: &Browser) -> Response {
    let nonce = app.entropy.short();
    let page = StandingPage {
        frame: bare(app, browser.words(app), &nonce),
        heading: "account-over-title",
        body: "account-over-body",
        good: false,
        onward: None,
    };
    match render(&page) {
        Ok(html) => headers::page(app, StatusCode::GONE, html, &nonce, None),
        Err(broken) => fault::machine(app, &broken),
    }
}
