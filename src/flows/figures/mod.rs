//! Figures, counted behind everybody's back: five minutes of sign-ins at a time, each time anew, and what differs from the last
//! time is added to the five minutes, their hour and their day. A count can be cut off, repeated, or begun by two nodes: the
//! bucket's row lets one of them finish, in the transaction that changes the figures. Nothing is written while people sign in.

mod tally;
mod work;

use super::Fault;
use crate::app::App;
use crate::domain::figures::{Key, Size, Tally, moment_of};
use crate::domain::ids::{self, InteractionId};
use crate::domain::interaction::LIFE;
use crate::domain::time::Time;
use crate::store;
use crate::store::figures::Bucket;
use std::collections::BTreeMap;
use std::time::Duration;
pub use work::Pace;
use work::Work;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How often the newest are counted, unless the work would take more than a hundredth of the time.
pub const LOOK: Duration = Duration::from_secs(10);
const SHARE: u32 = 100;
/// So long a bucket is among the newest.
const NEW: Duration = Duration::from_secs(10 * 60);
/// At which ages a bucket is counted again: people are slow, then their time is over, then the last prices are known.
const AGES: [Duration; 6] = [
    Duration::from_secs(15 * 60),
    Duration::from_secs(25 * 60),
    Duration::from_secs(45 * 60),
    Duration::from_secs(70 * 60),
    Duration::from_secs(24 * 60 * 60 + 30 * 60),
    Duration::from_secs(49 * 60 * 60),
];
/// A node that counts longer than this has died.
const LEASE: Duration = Duration::from_secs(10 * 60);
/// Late news of one bucket is counted together.
const GATHER: Duration = MINUTE;
/// A row of another node's may be committed so much later than its id says.
const LATE: Duration = Duration::from_secs(10 * 60);
/// How long the small buckets are kept: nothing is counted again after that.
const KEPT: [(Size, Duration); 2] =
    [(Size::FiveMinutes, Duration::from_secs(3 * 24 * 60 * 60)), (Size::Hour, Duration::from_secs(8 * 24 * 60 * 60))];

/// Counts what is due. How many buckets were counted here.
pub async fn count(app: &App, pace: Pace) -> Result<usize, Fault> {
    open_buckets(app).await?;
    let mut counted = 0;
    loop {
        let due = store::figures::list_due(&app.db, app.now()).await?;
        for bucket in &due {
            let claimed = app.now().plus(LEASE);
            if store::figures::claim(&app.db, bucket, claimed).await? {
                counted += usize::from(one(app, bucket, claimed, pace).await?);
            }
        }
        if due.is_empty() || app.stopping.is_cancelled() {
            return Ok(counted);
        }
    }
}

/// Whatever is known of this sign-in changed long after it began.
pub async fn changed(app: &App, interaction: &InteractionId) -> Result<(), Fault> {
    let now = app.now();
    let Some(began) = moment_of(interaction).filter(|began| now.since(*began) > NEW) else { return Ok(()) };
    Ok(store::figures::change_due(&app.db, Size::FiveMinutes.start(began), now.plus(GATHER)).await?)
}

/// What is too old to be looked at.
pub async fn sweep(app: &App) -> Result<u64, Fault> {
    let now = app.now();
    let mut forgotten = 0;
    for (size, kept) in KEPT {
        forgotten += store::figures::forget(&app.db, size, now.minus(kept)).await?;
    }
    forgotten += store::figures::forget(&app.db, Size::Day, now.minus(app.config.figures_life.0)).await?;
    // As long as there may be sign-ins of theirs: what was counted must not be counted again.
    let history = now.minus(app.config.history_life.0.max(DAY) + LIFE + DAY);
    forgotten += store::figures::forget_buckets(&app.db, history).await?;
    Ok(forgotten)
}

/// A row for each five minutes in which a sign-in began.
async fn open_buckets(app: &App) -> Result<(), Fault> {
    let newest = store::figures::find_newest(&app.db).await?;
    let mut from = newest.map_or(Time(0), |newest| newest.minus(LATE));
    while let Some(id) = store::figures::find_next(&app.db, &ids::first("in", from)).await? {
        let Some(began) = moment_of(&InteractionId::new(id)) else { return Ok(()) };
        let start = Size::FiveMinutes.start(began);
        store::figures::add_bucket(&app.db, start, start).await?;
        from = start.plus(Size::FiveMinutes.span());
    }
    Ok(())
}

/// One bucket. `false` where it was not to be counted any more, or somebody else has it now.
async fn one(app: &App, bucket: &Bucket, claimed: Time, pace: Pace) -> Result<bool, Fault> {
    let (start, began) = (Time(bucket.start), app.now());
    let sizes: Vec<Size> = Size::ALL.into_iter().filter(|size| is_kept(*size, start, began)).collect();
    let again = bucket.counted_at > 0;
    // What it said before is forgotten, or its rows are: it stays as it is.
    if again && !sizes.contains(&Size::FiveMinutes) || is_swept(app, start, began) {
        let mut tx = app.db.begin().await?;
        store::figures::finish(&mut tx, start, claimed, None, Time(bucket.counted_at.max(1))).await?;
        tx.commit().await?;
        return Ok(false);
    }
    let mut work = Work::begin(pace);
    let counted = tally::of(app, start, start.plus(Size::FiveMinutes.span()), &mut work).await?;
    let due = due(app, start, app.now(), work.took());
    let mut tx = app.db.begin().await?;
    if !store::figures::finish(&mut tx, start, claimed, due, began.max(Time(1))).await? {
        return Ok(false);
    }
    let before = if again { store::figures::list(&mut tx, Size::FiveMinutes, start).await? } else { Vec::new() };
    // In order, so that two nodes never wait for each other.
    store::figures::raise(&mut tx, &sizes, start, &differences(before, counted)).await?;
    tx.commit().await?;
    Ok(true)
}

fn is_kept(size: Size, start: Time, now: Time) -> bool {
    KEPT.iter().all(|(of, kept)| *of != size || now.since(start) < *kept)
}

/// Whether its first sign-ins may be forgotten already.
fn is_swept(app: &App, start: Time, now: Time) -> bool {
    now.since(start) >= app.config.history_life.0.max(DAY) + LIFE
}

/// When it is counted next.
fn due(app: &App, start: Time, now: Time, took: Duration) -> Option<Time> {
    let age = now.since(start);
    if age < NEW {
        return Some(now.plus(LOOK.max(took * SHARE)));
    }
    let next = AGES.into_iter().find(|next| *next > age)?;
    Some(start.plus(next)).filter(|at| !is_swept(app, start, at.plus(HOUR)) || next < DAY)
}

fn differences(before: Vec<(Key, Tally)>, mut counted: BTreeMap<Key, Tally>) -> BTreeMap<Key, Tally> {
    for (key, was) in before {
        let now = counted.entry(key).or_default();
        now.count -= was.count;
        now.sum.0 -= was.sum.0;
    }
    counted.retain(|_, by| *by != Tally::default());
    counted
}
