//! Signing out (OpenID Connect RP-Initiated Logout 1.0; Kinde's `redirect`). Opening the page ends nothing: its button does.

use super::Fault;
use crate::app::App;
use crate::crypto::jwt;
use crate::domain::params::{ParamFault, Params};
use crate::domain::session::Session;
use crate::store;

const ONCE: [&str; 6] = ["id_token_hint", "post_logout_redirect_uri", "redirect", "redirect_uri", "client_id", "state"];

/// What a sign-out request amounts to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Ask, then go where `to` says, or to our own page.
    Ask {
        to: Option<String>,
        sure: bool,
    },
    /// It named a place that is not registered, or a hint that is not ours: nobody is sent anywhere.
    Fault(&'static str),
    Params(ParamFault),
}

/// `sure` is set where an application proved that it is the one asking: the page may press its own button.
pub fn plan(app: &App, params: &Params, session: Option<&Session>) -> Plan {
    if let Err(fault) = params.check(&ONCE) {
        return Plan::Params(fault);
    }
    let live = app.live();
    let hint = match params.get("id_token_hint") {
        None => None,
        Some(hint) => match jwt::read_hint(&live.keys, hint, app.now())
            .filter(|claims| claims["iss"] == app.issuer.as_str() && claims["azp"].is_string())
        {
            Some(claims) => Some(claims),
            None => return Plan::Fault("id_token_hint is not an ID token of this service"),
        },
    };
    let hinted_client = hint.as_ref().and_then(|claims| claims["azp"].as_str());
    if let (Some(hinted), Some(named)) = (hinted_client, params.get("client_id"))
        && hinted != named
    {
        return Plan::Fault("client_id is not the one of id_token_hint");
    }
    let client = hinted_client.or(params.get("client_id")).and_then(|id| live.catalog.client(id));
    let same_person =
        hint.as_ref().is_some_and(|claims| session.is_none_or(|session| claims["sub"] == session.subject.as_str()));
    if let Some(asked) = params.get("post_logout_redirect_uri") {
        // Without a hint or a client_id nobody proved whose place it is.
        return match client.filter(|client| client.has_post_logout_redirect_uri(asked)) {
            Some(_) => Plan::Ask { to: Some(with_state(asked, params.get("state"))), sure: same_person },
            None => Plan::Fault("post_logout_redirect_uri is not registered for this application"),
        };
    }
    // Kinde's SDKs send `redirect`, some `redirect_uri`, without saying who they are. An unlisted one is not followed.
    let asked = params.get("redirect").or(params.get("redirect_uri"));
    let to = asked.filter(|asked| match client {
        Some(client) => client.has_post_logout_redirect_uri(asked),
        None => live.catalog.post_logout_client(asked).is_some(),
    });
    Plan::Ask { to: to.map(|to| with_state(to, params.get("state"))), sure: same_person || to.is_some() }
}

fn with_state(uri: &str, state: Option<&str>) -> String {
    let Some(state) = state else { return uri.to_owned() };
    let separator = if uri.contains('?') { '&' } else { '?' };
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("state", state).finish();
    format!("{uri}{separator}{query}")
}

/// Ends the session and everything it gave.
pub async fn end(app: &App, session: &Session) -> Result<(), Fault> {
    let mut tx = app.db.begin().await?;
    let now = app.now();
    store::sessions::end(&mut tx, &session.id, now).await?;
    store::grants::revoke_session(&mut tx, &session.id, now).await?;
    tx.commit().await?;
    tracing::info!(subject = %session.subject, "signed out");
    Ok(())
}
