//! What somebody did and has open: sign-ins, sessions, what they gave to clients.

use crate::app::App;
use crate::domain::grant::Grant;
use crate::domain::ids::SubjectId;
use crate::domain::session::Session;
use crate::domain::time::Time;
use crate::flows::Fault;
use crate::flows::manage::sign_ins::{self, SignIn};
use crate::store;

/// A page of sign-ins, newest first, those that end before this moment and id: in which one of their identifiers was asked for a
/// passcode, by them or by somebody else, and those answered in their name.
pub async fn sign_ins(
    app: &App,
    id: &str,
    before: Option<(Time, &str)>,
    most: i64,
) -> Result<Option<Vec<SignIn>>, Fault> {
    let id = SubjectId::new(id);
    if store::subjects::find(&app.db, &id).await?.is_none() {
        return Ok(None);
    }
    let (now, before) = (app.now(), before.unwrap_or((Time(i64::MAX), "")));
    let rows = store::people::list_sign_ins(app.db.aside(), &id, before, most).await?;
    Ok(Some(rows.into_iter().map(|row| sign_ins::of(row, now)).collect()))
}

/// Sessions still known, newest first, ended ones too.
pub async fn sessions(app: &App, id: &str) -> Result<Option<Vec<Session>>, Fault> {
    let id = SubjectId::new(id);
    if store::subjects::find(&app.db, &id).await?.is_none() {
        return Ok(None);
    }
    Ok(Some(store::sessions::list_all(&app.db, &id).await?))
}

/// Grants still known, newest first, revoked ones too.
pub async fn grants(app: &App, id: &str) -> Result<Option<Vec<Grant>>, Fault> {
    let id = SubjectId::new(id);
    if store::subjects::find(&app.db, &id).await?.is_none() {
        return Ok(None);
    }
    Ok(Some(store::grants::list_subject(&app.db, &id).await?))
}
