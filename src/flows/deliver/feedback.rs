//! Carriers that ask for it hear that a passcode they carried was used: their fraud models live on it, and Twilio Verify and
//! Telegram bill and rate by it.

use super::write::passcode;
use crate::app::App;
use crate::domain::ids::AttemptId;
use crate::flows::Fault;
use crate::store;
use futures_util::future::join_all;

pub async fn give(app: &App) -> Result<(), Fault> {
    if !app.live().carriers.iter().any(|ready| ready.sender.wants_feedback()) {
        return Ok(());
    }
    let owed = store::outbox::list_owed_feedback(&app.db).await?;
    // Side by side: a carrier that hangs holds up nobody else's.
    let given = owed.iter().map(|(attempt, carrier, reference)| one(app, attempt, carrier, reference));
    join_all(given).await.into_iter().collect()
}

async fn one(app: &App, attempt: &AttemptId, carrier: &str, reference: &str) -> Result<(), Fault> {
    if !store::outbox::spend_feedback(&app.db, attempt).await? {
        return Ok(());
    }
    let live = app.live();
    let ready = live.carrier(carrier);
    let sent = store::outbox::find(&app.db, carrier, attempt.as_str()).await?;
    let (Some(ready), Some(digits)) = (ready, sent.and_then(|sent| passcode(app, &sent))) else { return Ok(()) };
    if let Err(what) = ready.sender.feed_back(reference, digits.reveal()).await {
        tracing::info!(%attempt, carrier, "feedback not taken: {what}");
    }
    Ok(())
}
