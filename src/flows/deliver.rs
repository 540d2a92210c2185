//! Messages leave the outbox: digits derived, words chosen, carriers tried in order, the next rung after a refusal.
//! No transaction is open while a carrier is spoken to.

use super::Fault;
use crate::app::App;
use crate::crypto::secret::Bound;
use crate::delivery::message::{self, Contents};
use crate::delivery::route::{Ready, route};
use crate::domain::branding::Accent;
use crate::domain::delivery::{Attempt, Channel, Handed, Job, Message};
use crate::store;
use crate::telemetry::Delivery;
use std::time::Duration;

/// How often a carrier that is not reached is tried before the next rung.
const TRIES: i64 = 3;

/// Claims what is due.
pub async fn claim(app: &App) -> Result<Vec<Attempt>, Fault> {
    let now = app.now();
    Ok(store::outbox::claim(&app.db, now, now.plus(app.config.outbox_lease.0)).await?)
}

/// Hands one claimed message over and records what came of it.
pub async fn hand_over(app: &App, attempt: Attempt) -> Result<(), Fault> {
    let now = app.now();
    if now >= attempt.expires_at {
        store::outbox::finish(&app.db, &attempt, "expired", None, None, now).await?;
        return Ok(());
    }
    let live = app.live();
    let Some((message, channel)) = write(app, &attempt) else {
        store::outbox::finish(&app.db, &attempt, "failed", None, Some("the job makes no sense".into()), now).await?;
        return Err(Fault::Broken(format!("attempt {} holds no channel or no identifier", attempt.id)));
    };
    let mut reachable = false;
    let mut detail = "no carrier carries this channel".to_owned();
    for ready in route(&live.carriers, channel) {
        let handed = ready.sender.send(&message).await;
        count(app, ready, channel, &handed);
        match handed {
            Handed::Accepted(_) => {
                store::outbox::finish(&app.db, &attempt, "sent", Some(ready.name.clone()), None, app.now()).await?;
                tracing::info!(attempt = %attempt.id, challenge = %attempt.challenge, carrier = ready.name, channel = channel.as_str(), to = %message.to, "message accepted");
                return Ok(());
            }
            Handed::Refused(what) => detail = format!("{}: {what}", ready.name),
            Handed::Unreachable(what) => {
                reachable = true;
                detail = format!("{}: {what}", ready.name);
            }
        }
        tracing::warn!(attempt = %attempt.id, carrier = ready.name, channel = channel.as_str(), detail, "message not accepted");
    }
    if reachable && attempt.tries < TRIES {
        let later = app.now().plus(Duration::from_secs(2 << attempt.tries.clamp(0, 4)));
        store::outbox::change_queued(&app.db, &attempt, later, &detail).await?;
        return Ok(());
    }
    fall(app, &attempt, "failed", &detail).await
}

/// A node went silent in the middle of sending. Sent again only where the carrier itself drops the second; else the next
/// rung, and the person can ask again.
pub async fn recover(app: &App) -> Result<(), Fault> {
    let now = app.now();
    for attempt in store::outbox::list_lapsed(&app.db, now).await? {
        let live = app.live();
        let repeatable = attempt
            .job
            .channel()
            .is_some_and(|channel| route(&live.carriers, channel).all(|ready| ready.sender.idempotent()));
        if repeatable {
            store::outbox::change_queued(&app.db, &attempt, now, "its sender went silent").await?;
        } else {
            fall(app, &attempt, "lost", "its sender went silent; whether the carrier has it is not known").await?;
        }
    }
    Ok(())
}

/// Ends this attempt and begins one on the next rung, the same digits, in one transaction.
async fn fall(app: &App, attempt: &Attempt, state: &'static str, detail: &str) -> Result<(), Fault> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let ended = store::outbox::finish(&mut tx, attempt, state, None, Some(detail.to_owned()), now).await?;
    let next = Job { rung: attempt.job.rung + 1, ..attempt.job.clone() };
    if ended && next.channel().is_some() {
        let next = Attempt { id: app.entropy.attempt_id(now), job: next, created_at: now, tries: 0, ..attempt.clone() };
        store::outbox::add(&mut tx, &next, false).await?;
    } else if ended {
        tracing::error!(attempt = %attempt.id, challenge = %attempt.challenge, detail, "message not delivered, and no rung is left");
    }
    tx.commit().await?;
    app.bell.notify_one();
    Ok(())
}

fn write(app: &App, attempt: &Attempt) -> Option<(Message, Channel)> {
    let (job, channel, to) = (&attempt.job, attempt.job.channel()?, attempt.job.identifier()?);
    let bound =
        Bound { challenge: attempt.challenge.as_str(), purpose: &job.purpose, identifier: &to, browser: &job.browser };
    let digits = u8::try_from(app.config.passcode_digits.0).unwrap_or(6);
    let passcode = app.secret.passcode(bound, digits);
    let tag = app.secret.tag(bound);
    let host = app.host();
    let minutes = u32::try_from(app.config.passcode_life.0.as_secs().div_ceil(60)).unwrap_or(5);
    let words = app.texts.pick(&[&job.language]);
    let accent = job.color.as_deref().and_then(Accent::from_hex).unwrap_or_default();
    let contents = Contents { words, accent, app: &job.app, passcode: &passcode, tag: &tag, minutes, host: &host };
    let to = to.clone();
    Some((message::write(&contents, channel, attempt.id.clone(), to, app.now()), channel))
}

fn count(app: &App, ready: &Ready, channel: Channel, handed: &Handed) {
    let outcome = match handed {
        Handed::Accepted(_) => "accepted",
        Handed::Refused(_) => "refused",
        Handed::Unreachable(_) => "unreachable",
    };
    app.metrics
        .deliveries
        .get_or_create(&Delivery { channel: channel.as_str(), carrier: ready.name.clone(), outcome })
        .inc();
}
