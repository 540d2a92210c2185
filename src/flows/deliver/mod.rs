//! Messages leave the outbox: carriers tried in order, receipts believed, the next rung with the same digits after a refusal, a
//! receipt of failure, or silence. No transaction is open while a carrier is spoken to.

pub mod bills;
pub mod book;
mod carriers;
mod fall;
pub mod feedback;
mod moments;
pub mod receipts;
mod spending;
mod told;
mod write;

pub use write::write;

use super::Fault;
use crate::app::App;
use crate::delivery::route::route;
use crate::domain::delivery::{Attempt, Class, Failed};
use crate::store;
use crate::store::outbox::{Claimed, Sent};
use book::Book;
use carriers::Went;
use fall::Why;
use std::time::Duration;
use tokio::runtime::Handle;

pub use crate::store::outbox::BATCH;

/// How often a carrier that is busy or not reached is tried again: once more while another rung is left, twice on the last.
const TRIES: i64 = 3;
/// A rung is not held up longer than this for a carrier that asks us to come back.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Claims what is due.
pub async fn claim(app: &App) -> Result<Vec<Claimed>, Fault> {
    let now = app.now();
    Ok(store::outbox::claim(&app.db, now, now.plus(app.config.outbox_lease.0)).await?)
}

/// Hands one claimed message over and records what came of it; the carrier is spoken to at `speaker`.
pub async fn hand_over(app: &App, book: &Book, speaker: &Handle, claimed: Claimed) -> Result<(), Fault> {
    let Claimed { attempt, opt_outs } = claimed;
    let now = app.now();
    if now >= attempt.expires_at {
        store::outbox::finish(&app.db, &attempt, "expired", None, None, now).await?;
        return Ok(());
    }
    // Tried before, it may have been overtaken: by the same digits on another way.
    if attempt.tries > 1 && !store::challenges::is_live(&app.db, &attempt.challenge, now).await? {
        store::outbox::finish(&app.db, &attempt, "dropped", None, None, now).await?;
        return Ok(());
    }
    let (Some(channel), Some(to)) = (attempt.job.channel(), attempt.job.identifier()) else {
        let nonsense = Failed::new(Class::Misconfigured, "no_channel", "the job makes no sense");
        store::outbox::finish(&app.db, &attempt, "failed", None, Some(&nonsense), now).await?;
        return Err(Fault::Broken(format!("attempt {} holds no channel or no identifier", attempt.id)));
    };
    if opt_outs && store::opt_outs::exists(&app.db, &to, channel).await? {
        // Told before, so no news to stop for: they ask for a passcode now, and another rung may bring it.
        let failed = Failed::new(Class::Unreachable, "opted_out", "they told a sender to stop");
        return fall::refused(app, &attempt, None, failed).await;
    }
    match carriers::send(app, speaker, &attempt, channel, &to).await? {
        Went::Handed { ready, reference, status, estimate, known } => {
            let live = app.live();
            let wait =
                live.catalog.connection(&attempt.job.connection).map_or(channel.usual_wait(), |c| c.wait(channel));
            // Where word of delivery never comes, silence says nothing; where it is not known whether the carrier has the
            // message, silence says enough.
            let falls = attempt.job.has_next() && (ready.sender.reports() || !known);
            let now = app.now();
            let sent = Sent {
                carrier: ready.name().to_owned(),
                reference: reference.clone(),
                status,
                estimate: estimate.0,
                fall_at: falls.then(|| now.plus(wait)),
                bill_at: (reference.is_some() && ready.sender.bills()).then(|| now.plus(bills::FIRST)),
                wants_feedback: reference.is_some() && ready.sender.wants_feedback(),
            };
            if let (Some(_), Some(verification)) = (&ready.verifier, reference) {
                store::challenges::change_verifier(&app.db, &attempt.challenge, ready.name(), &verification).await?;
            }
            let (id, challenge) = (attempt.id.clone(), attempt.challenge.clone());
            told::sent(app, book, attempt, sent, known, now).await?;
            tracing::info!(attempt = %id, %challenge, carrier = ready.name(), channel = channel.as_str(), %to, "message handed over");
            app.tell(&challenge);
            Ok(())
        }
        Went::Nowhere { carrier, failed } => nowhere(app, &attempt, carrier, failed).await,
    }
}

/// No carrier took it: later, the next rung, or the end.
async fn nowhere(app: &App, attempt: &Attempt, carrier: Option<String>, failed: Failed) -> Result<(), Fault> {
    let pause = failed.retry_after.unwrap_or(Duration::from_secs(1 << attempt.tries.clamp(0, 4)));
    let tries = if attempt.job.has_next() { TRIES - 1 } else { TRIES };
    if failed.class == Class::Busy && attempt.tries < tries && pause <= LONGEST_PAUSE {
        store::outbox::change_queued(&app.db, attempt, app.now().plus(pause), &failed.detail).await?;
        return Ok(());
    }
    fall::refused(app, attempt, carrier, failed).await
}

/// A node went silent in the middle of sending. Sent again only where the carrier itself drops the second; else the next
/// rung, and the person can ask again.
pub async fn recover(app: &App) -> Result<(), Fault> {
    let now = app.now();
    for attempt in store::outbox::list_lapsed(&app.db, now).await? {
        let live = app.live();
        let rung = attempt.job.channel().map(|channel| {
            let connection = live.catalog.connection(&attempt.job.connection);
            (channel, connection.and_then(|connection| connection.rung(channel)))
        });
        let repeatable = rung.is_some_and(|(channel, rung)| {
            let country = attempt.job.country();
            route(&live.carriers, channel, rung, country.as_deref()).iter().all(|(ready, _)| ready.sender.idempotent())
        });
        if repeatable {
            store::outbox::change_queued(&app.db, &attempt, now, "its sender went silent").await?;
        } else {
            fall::lost(app, &attempt).await?;
        }
    }
    Ok(())
}

/// The next rung for messages nobody reported delivered in time.
pub async fn fall_silent(app: &App) -> Result<(), Fault> {
    loop {
        let unheard = store::outbox::list_unheard(&app.db, app.now()).await?;
        for attempt in &unheard {
            let channel = attempt.job.channel();
            tracing::info!(attempt = %attempt.id, channel = channel.map(|c| c.as_str()), "no word of delivery in time");
            fall::handed(app, attempt, Why { code: "no_receipt".into(), toll: true, carrier: None }).await?;
        }
        if unheard.len() < BATCH {
            return Ok(());
        }
    }
}
