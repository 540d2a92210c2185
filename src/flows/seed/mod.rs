//! Made-up people and sign-ins, by the million: for trying pages and searches at size, and for benchmarks. The same number makes
//! the same people; times count back from now.

mod chance;
mod people;
mod sign_ins;

use super::Fault;
use crate::app::App;
use crate::store;
use chance::Chance;
pub use people::COUNTRIES;
use sign_ins::Ways;

#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub people: u64,
    pub sign_ins: u64,
    /// Over how many days, the last of which is today.
    pub days: u32,
    pub seed: u64,
}

/// How many are written in one transaction: as many as touch most pages of an index, each then written once for all of them.
const BATCH: u64 = 32_768;

/// MiB of the database in memory meanwhile: indexes are written all over.
const MEMORY: u32 = 1_024;

/// Writes them; `tell` hears how far it is, now and then: what, how many of how many.
pub async fn seed(app: &App, wanted: Wanted, mut tell: impl FnMut(&str, u64, u64)) -> Result<(), Fault> {
    let now = app.now();
    app.db.keep(Some(MEMORY)).await?;
    for first in (0..wanted.people).step_by(BATCH as usize) {
        let end = (first + BATCH).min(wanted.people);
        let people: Vec<_> = (first..end).map(|n| people::person(wanted.seed, n, now)).collect();
        let mut tx = app.db.begin_in_turn().await?;
        store::seed::add_people(&mut tx, &people).await?;
        tx.commit().await?;
        tell("people", end, wanted.people);
    }
    let ways = Ways::of(app);
    let mut chance = Chance::of(wanted.seed);
    for first in (0..wanted.sign_ins).step_by(BATCH as usize) {
        let end = (first + BATCH).min(wanted.sign_ins);
        let made: Vec<_> = (first..end).map(|n| ways.sign_in(&mut chance, &wanted, n, now)).collect();
        let mut tx = app.db.begin_in_turn().await?;
        store::seed::add_sign_ins(&mut tx, &made).await?;
        tx.commit().await?;
        tell("sign-ins", end, wanted.sign_ins);
    }
    Ok(app.db.keep(None).await?)
}
