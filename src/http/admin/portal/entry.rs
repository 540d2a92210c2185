//! In and out: a link is opened, a sign-in is asked for and comes back, somebody leaves.

use super::desk::{Desk, Frame, show};
use super::turned::{Answer, Turned};
use crate::app::App;
use crate::domain::audit::{Actor, By};
use crate::domain::ids::SubjectId;
use crate::domain::params::Params;
use crate::flows::manage::operators;
use crate::flows::portal::{self, Kept};
use crate::http::address::Address;
use crate::http::pages::Fields;
use crate::http::{cookies, urls};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect};
use tower_sessions::Session;

#[derive(Template)]
#[template(path = "admin/join.html")]
struct JoinPage {
    frame: Frame,
    code: String,
}

#[derive(Template)]
#[template(path = "admin/told.html")]
struct ToldPage {
    frame: Frame,
    text: &'static str,
    again: bool,
}

/// A link shows what it does; its button does it: whatever previews links opens none.
pub async fn join(State(app): State<App>, RawQuery(query): RawQuery) -> Answer {
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let frame = Frame::outside(&app, "Become an operator");
    let nonce = frame.nonce.clone();
    show(
        &app,
        StatusCode::OK,
        &JoinPage { frame, code: query.get("invitation").unwrap_or_default().to_owned() },
        &nonce,
    )
}

pub async fn open(State(app): State<App>, cookie: Session, sent: Fields) -> Answer {
    let Some(hash) = operators::open_link(&app, sent.get("invitation")).await? else {
        let text = "This link was used, or is older than 15 minutes. Ask for a new one; whoever runs the server prints one by: countersign admin invite";
        return told(&app, StatusCode::GONE, "This link no longer works", text, false);
    };
    let kept = Kept { joins: Some(hash.clone()), ..Kept::default() };
    cookies::keep_at_portal(&cookie, &kept, true).await?;
    // Nobody can prove anything yet: carriers come first.
    if !portal::has_a_way_in(&app) && portal::setting_up(&app, &hash).await?.is_some() {
        return Ok(Redirect::to(urls::PORTAL).into_response());
    }
    ask(&app, &kept, urls::PORTAL, false)
}

pub async fn begin(State(app): State<App>, cookie: Session, sent: Fields) -> Answer {
    let kept = cookies::at_portal(&cookie).await?;
    ask(&app, &kept, inside(sent.get("to")), sent.get("fresh") == "true")
}

fn ask(app: &App, kept: &Kept, to: &str, fresh: bool) -> Answer {
    let (asked, query) = portal::begin(app, to, fresh, kept.joins.as_deref())?;
    let onward = Redirect::to(&format!("{}?{query}", urls::AUTHORIZE));
    Ok((cookies::asks_at_portal(app, &asked), onward).into_response())
}

/// Only pages of the portal: whoever sends somebody here with a place of their own is not followed.
fn inside(to: &str) -> &str {
    let own = to == urls::PORTAL || to.strip_prefix(urls::PORTAL).is_some_and(|rest| rest.starts_with(['/', '?']));
    let plain = to.bytes().all(|byte| byte.is_ascii_graphic()) && !to.contains("//") && !to.contains('\\');
    if own && plain { to } else { urls::PORTAL }
}

pub async fn come_back(
    State(app): State<App>,
    cookie: Session,
    address: Address,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Answer {
    let answer = Params::parse(query.unwrap_or_default().as_bytes());
    let mut kept = cookies::at_portal(&cookie).await?;
    let asked = cookies::asked_at_portal(&app, &headers).and_then(|asked| portal::asked(&app, &asked));
    let seat = match asked {
        Some(asked) => portal::finish(&app, &asked, &answer).await?.map(|seat| (asked, seat)),
        None => None,
    };
    let Some((asked, seat)) = seat else {
        let text = "The sign-in was called off, took too long, or began in another browser. Nothing was changed.";
        return told(&app, StatusCode::BAD_REQUEST, "That did not work", text, true);
    };
    if let Some(hash) = kept.joins.take() {
        let by = By { actor: Actor::Operator(seat.subject.clone()), address: address.0.unwrap_or_default() };
        operators::join(&app, &by, &hash, &SubjectId::new(&seat.subject)).await?;
    }
    cookies::keep_at_portal(&cookie, &Kept { seat: Some(seat), ..Kept::default() }, true).await?;
    Ok((cookies::asks_at_portal(&app, ""), Redirect::to(&asked.to)).into_response())
}

/// Leaves the portal, and the sign-in behind it: the next person at this machine starts anew.
pub async fn leave(desk: Desk) -> Answer {
    cookies::keep_at_portal(&desk.cookie, &Kept::default(), true).await?;
    Ok(Redirect::to(urls::LOGOUT).into_response())
}

pub async fn signed_out(State(app): State<App>) -> Answer {
    told(&app, StatusCode::OK, "You are signed out", "Come back any time.", true)
}

fn told(
    app: &App,
    status: StatusCode,
    title: &str,
    text: &'static str,
    again: bool,
) -> Result<axum::response::Response, Turned> {
    let frame = Frame::outside(app, title);
    let nonce = frame.nonce.clone();
    show(app, status, &ToldPage { frame, text, again }, &nonce)
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn only_pages_of_the_portal_are_come_back_to() {
        for own in ["/admin", "/admin/new/carriers?kind=smtp", "/admin?window=day"] {
            assert_eq!(inside(own), own);
        }
        for other in [
            "",
            "/",
            "//evil.example",
            "/admin//evil.example",
            "https://evil.example",
            "/administrator",
            "/admin/\\evil",
            "/admin/a\r\nb",
        ] {
            assert_eq!(inside(other), "/admin", "{other}");
        }
    }
}
