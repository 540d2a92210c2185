//! Who somebody is, and what they may do in which organization.

use crate::app::App;
use crate::domain::declaration::WantedPerson;
use crate::domain::event::{Happened, Source};
use crate::domain::identifier::Identifier;
use crate::domain::ids::SubjectId;
use crate::domain::standard::StandardClaims;
use crate::domain::time::Time;
use crate::flows::{Fault, events};
use crate::store::{self, Tx};

/// The account of these identifiers, made where nobody has one. The operator vouches for them: no passcode is asked. `None`
/// when they are of two people.
pub async fn find_or_make(
    app: &App,
    tx: &mut Tx,
    identifiers: &[Identifier],
) -> Result<Option<(SubjectId, bool)>, Fault> {
    let (mut owner, mut unowned) = (None, Vec::new());
    for identifier in identifiers {
        match store::subjects::find_by_identifier(&mut *tx, identifier).await? {
            Some((found, _)) if owner.as_ref().is_some_and(|owner| *owner != found) => return Ok(None),
            Some((found, _)) => owner = Some(found),
            None => unowned.push(identifier),
        }
    }
    let (now, changed) = (app.now(), !unowned.is_empty());
    let new = owner.is_none();
    let subject = owner.unwrap_or_else(|| app.entropy.subject_id());
    for identifier in unowned {
        link(tx, identifier, &subject, now).await?;
    }
    if new {
        store::subjects::add(&mut *tx, &subject, now).await?;
        let identifiers: Vec<&Identifier> = identifiers.iter().collect();
        events::write(app, tx, Happened::created(Source::Admin, &subject, &identifiers)).await?;
    }
    Ok(Some((subject, changed)))
}

/// An identifier nobody had a moment ago becomes somebody's. Whoever proved it meanwhile keeps it.
pub(super) async fn link(tx: &mut Tx, identifier: &Identifier, subject: &SubjectId, now: Time) -> Result<(), Fault> {
    let (owner, _) = store::subjects::prove_identifier(tx, identifier, subject, now).await?;
    if owner == *subject { Ok(()) } else { Err(Fault::Unavailable("somebody proved this identifier meanwhile".into())) }
}

/// What was made of somebody, and which organizations there are none of.
#[derive(Debug, Default)]
pub(super) struct Settled {
    pub changed: Vec<String>,
    pub unknown: Vec<String>,
}

/// Profile and memberships, as they are wanted. `own` is the organization everybody belongs to.
pub(super) async fn settle(
    app: &App,
    tx: &mut Tx,
    own: &str,
    subject: &SubjectId,
    wanted: &WantedPerson,
) -> Result<Settled, Fault> {
    let mut settled = Settled::default();
    if let Some(profile) = &wanted.profile
        && change_profile(app, tx, subject, profile).await?
    {
        settled.changed.push("profile".into());
    }
    for (organization, roles, permissions) in &wanted.memberships {
        let there = organization == own || store::catalog::find_organization(&mut *tx, organization).await?.is_some();
        if !there {
            settled.unknown.push(organization.clone());
        } else if assign(app, tx, subject, organization, roles, permissions).await? {
            settled.changed.push(organization.clone());
        }
    }
    Ok(settled)
}

/// Makes somebody a member with exactly these roles and permissions. `false` when it was so already.
pub async fn assign(
    app: &App,
    tx: &mut Tx,
    subject: &SubjectId,
    organization: &str,
    roles: &[String],
    permissions: &[String],
) -> Result<bool, Fault> {
    let before = store::memberships::find(&mut *tx, subject, organization).await?;
    if before.is_some_and(|(had, held)| had == roles && held == permissions) {
        return Ok(false);
    }
    store::memberships::change(tx, subject, organization, roles, permissions, app.now()).await?;
    Ok(true)
}

/// Takes somebody out of an organization: its tokens are not refreshed any more.
pub async fn remove(app: &App, subject: &SubjectId, organization: &str) -> Result<bool, Fault> {
    Ok(store::memberships::forget(&app.db, subject, organization).await?)
}

/// `false` when it was so already.
pub async fn change_profile(
    app: &App,
    tx: &mut Tx,
    subject: &SubjectId,
    profile: &StandardClaims,
) -> Result<bool, Fault> {
    Ok(store::subjects::change_profile(tx, subject, profile, app.now()).await?)
}
