//! People as operators see them: found, read, made, changed, blocked and let in again, signed out, made one, copied, forgotten.

mod copy;
mod history;
mod identifiers;
mod make;
mod merge;
mod search;

pub use copy::copy;
pub use history::{grants, sessions, sign_ins};
pub use identifiers::{add as add_identifier, remove as remove_identifier};
pub use make::{change, create};
pub use merge::{FRESH, merge};
pub use search::{Search, list};

use super::{audit, operators};
use crate::app::App;
use crate::domain::audit::{Act, By};
use crate::domain::declaration::Mistake;
use crate::domain::identifier::{Identifier, Kind};
use crate::domain::ids::SubjectId;
use crate::domain::subject::Subject;
use crate::flows::{Fault, sign_out};
use crate::store;
use serde_json::{Value, json};

/// What became of what an operator asked.
#[derive(Debug)]
pub enum Outcome {
    Made(Box<Subject>),
    /// As they are now.
    Done(Box<Subject>),
    Gone,
    /// There is no such account, or it has no such identifier.
    Unknown,
    Wrong(Vec<Mistake>),
    Refused(Refused),
    /// The key stood for another request.
    KeyReused,
}

/// Why nothing was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Somebody has this identifier: the text that named it, and whose it is.
    Taken(String, SubjectId),
    /// It is the only one: without it nobody could sign in to the account.
    Last,
    /// Nobody proved both accounts in one browser lately.
    Unproven,
    /// One of the two is blocked.
    Blocked,
    /// Nobody would be left to let operators in.
    LastOwner,
    /// They operate: with a number of its own added to an owner's account, a program would be that owner.
    Operates,
}

/// As it is after what was done to it.
async fn done(app: &App, id: &SubjectId) -> Result<Outcome, Fault> {
    let subject = store::subjects::find(&app.db, id).await?;
    Ok(subject.map_or(Outcome::Unknown, |subject| Outcome::Done(Box::new(subject))))
}

pub async fn find(app: &App, id: &str) -> Result<Option<Subject>, Fault> {
    Ok(store::subjects::find(&app.db, &SubjectId::new(id)).await?)
}

pub async fn find_by_identifier(app: &App, identifier: &Identifier) -> Result<Option<Subject>, Fault> {
    match store::subjects::find_by_identifier(&app.db, identifier).await? {
        Some((id, _)) => Ok(store::subjects::find(&app.db, &id).await?),
        None => Ok(None),
    }
}

/// Ends every session of somebody, and everything they gave. How many sessions it were; `None` where there is no such account.
pub async fn end_sessions(app: &App, by: &By, id: &str) -> Result<Option<usize>, Fault> {
    let id = SubjectId::new(id);
    if store::subjects::find(&app.db, &id).await?.is_none() {
        return Ok(None);
    }
    let known = sign_out::known_of(app, &id).await?;
    let mut tx = app.db.begin().await?;
    let ended = sign_out::end_subject(app, &known, &mut tx, &id).await?;
    let act = act("end_sessions", &id, Some(json!({ "sessions": ended })));
    audit::write(app, &mut tx, by, vec![act]).await?;
    tx.commit().await?;
    app.notices.notify_one();
    Ok(Some(ended))
}

/// The book names people by their ids: it is kept longer than they may be.
fn act(act: &'static str, id: &SubjectId, after: Option<Value>) -> Act {
    Act { act, noun: "person", name: id.as_str().to_owned(), before: None, after }
}

/// Forgets somebody altogether: account, identifiers, memberships, sessions, grants, consents, invitations, and what became of
/// each sign-in of theirs. Kept are the book of what operators did, which names them by id, and that a number told a sender to
/// stop, which it asked to be remembered.
pub async fn erase(app: &App, by: &By, id: &str) -> Result<Outcome, Fault> {
    let id = SubjectId::new(id);
    let known = sign_out::known_of(app, &id).await?;
    let mut tx = app.db.begin().await?;
    // Operators are looked at and changed by one at a time.
    store::catalog::hold(&mut tx).await?;
    let Some(subject) = store::subjects::find(&mut tx, &id).await? else { return Ok(Outcome::Unknown) };
    if operators::needs(&mut tx, &id).await? {
        return Ok(Outcome::Refused(Refused::LastOwner));
    }
    sign_out::end_subject(app, &known, &mut tx, &id).await?;
    for identifier in &subject.identifiers {
        store::outbox::forget_identifier(&mut tx, identifier).await?;
        store::moments::forget_identifier(&mut tx, identifier).await?;
        store::interactions::forget_identifier(&mut tx, identifier).await?;
        store::challenges::forget_identifier(&mut tx, identifier).await?;
        store::events::forget_identifier(&mut tx, &app.secret.blurred(identifier)).await?;
        if identifier.kind() == Kind::Email {
            store::invitations::forget_email(&mut tx, identifier.reveal()).await?;
        }
    }
    store::grants::forget_subject(&mut tx, &id).await?;
    store::sessions::forget_subject(&mut tx, &id).await?;
    store::consents::forget_subject(&mut tx, &id).await?;
    // That they are forgotten is told after it.
    store::events::forget_subject(&mut tx, &id).await?;
    if !store::subjects::forget(&mut tx, &id).await? {
        return Ok(Outcome::Unknown);
    }
    audit::write(app, &mut tx, by, vec![act("erase", &id, None)]).await?;
    tx.commit().await?;
    app.notices.notify_one();
    Ok(Outcome::Gone)
}
