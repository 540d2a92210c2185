//! Signing out (OpenID Connect RP-Initiated Logout 1.0; Kinde's `redirect`). Opening the page ends nothing: its button does.
//! Whoever was told of the sign-in is told of its end: back-channel by notices of the same transaction, front-channel by frames.

use super::{Fault, clients, events};
use crate::app::{App, Live};
use crate::crypto::jwt::{self, Hinted};
use crate::domain::client::Client;
use crate::domain::event::{Happened, Kind, Source};
use crate::domain::ids::{ClientId, SessionId, SubjectId};
use crate::domain::notice::{Ended, LIFE, Notice};
use crate::domain::params::{ParamFault, Params};
use crate::domain::session::Session;
use crate::store::{self, Tx};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

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
pub async fn plan(app: &App, params: &Params, session: Option<&Session>) -> Result<Plan, Fault> {
    if let Err(fault) = params.check(&ONCE) {
        return Ok(Plan::Params(fault));
    }
    let live = app.live();
    let hint = match params.get("id_token_hint").map(|hint| read_hint(app, &live, hint)) {
        None => None,
        Some(Hinted::Ours(claims)) => Some(claims),
        // It may have been ours, long ago. Whoever holds it may sign out, and is sent nowhere.
        Some(Hinted::Untold) => return Ok(Plan::Ask { to: None, sure: false }),
        Some(Hinted::Foreign) => return Ok(Plan::Fault("id_token_hint is not an ID token of this service")),
    };
    let hinted_client = hint.as_ref().and_then(|claims| claims["azp"].as_str());
    if let (Some(hinted), Some(named)) = (hinted_client, params.get("client_id"))
        && hinted != named
    {
        return Ok(Plan::Fault("client_id is not the one of id_token_hint"));
    }
    let client = match hinted_client.or(params.get("client_id")) {
        Some(id) => clients::find(app, id).await?,
        None => None,
    };
    let same_person =
        hint.as_ref().is_some_and(|claims| session.is_none_or(|session| claims["sub"] == session.subject.as_str()));
    if let Some(asked) = params.get("post_logout_redirect_uri") {
        // Without a hint or a client_id nobody proved whose place it is.
        return Ok(match client.filter(|client| client.has_post_logout_redirect_uri(asked)) {
            Some(_) => Plan::Ask { to: Some(with_state(asked, params.get("state"))), sure: same_person },
            None => Plan::Fault("post_logout_redirect_uri is not registered for this application"),
        });
    }
    // Kinde's SDKs send `redirect`, some `redirect_uri`, without saying who they are. An unlisted one is not followed.
    let asked = params.get("redirect").or(params.get("redirect_uri"));
    let to = asked.filter(|asked| match &client {
        Some(client) => client.has_post_logout_redirect_uri(asked),
        None => live.catalog.post_logout_client(asked).is_some(),
    });
    // Other browsers are another matter: only who holds the person's ID token ends those without the person.
    let sure = same_person || (to.is_some() && !everywhere(params));
    Ok(Plan::Ask { to: to.map(|to| with_state(to, params.get("state"))), sure })
}

/// Whether all of the person's sessions are meant: Kinde's `all_sessions`, or the second button.
pub fn everywhere(params: &Params) -> bool {
    params.get("all_sessions") == Some("true") || params.get("everywhere").is_some()
}

fn read_hint(app: &App, live: &Live, hint: &str) -> Hinted {
    match jwt::read_hint(&live.keys, hint) {
        Hinted::Ours(claims) if claims["iss"] == app.issuer.as_str() && claims["azp"].is_string() => {
            Hinted::Ours(claims)
        }
        Hinted::Ours(_) => Hinted::Foreign,
        other => other,
    }
}

fn with_state(uri: &str, state: Option<&str>) -> String {
    state.map_or_else(|| uri.to_owned(), |state| with(uri, &[("state", state)]))
}

/// Parameters after what the URI has of its own, byte for byte.
fn with(uri: &str, params: &[(&str, &str)]) -> String {
    let separator = if uri.contains('?') { '&' } else { '?' };
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(params).finish();
    format!("{uri}{separator}{query}")
}

/// Where the browser that signed out is to tell of it (OpenID Connect Front-Channel Logout 1.0 §2).
pub type Frames = Vec<String>;

/// Clients by their ids.
pub(super) type Known = HashMap<ClientId, Arc<Client>>;

/// Whose metadata stand elsewhere is asked for them, but not waited for: a person is signing out.
const PATIENCE: Duration = Duration::from_secs(2);

/// Those who were given something, as far as they can be known in time; before any transaction, as some are asked of others.
async fn known(app: &App, given: &[(SessionId, ClientId)]) -> Result<Known, Fault> {
    let mut known = Known::new();
    for (_, id) in given {
        if known.contains_key(id) {
            continue;
        }
        let found = match app.known(id.as_str()) {
            Some(client) => Some(client),
            None => tokio::time::timeout(PATIENCE, clients::find(app, id.as_str())).await.unwrap_or(Ok(None))?,
        };
        known.extend(found.map(|client| (id.clone(), client)));
    }
    Ok(known)
}

