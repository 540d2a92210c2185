//! How the passcode fares, told while the page waits: server-sent events, for the browser that asked for it and no other.

use super::Asked;
use crate::app::{App, Listening};
use crate::domain::delivery::Progress;
use crate::domain::ids::ChallengeId;
use crate::flows::standing::{self, Standing};
use crate::flows::{Fault, challenge, progress};
use crate::http::browser::Browser;
use crate::http::views::PasscodePage;
use crate::http::{fault, headers};
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use serde_json::json;
use std::convert::Infallible;
use std::time::Duration;
use tokio::time::sleep;

/// Nobody is told for longer; a page that still waits asks again.
const LONGEST: Duration = Duration::from_secs(5 * 60);
/// Seconds until a look without news, which another node may have: the longer it takes, the less often.
const LOOKS: [u64; 4] = [3, 3, 5, 10];
/// How long a browser waits before it asks again.
const AGAIN: Duration = Duration::from_secs(3);
/// Proxies collect an answer before they pass it on, unless told.
const UNCOLLECTED: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));

/// A page that waits. It keeps names and no rows: there may be thousands.
struct Page {
    app: App,
    browser: Browser,
    interaction: String,
    listening: Listening,
    /// What is told before anything else.
    first: Option<Event>,
    seen: (ChallengeId, Progress),
    looks: usize,
}

/// An answer without content ends a browser's asking for good; one that ends does not.
pub async fn show(State(app): State<App>, browser: Browser, asked: Asked) -> Response {
    let (seen, event) = match look(&app, &browser, &asked.interaction).await {
        Ok(Some(found)) => found,
        Ok(None) => return (StatusCode::NO_CONTENT, [(CACHE_CONTROL, headers::NO_STORE)]).into_response(),
        Err(broken) => return fault::machine(&app, &broken),
    };
    let (listening, first) = (app.news.listen(&seen.0), Some(event.retry(AGAIN)));
    let over = over(app.clone());
    let page = Page { app, browser, interaction: asked.interaction, listening, first, seen, looks: 0 };
    let told = stream::unfold(page, next).map(Ok::<_, Infallible>).take_until(over);
    let headers = [(CACHE_CONTROL, headers::NO_STORE), UNCOLLECTED];
    (headers, Sse::new(told).keep_alive(KeepAlive::default())).into_response()
}

async fn over(app: App) {
    tokio::select! {
        () = app.stopping.cancelled() => {}
        () = sleep(LONGEST) => {}
    }
}

/// The next thing to tell, and nothing after the last.
async fn next(mut page: Page) -> Option<(Event, Page)> {
    if let Some(first) = page.first.take() {
        return Some((first, page));
    }
    if page.seen.1.settled() {
        return None;
    }
    let event = page.changed().await?;
    Some((event, page))
}

impl Page {
    async fn changed(&mut self) -> Option<Event> {
        loop {
            // Listens before it looks: what happens in between is not lost.
            let heard = self.listening.heard();
            match look(&self.app, &self.browser, &self.interaction).await {
                Ok(Some((seen, event))) if seen != self.seen => {
                    // Another challenge: its news is rung by another bell, so the page asks anew.
                    let same = seen.0 == self.seen.0;
                    self.seen = seen;
                    return same.then_some(event);
                }
                // What cannot be read now may be readable later.
                Ok(Some(_)) | Err(_) => {}
                Ok(None) => return None,
            }
            let pause = LOOKS.get(self.looks).or(LOOKS.last()).copied().unwrap_or(10);
            self.looks += 1;
            tokio::pin!(heard);
            tokio::select! {
                () = heard => {}
                () = sleep(Duration::from_secs(pause)) => {}
            }
        }
    }
}

/// How the challenge of this browser's interaction stands. Nothing where there is nothing to tell, or nobody to tell it to.
async fn look(
    app: &App,
    browser: &Browser,
    interaction: &str,
) -> Result<Option<((ChallengeId, Progress), Event)>, Fault> {
    let Standing::Open(open) = standing::find(app, interaction, &browser.key).await? else { return Ok(None) };
    let Some(challenge) = &open.challenge else { return Ok(None) };
    let Some(progress) = progress::of(app, &open, challenge) else { return Ok(None) };
    let words = browser.words_at(app, Some(&open.client.id), &open.interaction.request.languages);
    let asked = challenge::channel(&challenge::ladder(&open, challenge), challenge);
    let told = json!({
        "text": PasscodePage::telling(&words, progress, asked),
        "kind": PasscodePage::kind(progress),
        "tone": PasscodePage::tone(progress),
        "settled": progress.settled(),
        "by": PasscodePage::in_use(Some(progress), asked).as_str(),
        "lead": PasscodePage::lead(&words, Some(progress), asked),
    });
    let event = Event::default().event("progress").data(told.to_string());
    Ok(Some(((challenge.id.clone(), progress), event)))
}
