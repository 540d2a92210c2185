//! A client sends somebody to sign in (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2).

use super::{Fault, answer, clients};
use crate::app::{App, Live};
use crate::crypto::jwt;
use crate::domain::callback::{Callback, Redirection};
use crate::domain::client::Client;
use crate::domain::ids::InteractionId;
use crate::domain::interaction::{Facts, Interaction, LIFE, Step};
use crate::domain::oauth::{OAuthError, Refusal};
use crate::domain::params::{ParamFault, Params};
use crate::domain::request::{AuthRequest, ONCE};
use crate::domain::session::Session;
use crate::store;

/// A request that cannot be answered to the client, because who the client is has not been proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageFault {
    UnknownClient,
    RedirectUri {
        client: String,
    },
    Params {
        client: String,
        fault: ParamFault,
    },
    /// None of the client's connections is enabled: there is no page to show a person.
    NoWayIn {
        client: String,
    },
}

pub enum Begun {
    Fault(PageFault),
    Carry(Redirection),
    /// A person is needed.
    Ask(InteractionId),
}

/// `query` is the request as it came, `browser` the hash of this browser's cookie.
pub async fn begin(
    app: &App,
    params: &Params,
    query: &str,
    browser: &str,
    session: Option<&Session>,
) -> Result<Begun, Fault> {
    let live = app.live();
    let client = match params.get("client_id") {
        Some(id) => clients::find(app, id).await?,
        None => None,
    };
    let Some(client) = client.as_deref() else { return Ok(Begun::Fault(PageFault::UnknownClient)) };
    if let Err(fault) = params.check(&ONCE) {
        return Ok(Begun::Fault(PageFault::Params { client: client.name.clone(), fault }));
    }
    let Some(callback) = Callback::prove(client, params, &app.issuer) else {
        return Ok(Begun::Fault(PageFault::RedirectUri { client: client.name.clone() }));
    };
    // From here on errors may travel to the client.
    let mut request = match AuthRequest::read(params, client, &callback) {
        Ok(request) => request,
        Err(refusal) => return Ok(Begun::Carry(refuse(client, &callback, &refusal))),
    };
    request.scope = live.catalog.allowed_scope(client, request.scope);
    if request.scope.is_empty() {
        let refusal = Refusal::new(OAuthError::InvalidScope, "no scope we know");
        return Ok(Begun::Carry(refuse(client, &callback, &refusal)));
    }
    if let Err(refusal) = look_up(app, &live, client, params, &mut request) {
        return Ok(Begun::Carry(refuse(client, &callback, &refusal)));
    }
    request.query = query.to_owned();
    let now = app.now();
    let interaction = Interaction {
        id: app.entropy.interaction_id(now),
        client_id: client.id.clone(),
        request,
        browser: browser.to_owned(),
        created_at: now,
        expires_at: now.plus(LIFE),
        finished_at: None,
    };
    let step = interaction.next(&Facts { session, proven_here: None, challenge: None, now });
    match (step, session) {
        (Step::Answer, Some(session)) => Ok(Begun::Carry(answer::at_once(app, client, &interaction, session).await?)),
        _ if interaction.request.prompt.none => Ok(Begun::Carry(callback.refuse(OAuthError::LoginRequired))),
        _ if live.catalog.offered(client).next().is_none() => {
            Ok(Begun::Fault(PageFault::NoWayIn { client: client.name.clone() }))
        }
        _ => {
            store::interactions::add(&app.db, &interaction).await?;
            tracing::info!(interaction = %interaction.id, client = %client.id, "sign-in asked for");
            Ok(Begun::Ask(interaction.id))
        }
    }
}

/// What needs keys and catalog: `id_token_hint` and `connection_id`.
fn look_up(app: &App, live: &Live, client: &Client, params: &Params, request: &mut AuthRequest) -> Result<(), Refusal> {
    if let Some(hint) = params.get("id_token_hint") {
        let claims = jwt::read_hint(&live.keys, hint, app.now()).filter(|claims| claims["iss"] == app.issuer.as_str());
        request.hinted_subject = claims.and_then(|claims| claims["sub"].as_str().map(str::to_owned));
        if request.hinted_subject.is_none() && request.prompt.none {
            return Err(Refusal::new(OAuthError::LoginRequired, "the id_token_hint is not one of ours"));
        }
    }
    if let Some(asked) = params.get("connection_id") {
        request.connection =
            live.catalog.offered(client).find(|offered| offered.is_called(asked)).map(|offered| offered.name.clone());
        if request.connection.is_none() {
            tracing::warn!(client = %client.id, "connection_id is unknown, disabled or not this client's: showing all ways in");
        }
    }
    Ok(())
}

fn refuse(client: &Client, callback: &Callback, refusal: &Refusal) -> Redirection {
    tracing::info!(client = %client.id, error = %refusal.error, detail = refusal.detail, "authorization refused");
    callback.refuse(refusal.error)
}
