//! The page that asks what somebody else's application may have, and the button that calls a sign-in off.

use super::{Asked, Fields, Shown, onward, open, show as page};
use crate::app::App;
use crate::domain::consent;
use crate::domain::interaction::Step;
use crate::domain::session::Session as SignedIn;
use crate::flows::standing::Open;
use crate::flows::{Fault, advance, consent as flow, device};
use crate::http::browser::Browser;
use crate::http::fault::{self, render};
use crate::http::frame::Look;
use crate::http::views::{Asks, ConsentPage};
use crate::http::watch::RequestId;
use crate::http::{cookies, urls};
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use tower_sessions::Session;

pub async fn show(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    browser: Browser,
    cookie: Session,
    asked: Asked,
) -> Shown {
    let (open, session) = ready(&app, &id, &browser, &cookie, &asked).await?;
    draw(&app, &open, &session, &browser).await.map_err(|broken| fault::page(&app, &browser, &id, &broken))
}

pub async fn submit(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    browser: Browser,
    cookie: Session,
    asked: Asked,
    sent: Fields,
) -> Shown {
    let (open, session) = ready(&app, &id, &browser, &cookie, &asked).await?;
    // A page drawn for who was signed in before allows nothing in the name of who is now.
    let decided = match sent.get("p_decision") {
        "allow" if sent.get("p_session") == session.id.as_str() => flow::allow(&app, &open, &session).await,
        "deny" => flow::deny(&app, &open).await,
        _ => Ok(None),
    };
    Ok(decided_to(&app, &id, &browser, &open, decided))
}

/// "Cancel", on every page before the answer.
pub async fn cancel(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    browser: Browser,
    asked: Asked,
) -> Shown {
    let open = open(&app, &id, &browser, &asked.interaction).await?;
    let decided = flow::deny(&app, &open).await;
    Ok(decided_to(&app, &id, &browser, &open, decided))
}

fn decided_to(
    app: &App,
    id: &RequestId,
    browser: &Browser,
    open: &Open,
    decided: Result<Option<advance::Onward>, Fault>,
) -> Response {
    match decided {
        Ok(Some(done)) => onward(app, browser, open, done),
        // Nothing was decided, or somebody did a moment ago: the page knows how things stand.
        Ok(None) => Redirect::to(&urls::of(urls::CONSENT, open.interaction.id.as_str())).into_response(),
        Err(broken) => fault::page(app, browser, id, &broken),
    }
}

/// The open interaction and who allows, where that is what it waits for; else where to go instead.
async fn ready(
    app: &App,
    id: &RequestId,
    browser: &Browser,
    cookie: &Session,
    asked: &Asked,
) -> Result<(Box<Open>, SignedIn), Response> {
    let broken = |fault| fault::page(app, browser, id, &fault);
    let open = open(app, id, browser, &asked.interaction).await?;
    let session = cookies::current(app, cookie).await.map_err(broken)?;
    let step = advance::of(app, &open, session.as_ref()).await.map_err(broken)?;
    match (step, session) {
        (Step::Consent, Some(session)) => Ok((open, session)),
        // It waits for who it is; that page also knows what to do where all was allowed meanwhile.
        _ => Err(Redirect::to(&urls::of(urls::IDENTIFIER, &asked.interaction)).into_response()),
    }
}

async fn draw(app: &App, open: &Open, session: &SignedIn, browser: &Browser) -> Result<Response, Fault> {
    let (client, request) = (&*open.client, &open.interaction.request);
    let device = device::waiting(app, request).await?;
    if request.device.is_some() && device.is_none() {
        return Ok(Redirect::to(&urls::device_done(advance::Told::Over)).into_response());
    }
    let who = flow::who(app, session).await?;
    let nonce = app.entropy.short();
    let words = browser.words_at(app, Some(&client.id), &request.languages);
    let look = Look::of(client);
    let html = render(&ConsentPage {
        frame: look.frame(app, words.clone(), &nonce),
        action: &urls::of(urls::CONSENT, open.interaction.id.as_str()),
        hidden: &[("p_session", session.id.as_str())],
        app: &client.name,
        who: who.as_deref(),
        device: device.as_deref(),
        asks: &Asks::of(&words, &open.live.catalog, request),
        host: consent::host(&request.redirect_uri).as_deref(),
        unverified: consent::unverified(client),
        id_host: consent::id_host(client).as_deref(),
        about: client.client_uri.as_deref(),
        terms: client.branding.terms_url.as_deref(),
        privacy: client.branding.privacy_url.as_deref(),
    });
    Ok(page(app, open, StatusCode::OK, html, &nonce))
}
