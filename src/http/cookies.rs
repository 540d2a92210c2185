//! The session cookie: tower-sessions over our own rows. The row names the session; what a session is stands in `sessions`.

use super::browser::Browser;
use super::fault;
use super::watch::RequestId;
use crate::app::App;
use crate::crypto::hash::sha256_hex;
use crate::domain::time::Time;
use crate::flows::account::Entry;
use crate::flows::portal::Kept;
use crate::flows::{Fault, sign_in};
use crate::store;
use async_trait::async_trait;
use axum::extract::{Extension, Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::middleware::Next;
use axum::response::{AppendHeaders, Response};
use axum_extra::extract::cookie::CookieJar;
use std::collections::HashMap;
use std::fmt;
use time::Duration;
use tower_sessions::cookie::SameSite;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{Expiry, Session, SessionManagerLayer, SessionStore};

const SID: &str = "sid";
const ACCOUNT: &str = "account";
const PORTAL: &str = "portal";
const TRIAL: &str = "trial";

/// `SameSite=Lax`: a client's redirect must bring it along. `__Host-` on https: no other host or path can set it.
pub fn sessions(app: &App) -> SessionManagerLayer<Browsers> {
    let life = i64::try_from(app.config.session_life.0.as_secs()).unwrap_or(i64::MAX);
    SessionManagerLayer::new(Browsers(app.clone()))
        .with_name(name(app, "session"))
        .with_secure(app.https())
        .with_same_site(SameSite::Lax)
        .with_expiry(Expiry::OnInactivity(Duration::seconds(life)))
}

/// What a cookie of ours is called.
pub fn name(app: &App, what: &str) -> String {
    if app.https() { format!("__Host-countersign_{what}") } else { format!("countersign_{what}") }
}

/// Who is signed in in this browser.
pub async fn current(
    app: &App,
    cookie: &Session,
) -> std::result::Result<Option<crate::domain::session::Session>, Fault> {
    let sid: Option<String> = cookie.get(SID).await.map_err(broken)?;
    match sid {
        Some(sid) => sign_in::session(app, &sid).await,
        None => Ok(None),
    }
}

/// tower-sessions answers with a bare 500 when a cookie's row cannot be written: around it, that becomes our page.
pub async fn or_told(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    request: Request,
    next: Next,
) -> Response {
    let language = request.headers().get(ACCEPT_LANGUAGE).cloned();
    let response = next.run(request).await;
    let bare = response.status() == StatusCode::INTERNAL_SERVER_ERROR && !response.headers().contains_key(CONTENT_TYPE);
    if !bare {
        return response;
    }
    let fault = Fault::Unavailable("a cookie's row could not be written".into());
    fault::page(&app, &Browser::passing(language.as_ref()), &id, &fault)
}

/// A new sign-in gets a new cookie: whoever knew the old one knows nothing.
pub async fn begin(cookie: &Session, session: &crate::domain::session::Session) -> std::result::Result<(), Fault> {
    if cookie.id().is_some() {
        cookie.cycle_id().await.map_err(broken)?;
    }
    cookie.insert(SID, session.id.as_str()).await.map_err(broken)
}

/// Whose own page this browser opened by a link.
pub async fn entered(cookie: &Session) -> std::result::Result<Option<Entry>, Fault> {
    cookie.get(ACCOUNT).await.map_err(broken)
}

pub async fn enter(cookie: &Session, entry: &Entry) -> std::result::Result<(), Fault> {
    if cookie.id().is_some() {
        cookie.cycle_id().await.map_err(broken)?;
    }
    cookie.insert(ACCOUNT, entry).await.map_err(broken)
}

/// What the portal keeps with this browser.
pub async fn at_portal(cookie: &Session) -> std::result::Result<Kept, Fault> {
    Ok(cookie.get(PORTAL).await.map_err(broken)?.unwrap_or_default())
}

/// `anew`: somebody got in, and whoever knew the cookie before knows nothing.
pub async fn keep_at_portal(cookie: &Session, kept: &Kept, anew: bool) -> std::result::Result<(), Fault> {
    if anew && cookie.id().is_some() {
        cookie.cycle_id().await.map_err(broken)?;
    }
    cookie.insert(PORTAL, kept).await.map_err(broken)
}

/// A sign-in that the portal asks for, kept by the browser itself; an empty one is forgotten.
pub fn asks_at_portal(app: &App, asked: &str) -> AppendHeaders<[(HeaderName, String); 1]> {
    kept_for_an_hour(app, PORTAL, asked)
}

pub fn asked_at_portal(app: &App, headers: &HeaderMap) -> Option<String> {
    kept(app, PORTAL, headers)
}

/// The same of a trial: both may be under way.
pub fn tries_at_portal(app: &App, tried: &str) -> AppendHeaders<[(HeaderName, String); 1]> {
    kept_for_an_hour(app, TRIAL, tried)
}

pub fn tried_at_portal(app: &App, headers: &HeaderMap) -> Option<String> {
    kept(app, TRIAL, headers)
}

fn kept_for_an_hour(app: &App, what: &str, value: &str) -> AppendHeaders<[(HeaderName, String); 1]> {
    let life = if value.is_empty() { 0 } else { 3_600 };
    let secure = if app.https() { "; Secure" } else { "" };
    let cookie = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={life}{secure}", name(app, what));
    AppendHeaders([(SET_COOKIE, cookie)])
}

fn kept(app: &App, what: &str, headers: &HeaderMap) -> Option<String> {
    CookieJar::from_headers(headers).get(&name(app, what)).map(|cookie| cookie.value().to_owned())
}

/// A trial's session is over: this browser is whose it was before. Whoever signed in here since stays signed in.
pub async fn give_back(
    cookie: &Session,
    ended: &str,
    before: Option<&crate::domain::session::Session>,
) -> std::result::Result<(), Fault> {
    let now: Option<String> = cookie.get(SID).await.map_err(broken)?;
    if now.as_deref() != Some(ended) {
        return Ok(());
    }
    if let Some(before) = before {
        return begin(cookie, before).await;
    }
    cookie.remove::<String>(SID).await.map(drop).map_err(broken)
}

pub async fn end(cookie: &Session) -> std::result::Result<(), Fault> {
    cookie.flush().await.map_err(broken)
}

fn broken(error: tower_sessions::session::Error) -> Fault {
    Fault::Unavailable(error.to_string())
}

/// tower-sessions' store over the `browsers` table. Times are our clock's, not the record's.
#[derive(Clone)]
pub struct Browsers(App);

impl fmt::Debug for Browsers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Browsers")
    }
}

impl Browsers {
    fn expires_at(&self) -> Time {
        self.0.now().plus(self.0.config.session_life.0)
    }
}

fn hash(id: Id) -> String {
    sha256_hex(&id.to_string())
}

fn backend(error: store::StoreError) -> Error {
    Error::Backend(error.to_string())
}

#[async_trait]
impl SessionStore for Browsers {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let data = serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))?;
        while !store::browsers::add(&self.0.db, &hash(record.id), &data, self.expires_at()).await.map_err(backend)? {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let data = serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))?;
        store::browsers::change(&self.0.db, &hash(record.id), &data, self.expires_at()).await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let row = store::browsers::find(&self.0.db, &hash(*id), self.0.now()).await.map_err(backend)?;
        let Some(row) = row else { return Ok(None) };
        let data: HashMap<String, serde_json::Value> =
            serde_json::from_str(&row.data).map_err(|error| Error::Decode(error.to_string()))?;
        let expiry_date = time::OffsetDateTime::from_unix_timestamp(Time(row.expires_at).secs())
            .map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        store::browsers::forget(&self.0.db, &hash(*id)).await.map_err(backend)
    }
}
