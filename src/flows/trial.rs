//! The portal tries a client: a real sign-in of that very client, in the operator's browser, whose answer the portal reads.
//!
//! It must be no new way to anybody's code or token, so:
//! - only the portal begins one, for whoever may change clients, and it is written down. The whole request stands under our seal,
//!   bound to the client and to the operator's browser; nothing beside the seal counts, and in another browser it does not open.
//! - where it comes back to is made by us from the client's id, and read from no request (`Callback::of_trial`). A client that asks
//!   for that address by itself, here or at the pushed requests' door, is told what it would be told of any other it never registered.
//! - the code is bound by PKCE to a verifier that stands in a sealed cookie: not even the operator can redeem it, nor whoever holds
//!   the client's secret. State and issuer are checked as any client would.
//! - it is redeemed in process, once; its grant ends in the same breath, no refresh token is made, and no token leaves the server.
//! - the session it began ends with it, and the browser is given back the one it had: an operator does not stay signed in as somebody.
//!
//! What a client demands of its own requests (pushed, signed) and of whoever redeems (a secret, a proof of possession) keeps others
//! from speaking in its name. Nobody does here, and so a client that demands it can be tried as well.

use super::exchange::{Redeemed, redeem_trial};
use super::manage::audit;
use super::sealed::{close, open};
use super::timeline::{self, Story};
use super::{Fault, events, sign_in};
use crate::app::App;
use crate::crypto::hash::s256;
use crate::crypto::jwt;
use crate::crypto::same::same;
use crate::domain::audit::{Act, By};
use crate::domain::callback::Callback;
use crate::domain::client::{Client, ClientKind, GrantType};
use crate::domain::declaration::Noun;
use crate::domain::event::{Happened, Kind, Source};
use crate::domain::ids::{SessionId, SubjectId};
use crate::domain::management;
use crate::domain::oauth::OAuthError;
use crate::domain::params::Params;
use crate::domain::portal::CLIENT;
use crate::domain::session::Session;
use crate::store;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

/// As long as a sign-in may take.
const LIFE: Duration = crate::domain::interaction::LIFE;
const PARAM: &str = "portal_trial";
/// What is asked for, beside what the client names itself: all that says who somebody is.
const SCOPES: [&str; 4] = ["openid", "profile", "email", "phone"];

/// What travels to the authorization endpoint.
#[derive(Serialize, Deserialize)]
struct Sealed {
    query: String,
    browser: String,
    until: i64,
}

/// What the operator's browser keeps meanwhile.
#[derive(Serialize, Deserialize)]
struct Trying {
    state: String,
    nonce: String,
    verifier: String,
    /// Whoever began it hears how it ended.
    by: String,
    /// The session this browser had.
    before: Option<String>,
    until: i64,
}

fn asking(client: &str) -> String {
    format!("portal tries {client}")
}

fn keeping(client: &str) -> String {
    format!("portal tried {client}")
}

/// Why a client cannot be tried at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untried {
    /// It acts in its own name.
    Machine,
    /// Nobody signs in to it through a browser of theirs.
    NoCode,
    /// None of its connections is switched on.
    NoWayIn,
}

pub fn untried(app: &App, client: &Client) -> Option<Untried> {
    match client {
        client if client.kind == ClientKind::Machine => Some(Untried::Machine),
        client if !client.may(GrantType::AuthorizationCode) => Some(Untried::NoCode),
        client if app.live().catalog.offered(client).next().is_none() => Some(Untried::NoWayIn),
        _ => None,
    }
}

/// One that is declared or registered here; the portal itself is tried by whoever signs in to it.
pub fn client(app: &App, id: &str) -> Option<Arc<Client>> {
    app.live().catalog.client(id).filter(|client| client.id.as_str() != CLIENT).cloned()
}

/// What the browser is to keep, and the request it goes with.
pub async fn begin(
    app: &App,
    by: &By,
    client: &Client,
    browser: &str,
    session: Option<&Session>,
) -> Result<(String, String), Fault> {
    let (state, nonce, verifier) = (app.entropy.token("st_"), app.entropy.short(), app.entropy.token("pk_"));
    let until = app.now().plus(LIFE).0;
    let query = Params::new(vec![
        ("response_type".into(), "code".into()),
        ("client_id".into(), client.id.to_string()),
        ("scope".into(), scope(client)),
        ("state".into(), state.clone()),
        ("nonce".into(), nonce.clone()),
        ("code_challenge".into(), s256(&verifier)),
        ("code_challenge_method".into(), "S256".into()),
        // Whoever is signed in here already would see no page.
        ("prompt".into(), "login".into()),
    ]);
    let sealed = Sealed { query: query.encoded(), browser: browser.to_owned(), until };
    let sealed = close(app, &asking(client.id.as_str()), &sealed)?;
    let before = session.map(|session| session.id.to_string());
    let trying = Trying { state, nonce, verifier, by: by.actor.to_string(), before, until };
    let kept = close(app, &keeping(client.id.as_str()), &trying)?;
    let mut tx = app.db.begin().await?;
    let name = client.id.to_string();
    let act = Act { act: "try", noun: Noun::Client.as_str(), name, before: None, after: None };
    audit::write(app, &mut tx, by, vec![act]).await?;
    tx.commit().await?;
    let onward = Params::new(vec![("client_id".into(), client.id.to_string()), (PARAM.into(), sealed)]);
    Ok((kept, onward.encoded()))
}

