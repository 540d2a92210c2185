//! A client sends somebody to sign in (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2).

use super::belong::{self, Unfit};
use super::par::{self, Led};
use super::{Fault, advance, answer, clients, request_object, trial};
use crate::app::{App, Live};
use crate::crypto::jwt::{self, Hinted};
use crate::domain::callback::{Callback, Redirection};
use crate::domain::client::Client;
use crate::domain::ids::InteractionId;
use crate::domain::interaction::{Interaction, LIFE, Step};
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
    /// Pushed or signed wrongly, and nothing says where to tell it.
    Request {
        client: String,
        error: OAuthError,
    },
    /// No such organization, or an invitation that cannot be used.
    Unfit {
        client: String,
        unfit: Unfit,
    },
    /// The portal tries this client, and not in this browser, or too long ago.
    Trial {
        client: String,
    },
    /// None of the client's connections is enabled: there is no page to show a person.
    NoWayIn {
        client: String,
    },
}

pub enum Begun {
    Fault(PageFault),
    Carry(Redirection),
    /// A person is needed, for this step.
    Ask(InteractionId, Step),
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
    let asked = match trial::opened(app, client, params, browser) {
        Some(Ok(params)) => Asked { params, pushed: None, jkt: None, trial: true },
        Some(Err(trial::NotHere)) => return Ok(Begun::Fault(PageFault::Trial { client: client.name.clone() })),
        None => match asked(app, client, params).await? {
            Ok(asked) => asked,
            Err(turned) => return Ok(turned_away(app, client, &turned)),
        },
    };
    let proven = match asked.trial {
        true => Some(Callback::of_trial(client, &asked.params, &app.issuer)),
        false => Callback::prove(client, &asked.params, &app.issuer),
    };
    let Some(callback) = proven else {
        return Ok(Begun::Fault(PageFault::RedirectUri { client: client.name.clone() }));
    };
    // From here on errors may travel to the client.
    let checked = demanded(client, &asked).and_then(|()| check(app, client, &asked.params, &callback));
    let mut request = match checked {
        Ok(request) => request,
        Err(refusal) => return Ok(Begun::Carry(refuse(client, &callback, &refusal))),
    };
    if let Err(unfit) = belong::prepare(app, client, &asked.params, &mut request).await? {
        // Told to the application, a person would be sent here again.
        return Ok(match request.prompt.none {
            true => Begun::Carry(callback.refuse(OAuthError::AccessDenied)),
            false => Begun::Fault(PageFault::Unfit { client: client.name.clone(), unfit }),
        });
    }
    request.dpop_jkt = request.dpop_jkt.or(asked.jkt);
    request.pushed = asked.pushed;
    request.trial = asked.trial;
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
        proven: None,
    };
    let step = advance::next(app, client, &interaction, None, session).await?;
    match (step, session) {
        (Step::Answer, Some(session)) => Ok(Begun::Carry(answer::at_once(app, client, &interaction, session).await?)),
        _ if interaction.request.prompt.none => {
            Ok(Begun::Carry(answer::refused(app, &app.db, &interaction, unasked(step)).await?))
        }
        _ if live.catalog.offered(client).next().is_none() => {
            Ok(Begun::Fault(PageFault::NoWayIn { client: client.name.clone() }))
        }
        _ => {
            store::interactions::add(&app.db, &interaction).await?;
            tracing::info!(interaction = %interaction.id, client = %client.id, "sign-in asked for");
            Ok(Begun::Ask(interaction.id, step))
        }
    }
}

/// The request as it counts.
struct Asked {
    params: Params,
    /// The hash of its reference, where it was pushed ahead.
    pushed: Option<String>,
    jkt: Option<String>,
    /// Made by the portal, and sealed: nothing but what the seal held counts.
    trial: bool,
}

/// A request that cannot be read, and the parameters that may still say where to tell it.
struct Turned {
    params: Params,
    refusal: Refusal,
}

