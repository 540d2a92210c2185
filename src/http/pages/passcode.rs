//! The second page: the digits.

use super::{Asked, Fields, Shown, onward, open, show as page};
use crate::app::App;
use crate::domain::challenge::Challenge;
use crate::domain::delivery::Channel;
use crate::domain::time::seconds_up;
use crate::flows::challenge::{self, Checked, Resent};
use crate::flows::progress;
use crate::flows::sign_in::{self, SignedIn};
use crate::flows::standing::Open;
use crate::http::browser::Browser;
use crate::http::fault::{self, render};
use crate::http::frame::Look;
use crate::http::views::PasscodePage;
use crate::http::watch::RequestId;
use crate::http::{cookies, urls};
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use tower_sessions::Session;

/// A page of this challenge, and what it says beside the field.
#[derive(Default)]
struct Said {
    status: StatusCode,
    error: Option<(&'static str, Option<u32>)>,
    notice: Option<&'static str>,
    /// Asking again is over for now.
    no_more: bool,
}

pub async fn show(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    browser: Browser,
    asked: Asked,
) -> Shown {
    let open = open(&app, &id, &browser, &asked.interaction).await?;
    // Used already, where another step follows: that page leads on.
    let waiting = open.challenge.as_ref().filter(|challenge| challenge.spent_at.is_none());
    let challenge = waiting.ok_or_else(|| before(&asked))?;
    let said = if challenge.live(app.now()) {
        let notice = match asked.again.as_deref() {
            Some("same") => Some("sent-again"),
            Some(_) => Some("code-renewed"),
            None => None,
        };
        Said { notice, ..Said::default() }
    } else {
        let key = if challenge.exhausted() { "code-exhausted" } else { "code-expired" };
        Said { error: Some((key, None)), ..Said::default() }
    };
    Ok(draw(&app, &open, challenge, &browser, said))
}

/// The page before this one, which knows where to go.
fn before(asked: &Asked) -> Response {
    Redirect::to(&urls::of(urls::IDENTIFIER, &asked.interaction)).into_response()
}

pub async fn submit(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    browser: Browser,
    cookie: Session,
    asked: Asked,
    sent: Fields,
) -> Shown {
    let open = open(&app, &id, &browser, &asked.interaction).await?;
    let last = open.challenge.as_ref().ok_or_else(|| before(&asked))?;
    let wrong = |status, key, left| Said { status, error: Some((key, left)), ..Said::default() };
    let said = match challenge::check(&app, &open, sent.get("p_confirmation_code")).await {
        Ok(Checked::Right(challenge)) => return Ok(finish(&app, &id, &open, &challenge, &browser, &cookie).await),
        Ok(Checked::Malformed) if sent.get("p_confirmation_code").trim().is_empty() => {
            wrong(StatusCode::UNPROCESSABLE_ENTITY, "code-empty", None)
        }
        Ok(Checked::Malformed) => wrong(StatusCode::UNPROCESSABLE_ENTITY, "code-format", None),
        Ok(Checked::Wrong { left: 1 }) => wrong(StatusCode::UNPROCESSABLE_ENTITY, "code-wrong-last", Some(1)),
        Ok(Checked::Wrong { left }) => wrong(StatusCode::UNPROCESSABLE_ENTITY, "code-wrong", Some(left)),
        Ok(Checked::Exhausted) => wrong(StatusCode::TOO_MANY_REQUESTS, "code-exhausted", None),
        Ok(Checked::TooManyTries(_)) => {
            Said { no_more: true, ..wrong(StatusCode::TOO_MANY_REQUESTS, "too-many-tries", None) }
        }
        Ok(Checked::Over) => wrong(
            StatusCode::UNPROCESSABLE_ENTITY,
            if last.exhausted() { "code-exhausted" } else { "code-expired" },
            None,
        ),
        Ok(Checked::Unavailable) => wrong(StatusCode::SERVICE_UNAVAILABLE, "code-unavailable", None),
        Err(broken) => return Err(fault::page(&app, &browser, &id, &broken)),
    };
    Ok(draw(&app, &open, last, &browser, said))
}

async fn finish(
    app: &App,
    id: &RequestId,
    open: &Open,
    challenge: &Challenge,
    browser: &Browser,
    cookie: &Session,
) -> Response {
    let signed_in = match sign_in::complete(app, open, challenge).await {
        Ok(SignedIn::Done(session, done)) => cookies::begin(cookie, &session).await.map(|()| Some(done)),
        Ok(SignedIn::Refused(refused)) => Ok(Some(refused)),
        Ok(SignedIn::Over) => Ok(None),
        Err(broken) => Err(broken),
    };
    match signed_in {
        Ok(Some(leads)) => onward(app, browser, open, leads),
        // A double click: the other one was first, and its answer leads on.
        Ok(None) => Redirect::to(&urls::of(urls::IDENTIFIER, open.interaction.id.as_str())).into_response(),
        Err(broken) => fault::page(app, browser, id, &broken),
    }
}

pub async fn resend(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    browser: Browser,
    asked: Asked,
    sent: Fields,
) -> Shown {
    let open = open(&app, &id, &browser, &asked.interaction).await?;
    let last = open.challenge.as_ref().ok_or_else(|| before(&asked))?;
    let words = browser.words_at(&app, Some(&open.client.id), &open.interaction.request.languages);
    let here = urls::of(urls::PASSCODE, &asked.interaction);
    let resent = challenge::resend(&app, &open, Channel::parse(sent.get("by")), words.tag()).await;
    Ok(match resent {
        Ok(Resent::Sent) => Redirect::to(&format!("{here}&again=same")).into_response(),
        Ok(Resent::Renewed) => Redirect::to(&format!("{here}&again=new")).into_response(),
        Ok(Resent::TooSoon(_)) => {
            let said = Said {
                status: StatusCode::TOO_MANY_REQUESTS,
                error: Some(("resend-too-soon", None)),
                ..Said::default()
            };
            draw(&app, &open, last, &browser, said)
        }
        Ok(Resent::TooMany(_)) => {
            let said = Said {
                status: StatusCode::TOO_MANY_REQUESTS,
                error: Some(("too-many-codes", None)),
                no_more: true,
                ..Said::default()
            };
            draw(&app, &open, last, &browser, said)
        }
        Ok(Resent::Over) => Redirect::to(&urls::identifier_again(&asked.interaction)).into_response(),
        Err(broken) => fault::page(&app, &browser, &id, &broken),
    })
}

fn draw(app: &App, open: &Open, challenge: &Challenge, browser: &Browser, said: Said) -> Response {
    let over = said.error.is_some_and(|(key, _)| key == "code-exhausted");
    let progress = progress::of(app, open, challenge).filter(|_| !over);
    let (nonce, now) = (app.entropy.short(), app.now());
    let words = browser.words_at(app, Some(&open.client.id), &open.interaction.request.languages);
    let look = Look::of(&open.client);
    let id = open.interaction.id.as_str();
    let ladder = challenge::ladder(open, challenge);
    let channel = challenge::channel(&ladder, challenge);
    let in_use = PasscodePage::in_use(progress, channel);
    let others: Vec<Channel> = ladder.into_iter().filter(|other| *other != in_use).collect();
    let (shown, tag) = (challenge.identifier.shown(), challenge::tag(app, challenge));
    let other = open
        .offered()
        .into_iter()
        .find(|other| other.name != challenge.connection)
        .map(|other| urls::identifier_by(id, &other.name));
    let live = progress.filter(|progress| !progress.settled()).map(|_| urls::of(urls::PASSCODE_LIVE, id));
    let html = render(&PasscodePage {
        frame: look.frame(app, words.clone(), &nonce),
        action: &urls::of(urls::PASSCODE, id),
        cancel: &urls::of(urls::CANCEL, id),
        hidden: &[],
        sent_to: &shown,
        channel,
        progress,
        live: live.as_deref(),
        tag: &tag,
        digits: u8::try_from(app.config.passcode_digits.0).unwrap_or(6),
        error: said.error,
        resend_action: &urls::of(urls::RESEND, id),
        resend_wait: if challenge.live(now) && !over { seconds_up(challenge.resend_wait(now)) } else { 0 },
        resends_left: !said.no_more,
        other_channels: &others,
        change_url: &urls::identifier_again(id),
        other_url: other.as_deref(),
        notice: said.notice,
    });
    page(app, open, said.status, html, &nonce)
}
