//! Why somebody at the portal sees another page than the one they asked for.

use super::desk::{Frame, show};
use crate::app::App;
use crate::domain::operator::Role;
use crate::flows::Fault;
use crate::http::browser::Browser;
use crate::http::fault;
use crate::http::urls;
use crate::http::watch::RequestId;
use askama::Template;
use axum::extract::{Extension, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Every handler of the portal ends with a page, or with this.
pub type Answer = Result<Response, Turned>;

#[derive(Clone, Debug)]
pub enum Turned {
    /// Nobody is signed in here; or somebody who does not operate.
    SignIn {
        to: String,
        seated: bool,
    },
    /// A sign-in a moment ago is asked for.
    Confirm {
        to: String,
        sent: bool,
    },
    NotAllowed {
        role: Role,
    },
    NotFound,
    /// Something of ours broke.
    Broken(String),
    Unavailable(String),
}

impl Turned {
    pub fn broken(what: &str) -> Self {
        Self::Broken(what.to_owned())
    }
}

impl From<Fault> for Turned {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Broken(what) => Self::Broken(what),
            Fault::Unavailable(what) => Self::Unavailable(what),
        }
    }
}

/// Carried out to where there is an app to draw it with.
impl IntoResponse for Turned {
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Draws whatever a handler turned to instead.
pub async fn drawn(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    browser: Browser,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let Some(turned) = response.extensions_mut().remove::<Turned>() else { return response };
    draw(&app, &id, &browser, turned)
}

fn draw(app: &App, id: &RequestId, browser: &Browser, turned: Turned) -> Response {
    let page = |status, title: &str, text: &'static str, onward: Option<Onward>| {
        let frame = Frame::outside(app, title);
        let nonce = frame.nonce.clone();
        show(app, status, &TurnedPage { frame, text, onward }, &nonce)
    };
    let onward = |to: String, fresh, label| Some(Onward { to, fresh, new_tab: false, label });
    let drawn = match turned {
        Turned::SignIn { to, seated: false } => page(
            StatusCode::UNAUTHORIZED,
            "Sign in",
            "This is where this service is run.",
            onward(to, false, "Sign in"),
        ),
        Turned::SignIn { to, seated: true } => page(
            StatusCode::FORBIDDEN,
            "You cannot get in here",
            "You are signed in, but not as somebody who operates this service, or your time here is over. Ask an owner for a link.",
            onward(to, false, "Sign in again"),
        ),
        Turned::Confirm { to, sent: false } => page(
            StatusCode::UNAUTHORIZED,
            "Confirm that it is you",
            "What you are about to open is sensitive. Sign in once more, and it opens.",
            onward(to, true, "Confirm"),
        ),
        Turned::Confirm { sent: true, .. } => page(
            StatusCode::UNAUTHORIZED,
            "Confirm that it is you",
            "This is sensitive, and it is a while since you signed in. Confirm that it is you in a new tab; then come back here and reload this page: what you filled in is sent again. Nothing was changed.",
            Some(Onward { to: urls::PORTAL.to_owned(), fresh: true, new_tab: true, label: "Confirm" }),
        ),
        Turned::NotAllowed { role } => {
            tracing::info!(role = role.as_str(), "an operator asked for what their role does not allow");
            page(
                StatusCode::FORBIDDEN,
                "Your role does not allow this",
                "Nothing was changed. An owner can give you another role.",
                None,
            )
        }
        Turned::NotFound => page(StatusCode::NOT_FOUND, "Nothing here", "It may have been deleted or renamed.", None),
        Turned::Broken(what) => return fault::page(app, browser, id, &Fault::Broken(what)),
        Turned::Unavailable(what) => return fault::page(app, browser, id, &Fault::Unavailable(what)),
    };
    drawn.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

struct Onward {
    to: String,
    fresh: bool,
    /// What was filled in stays in this one.
    new_tab: bool,
    label: &'static str,
}

#[derive(Template)]
#[template(path = "admin/turned.html")]
struct TurnedPage {
    frame: Frame,
    text: &'static str,
    onward: Option<Onward>,
}
