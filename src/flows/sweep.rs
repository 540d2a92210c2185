//! What is over is forgotten, after the time somebody might still come back to it.

use super::{Fault, figures};
use crate::app::App;
use crate::domain::device::LIFE;
use crate::domain::interaction::REMEMBERED;
use crate::domain::time::Time;
use crate::store;
use std::time::Duration;

const A_WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// Between two stretches of counters.
const REST: Duration = Duration::from_millis(10);

/// Rows forgotten.
pub async fn sweep(app: &App) -> Result<u64, Fault> {
    let now = app.now();
    let a_week_ago = now.minus(A_WEEK);
    let db = &app.db;
    // A Back button finds its page for a day, whatever the operator keeps.
    let history = now.minus(app.config.history_life.0.max(REMEMBERED));
    let mut forgotten = store::interactions::forget_expired(db, history).await?;
    forgotten += store::challenges::forget_expired(db, history).await?;
    forgotten += store::outbox::forget_expired(db, history).await?;
    forgotten += store::moments::forget(db, history).await?;
    // A sign-in begun with one may still be answered.
    forgotten += store::pushed_requests::forget_expired(db, now.minus(REMEMBERED)).await?;
    forgotten += store::notices::forget_expired(db, history).await?;
    let kept = now.minus(app.config.events_kept.0);
    // Whoever was to be told for so long is paused, or gone.
    forgotten += store::events::forget(db, kept, kept.minus(A_WEEK)).await?;
    forgotten += store::imports::forget_finished(db, history).await?;
    forgotten += store::grants::forget_expired(db, a_week_ago).await?;
    forgotten += store::sessions::forget_expired(db, a_week_ago).await?;
    forgotten += store::device_codes::forget_expired(db, now.minus(LIFE)).await?;
    forgotten += store::browsers::forget_expired(db, now).await?;
    forgotten += counters(app, now).await?;
    forgotten += store::revoked_tokens::forget_ended(db, now).await?;
    forgotten += store::used::forget_ended(db, now).await?;
    forgotten += store::idempotency::forget_ended(db, now).await?;
    // A sign-in may last longer than its key is published, and its ID token still be shown as a hint.
    let no_session = a_week_ago.minus(app.config.session_life.0);
    forgotten += store::keys::forget_left(db, no_session).await?;
    forgotten += store::invitations::forget_expired(db, a_week_ago).await?;
    forgotten += figures::sweep(app).await?;
    forgotten += store::operators::forget_invitations(db, a_week_ago).await?;
    Ok(forgotten)
}

/// A stretch at a time: there are many, and others want the database meanwhile.
async fn counters(app: &App, now: Time) -> Result<u64, Fault> {
    let (mut after, mut forgotten) = (String::new(), 0);
    loop {
        let end = store::counters::find_end(&app.db, &after).await?;
        forgotten += store::counters::forget_ended(&app.db, &after, now).await?;
        let Some(end) = end else { return Ok(forgotten) };
        after = end;
        if app.stopping.run_until_cancelled(tokio::time::sleep(REST)).await.is_none() {
            return Ok(forgotten);
        }
    }
}
