//! What the app shows and does once it knows who is there, and the page before that.

use super::Site;
use super::pages::{Home, Page, Welcome, claims, decoded, pretty, problem};
use super::provider::{SignedIn, Trouble};
use super::sessions;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use serde::Deserialize;
use serde_json::Value;

/// Sent with the logout and given back after it, so that the page can say what happened.
const SIGNED_OUT: &str = "signed-out";

#[derive(Deserialize)]
pub struct Back {
    state: Option<String>,
}

pub async fn home(State(site): State<Site>, jar: CookieJar, Query(back): Query<Back>) -> Response {
    let found = site.0.sessions.with(&jar, |session| (session.signed_in.clone(), session.notice.take()));
    match found {
        Some((Some(who), notice)) => site.welcome(&who, notice, None),
        _ => site.home(back.state.as_deref() == Some(SIGNED_OUT)),
    }
}

pub async fn refresh(State(site): State<Site>, jar: CookieJar) -> Response {
    let Some(who) = site.who(&jar) else {
        return Redirect::to("/").into_response();
    };
    match site.0.provider.refresh(&who).await {
        Ok(fresh) => {
            site.0.sessions.with(&jar, |session| {
                session.signed_in = Some(fresh);
                session.notice = Some("New tokens: compare iat, exp and jti.".to_owned());
            });
            Redirect::to("/").into_response()
        }
        Err(trouble) => site.trouble(&trouble),
    }
}

pub async fn userinfo(State(site): State<Site>, jar: CookieJar) -> Response {
    let Some(who) = site.who(&jar) else {
        return Redirect::to("/").into_response();
    };
    match site.0.provider.userinfo(&who).await {
        Ok(said) => site.welcome(&who, None, Some(pretty(&said))),
        Err(trouble) => site.trouble(&trouble),
    }
}

/// Signs out here, then at the provider. Without an answer from it the person is still signed out here.
pub async fn sign_out(State(site): State<Site>, jar: CookieJar) -> Response {
    let who = site.0.sessions.end(&jar);
    let jar = jar.remove(sessions::removal());
    let elsewhere = match who {
        Some(who) => site.0.provider.logout(&who, SIGNED_OUT).await.unwrap_or_else(|trouble: Trouble| {
            tracing::warn!(%trouble, "demo: signed out here only");
            None
        }),
        None => None,
    };
    let next = elsewhere.map_or_else(|| "/".to_owned(), String::from);
    (jar, Redirect::to(&next)).into_response()
}

pub async fn not_found() -> Response {
    problem(StatusCode::NOT_FOUND, "There is no such page", "The demo has one page to start from.", None)
}

impl Site {
    fn who(&self, jar: &CookieJar) -> Option<SignedIn> {
        self.0.sessions.with(jar, |session| session.signed_in.clone()).flatten()
    }

    fn home(&self, signed_out: bool) -> Response {
        let demo = &self.0.demo;
        Page(Home { issuer: &demo.issuer, phone_url: &demo.phone_url, signed_out }).into_response()
    }

    fn welcome(&self, who: &SignedIn, notice: Option<String>, userinfo: Option<String>) -> Response {
        let [_, id_claims] = decoded(&who.id_token.to_string());
        let [access_header, access_claims] = decoded(who.access_token.secret());
        let page = Welcome {
            phone_url: &self.0.demo.phone_url,
            name: greeting(&id_claims).unwrap_or_else(|| who.subject.to_string()),
            claims: claims(&id_claims),
            access_header: pretty(&access_header),
            access_claims: pretty(&access_claims),
            refreshable: who.refresh_token.is_some(),
            notice,
            userinfo,
        };
        Page(page).into_response()
    }
}

/// What to call this person: the first of these that the ID token has.
fn greeting(claims: &Value) -> Option<String> {
    ["name", "given_name", "email", "phone_number"]
        .iter()
        .find_map(|claim| Some(claims.get(claim)?.as_str()?.to_owned()))
}
