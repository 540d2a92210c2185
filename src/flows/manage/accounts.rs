//! People as operators see them: found, read, blocked and let in again, signed out, forgotten.

use super::audit;
use crate::app::App;
use crate::domain::audit::{Act, By};
use crate::domain::identifier::{Identifier, Kind};
use crate::domain::ids::SubjectId;
use crate::domain::subject::Subject;
use crate::domain::time::Time;
use crate::flows::{Fault, sign_out};
use crate::store;
use serde_json::{Value, json};

/// A page of people, newest first, those made before this moment and id; each with when it was made.
pub async fn list(app: &App, before: Option<(Time, &str)>, most: i64) -> Result<Vec<(Time, Subject)>, Fault> {
    let before = before.unwrap_or((Time(i64::MAX), ""));
    let mut people = Vec::new();
    for (made, id) in store::subjects::list(&app.db, before, most).await? {
        people.extend(store::subjects::find(&app.db, &id).await?.map(|subject| (made, subject)));
    }
    Ok(people)
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

/// Blocked, somebody is signed out everywhere and comes in no more, until an operator lets them in again. `None` where there is
/// no such account.
pub async fn block(app: &App, by: &By, id: &str, blocked: bool) -> Result<Option<Subject>, Fault> {
    let id = SubjectId::new(id);
    let known = sign_out::known_of(app, &id).await?;
    let mut tx = app.db.begin().await?;
    if store::subjects::change_blocked(&mut tx, &id, blocked, app.now()).await? {
        if blocked {
            sign_out::end_subject(app, &known, &mut tx, &id).await?;
        }
        let act = act(if blocked { "block" } else { "unblock" }, &id, None);
        audit::write(app, &mut tx, by, vec![act]).await?;
        tx.commit().await?;
        app.notices.notify_one();
    } else {
        drop(tx);
    }
    Ok(store::subjects::find(&app.db, &id).await?)
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
/// stop, which it asked to be remembered. `false` where there is no such account.
pub async fn erase(app: &App, by: &By, id: &str) -> Result<bool, Fault> {
    let id = SubjectId::new(id);
    let Some(subject) = store::subjects::find(&app.db, &id).await? else { return Ok(false) };
    let known = sign_out::known_of(app, &id).await?;
    let mut tx = app.db.begin().await?;
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
        return Ok(false);
    }
    audit::write(app, &mut tx, by, vec![act("erase", &id, None)]).await?;
    tx.commit().await?;
    app.notices.notify_one();
    Ok(true)
}
