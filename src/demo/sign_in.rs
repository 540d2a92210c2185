//! `/login` sends the browser to the provider; `/callback` takes the answer.

use super::Site;
use super::pages::problem;
use super::provider::{Trouble, Wishes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use serde::Deserialize;

/// What the provider may put on the callback URL.
#[derive(Deserialize)]
pub struct Answer {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

pub async fn begin(State(site): State<Site>, jar: CookieJar, Query(wishes): Query<Wishes>) -> Response {
    match site.0.provider.authorization(wishes).await {
        Ok((url, state, pending)) => {
            let remember = |session: &mut super::sessions::Session| session.await_answer(state.into_secret(), pending);
            let jar = site.0.sessions.open(jar, site.secure(), remember);
            (jar, Redirect::to(url.as_str())).into_response()
        }
        Err(trouble) => site.trouble(&trouble),
    }
}

pub async fn finish(
    State(site): State<Site>,
    jar: CookieJar,
    answer: Result<Query<Answer>, QueryRejection>,
) -> Response {
    let Ok(Query(answer)) = answer else {
        return garbled();
    };
    // The state ties the answer to a sign-in this very browser began: without it nothing else is looked at.
    let state = answer.state.as_deref().unwrap_or_default();
    let Some(pending) = site.0.sessions.with(&jar, |session| session.answered(state)).flatten() else {
        return unexpected();
    };
    if let Err(trouble) = site.0.provider.check_issuer(answer.iss.as_deref()).await {
        return site.trouble(&trouble);
    }
    if let Some(error) = answer.error {
        return refusal(&error, answer.error_description.as_deref());
    }
    let Some(code) = answer.code else {
        return garbled();
    };
    match site.0.provider.exchange(code, pending).await {
        Ok(signed_in) => {
            let jar = site.0.sessions.renew(jar, site.secure(), |session| session.signed_in = Some(signed_in));
            (jar, Redirect::to("/")).into_response()
        }
        Err(trouble) => site.trouble(&trouble),
    }
}

impl Site {
    pub fn secure(&self) -> bool {
        self.0.demo.base_url.starts_with("https://")
    }

    /// The page for a conversation with the provider that did not work out.
    pub fn trouble(&self, trouble: &Trouble) -> Response {
        tracing::warn!(%trouble, "demo: talking to the provider failed");
        let (status, title) = match trouble {
            Trouble::Unreachable(_) => (StatusCode::SERVICE_UNAVAILABLE, "The provider does not answer"),
            Trouble::Refused(_) => (StatusCode::BAD_GATEWAY, "The provider said no"),
            Trouble::Unproven(_) => (StatusCode::BAD_GATEWAY, "This answer was not accepted"),
        };
        let hint = match trouble {
            Trouble::Unreachable(_) => {
                format!("It should be running at {}. Start it and try again.", self.0.demo.issuer)
            }
            _ => "Nobody was signed in by it.".to_owned(),
        };
        problem(status, title, &hint, Some(trouble.to_string()))
    }
}

/// The provider answered with an error: expected for `prompt=none`, or when the person gave up.
fn refusal(error: &str, description: Option<&str>) -> Response {
    let said = match description {
        Some(description) => format!("{error}: {description}"),
        None => error.to_owned(),
    };
    let explanation = match error {
        "login_required" | "interaction_required" => {
            "The app asked for an answer without any page (prompt=none), and nobody is signed in at the provider."
        }
        "access_denied" => "The sign-in was cancelled or not allowed.",
        _ => "The provider ended the sign-in with an error.",
    };
    problem(StatusCode::OK, "You were not signed in", explanation, Some(said))
}

fn unexpected() -> Response {
    let explanation = "It does not belong to a sign-in that this browser began here, or it was already used. \
                       If you are signed in, nothing has changed.";
    problem(StatusCode::BAD_REQUEST, "This answer was not expected", explanation, None)
}

fn garbled() -> Response {
    let explanation = "It carries neither a code nor an error, or carries something twice.";
    problem(StatusCode::BAD_REQUEST, "This answer makes no sense", explanation, None)
}
