//! `/oauth2/auth`, by GET or POST.

use crate::app::App;
use crate::domain::params::Params;
use crate::flows::authorize::{Begun, begin};
use crate::http::browser::Browser;
use crate::http::watch::RequestId;
use crate::http::{bounds, cookies, fault, pages, urls};
use axum::extract::{Extension, RawForm, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use tower_sessions::Session;

pub async fn get(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    browser: Browser,
    cookie: Session,
    RawQuery(query): RawQuery,
) -> Response {
    answer(&app, &id, browser, &cookie, query.unwrap_or_default()).await
}

/// A post from the client's own site arrives without our `Lax` cookies. Sent on as a GET it has them, and whoever is signed in
/// stays signed in.
pub async fn post(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    browser: Browser,
    cookie: Session,
    RawForm(form): RawForm,
) -> Response {
    // Written anew: a form may hold bytes no address can, and this one is an address when the sign-in begins again.
    let pairs = url::form_urlencoded::parse(&form);
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    // One too long for an address is answered as it came, by whoever is here without cookies.
    if browser.is_new() && query.len() + urls::AUTHORIZE.len() < bounds::LONGEST_URL {
        return Redirect::to(&urls::authorize_again(&query)).into_response();
    }
    answer(&app, &id, browser, &cookie, query).await
}

async fn answer(app: &App, id: &RequestId, browser: Browser, cookie: &Session, query: String) -> Response {
    let params = Params::parse(query.as_bytes());
    let begun = match cookies::current(app, cookie).await {
        Ok(session) => begin(app, &params, &query, &browser.key, session.as_ref()).await,
        Err(fault) => Err(fault),
    };
    match begun {
        Ok(Begun::Ask(interaction, step)) => {
            (browser, Redirect::to(&urls::step(step, interaction.as_str()))).into_response()
        }
        Ok(Begun::Carry(redirection)) => pages::carry(app, &browser, &redirection),
        Ok(Begun::Fault(refused)) => fault::request(app, &browser, id, &refused),
        Err(broken) => fault::page(app, &browser, id, &broken),
    }
}
