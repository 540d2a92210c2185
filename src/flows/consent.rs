//! A person allows a client what it asks for, or does not. What was allowed is remembered until it is taken back.

use super::advance::{Onward, Told};
use super::standing::Open;
use super::{Fault, answer, device};
use crate::app::App;
use crate::domain::client::Client;
use crate::domain::consent::{self, Consent};
use crate::domain::ids::{ClientId, SubjectId};
use crate::domain::oauth::OAuthError;
use crate::domain::request::AuthRequest;
use crate::domain::session::Session;
use crate::store::sql::On;
use crate::store::{self, Tx};
use crate::telemetry::Outcome;

/// Whether this person is asked.
pub async fn asked(
    on: impl Into<On<'_>>,
    client: &Client,
    request: &AuthRequest,
    subject: &SubjectId,
) -> Result<bool, Fault> {
    if !consent::possible(client, request) {
        return Ok(false);
    }
    let remembered = store::consents::find(on, subject, &client.id).await?;
    Ok(consent::needed(client, request, remembered.as_ref()))
}

/// As whom: one of their identifiers, masked.
pub async fn who(app: &App, session: &Session) -> Result<Option<String>, Fault> {
    let subject = store::subjects::find(&app.db, &session.subject).await?;
    Ok(subject.and_then(|subject| subject.identifiers.first().map(crate::domain::identifier::Identifier::masked)))
}

/// Allowed: remembered and answered, in one transaction. Nothing where somebody answered a moment ago.
pub async fn allow(app: &App, open: &Open, session: &Session) -> Result<Option<Onward>, Fault> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    if !store::interactions::spend(&mut tx, &open.interaction.id, now).await? {
        return Ok(None);
    }
    let onward = match &open.interaction.request.device {
        Some(hash) if device::approve(app, &mut tx, open, session, hash).await? => Onward::Device(Told::Allowed),
        Some(_) => {
            answer::note_denied(app, &mut tx, &open.interaction.id, "over").await?;
            Onward::Device(Told::Over)
        }
        None => {
            remember(app, &mut tx, open, session).await?;
            Onward::Client(answer::within(app, &mut tx, &open.client, &open.interaction, session).await?)
        }
    };
    tx.commit().await?;
    count(app, "done");
    tracing::info!(interaction = %open.interaction.id, client = %open.client.id, subject = %session.subject, "allowed");
    Ok(Some(onward))
}

async fn remember(app: &App, tx: &mut Tx, open: &Open, session: &Session) -> Result<(), Fault> {
    let request = &open.interaction.request;
    let before = store::consents::find(&mut *tx, &session.subject, &open.client.id).await?;
    let consent = before.map_or_else(
        || Consent {
            subject: session.subject.clone(),
            client_id: open.client.id.clone(),
            scope: request.scope.clone(),
            audience: request.audience.clone(),
            allowed_at: app.now(),
        },
        |before| Consent { allowed_at: app.now(), ..before.widened(request) },
    );
    Ok(store::consents::add(tx, &consent).await?)
}

/// Not allowed, or a sign-in called off: the client hears of it (RFC 6749 §4.1.2.1), and nothing is remembered.
pub async fn deny(app: &App, open: &Open) -> Result<Option<Onward>, Fault> {
    let mut tx = app.db.begin().await?;
    if !store::interactions::spend(&mut tx, &open.interaction.id, app.now()).await? {
        return Ok(None);
    }
    let onward = answer::refuse(app, &mut tx, &open.interaction, OAuthError::AccessDenied, "person").await?;
    tx.commit().await?;
    count(app, "denied");
    tracing::info!(interaction = %open.interaction.id, client = %open.client.id, "denied");
    Ok(Some(onward))
}

/// Taken back: the client has to ask again, and what it was given in this person's name ends.
pub async fn forget(app: &App, subject: &SubjectId, client: &ClientId) -> Result<bool, Fault> {
    let mut tx = app.db.begin().await?;
    let forgotten = store::consents::forget(&mut tx, subject, client).await?;
    let ended = store::grants::revoke_client(&mut tx, subject, client, app.now()).await?;
    tx.commit().await?;
    tracing::info!(%client, %subject, grants = ended, "consent taken back");
    Ok(forgotten)
}

fn count(app: &App, outcome: &'static str) {
    app.metrics.sign_ins.get_or_create(&Outcome { outcome }).inc();
}
