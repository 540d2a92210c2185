//! Who is at the portal, what they may do there, and what stands around every page of it.

use super::turned::Turned;
use crate::app::App;
use crate::domain::audit::By;
use crate::domain::management::{Subject, Verb};
use crate::domain::operator::{FRESH, Role, STILL_FRESH, is_sensitive};
use crate::flows::portal::{self, Seated};
use crate::http::address::Address;
use crate::http::{cookies, headers, urls};
use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::header::REFERER;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use std::sync::LazyLock;
use tower_sessions::Session;
use url::{Position, Url};

static CSS: LazyLock<String> =
    LazyLock::new(|| crate::http::views::packed(include_str!("../../../../static/admin.css")));

static FORM_CSS: LazyLock<String> =
    LazyLock::new(|| crate::http::views::packed(include_str!("../../../../static/admin_form.css")));

/// Somebody at the portal, with this request of theirs.
pub struct Desk {
    pub app: App,
    pub seated: Seated,
    pub cookie: Session,
    nonce: String,
    by: By,
    method: Method,
    /// Where they are: come back to after a sign-in.
    path: String,
}

impl FromRequestParts<App> for Desk {
    type Rejection = Turned;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Turned> {
        let cookie = Session::from_request_parts(parts, app).await.map_err(|_| Turned::broken("no session layer"))?;
        let Ok(address) = Address::from_request_parts(parts, app).await;
        let kept = cookies::at_portal(&cookie).await?;
        let asked = parts.uri.path_and_query().map_or_else(String::new, ToString::to_string);
        // PostgreSQL takes no zero byte in a text, and nothing of ours has one.
        if asked.contains("%00") {
            return Err(Turned::NotFound);
        }
        // What takes only posts is no place to come back to: the page with the form is.
        let path = if parts.method == Method::GET { asked } else { page_of(&parts.headers) };
        let mut seated = match &kept.seat {
            Some(seat) => portal::seated(app, seat).await?,
            None => None,
        };
        if let (None, Some(hash)) = (&seated, &kept.joins) {
            seated = portal::setting_up(app, hash).await?;
        }
        let Some(seated) = seated else {
            return Err(Turned::SignIn { to: path, seated: kept.seat.is_some() });
        };
        let by = seated.by(address.0.unwrap_or_default());
        let nonce = app.entropy.short();
        Ok(Self { app: app.clone(), seated, cookie, nonce, by, method: parts.method.clone(), path })
    }
}

/// The page a form stood on, as the browser tells it; the first of all where it does not.
fn page_of(headers: &HeaderMap) -> String {
    let told = headers.get(REFERER).and_then(|value| value.to_str().ok()).and_then(|page| Url::parse(page).ok());
    told.map_or_else(|| urls::PORTAL.to_owned(), |page| page[Position::BeforePath..Position::AfterQuery].to_owned())
}

impl Desk {
    pub fn role(&self) -> Role {
        self.seated.role
    }

    pub fn may(&self, verb: Verb, subject: Subject) -> bool {
        self.role().may(verb, subject)
    }

    /// Lets them do it, as whom it is written down; or the page that says why not. What is sensitive asks for a sign-in a moment
    /// ago, sooner for opening its page than for sending it.
    pub fn admit(&self, verb: Verb, subject: Subject) -> Result<&By, Turned> {
        if !self.may(verb, subject) {
            return Err(Turned::NotAllowed { role: self.role() });
        }
        let within = if self.method == Method::GET { FRESH } else { STILL_FRESH };
        if is_sensitive(verb, subject) && !self.seated.is_fresh(self.app.now(), within) {
            return Err(Turned::Confirm { to: self.path.clone(), sent: self.method != Method::GET });
        }
        Ok(&self.by)
    }

    /// Around a page of this section.
    pub fn frame(&self, section: &'static str, title: impl Into<String>) -> Frame {
        Frame {
            title: title.into(),
            section,
            nonce: self.nonce.clone(),
            host: self.app.host.clone(),
            role: Some(self.role()),
            setting_up: self.seated.subject.is_none(),
            can_sign_in: portal::has_a_way_in(&self.app),
            dev: crate::http::frame::dev(&self.app),
        }
    }

    pub fn show(&self, page: &impl Template) -> Result<Response, Turned> {
        self.show_as(StatusCode::OK, page)
    }

    pub fn show_as(&self, status: StatusCode, page: &impl Template) -> Result<Response, Turned> {
        show(&self.app, status, page, &self.nonce)
    }

    /// A page that holds frames of ours.
    pub fn show_with_frames(&self, status: StatusCode, page: &impl Template) -> Result<Response, Turned> {
        let html = crate::http::fault::render(page)?;
        Ok(headers::with_own_frames(&self.app, status, html, &self.nonce))
    }
}

pub fn show(app: &App, status: StatusCode, page: &impl Template, nonce: &str) -> Result<Response, Turned> {
    Ok(headers::page(app, status, crate::http::fault::render(page)?, nonce, None))
}

/// What every page of the portal has around it.
pub struct Frame {
    pub title: String,
    pub section: &'static str,
    pub nonce: String,
    pub host: String,
    /// Nobody's, on the way in.
    pub role: Option<Role>,
    pub setting_up: bool,
    pub can_sign_in: bool,
    pub dev: Option<&'static str>,
}

/// A place in the portal: its path below `/admin/`, what it is called, and what it shows.
pub struct Place {
    pub path: &'static str,
    pub label: &'static str,
    subject: Subject,
}

impl Frame {
    /// Around a page for somebody who is not in.
    pub fn outside(app: &App, title: &str) -> Self {
        Self {
            title: title.to_owned(),
            section: "",
            nonce: app.entropy.short(),
            host: app.host.clone(),
            role: None,
            setting_up: false,
            can_sign_in: true,
            dev: crate::http::frame::dev(app),
        }
    }

    pub(super) fn css(&self) -> &'static str {
        &CSS
    }

    pub(super) fn script(&self) -> String {
        crate::http::assets::admin_js()
    }

    pub(super) fn form_css(&self) -> &'static str {
        &FORM_CSS
    }

    pub(super) fn form_script(&self) -> String {
        crate::http::assets::admin_form_js()
    }

    pub(super) fn look_script(&self) -> String {
        crate::http::assets::admin_look_js()
    }

    /// The places this role can read, in groups.
    pub(super) fn groups(&self) -> Vec<(&'static str, Vec<&'static Place>)> {
        let Some(role) = self.role else { return Vec::new() };
        let of = |places: &'static [Place]| {
            places.iter().filter(|place| role.may(Verb::Read, place.subject)).collect::<Vec<_>>()
        };
        let groups = super::places::GROUPS.iter().map(|(label, places)| (*label, of(places)));
        groups.filter(|(_, places)| !places.is_empty()).collect()
    }
}

impl Place {
    pub const fn new(path: &'static str, label: &'static str, subject: Subject) -> Self {
        Self { path, label, subject }
    }

    pub fn href(&self) -> String {
        if self.path.is_empty() { crate::http::urls::PORTAL.to_owned() } else { format!("/admin/{}", self.path) }
    }
}
