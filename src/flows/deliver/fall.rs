//! From one rung to the next, the same digits: in one transaction with the end of the one before, once, and only while the
//! passcode can still be used.

use super::moments::{keep, moment};
use crate::app::App;
use crate::domain::delivery::{Attempt, Channel, Class, Failed, Job, Stood};
use crate::domain::timeline::{Moment, What};
use crate::flows::Fault;
use crate::store::{self, Tx};

/// Why the next rung is climbed.
pub struct Why {
    pub code: String,
    /// Whether it may be one that pays a telephone company.
    pub toll: bool,
    pub carrier: Option<String>,
}

/// A message that was not handed over.
pub async fn refused(app: &App, attempt: &Attempt, carrier: Option<String>, failed: Failed) -> Result<(), Fault> {
    let mut tx = app.db.begin().await?;
    if store::outbox::finish(&mut tx, attempt, "failed", carrier.clone(), Some(&failed), app.now()).await? {
        super::told::failed(app, &mut tx, attempt, carrier.as_deref(), &failed).await?;
        if failed.class == Class::OptedOut {
            opt_out(app, &mut tx, attempt, carrier.as_deref()).await?;
        }
        // A cap closes what costs and nothing else.
        let capped = failed.code == "cap";
        let why = Why { code: failed.code, toll: !capped, carrier };
        if failed.class.stops() && !capped {
            stop(app, &mut tx, attempt, &why).await?;
        } else {
            climb(app, &mut tx, attempt, &why).await?;
        }
    }
    tx.commit().await?;
    told(app, attempt);
    Ok(())
}

/// A message whose sender went silent before it said what came of it.
pub async fn lost(app: &App, attempt: &Attempt) -> Result<(), Fault> {
    let failed = Failed::new(Class::Busy, "lost", "its sender went silent; whether the carrier has it is not known");
    let mut tx = app.db.begin().await?;
    if store::outbox::finish(&mut tx, attempt, "lost", None, Some(&failed), app.now()).await? {
        super::told::failed(app, &mut tx, attempt, None, &failed).await?;
        climb(app, &mut tx, attempt, &Why { code: "lost".into(), toll: true, carrier: None }).await?;
    }
    tx.commit().await?;
    told(app, attempt);
    Ok(())
}

/// A message that was handed over, and did not arrive. Done once, whoever asks, and how often.
pub async fn handed(app: &App, attempt: &Attempt, why: Why) -> Result<(), Fault> {
    let mut tx = app.db.begin().await?;
    if store::outbox::spend_fall(&mut tx, &attempt.id).await? {
        climb(app, &mut tx, attempt, &why).await?;
    }
    tx.commit().await?;
    told(app, attempt);
    Ok(())
}

/// A receipt said that no rung will help.
pub async fn ended(app: &App, attempt: &Attempt, carrier: &str, failed: &Failed) -> Result<(), Fault> {
    let mut tx = app.db.begin().await?;
    store::outbox::spend_fall(&mut tx, &attempt.id).await?;
    if failed.class == Class::OptedOut {
        opt_out(app, &mut tx, attempt, Some(carrier)).await?;
    }
    let why = Why { code: failed.code.clone(), toll: false, carrier: Some(carrier.to_owned()) };
    stop(app, &mut tx, attempt, &why).await?;
    tx.commit().await?;
    told(app, attempt);
    Ok(())
}

async fn climb(app: &App, tx: &mut Tx, attempt: &Attempt, why: &Why) -> Result<(), Fault> {
    let now = app.now();
    // Used or given up, arrived after all, or replaced by hand: another message would only confuse.
    if !store::challenges::is_live(&mut *tx, &attempt.challenge, now).await?
        || !Stood::may_climb(&store::attempts::list(&mut *tx, &attempt.challenge).await?, &attempt.id)
    {
        return Ok(());
    }
    let Some(rung) = next_rung(&attempt.job, why.toll) else {
        return stop(app, tx, attempt, why).await;
    };
    let job = Job { rung, fell: true, ..attempt.job.clone() };
    let to = job.channel();
    let next = Attempt { id: app.entropy.attempt_id(now), job, created_at: now, tries: 0, ..attempt.clone() };
    store::outbox::add(&mut *tx, &next, false).await?;
    let fell = Moment {
        carrier: why.carrier.clone(),
        code: Some(why.code.clone()),
        detail: to.map(|channel| channel.as_str().to_owned()),
        ..moment(app, attempt, What::Fell)
    };
    keep(app, tx, fell).await
}

fn next_rung(job: &Job, toll: bool) -> Option<usize> {
    (job.rung + 1..job.ladder.len())
        .find(|rung| job.ladder.get(*rung).is_some_and(|channel| toll || !channel.is_toll()))
}

async fn stop(app: &App, tx: &mut Tx, attempt: &Attempt, why: &Why) -> Result<(), Fault> {
    tracing::warn!(attempt = %attempt.id, challenge = %attempt.challenge, channel = attempt.job.channel().map(Channel::as_str), code = why.code, "message not delivered, and no rung is left");
    app.metrics.challenges.get_or_create(&crate::telemetry::Outcome { outcome: "undelivered" }).inc();
    let stopped =
        Moment { carrier: why.carrier.clone(), code: Some(why.code.clone()), ..moment(app, attempt, What::Stopped) };
    keep(app, tx, stopped).await
}

async fn opt_out(app: &App, tx: &mut Tx, attempt: &Attempt, carrier: Option<&str>) -> Result<(), Fault> {
    if let (Some(to), Some(channel), Some(carrier)) = (attempt.job.identifier(), attempt.job.channel(), carrier) {
        store::opt_outs::add(tx, &to, channel, carrier, app.now()).await?;
    }
    Ok(())
}

fn told(app: &App, attempt: &Attempt) {
    app.bell.notify_one();
    app.tell(&attempt.challenge);
}