/// Everywhere, because an operator says so. What clients are told of is rung for after the transaction.
pub(super) async fn end_subject(app: &App, known: &Known, tx: &mut Tx, subject: &SubjectId) -> Result<usize, Fault> {
    let now = app.now();
    let given = store::grants::list_clients(&mut *tx, subject).await?;
    let mut ended = BTreeSet::from([SessionId::new("")]);
    let over = store::sessions::end_all(&mut *tx, subject, now).await?;
    tell_ended(app, tx, Source::Admin, subject, &over).await?;
    ended.extend(over);
    store::grants::revoke_subject(&mut *tx, subject, now).await?;
    let over: Vec<&(SessionId, ClientId)> = given.iter().filter(|(session, _)| ended.contains(session)).collect();
    write_notices(app, known, tx, subject, &over).await?;
    Ok(ended.len() - 1)
}

/// The clients somebody gave something to.
pub(super) async fn known_of(app: &App, subject: &SubjectId) -> Result<Known, Fault> {
    known(app, &store::grants::list_clients(&app.db, subject).await?).await
}

/// Ends the session, or all of the person's, and everything they gave; in the same transaction stands who is to be told.
pub async fn end(app: &App, session: &Session, everywhere: bool) -> Result<Frames, Fault> {
    let known = known_of(app, &session.subject).await?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let given = store::grants::list_clients(&mut tx, &session.subject).await?;
    let mut ended: BTreeSet<SessionId> = BTreeSet::from([session.id.clone()]);
    if everywhere {
        let over = store::sessions::end_all(&mut tx, &session.subject, now).await?;
        tell_ended(app, &mut tx, Source::User, &session.subject, &over).await?;
        ended.extend(over);
        // What a device was given hangs from no session.
        ended.insert(SessionId::new(""));
        store::grants::revoke_subject(&mut tx, &session.subject, now).await?;
    } else {
        if store::sessions::end(&mut tx, &session.id, now).await? {
            tell_ended(app, &mut tx, Source::User, &session.subject, std::slice::from_ref(&session.id)).await?;
        }
        store::grants::revoke_session(&mut tx, &session.id, now).await?;
    }
    let over: Vec<&(SessionId, ClientId)> = given.iter().filter(|(session, _)| ended.contains(session)).collect();
    let told = write_notices(app, &known, &mut tx, &session.subject, &over).await?;
    tx.commit().await?;
    if told > 0 {
        app.notices.notify_one();
    }
    tracing::info!(subject = %session.subject, everywhere, told, "signed out");
    // Only what lives in this browser can be reached through it.
    let here = over.iter().filter(|(of, _)| *of == session.id).filter_map(|(_, id)| known.get(id));
    Ok(here.filter_map(|client| frame(app, client, session)).collect())
}

/// For endpoints that hear of events.
async fn tell_ended(
    app: &App,
    tx: &mut Tx,
    source: Source,
    subject: &SubjectId,
    over: &[SessionId],
) -> Result<(), Fault> {
    for session in over {
        events::write(app, tx, Happened::session(Kind::SessionEnded, source, subject, session, None)).await?;
    }
    Ok(())
}

/// One for each session a client must be told of by name, and one for each client that only knows people.
async fn write_notices(
    app: &App,
    known: &Known,
    tx: &mut Tx,
    subject: &SubjectId,
    over: &[&(SessionId, ClientId)],
) -> Result<usize, Fault> {
    let now = app.now();
    let mut wanted: BTreeSet<(&ClientId, Option<&str>)> = BTreeSet::new();
    for (of, id) in over {
        // Whose metadata cannot be read now may be told later: by the session, as it may want that.
        let named = match known.get(id) {
            Some(client) if client.logout.back_channel.is_none() => continue,
            Some(client) => client.logout.back_channel_session,
            None if clients::may_be_elsewhere(app, id.as_str()) => true,
            None => continue,
        } && !of.as_str().is_empty();
        wanted.insert((id, named.then_some(of.as_str())));
    }
    for (client, of) in &wanted {
        let ended = Ended { subject: subject.as_str().to_owned(), session: of.map(str::to_owned) };
        let id = app.entropy.notice_id(now);
        let (client, expires_at) = ((*client).clone(), now.plus(LIFE));
        let notice = Notice { id, client, ended, created_at: now, expires_at, tries: 0, lease_until: now };
        store::notices::add(&mut *tx, &notice).await?;
    }
    Ok(wanted.len())
}

fn frame(app: &App, client: &Client, session: &Session) -> Option<String> {
    let uri = client.logout.front_channel.as_deref()?;
    let named = client.logout.front_channel_session;
    Some(if named { with(uri, &[("iss", &app.issuer), ("sid", session.id.as_str())]) } else { uri.to_owned() })
}
