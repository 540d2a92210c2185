//! Somebody waits for a code that does not come, and tells whoever helps them: it is sent once more, to them.

use crate::app::App;
use crate::domain::audit::By;
use crate::domain::challenge::Challenge;
use crate::flows::standing::{self, Open, Standing};
use crate::flows::{Fault, challenge};
use crate::store;
use std::time::Duration;

#[derive(Debug, PartialEq, Eq)]
pub enum Resent {
    Sent,
    TooSoon(Duration),
    TooMany(Duration),
    /// There is nothing to send again: it was used, is over, or nothing is sent to this identifier. A new one is the person's to
    /// ask for.
    Over,
    /// There is no such sign-in.
    Unknown,
}

/// The same digits, by the channel they last went, within every limit that holds for the person. They work where they were
/// asked for and nowhere else, so that whoever helps gains nothing by it.
pub async fn resend(app: &App, by: &By, id: &str) -> Result<Resent, Fault> {
    let Some(found) = store::interactions::find(&app.db, id).await? else { return Ok(Resent::Unknown) };
    let open = match standing::find(app, id, &found.interaction.browser).await? {
        Standing::Open(open) => open,
        Standing::Unknown | Standing::Foreign => return Ok(Resent::Unknown),
        Standing::Expired(_) | Standing::Finished(_) => return Ok(Resent::Over),
    };
    let sendable = |challenge: &Challenge| challenge.live(app.now()) && !challenge.mute;
    if !open.challenge.as_ref().is_some_and(sendable) {
        return Ok(Resent::Over);
    }
    let language = language(app, &open).await?;
    Ok(match challenge::resend_for(app, &open, by, &language).await? {
        challenge::Resent::Sent | challenge::Resent::Renewed => Resent::Sent,
        challenge::Resent::TooSoon(wait) => Resent::TooSoon(wait),
        challenge::Resent::TooMany(wait) => Resent::TooMany(wait),
        challenge::Resent::Over => Resent::Over,
    })
}

/// As it was written before; their browser is not here to ask.
async fn language(app: &App, open: &Open) -> Result<String, Fault> {
    if let Some(last) = open.attempts.last() {
        let carrier = last.carrier.as_deref().unwrap_or_default();
        if let Some(attempt) = store::outbox::find(&app.db, carrier, last.id.as_str()).await? {
            return Ok(attempt.job.language);
        }
    }
    let asked: Vec<&str> = open.interaction.request.languages.iter().map(String::as_str).collect();
    Ok(app.texts.pick(&asked).tag().to_owned())
}
