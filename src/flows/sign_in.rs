//! A right passcode becomes a sign-in: the challenge is spent, the identifier finds or makes its subject, a session begins,
//! and the client gets its code, all in one transaction. Where the person is to be asked what the client may have, the
//! interaction stays open and keeps the session instead.

use super::advance::Onward;
use super::standing::Open;
use super::{Fault, answer, belong, consent, events};
use crate::app::App;
use crate::domain::challenge::Challenge;
use crate::domain::consent::possible;
use crate::domain::event::{Happened, Kind, Source};
use crate::domain::identifier::Identifier;
use crate::domain::ids::SubjectId;
use crate::domain::interaction::Step;
use crate::domain::oauth::OAuthError;
use crate::domain::session::Session;
use crate::domain::time::Time;
use crate::store::{self, Tx};
use crate::telemetry::Outcome;

pub enum SignedIn {
    /// The session for this browser's cookie, and where it goes with it.
    Done(Session, Onward),
    /// Proven, and still not let in; the client is told no more than that.
    Refused(Onward),
    /// Somebody used this passcode or ended this sign-in a moment ago.
    Over,
}

pub async fn complete(app: &App, open: &Open, challenge: &Challenge) -> Result<SignedIn, Fault> {
    let now = app.now();
    let (client, id) = (&*open.client, &open.interaction.id);
    let mut tx = app.db.begin().await?;
    // Where somebody may be asked next, the interaction ends with that answer.
    let may_ask = possible(client, &open.interaction.request);
    if !store::challenges::spend(&mut tx, &challenge.id, now).await?
        || (!may_ask && !store::interactions::spend(&mut tx, id, now).await?)
    {
        return Ok(SignedIn::Over);
    }
    let sign_up = client.sign_up || belong::invited(open, &challenge.identifier);
    let Found { subject, new, blocked } = find_or_make(app, &mut tx, &challenge.identifier, sign_up, now).await?;
    let client_id = client.id.as_str();
    if new {
        events::write(app, &mut tx, Happened::created(Source::User, &subject, &[&challenge.identifier])).await?;
    }
    let proven = Happened::challenge(Kind::ChallengeCompleted, challenge, client_id, Some(&subject));
    events::write(app, &mut tx, proven).await?;
    let refused = match () {
        () if blocked => Some((OAuthError::AccessDenied, "blocked")),
        () if open.interaction.means_another(&subject) => Some((OAuthError::LoginRequired, "another_subject")),
        () => None,
    };
    let (organization, refused) = match refused {
        Some(refused) => (None, Some(refused)),
        None => match belong::settle(app, &mut tx, open, &challenge.identifier, &subject, new).await? {
            Ok(organization) => (organization, None),
            Err(why) => (None, Some((OAuthError::AccessDenied, why))),
        },
    };
    let asks =
        may_ask && refused.is_none() && consent::asked(&mut tx, client, &open.interaction.request, &subject).await?;
    if may_ask && !asks && !store::interactions::spend(&mut tx, id, now).await? {
        return Ok(SignedIn::Over);
    }
    if let Some((error, outcome)) = refused {
        return refuse(app, tx, open, error, outcome).await;
    }
    let session = Session {
        id: app.entropy.session_id(now),
        subject,
        auth_time: now,
        ended_at: None,
        expires_at: now.plus(app.config.session_life.0),
    };
    store::sessions::add(&mut tx, &session).await?;
    let started = Happened::session(Kind::SessionStarted, Source::User, &session.subject, &session.id, Some(client_id));
    events::write(app, &mut tx, started).await?;
    if asks {
        if !store::interactions::change_session(&mut tx, id, &session.id, now).await? {
            return Ok(SignedIn::Over);
        }
        tx.commit().await?;
        tracing::info!(interaction = %id, client = %client.id, subject = %session.subject, "signed in, to be asked");
        return Ok(SignedIn::Done(session, Onward::Step(Step::Consent)));
    }
    let mut interaction = open.interaction.clone();
    interaction.request.organization = organization;
    let redirection = answer::within(app, &mut tx, client, &interaction, &session).await?;
    tx.commit().await?;
    count(app, "done");
    tracing::info!(interaction = %id, client = %client.id, subject = %session.subject, "signed in");
    Ok(SignedIn::Done(session, Onward::Client(redirection)))
}

struct Found {
    subject: SubjectId,
    /// Made now.
    new: bool,
    blocked: bool,
}

/// The subject this proof is of, new where nobody had the identifier, and whether it may not sign in.
async fn find_or_make(
    app: &App,
    tx: &mut Tx,
    identifier: &Identifier,
    sign_up: bool,
    now: Time,
) -> Result<Found, Fault> {
    let new = app.entropy.subject_id();
    if !sign_up {
        let known = store::subjects::find_by_identifier(&mut *tx, identifier).await?;
        // Not known any more: its account went while the passcode was on its way.
        let (subject, blocked) = known.unwrap_or((new, true));
        return Ok(Found { subject, new: false, blocked });
    }
    let (subject, blocked) = store::subjects::prove_identifier(&mut *tx, identifier, &new, now).await?;
    let new = subject == new;
    if new {
        store::subjects::add(&mut *tx, &subject, now).await?;
    }
    Ok(Found { subject, new, blocked })
}

/// The passcode stays spent and the interaction ended.
async fn refuse(
    app: &App,
    mut tx: Tx,
    open: &Open,
    error: OAuthError,
    outcome: &'static str,
) -> Result<SignedIn, Fault> {
    let onward = answer::refuse(app, &mut tx, &open.interaction, error, outcome).await?;
    tx.commit().await?;
    count(app, outcome);
    Ok(SignedIn::Refused(onward))
}

fn count(app: &App, outcome: &'static str) {
    app.metrics.sign_ins.get_or_create(&Outcome { outcome }).inc();
}

/// The session a browser's cookie names, while it lives and its subject may sign in.
pub async fn session(app: &App, id: &str) -> Result<Option<Session>, Fault> {
    let session = store::sessions::find(&app.db, &crate::domain::ids::SessionId::new(id)).await?;
    Ok(session.filter(|session| session.live(app.now())))
}
