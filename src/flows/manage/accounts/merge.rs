//! Two accounts of one person become one, with proof.
//!
//! An operator's word alone would let whoever talks well take over somebody else's account. The proof is the person's own: within
//! the last quarter of an hour passcodes of both accounts were typed in one and the same browser. Two people who sign in at the
//! same time by chance do so in two.

use super::{Outcome, Refused, act, done};
use crate::app::App;
use crate::domain::audit::By;
use crate::domain::declaration::Mistake;
use crate::domain::ids::SubjectId;
use crate::domain::standard::StandardClaims;
use crate::domain::subject::Subject;
use crate::flows::manage::{audit, operators};
use crate::flows::{Fault, sign_out};
use crate::store::{self, Tx};
use serde_json::{Value, json};
use std::time::Duration;

/// How long a proof counts.
pub const FRESH: Duration = Duration::from_secs(15 * 60);

/// `id` stays, and gets what `from` had: identifiers, memberships, what is missing in the profile. The sessions of `from` end, and
/// all it gave; its id comes never again, nor does what it could do as an operator.
pub async fn merge(app: &App, by: &By, id: &str, from: &str) -> Result<Outcome, Fault> {
    let (id, from) = (SubjectId::new(id), SubjectId::new(from));
    if id == from {
        return Ok(Outcome::Wrong(vec![Mistake::of("from", "is the same person")]));
    }
    let known = sign_out::known_of(app, &from).await?;
    let mut tx = app.db.begin().await?;
    // Operators are looked at and changed by one at a time.
    store::catalog::hold(&mut tx).await?;
    if operators::needs(&mut tx, &from).await? {
        return Ok(Outcome::Refused(Refused::LastOwner));
    }
    let (kept, gone) = match both(app, &mut tx, &id, &from).await? {
        Ok(both) => both,
        Err(outcome) => return Ok(outcome),
    };
    if kept.blocked || gone.blocked {
        return Ok(Outcome::Refused(Refused::Blocked));
    }
    if !store::people::proved_both(&mut tx, &id, &from, app.now().minus(FRESH)).await? {
        return Ok(Outcome::Refused(Refused::Unproven));
    }
    let ended = sign_out::end_subject(app, &known, &mut tx, &from).await?;
    unite(app, &mut tx, &kept, &gone).await?;
    let after = json!({ "from": from.as_str(), "identifiers": gone.identifiers.len(), "sessions": ended });
    let acts = vec![act("merge", &id, Some(after)), act("merged", &from, Some(json!({ "into": id.as_str() })))];
    audit::write(app, &mut tx, by, acts).await?;
    tx.commit().await?;
    app.notices.notify_one();
    done(app, &id).await
}

/// Both accounts, held: always in the same order, so that two merges never wait for one another.
async fn both(
    app: &App,
    tx: &mut Tx,
    id: &SubjectId,
    from: &SubjectId,
) -> Result<Result<(Subject, Subject), Outcome>, Fault> {
    let mut order = [id, from];
    order.sort();
    for one in order {
        store::subjects::hold(tx, one, app.now()).await?;
    }
    let Some(kept) = store::subjects::find(&mut *tx, id).await? else { return Ok(Err(Outcome::Unknown)) };
    let Some(gone) = store::subjects::find(&mut *tx, from).await? else {
        return Ok(Err(Outcome::Wrong(vec![Mistake::of("from", "there is no such person")])));
    };
    Ok(Ok((kept, gone)))
}

async fn unite(app: &App, tx: &mut Tx, kept: &Subject, gone: &Subject) -> Result<(), Fault> {
    store::people::change_subject(tx, &gone.id, &kept.id).await?;
    for membership in &gone.memberships {
        let code = &membership.organization.code;
        let (mut roles, mut permissions) =
            store::memberships::find(&mut *tx, &kept.id, code).await?.unwrap_or_default();
        add(&mut roles, &membership.roles);
        add(&mut permissions, &membership.permissions);
        store::memberships::change(&mut *tx, &kept.id, code, &roles, &permissions, app.now()).await?;
    }
    let profile = filled(&kept.profile, &gone.profile)?;
    store::subjects::change_profile(tx, &kept.id, &profile, app.now()).await?;
    // What was allowed in the other's name is asked again.
    store::consents::forget_subject(&mut *tx, &gone.id).await?;
    store::subjects::forget(tx, &gone.id).await?;
    Ok(())
}

fn add(to: &mut Vec<String>, more: &[String]) {
    let more: Vec<String> = more.iter().filter(|one| !to.contains(one)).cloned().collect();
    to.extend(more);
}

/// What one profile leaves open, another fills.
fn filled(profile: &StandardClaims, other: &StandardClaims) -> Result<StandardClaims, Fault> {
    let broken = |error: serde_json::Error| Fault::Broken(error.to_string());
    let (mut all, own) = (serde_json::to_value(other).map_err(broken)?, serde_json::to_value(profile).map_err(broken)?);
    if let (Value::Object(all), Value::Object(own)) = (&mut all, own) {
        all.extend(own);
    }
    serde_json::from_value(all).map_err(broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_keeps_what_it_says() {
        let ada = StandardClaims { name: Some("Ada".into()), ..StandardClaims::default() };
        let other =
            StandardClaims { name: Some("A. Obi".into()), locale: Some("en-NG".into()), ..StandardClaims::default() };
        let both = filled(&ada, &other).expect("a profile");
        assert_eq!((both.name.as_deref(), both.locale.as_deref()), (Some("Ada"), Some("en-NG")));
        let mut roles = vec!["a".to_owned()];
        add(&mut roles, &["b".to_owned(), "a".to_owned()]);
        assert_eq!(roles, ["a", "b"]);
    }
}
