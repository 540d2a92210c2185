//! Who operates: links that make operators, their roles, and that there is always an owner.

use super::audit;
use crate::app::App;
use crate::crypto::hash::sha256_hex;
use crate::domain::audit::{Act, Actor, By};
use crate::domain::ids::SubjectId;
use crate::domain::operator::{LINK_LIFE, Operator, OperatorInvitation, Role};
use crate::flows::Fault;
use crate::store::{self, Tx};
use serde_json::{Value, json};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    Done,
    Unknown,
    /// Nobody would be left to let others in.
    LastOwner,
}

/// A link that makes whoever opens it first an operator. It lives a quarter of an hour and works once.
pub async fn invite(app: &App, by: &By, role: Role) -> Result<String, Fault> {
    let (code, now) = (app.entropy.token("opi_"), app.now());
    let invitation = OperatorInvitation {
        code_hash: sha256_hex(&code),
        role,
        created_at: now,
        expires_at: now.plus(LINK_LIFE),
        opened_at: None,
        joined_at: None,
    };
    let mut tx = app.db.begin().await?;
    store::operators::add_invitation(&mut tx, &invitation).await?;
    let after = Some(json!({ "role": role.as_str() }));
    let act = Act { act: "invite", noun: "operator", name: role.as_str().to_owned(), before: None, after };
    audit::write(app, &mut tx, by, vec![act]).await?;
    tx.commit().await?;
    Ok(format!("{}/admin/join?invitation={code}", app.issuer))
}

/// Whether nobody operates this installation yet.
pub async fn none_yet(app: &App) -> Result<bool, Fault> {
    Ok(store::operators::count(&app.db, Role::Owner).await? == 0)
}

/// Opens a link, for one browser. What it is known by from here on, to be kept with that browser.
pub async fn open_link(app: &App, code: &str) -> Result<Option<String>, Fault> {
    let hash = sha256_hex(code);
    let opened = store::operators::spend_link(&app.db, &hash, app.now()).await?;
    Ok(opened.then_some(hash))
}

/// What a browser that opened a link may still become.
pub async fn joining(app: &App, hash: &str) -> Result<Option<Role>, Fault> {
    let invitation = store::operators::find_invitation(&app.db, hash).await?;
    Ok(invitation.filter(|invitation| invitation.joinable(app.now())).map(|invitation| invitation.role))
}

/// Makes somebody who signed in what their link says. Who is more already stays it.
pub async fn join(app: &App, by: &By, hash: &str, subject: &SubjectId) -> Result<bool, Fault> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let Some(invitation) = store::operators::find_invitation(&mut tx, hash).await? else { return Ok(false) };
    if !store::operators::spend_invitation(&mut tx, hash, now).await? {
        return Ok(false);
    }
    let before = store::operators::find(&mut tx, subject).await?;
    let rank = |role: Role| Role::ALL.iter().position(|known| *known == role);
    if before.as_ref().is_none_or(|before| rank(invitation.role) < rank(before.role)) {
        let operator = Operator { subject: subject.clone(), role: invitation.role, added_at: now };
        store::operators::add(&mut tx, &operator).await?;
        let before = before.map(|before| told(before.role));
        let act = if before.is_some() { "update" } else { "create" };
        let act = act_on(act, subject, before, Some(told(invitation.role)));
        audit::write(app, &mut tx, by, vec![act]).await?;
    }
    tx.commit().await?;
    tracing::info!(%subject, role = invitation.role.as_str(), "an operator joined");
    Ok(true)
}

pub async fn list(app: &App) -> Result<Vec<Operator>, Fault> {
    Ok(store::operators::list(&app.db).await?)
}

pub async fn change_role(app: &App, by: &By, subject: &SubjectId, role: Role) -> Result<Changed, Fault> {
    let mut tx = held(app).await?;
    let Some(before) = store::operators::find(&mut tx, subject).await? else { return Ok(Changed::Unknown) };
    if before.role == role {
        return Ok(Changed::Done);
    }
    if is_last_owner(&mut tx, &before).await? {
        return Ok(Changed::LastOwner);
    }
    store::operators::change_role(&mut tx, subject, role).await?;
    let act = act_on("update", subject, Some(told(before.role)), Some(told(role)));
    audit::write(app, &mut tx, by, vec![act]).await?;
    tx.commit().await?;
    Ok(Changed::Done)
}

pub async fn remove(app: &App, by: &By, subject: &SubjectId) -> Result<Changed, Fault> {
    let mut tx = held(app).await?;
    let Some(before) = store::operators::find(&mut tx, subject).await? else { return Ok(Changed::Unknown) };
    if is_last_owner(&mut tx, &before).await? {
        return Ok(Changed::LastOwner);
    }
    store::operators::forget(&mut tx, subject).await?;
    audit::write(app, &mut tx, by, vec![act_on("delete", subject, Some(told(before.role)), None)]).await?;
    tx.commit().await?;
    Ok(Changed::Done)
}

/// Two owners who remove one another at once must not both succeed: one at a time, on both engines.
async fn held(app: &App) -> Result<Tx, Fault> {
    let mut tx = app.db.begin().await?;
    store::catalog::hold(&mut tx).await?;
    Ok(tx)
}

async fn is_last_owner(tx: &mut Tx, operator: &Operator) -> Result<bool, Fault> {
    Ok(operator.role == Role::Owner && store::operators::count(tx, Role::Owner).await? <= 1)
}

/// Whether this account may not be blocked or forgotten: nobody would be left to let others in. Within the change itself.
pub(super) async fn needs(tx: &mut Tx, subject: &SubjectId) -> Result<bool, Fault> {
    match store::operators::find(&mut *tx, subject).await? {
        Some(operator) => is_last_owner(tx, &operator).await,
        None => Ok(false),
    }
}

/// Whether this account is not a program's to change: it is an operator's, and whoever signs in to it operates.
pub(super) async fn is_out_of_reach(tx: &mut Tx, by: &By, subject: &SubjectId) -> Result<bool, Fault> {
    let program = matches!(by.actor, Actor::Client(_));
    Ok(program && store::operators::find(&mut *tx, subject).await?.is_some())
}

fn told(role: Role) -> Value {
    json!({ "role": role.as_str() })
}

fn act_on(act: &'static str, subject: &SubjectId, before: Option<Value>, after: Option<Value>) -> Act {
    Act { act, noun: "operator", name: subject.as_str().to_owned(), before, after }
}
