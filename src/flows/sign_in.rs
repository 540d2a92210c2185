//! A right passcode becomes a sign-in: the challenge is spent, the identifier finds or makes its subject, a session begins,
//! and the client gets its code, all in one transaction.

use super::standing::Open;
use super::{Fault, answer};
use crate::app::App;
use crate::domain::callback::Redirection;
use crate::domain::challenge::Challenge;
use crate::domain::identifier::Identifier;
use crate::domain::ids::SubjectId;
use crate::domain::interaction::Interaction;
use crate::domain::oauth::OAuthError;
use crate::domain::session::Session;
use crate::domain::time::Time;
use crate::store::{self, Tx};
use crate::telemetry::Outcome;

pub enum SignedIn {
    /// The session for this browser's cookie, and the way back to the client.
    Done(Session, Redirection),
    /// Proven, and still not let in; the client is told no more than that.
    Refused(Redirection),
    /// Somebody used this passcode or ended this sign-in a moment ago.
    Over,
}

pub async fn complete(app: &App, open: &Open, challenge: &Challenge) -> Result<SignedIn, Fault> {
    let now = app.now();
    let client = &*open.client;
    let mut tx = app.db.begin().await?;
    if !store::challenges::spend(&mut tx, &challenge.id, now).await?
        || !store::interactions::spend(&mut tx, &open.interaction.id, now).await?
    {
        return Ok(SignedIn::Over);
    }
    let (subject, blocked) = find_or_make(app, &mut tx, &challenge.identifier, client.sign_up, now).await?;
    if blocked {
        return refuse(app, tx, &open.interaction, OAuthError::AccessDenied, "blocked").await;
    }
    if open.interaction.means_another(&subject) {
        return refuse(app, tx, &open.interaction, OAuthError::LoginRequired, "another_subject").await;
    }
    let session = Session {
        id: app.entropy.session_id(now),
        subject,
        auth_time: now,
        ended_at: None,
        expires_at: now.plus(app.config.session_life.0),
    };
    store::sessions::add(&mut tx, &session).await?;
    let redirection = answer::within(app, &mut tx, client, &open.interaction, &session).await?;
    tx.commit().await?;
    count(app, "done");
    tracing::info!(interaction = %open.interaction.id, client = %client.id, subject = %session.subject, "signed in");
    Ok(SignedIn::Done(session, redirection))
}

/// The subject this proof is of, new where nobody had the identifier, and whether it may not sign in.
async fn find_or_make(
    app: &App,
    tx: &mut Tx,
    identifier: &Identifier,
    sign_up: bool,
    now: Time,
) -> Result<(SubjectId, bool), Fault> {
    let new = app.entropy.subject_id();
    if !sign_up {
        let known = store::subjects::find_by_identifier(&mut *tx, identifier).await?;
        // Not known any more: its account went while the passcode was on its way.
        return Ok(known.unwrap_or((new, true)));
    }
    let (subject, blocked) = store::subjects::prove_identifier(&mut *tx, identifier, &new, now).await?;
    if subject == new {
        store::subjects::add(&mut *tx, &new, now).await?;
    }
    Ok((subject, blocked))
}

/// The passcode stays spent and the interaction ended.
async fn refuse(
    app: &App,
    mut tx: Tx,
    interaction: &Interaction,
    error: OAuthError,
    outcome: &'static str,
) -> Result<SignedIn, Fault> {
    let redirection = answer::refused(app, &mut tx, interaction, error).await?;
    tx.commit().await?;
    count(app, outcome);
    Ok(SignedIn::Refused(redirection))
}

fn count(app: &App, outcome: &'static str) {
    app.metrics.sign_ins.get_or_create(&Outcome { outcome }).inc();
}

/// The session a browser's cookie names, while it lives and its subject may sign in.
pub async fn session(app: &App, id: &str) -> Result<Option<Session>, Fault> {
    let session = store::sessions::find(&app.db, &crate::domain::ids::SessionId::new(id)).await?;
    Ok(session.filter(|session| session.live(app.now())))
}
