//! What somebody signs in with, added and taken away by an operator.
//!
//! A number or address becomes somebody's by fresh proof, or by the word of an operator who knows: that word stands in the book.

use super::{Outcome, Refused, act, done};
use crate::app::App;
use crate::domain::audit::By;
use crate::domain::declaration::Mistake;
use crate::domain::identifier::Identifier;
use crate::domain::ids::SubjectId;
use crate::flows::manage::{audit, members, operators};
use crate::flows::{Fault, sign_out};
use crate::store;
use serde_json::json;

/// Added again, it is as good as once.
pub async fn add(app: &App, by: &By, id: &str, text: &str) -> Result<Outcome, Fault> {
    let id = SubjectId::new(id);
    let Some(identifier) = Identifier::read(text) else {
        let what = "a phone number with + and country code, or an e-mail address";
        return Ok(Outcome::Wrong(vec![Mistake::of("identifier", what)]));
    };
    let mut tx = app.db.begin().await?;
    if !store::subjects::hold(&mut tx, &id, app.now()).await? {
        return Ok(Outcome::Unknown);
    }
    if operators::is_out_of_reach(&mut tx, by, &id).await? {
        return Ok(Outcome::Refused(Refused::Operates));
    }
    match store::subjects::find_by_identifier(&mut tx, &identifier).await? {
        Some((owner, _)) if owner == id => {
            drop(tx);
            return done(app, &id).await;
        }
        Some((owner, _)) => return Ok(Outcome::Refused(Refused::Taken("identifier".into(), owner))),
        None => members::link(&mut tx, &identifier, &id, app.now()).await?,
    }
    let after = json!({ "kind": identifier.kind().as_str() });
    audit::write(app, &mut tx, by, vec![act("add_identifier", &id, Some(after))]).await?;
    tx.commit().await?;
    done(app, &id).await
}

/// Which session began with which identifier is not kept: all of them end.
pub async fn remove(app: &App, by: &By, id: &str, text: &str) -> Result<Outcome, Fault> {
    let id = SubjectId::new(id);
    let Some(identifier) = Identifier::read(text) else { return Ok(Outcome::Unknown) };
    let known = sign_out::known_of(app, &id).await?;
    let mut tx = app.db.begin().await?;
    if !store::subjects::hold(&mut tx, &id, app.now()).await? {
        return Ok(Outcome::Unknown);
    }
    if operators::is_out_of_reach(&mut tx, by, &id).await? {
        return Ok(Outcome::Refused(Refused::Operates));
    }
    let owner = store::subjects::find_by_identifier(&mut tx, &identifier).await?;
    if owner.is_none_or(|(owner, _)| owner != id) {
        return Ok(Outcome::Unknown);
    }
    if !store::people::forget_identifier(&mut tx, &id, &identifier).await? {
        return Ok(Outcome::Refused(Refused::Last));
    }
    let ended = sign_out::end_subject(app, &known, &mut tx, &id).await?;
    let after = json!({ "kind": identifier.kind().as_str(), "sessions": ended });
    audit::write(app, &mut tx, by, vec![act("remove_identifier", &id, Some(after))]).await?;
    tx.commit().await?;
    app.notices.notify_one();
    done(app, &id).await
}
