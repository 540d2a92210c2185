//! Carriers that ask for it hear that a passcode they carried was used: their fraud models live on it, and Twilio Verify and
//! Telegram bill and rate by it.

use super::write::passcode as digits;
use crate::app::App;
use crate::flows::Fault;
use crate::store;

pub async fn give(app: &App) -> Result<(), Fault> {
    let live = app.live();
    if !live.carriers.iter().any(|ready| ready.sender.wants_feedback()) {
        return Ok(());
    }
    for (attempt, carrier, reference) in store::outbox::list_owed_feedback(&app.db).await? {
        if !store::outbox::spend_feedback(&app.db, &attempt).await? {
            continue;
        }
        let ready = live.carriers.iter().find(|ready| ready.name() == carrier);
        let (Some(ready), Some(sent)) = (ready, store::outbox::find(&app.db, &carrier, attempt.as_str()).await?) else {
            continue;
        };
        let Some(digits) = digits(app, &sent) else { continue };
        if let Err(what) = ready.sender.feed_back(&reference, digits.reveal()).await {
            tracing::info!(%attempt, carrier, "feedback not taken: {what}");
        }
    }
    Ok(())
}
