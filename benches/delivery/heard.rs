//! What the carrier heard of those who came, and when: the first message, the receipt, the next rung.

use super::arrivals::Came;
use super::carrier::{ANSWERS_AFTER, Carrier, Number, REPORTS_AFTER, Told};
use super::visit::Visit;
use std::time::{Duration, Instant};

/// How long nothing new may come before nothing more is expected.
const QUIET: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_secs(60);

/// Milliseconds throughout, sorted.
#[derive(Default)]
pub struct Heard {
    /// From the answer to the number typed to the first message at the carrier.
    pub first: Vec<f64>,
    /// From posting the receipt to the answer: the fall is committed then.
    pub decided: Vec<f64>,
    /// From posting the receipt to the next rung's message at the carrier.
    pub fell: Vec<f64>,
    /// Never came to the carrier.
    pub missing: u64,
    /// Reported undelivered, and no other message came.
    pub stayed: u64,
    /// Came more than once on the same rung.
    pub repeated: u64,
    /// Receipts that were not taken.
    pub refused: u64,
    pub first_refusal: Option<String>,
    /// People whose first rung is dead, and those of them whom another rung reached.
    pub of_the_dead: u64,
    pub saved: u64,
}

impl Heard {
    /// And what was heard another time.
    pub fn add(&mut self, more: Self) {
        merge(&mut self.first, more.first);
        merge(&mut self.decided, more.decided);
        merge(&mut self.fell, more.fell);
        self.missing += more.missing;
        self.stayed += more.stayed;
        self.repeated += more.repeated;
        self.refused += more.refused;
        self.first_refusal = self.first_refusal.take().or(more.first_refusal);
        self.of_the_dead += more.of_the_dead;
        self.saved += more.saved;
    }
}

/// Of sorted times, sorted.
pub fn merge(times: &mut Vec<f64>, more: Vec<f64>) {
    times.extend(more);
    times.sort_by(f64::total_cmp);
}

/// Waits until everything that is expected has come, or nothing more does.
pub async fn everything(carrier: &Carrier, came: &Came) -> Heard {
    settle(carrier, came).await;
    // Only now are the last receipts posted.
    tokio::time::sleep(2 * (ANSWERS_AFTER + REPORTS_AFTER)).await;
    settle(carrier, came).await;
    carrier.look(|told| read(told, came))
}

async fn settle(carrier: &Carrier, came: &Came) {
    let (mut left, mut news, began) = (open(carrier, came), Instant::now(), Instant::now());
    while left > 0 && news.elapsed() < QUIET && began.elapsed() < LONGEST {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let now = open(carrier, came);
        if now != left {
            (left, news) = (now, Instant::now());
        }
    }
}

/// Messages still expected.
fn open(carrier: &Carrier, came: &Came) -> usize {
    carrier.look(|told| {
        let waits = |visit: &&Visit| {
            let number = told.numbers.get(&visit.phone);
            let first = visit.dead || number.is_some_and(|number| number.first.is_some());
            let second = number.is_none_or(|number| number.undelivered.is_none() || number.second.is_some());
            !(first && second)
        };
        came.visits.iter().filter(waits).count()
    })
}

fn read(told: &Told, came: &Came) -> Heard {
    let mut heard = Heard { refused: told.refused, first_refusal: told.first_refusal.clone(), ..Heard::default() };
    let nothing = Number::default();
    for visit in &came.visits {
        let number = told.numbers.get(&visit.phone).unwrap_or(&nothing);
        heard.repeated += number.repeated;
        if visit.dead {
            heard.of_the_dead += 1;
            heard.saved += u64::from(number.second.is_some());
            continue;
        }
        match number.first {
            Some(first) => heard.first.push(since(visit.answered, first)),
            None => heard.missing += 1,
        }
        let Some(receipt) = number.undelivered else { continue };
        heard.decided.extend(receipt.taken.map(|taken| since(receipt.posted, taken)));
        match number.second {
            Some(second) => heard.fell.push(since(receipt.posted, second)),
            None => heard.stayed += 1,
        }
    }
    for times in [&mut heard.first, &mut heard.decided, &mut heard.fell] {
        times.sort_by(f64::total_cmp);
    }
    heard
}

/// Nothing where the message was there before the answer.
fn since(before: Instant, after: Instant) -> f64 {
    after.saturating_duration_since(before).as_secs_f64() * 1000.0
}
