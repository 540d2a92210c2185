//! How operators get in: the portal is a client of its own provider, and asks it for a sign-in as any other would.

use super::Fault;
use super::exchange::client_auth::Credentials;
use super::exchange::{Exchanged, exchange};
use super::manage::operators;
use super::sealed;
use crate::app::App;
use crate::crypto::hash::s256;
use crate::crypto::jwt;
use crate::crypto::same::same;
use crate::delivery::route::route;
use crate::domain::audit::{Actor, By};
use crate::domain::connection::Connection;
use crate::domain::dpop::Shown;
use crate::domain::ids::{SessionId, SubjectId};
use crate::domain::operator::Role;
use crate::domain::params::Params;
use crate::domain::phone::Line;
use crate::domain::portal::{CALLBACK, CLIENT};
use crate::domain::time::Time;
use crate::store;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long somebody is in before the portal asks its provider again.
const STAY: Duration = Duration::from_secs(12 * 60 * 60);
/// How long a sign-in may take.
const ASKED: Duration = Duration::from_secs(60 * 60);
const LABEL: &str = "operator joins";
const ASKING: &str = "operator asks";

/// A sign-in under way; kept by the browser that began it, under our seal: whoever only asks costs no row.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Asked {
    state: String,
    nonce: String,
    verifier: String,
    /// Where to, once in.
    pub to: String,
    until: i64,
}

/// Somebody who signed in here; kept with their browser.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Seat {
    pub subject: String,
    sid: String,
    until: i64,
}

/// All the portal keeps with a browser.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Kept {
    pub seat: Option<Seat>,
    /// The operator's link it opened.
    pub joins: Option<String>,
}

/// Who acts in the portal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seated {
    /// Nobody yet, for whoever sets an installation up by its first link.
    pub subject: Option<SubjectId>,
    pub role: Role,
    pub auth_time: Time,
}

/// Whether anybody can sign in at all: an installation that can send no passcode has to be set up first.
pub fn has_a_way_in(app: &App) -> bool {
    let live = app.live();
    let Some(client) = live.catalog.client(CLIENT) else { return false };
    let delivers = |connection: &Connection| {
        let ladder = connection.ladder_for(CLIENT, None, Line::Mobile);
        ladder.into_iter().any(|channel| !route(&live.carriers, channel, connection.rung(channel), None).is_empty())
    };
    live.catalog.offered(client).any(delivers)
}

/// What the browser is to keep, and where it goes to sign in. `joins` is the link it opened.
pub fn begin(app: &App, to: &str, fresh: bool, joins: Option<&str>) -> Result<(String, String), Fault> {
    let (state, nonce, verifier) = (app.entropy.token("st_"), app.entropy.short(), app.entropy.token("pk_"));
    let mut query = Params::new(vec![
        ("response_type".into(), "code".into()),
        ("client_id".into(), CLIENT.into()),
        ("redirect_uri".into(), format!("{}{CALLBACK}", app.issuer)),
        ("scope".into(), "openid".into()),
        ("state".into(), state.clone()),
        ("nonce".into(), nonce.clone()),
        ("code_challenge".into(), s256(&verifier)),
        ("code_challenge_method".into(), "S256".into()),
        ("max_age".into(), if fresh { "0".into() } else { STAY.as_secs().to_string() }),
    ]);
    if let Some(hash) = joins {
        query = query.with("operator_invitation", sealed::close(app, LABEL, &hash)?);
    }
    let asked = Asked { state, nonce, verifier, to: to.to_owned(), until: app.now().plus(ASKED).0 };
    Ok((sealed::close(app, ASKING, &asked)?, query.encoded()))
}

/// Whether a request of the portal's brings a link that its browser opened, and that may still be used: then somebody unknown
/// may prove who they are.
pub async fn joins(app: &App, client: &str, params: &Params) -> Result<bool, Fault> {
    let Some(sealed) = params.get("operator_invitation").filter(|_| client == CLIENT) else { return Ok(false) };
    match sealed::open::<String>(app, LABEL, sealed) {
        Some(hash) => Ok(operators::joining(app, &hash).await?.is_some()),
        None => Ok(false),
    }
}

/// What this browser asked for, as it kept it.
pub fn asked(app: &App, kept: &str) -> Option<Asked> {
    sealed::open(app, ASKING, kept)
}

/// What came back. `None` where it is not what was asked for: then it is asked again.
pub async fn finish(app: &App, asked: &Asked, answer: &Params) -> Result<Option<Seat>, Fault> {
    let now = app.now();
    let fits = |name: &str, wanted: &str| answer.get(name).is_some_and(|got| same(got.as_bytes(), wanted.as_bytes()));
    // RFC 9207: the answer is of this provider; RFC 6749 §10.12: to this browser.
    if now.0 >= asked.until || !fits("state", &asked.state) || !fits("iss", &app.issuer) {
        return Ok(None);
    }
    let Some(code) = answer.get("code") else { return Ok(None) };
    let params = Params::new(vec![
        ("grant_type".into(), "authorization_code".into()),
        ("client_id".into(), CLIENT.into()),
        ("code".into(), code.to_owned()),
        ("redirect_uri".into(), format!("{}{CALLBACK}", app.issuer)),
        ("code_verifier".into(), asked.verifier.clone()),
    ]);
    let credentials = Credentials::read(None, None, &params);
    let Exchanged::Tokens(tokens) = exchange(app, &params, &credentials, &Shown::default()).await? else {
        return Ok(None);
    };
    let claims = tokens.id_token.as_deref().and_then(|token| jwt::read(&app.live().keys, token, now));
    let Some(claims) = claims.filter(|claims| claims["nonce"] == asked.nonce.as_str()) else { return Ok(None) };
    let text = |name: &str| claims[name].as_str().map(str::to_owned);
    let (Some(subject), Some(sid)) = (text("sub"), text("sid")) else { return Ok(None) };
    Ok(Some(Seat { subject, sid, until: now.plus(STAY).0 }))
}

/// Who a seat is of now: its session lives, its person is let in and operates.
pub async fn seated(app: &App, seat: &Seat) -> Result<Option<Seated>, Fault> {
    let now = app.now();
    if now.0 >= seat.until {
        return Ok(None);
    }
    let subject = SubjectId::new(&seat.subject);
    let found = store::operators::find_seated(&app.db, &subject, &SessionId::new(&seat.sid), now).await?;
    Ok(found.map(|(role, auth_time)| Seated { subject: Some(subject), role, auth_time }))
}

/// Whoever opened the first link sets up what a sign-in needs, while nobody operates yet.
pub async fn setting_up(app: &App, hash: &str) -> Result<Option<Seated>, Fault> {
    let owner = operators::joining(app, hash).await? == Some(Role::Owner);
    let first = owner && operators::none_yet(app).await?;
    // Opening the link was the proof; there is no sign-in to ask for.
    Ok(first.then(|| Seated { subject: None, role: Role::Owner, auth_time: app.now() }))
}

impl Seated {
    /// Whether they signed in a moment ago.
    pub fn is_fresh(&self, now: Time, within: Duration) -> bool {
        now.since(self.auth_time) <= within
    }

    pub fn by(&self, address: String) -> By {
        let actor = match &self.subject {
            Some(subject) => Actor::Operator(subject.as_str().to_owned()),
            None => Actor::FirstLink,
        };
        By { actor, address }
    }
}
