//! Which organization a sign-in is for, who was invited into one, and who makes one: Kinde's `org_code`, `invitation_code` and
//! `is_create_org`.

use super::standing::Open;
use super::{Fault, events, portal};
use crate::app::App;
use crate::crypto::hash::sha256_hex;
use crate::domain::client::Client;
use crate::domain::event::{Happened, Source};
use crate::domain::hint::Hint;
use crate::domain::identifier::{Identifier, Kind};
use crate::domain::ids::SubjectId;
use crate::domain::invitation::Invitation;
use crate::domain::organization::Organization;
use crate::domain::params::Params;
use crate::domain::request::AuthRequest;
use crate::domain::standard::StandardClaims;
use crate::store::{self, Tx};

/// Told on our own page: an application that got it as an error would send the person straight back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    UnknownOrganization,
    /// Unknown, expired or used: one answer for all.
    Invitation,
    /// The client offers no e-mail.
    NoEmail,
}

/// What of a request needs rows. Costs nothing where neither is named.
pub async fn prepare(
    app: &App,
    client: &Client,
    params: &Params,
    request: &mut AuthRequest,
) -> Result<Result<(), Unfit>, Fault> {
    let live = app.live();
    request.joins = portal::joins(app, client.id.as_str(), params).await?;
    if let Some(code) = params.get("invitation_code") {
        let hash = sha256_hex(code);
        let found = store::invitations::find(&app.db, &hash).await?;
        let Some(invitation) = found.filter(|found| found.usable(app.now())) else {
            return Ok(Err(Unfit::Invitation));
        };
        let Some(email) = live.catalog.offered(client).find(|way| way.kind.identifier() == Kind::Email) else {
            return Ok(Err(Unfit::NoEmail));
        };
        request.connection = Some(email.name.clone());
        request.login_hint = Some(Hint { phone: None, email: Some(invitation.email.reveal().to_owned()) });
        request.invitation = Some(hash);
        request.prompt.create = !request.prompt.none;
        request.organization = Some(invitation.organization);
    }
    // The one everybody belongs to needs no asking.
    request.organization = request.organization.take().filter(|code| *code != live.catalog.organization);
    if let Some(code) = request.organization.as_deref().filter(|_| request.invitation.is_none()) {
        let known = !code.contains('\0') && store::catalog::find_organization(&app.db, code).await?.is_some();
        return Ok(if known { Ok(()) } else { Err(Unfit::UnknownOrganization) });
    }
    Ok(Ok(()))
}

/// Whether this person may answer for the organization asked for. A session of somebody who may not answers nothing.
pub async fn fits(app: &App, request: &AuthRequest, subject: &SubjectId) -> Result<bool, Fault> {
    match &request.organization {
        Some(code) => Ok(store::memberships::find(&app.db, subject, code).await?.is_some()),
        None => Ok(true),
    }
}

/// Whether whoever proves this was invited by this very request: they may sign up where sign-up is closed.
pub fn invited(open: &Open, identifier: &Identifier) -> bool {
    let request = &open.interaction.request;
    request.joins || is_of_invitation(request, identifier)
}

fn is_of_invitation(request: &AuthRequest, identifier: &Identifier) -> bool {
    request.invitation.is_some()
        && request.login_hint.as_ref().and_then(|hint| hint.identifier(Kind::Email)).as_ref() == Some(identifier)
}

/// After the proof, in its transaction: the invitation is spent and joined, the organization asked for is made. The grant's
/// organization, or why the person is not let in.
pub async fn settle(
    app: &App,
    tx: &mut Tx,
    open: &Open,
    identifier: &Identifier,
    subject: &SubjectId,
    new: bool,
) -> Result<Result<Option<String>, &'static str>, Fault> {
    let request = &open.interaction.request;
    let mut profile = request.names.clone();
    if let Some(hash) = &request.invitation {
        if !is_of_invitation(request, identifier) || !store::invitations::spend(&mut *tx, hash, app.now()).await? {
            return Ok(Err("invitation_used"));
        }
        let Some(invitation) = store::invitations::find(&mut *tx, hash).await? else {
            return Ok(Err("invitation_used"));
        };
        join(app, tx, subject, &invitation).await?;
        profile = invitation.profile;
    }
    if new && profile != StandardClaims::default() {
        store::subjects::change_profile(&mut *tx, subject, &profile, app.now()).await?;
    }
    if let Some(name) =
        request.new_organization.as_deref().filter(|_| open.client.create_organizations && !open.client.third_party)
    {
        return Ok(Ok(Some(make(app, tx, subject, name).await?)));
    }
    Ok(match &request.organization {
        None => Ok(None),
        Some(code) if store::memberships::find(&mut *tx, subject, code).await?.is_some() => Ok(Some(code.clone())),
        Some(_) => Err("no_member"),
    })
}

/// Beside what the person had there already.
async fn join(app: &App, tx: &mut Tx, subject: &SubjectId, invitation: &Invitation) -> Result<(), Fault> {
    let code = &invitation.organization;
    let (mut roles, permissions) = store::memberships::find(&mut *tx, subject, code).await?.unwrap_or_default();
    let more: Vec<String> = invitation.roles.iter().filter(|role| !roles.contains(role)).cloned().collect();
    roles.extend(more);
    store::memberships::change(&mut *tx, subject, code, &roles, &permissions, app.now()).await?;
    events::write(app, tx, Happened::updated(Source::User, subject, &[code])).await
}

/// A new organization and its first member, with the role `owner` where one is declared.
async fn make(app: &App, tx: &mut Tx, subject: &SubjectId, name: &str) -> Result<String, Fault> {
    let code = format!("org_{}", app.entropy.short());
    let organization = Organization { code: code.clone(), name: name.to_owned(), ..Organization::default() };
    store::catalog::change_declared(&mut *tx, "organization", &code, &organization).await?;
    let roles: Vec<String> = app.live().catalog.role("owner").map(|role| role.key.clone()).into_iter().collect();
    store::memberships::change(&mut *tx, subject, &code, &roles, &[], app.now()).await?;
    events::write(app, tx, Happened::updated(Source::User, subject, &[&code])).await?;
    tracing::info!(organization = code, "an organization was made at sign-up");
    Ok(code)
}
