//! The client gets its code: 256 random bits, of which the database keeps a hash.

use super::Fault;
use super::advance::{Onward, Told};
use crate::app::App;
use crate::crypto::hash::sha256_hex;
use crate::domain::callback::Redirection;
use crate::domain::client::{Client, GrantType};
use crate::domain::device;
use crate::domain::grant::{CODE_LIFE, Grant};
use crate::domain::ids::{InteractionId, SessionId};
use crate::domain::interaction::Interaction;
use crate::domain::oauth::OAuthError;
use crate::domain::request::AuthRequest;
use crate::domain::session::Session;
use crate::domain::timeline::{Moment, What};
use crate::store::sql::On;
use crate::store::{self, Tx};
use std::time::Duration;

/// From a session that is already there: nobody is asked, no interaction was kept.
pub async fn at_once(
    app: &App,
    client: &Client,
    interaction: &Interaction,
    session: &Session,
) -> Result<Redirection, Fault> {
    if interaction.request.pushed.is_none() {
        return grant(app, &app.db, client, interaction, session).await;
    }
    let mut tx = app.db.begin().await?;
    let redirection = within(app, &mut tx, client, interaction, session).await?;
    tx.commit().await?;
    Ok(redirection)
}

/// At the end of a sign-in, in its transaction. A pushed request is answered once, however often it was opened.
pub async fn within(
    app: &App,
    tx: &mut Tx,
    client: &Client,
    interaction: &Interaction,
    session: &Session,
) -> Result<Redirection, Fault> {
    if !spend_pushed(app, &mut *tx, interaction).await? {
        return Ok(interaction.request.callback(&app.issuer).refuse(OAuthError::InvalidRequestUri));
    }
    grant(app, tx, client, interaction, session).await
}

/// The client gets an error in place of its code; a pushed request is answered by that as well.
pub async fn refused(
    app: &App,
    on: impl Into<On<'_>>,
    interaction: &Interaction,
    error: OAuthError,
) -> Result<Redirection, Fault> {
    spend_pushed(app, on, interaction).await?;
    Ok(named(interaction, interaction.request.callback(&app.issuer).refuse(error)))
}

/// The portal tells the story of its own trial: it has to know which it is.
fn named(interaction: &Interaction, mut redirection: Redirection) -> Redirection {
    if interaction.request.trial {
        redirection.params.push(("interaction", interaction.id.to_string()));
    }
    redirection
}

/// `false` when somebody got this request's answer already.
async fn spend_pushed(app: &App, on: impl Into<On<'_>>, interaction: &Interaction) -> Result<bool, Fault> {
    match &interaction.request.pushed {
        Some(hash) => Ok(store::pushed_requests::spend(on, hash, app.now()).await?),
        None => Ok(true),
    }
}

/// The same at the end of a sign-in. The caller has ended the interaction; `why` stands in its story.
pub async fn refuse(
    app: &App,
    tx: &mut Tx,
    interaction: &Interaction,
    error: OAuthError,
    why: &str,
) -> Result<Onward, Fault> {
    note_denied(app, tx, &interaction.id, why).await?;
    if let Some(hash) = &interaction.request.device {
        let denied = store::device_codes::change_denied(tx, hash, app.now()).await?;
        return Ok(Onward::Device(if denied { Told::Denied } else { Told::Over }));
    }
    Ok(Onward::Client(refused(app, tx, interaction, error).await?))
}

/// Why nothing was given, for whoever reads the story.
pub(super) async fn note_denied(app: &App, tx: &mut Tx, id: &InteractionId, why: &str) -> Result<(), Fault> {
    let now = app.now();
    let moment = Moment { code: Some(why.to_owned()), ..Moment::new(id, now, What::Denied) };
    Ok(store::moments::add(tx, &app.entropy.moment_id(now), &moment).await?)
}

async fn grant(
    app: &App,
    on: impl Into<On<'_>>,
    client: &Client,
    interaction: &Interaction,
    session: &Session,
) -> Result<Redirection, Fault> {
    let (now, request) = (app.now(), &interaction.request);
    let grant = draw(app, client, request, session);
    let code = app.entropy.token("ac_");
    store::grants::add(on, &grant, &interaction.id, &sha256_hex(&code), now.plus(CODE_LIFE)).await?;
    Ok(named(interaction, request.callback(&app.issuer).answer(code, request.scope.to_string())))
}

/// What the approval of a request amounts to.
pub(super) fn draw(app: &App, client: &Client, request: &AuthRequest, session: &Session) -> Grant {
    let now = app.now();
    // Without `offline` a grant lives as long as its access token can be shown.
    let life = if request.scope.offline() {
        client.lifetimes.refresh.max(client.lifetimes.access)
    } else {
        client.lifetimes.access
    };
    Grant {
        id: app.entropy.grant_id(now),
        client_id: client.id.clone(),
        subject: session.subject.clone(),
        session: session.id.clone(),
        scope: request.scope.clone(),
        nonce: request.nonce.clone(),
        audience: request.audience.clone(),
        auth_time: session.auth_time,
        redirect_uri: request.redirect_uri.clone(),
        code_challenge: request.code_challenge.clone(),
        code_spent_at: None,
        created_at: now,
        expires_at: now.plus(Duration::from_secs(u64::from(life)) + CODE_LIFE),
        revoked_at: None,
        generation: i64::from(request.scope.offline() && client.may(GrantType::RefreshToken)),
        rotated_at: None,
        acr: None,
        claims: request.claims.clone(),
        jkt: request.dpop_jkt.clone(),
        organization: request.organization.clone(),
    }
}

/// A device's grant: no code opens it, it lives on where the browser that approved it signs out, and its time begins when the
/// device asks next.
pub(super) async fn keep_for_device(
    app: &App,
    tx: &mut Tx,
    mut grant: Grant,
    interaction: &InteractionId,
) -> Result<(), Fault> {
    grant.session = SessionId::new("");
    grant.expires_at = grant.expires_at.plus(device::LIFE);
    Ok(store::grants::add(tx, &grant, interaction, grant.id.as_str(), app.now()).await?)
}