/// Without `offline`: nobody stays. What operators may do is no application's people's.
fn scope(client: &Client) -> String {
    let own = client.scopes.iter().map(String::as_str);
    let own = own.filter(|word| !word.starts_with("offline") && !SCOPES.contains(word) && !management::is_scope(word));
    SCOPES.into_iter().chain(own).collect::<Vec<_>>().join(" ")
}

/// It began in another browser or for another client, is too old, or was never ours.
pub struct NotHere;

/// The request of a trial, where one is asked for.
pub fn opened(app: &App, client: &Client, params: &Params, browser: &str) -> Option<Result<Params, NotHere>> {
    let sealed: Option<Sealed> = open(app, &asking(client.id.as_str()), params.get(PARAM)?);
    let here = |sealed: &Sealed| app.now().0 < sealed.until && same(sealed.browser.as_bytes(), browser.as_bytes());
    Some(sealed.filter(here).map(|sealed| Params::parse(sealed.query.as_bytes())).ok_or(NotHere))
}

/// How a trial ended.
pub enum End {
    /// With all the application would know. No claims where `openid` was not granted.
    In {
        claims: Option<Value>,
        scope: String,
    },
    Refused(OAuthError),
}

pub struct Tried {
    pub end: End,
    /// Nothing where it was refused before there was a page.
    pub story: Option<Story>,
    /// The session that ended with it.
    pub ended: Option<SessionId>,
    /// The one this browser had before, while it lives.
    pub before: Option<Session>,
}

/// What came back. `None` where it is not what this operator asked for in this browser.
pub async fn finish(
    app: &App,
    by: &By,
    client: &Client,
    kept: Option<&str>,
    answer: &Params,
) -> Result<Option<Tried>, Fault> {
    let trying: Option<Trying> = kept.and_then(|kept| open(app, &keeping(client.id.as_str()), kept));
    let Some(trying) = trying else { return Ok(None) };
    let fits = |name: &str, wanted: &str| answer.get(name).is_some_and(|got| same(got.as_bytes(), wanted.as_bytes()));
    let asked = fits("state", &trying.state) && fits("iss", &app.issuer);
    if !asked || app.now().0 >= trying.until || trying.by != by.actor.to_string() {
        return Ok(None);
    }
    let story = match answer.get("interaction") {
        Some(id) => timeline::of_interaction(app, id).await?.filter(|story| is_of(story, client, &trying)),
        None => None,
    };
    let proven = story.as_ref().and_then(|story| story.interaction.proven.clone());
    let (end, ended) = match answer.get("code") {
        Some(code) => match redeem(app, client, &trying, code).await? {
            Some((end, session)) => (end, Some(session)),
            None => return Ok(None),
        },
        // Nobody else knows this state: but for its error, what came is ours.
        None => (End::Refused(error(answer)), proven),
    };
    let ended = ended.filter(|ended| trying.before.as_deref() != Some(ended.as_str()));
    if let Some(session) = &ended {
        sign_out(app, session).await?;
    }
    let before = match &trying.before {
        Some(id) => sign_in::session(app, id).await?,
        None => None,
    };
    Ok(Some(Tried { end, story, ended, before }))
}

fn error(answer: &Params) -> OAuthError {
    let told = OAuthError::ALL.into_iter().find(|one| answer.get("error") == Some(one.code()));
    told.unwrap_or(OAuthError::ServerError)
}

fn is_of(story: &Story, client: &Client, trying: &Trying) -> bool {
    let interaction = &story.interaction;
    interaction.client_id == client.id
        && interaction.request.trial
        && interaction.request.state.as_deref() == Some(trying.state.as_str())
}

async fn redeem(app: &App, client: &Client, trying: &Trying, code: &str) -> Result<Option<(End, SessionId)>, Fault> {
    let sent_to = Callback::of_trial(client, &Params::default(), &app.issuer);
    let redeemed = redeem_trial(app, client, &sent_to, code, &trying.verifier).await?;
    let Some(Redeemed { tokens, session }) = redeemed else { return Ok(None) };
    let tokens = match tokens {
        Ok(tokens) => tokens,
        Err(refusal) => return Ok(Some((End::Refused(refusal.error), session))),
    };
    // Read as an application reads it: signed by a key we publish, and meant for this trial.
    let claims = match tokens.id_token.as_deref() {
        Some(token) => match jwt::read(&app.live().keys, token, app.now()) {
            Some(claims) if claims["nonce"] == trying.nonce.as_str() => Some(claims),
            _ => return Err(Fault::Broken("the ID token of a trial cannot be verified".into())),
        },
        None => None,
    };
    Ok(Some((End::In { claims, scope: tokens.scope }, session)))
}

/// No client is told: none was given anything.
async fn sign_out(app: &App, id: &SessionId) -> Result<(), Fault> {
    let Some(session) = store::sessions::find(&app.db, id).await? else { return Ok(()) };
    let (mut tx, now) = (app.db.begin().await?, app.now());
    if store::sessions::end(&mut tx, id, now).await? {
        let subject: &SubjectId = &session.subject;
        events::write(app, &mut tx, Happened::session(Kind::SessionEnded, Source::Admin, subject, id, None)).await?;
    }
    store::grants::revoke_session(&mut tx, id, now).await?;
    Ok(tx.commit().await?)
}
