//! People come by the clock, not when others are done: what is slow is met by as many as come, and not by fewer.

use super::Failure;
use super::visit::{Visit, Visitor};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, mpsc};

/// Those who came while the clock ran; some may still be on their way.
pub struct Crowd {
    done: mpsc::UnboundedReceiver<Result<Visit, Failure>>,
    pub came: Came,
}

#[derive(Default)]
pub struct Came {
    pub offered: u64,
    /// Came while as many as may were on the pages.
    pub turned_away: u64,
    /// How late each was sent, in milliseconds: the driver's own fault.
    pub late: Vec<f64>,
    pub ended: Option<Instant>,
    pub visits: Vec<Visit>,
    pub errors: u64,
    pub first_error: Option<String>,
}

pub struct Schedule {
    pub rate: u64,
    pub seconds: u64,
    /// The first person's number.
    pub from: u64,
}

/// Lets them in at their times. It ends when the clock does.
pub async fn let_in(visitor: &Arc<Visitor>, places: &Arc<Semaphore>, schedule: &Schedule) -> Crowd {
    let (out, done) = mpsc::unbounded_channel();
    let mut crowd = Crowd { done, came: Came::default() };
    let began = Instant::now();
    let all = schedule.rate * schedule.seconds;
    for n in 0..all {
        let due = began + Duration::from_secs_f64(n as f64 / schedule.rate as f64);
        if due > Instant::now() {
            tokio::time::sleep_until(due.into()).await;
        }
        crowd.came.late.push(due.elapsed().as_secs_f64() * 1000.0);
        match places.clone().try_acquire_owned() {
            Err(_) => crowd.came.turned_away += 1,
            Ok(place) => {
                let (visitor, out, person) = (visitor.clone(), out.clone(), schedule.from + n);
                tokio::spawn(async move {
                    let visit = visitor.visit(person).await;
                    drop(place);
                    // Nobody listens only when the run was given up.
                    drop(out.send(visit));
                });
            }
        }
    }
    tokio::time::sleep_until((began + Duration::from_secs(schedule.seconds)).into()).await;
    crowd.came.offered = all;
    crowd.came.ended = Some(Instant::now());
    crowd
}

impl Crowd {
    /// Waits for those still on their way.
    pub async fn gather(mut self) -> Came {
        while let Some(visit) = self.done.recv().await {
            match visit {
                Ok(visit) => self.came.visits.push(visit),
                Err(failure) => {
                    self.came.errors += 1;
                    self.came.first_error.get_or_insert_with(|| failure.to_string());
                }
            }
        }
        self.came
    }
}

impl Came {
    /// Whose number was answered while the clock ran.
    pub fn in_time(&self) -> usize {
        self.visits.iter().filter(|visit| self.ended.is_none_or(|ended| visit.answered <= ended)).count()
    }
}