/// What was pushed ahead wins over everything beside its reference (RFC 9126 §4); what was signed, over everything beside it.
async fn asked(app: &App, client: &Client, params: &Params) -> Result<Result<Asked, Turned>, Fault> {
    let turned = |params: Params, error, detail: &str| Ok(Err(Turned { params, refusal: Refusal::new(error, detail) }));
    let Some(request_uri) = params.get("request_uri") else {
        return Ok(match request_object::open(app, client, params).await {
            Ok(params) => Ok(Asked { params, pushed: None, jkt: None, trial: false }),
            Err(refusal) => Err(Turned { params: params.clone(), refusal }),
        });
    };
    if params.get("request").is_some() {
        return turned(params.clone(), OAuthError::InvalidRequest, "request beside request_uri");
    }
    match par::open(app, client, request_uri).await? {
        // Never fetched: whoever names an address there would have us knock at it.
        Led::Elsewhere => turned(params.clone(), OAuthError::RequestUriNotSupported, "not a reference of ours"),
        Led::Nowhere => turned(Params::default(), OAuthError::InvalidRequestUri, "unknown, or another client's"),
        Led::Over(params) => turned(params, OAuthError::InvalidRequestUri, "expired, or answered already"),
        Led::To(opened) => {
            Ok(Ok(Asked { params: opened.params, pushed: Some(opened.hash), jkt: opened.jkt, trial: false }))
        }
    }
}

fn turned_away(app: &App, client: &Client, turned: &Turned) -> Begun {
    match Callback::prove(client, &turned.params, &app.issuer) {
        Some(callback) => Begun::Carry(refuse(client, &callback, &turned.refusal)),
        None => Begun::Fault(PageFault::Request { client: client.name.clone(), error: turned.refusal.error }),
    }
}

/// RFC 9126 §6: some clients' requests never travel through a browser. The portal's own, sealed, cannot be changed there.
fn demanded(client: &Client, asked: &Asked) -> Result<(), Refusal> {
    let pushes = client.require_par || client.profile.requires_par();
    if pushes && asked.pushed.is_none() && !asked.trial {
        return Err(Refusal::new(OAuthError::InvalidRequest, "this client pushes its requests, and this one was not"));
    }
    Ok(())
}

/// Everything there is to check once it is known where errors go; `par` asks it as well.
pub(super) fn check(app: &App, client: &Client, params: &Params, callback: &Callback) -> Result<AuthRequest, Refusal> {
    let live = app.live();
    let mut request = AuthRequest::read(params, client, callback)?;
    request.scope = live.catalog.allowed_scope(client, request.scope);
    if request.scope.is_empty() {
        return Err(Refusal::new(OAuthError::InvalidScope, "no scope we know"));
    }
    live.catalog.allowed_targets(client, &app.issuer, &request.audience)?;
    look_up(app, &live, client, params, &mut request)?;
    Ok(request)
}

/// What a step becomes where nobody may be asked (OpenID Connect Core §3.1.2.6).
fn unasked(step: Step) -> OAuthError {
    match step {
        Step::Consent => OAuthError::ConsentRequired,
        Step::Identify | Step::Prove | Step::Answer => OAuthError::LoginRequired,
    }
}

/// What needs keys and catalog: `id_token_hint` and `connection_id`.
fn look_up(app: &App, live: &Live, client: &Client, params: &Params, request: &mut AuthRequest) -> Result<(), Refusal> {
    if let Some(hint) = params.get("id_token_hint") {
        let hinted = match jwt::read_hint(&live.keys, hint) {
            Hinted::Ours(claims) if claims["iss"] == app.issuer.as_str() => claims["sub"].as_str().map(str::to_owned),
            _ => None,
        };
        if hinted.is_none() && request.prompt.none {
            return Err(Refusal::new(OAuthError::LoginRequired, "the id_token_hint is not one of ours"));
        }
        if hinted.is_some() && request.hinted_subject.is_some() && hinted != request.hinted_subject {
            return Err(Refusal::new(OAuthError::LoginRequired, "id_token_hint and claims mean different people"));
        }
        request.hinted_subject = request.hinted_subject.take().or(hinted);
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
