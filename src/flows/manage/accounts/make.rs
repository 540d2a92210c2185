//! An operator makes somebody, or changes what they are. Who an operator speaks for is asked for no passcode: it is the operator
//! who vouches, as in a file that is applied, and the book says which.

use super::{Outcome, Refused, act, done};
use crate::app::App;
use crate::domain::audit::By;
use crate::domain::declaration::{Declaration, Mistake};
use crate::domain::ids::SubjectId;
use crate::flows::manage::again::{Asked, Before};
use crate::flows::manage::change::Key;
use crate::flows::manage::{audit, members, operators};
use crate::flows::{Fault, sign_out};
use crate::store;
use serde_json::{Value, json};

/// Makes somebody nobody knows yet.
pub async fn create(app: &App, by: &By, body: Value, key: Option<Key>) -> Result<Outcome, Fault> {
    let live = app.live();
    let mut tx = app.db.begin().await?;
    let asked = key.map(|key| Asked::of(key, "person", &body));
    if let Some(asked) = &asked {
        match asked.before::<String>(app, &mut tx).await? {
            Before::Nothing => {}
            Before::Answered(id) => {
                let made = store::subjects::find(&mut tx, &SubjectId::new(id)).await?;
                return Ok(made.map_or(Outcome::Unknown, |made| Outcome::Made(Box::new(made))));
            }
            Before::Another => return Ok(Outcome::KeyReused),
        }
    }
    let wanted = match Declaration::person(body, &live.catalog) {
        Ok(wanted) => wanted,
        Err(mistakes) => return Ok(Outcome::Wrong(mistakes)),
    };
    for identifier in &wanted.identifiers {
        if let Some((owner, _)) = store::subjects::find_by_identifier(&mut tx, identifier).await? {
            return Ok(Outcome::Refused(Refused::Taken("identifiers".into(), owner)));
        }
    }
    let Some((id, _)) = members::find_or_make(app, &mut tx, &wanted.identifiers).await? else {
        return Err(Fault::Unavailable("somebody proved one of the identifiers meanwhile".into()));
    };
    let settled = members::settle(app, &mut tx, &live.catalog.organization, &id, &wanted).await?;
    if !settled.unknown.is_empty() {
        return Ok(Outcome::Wrong(settled.unknown.iter().map(|code| undeclared(code)).collect()));
    }
    if let Some(asked) = asked {
        asked.keep(app, &mut tx, &id.as_str()).await?;
    }
    let after = json!({ "identifiers": wanted.identifiers.len(), "changed": settled.changed });
    audit::write(app, &mut tx, by, vec![act("create", &id, Some(after))]).await?;
    let made = store::subjects::find(&mut tx, &id).await?;
    tx.commit().await?;
    made.map(|made| Outcome::Made(Box::new(made)))
        .ok_or_else(|| Fault::Broken("somebody is not there after they were made".into()))
}

/// What is said of somebody changes: `blocked`, `profile` (laid over what there is, RFC 7396), `organization` (each as it is told
/// from now on; others stay). Blocked, somebody is signed out everywhere and comes in no more.
pub async fn change(app: &App, by: &By, id: &str, patch: Value) -> Result<Outcome, Fault> {
    let (id, live) = (SubjectId::new(id), app.live());
    let known = sign_out::known_of(app, &id).await?;
    let mut tx = app.db.begin().await?;
    if patch["blocked"] == true {
        // Operators are looked at and changed by one at a time.
        store::catalog::hold(&mut tx).await?;
        if operators::needs(&mut tx, &id).await? {
            return Ok(Outcome::Refused(Refused::LastOwner));
        }
    }
    let Some(subject) = store::subjects::find(&mut tx, &id).await? else { return Ok(Outcome::Unknown) };
    let wanted = match Declaration::person_change(patch, &subject.profile, &live.catalog) {
        Ok(wanted) => wanted,
        Err(mistakes) => return Ok(Outcome::Wrong(mistakes)),
    };
    let settled = members::settle(app, &mut tx, &live.catalog.organization, &id, &wanted.person).await?;
    if !settled.unknown.is_empty() {
        return Ok(Outcome::Wrong(settled.unknown.iter().map(|code| undeclared(code)).collect()));
    }
    let mut acts = Vec::new();
    if !settled.changed.is_empty() {
        acts.push(act("update", &id, Some(json!({ "changed": settled.changed }))));
    }
    if let Some(blocked) = wanted.blocked
        && store::subjects::change_blocked(&mut tx, &id, blocked, app.now()).await?
    {
        if blocked {
            sign_out::end_subject(app, &known, &mut tx, &id).await?;
        }
        acts.push(act(if blocked { "block" } else { "unblock" }, &id, None));
    }
    audit::write(app, &mut tx, by, acts).await?;
    tx.commit().await?;
    app.notices.notify_one();
    done(app, &id).await
}

fn undeclared(code: &str) -> Mistake {
    Mistake::of("organization.code", format!("\"{code}\" is not declared"))
}
