//! One load on one server with a database of its own, and everything that is read off it.

use super::arrivals::{self, Came, Schedule};
use super::carrier::{Carrier, Habits};
use super::dead::Dead;
use super::heard::{self, Heard};
use super::postgres::Cluster;
use super::server::{Place, Server, cpu_of};
use super::visit::{PAGES, Visitor};
use super::{Engine, Failure, declared};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Whoever looks whether everything is in order.
const NOBODY_ELSE: u64 = 9_999_999_999;

#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    /// As many as was asked for, whether the server keeps up or not.
    Offered,
    /// Pages alone: nobody hands messages over.
    Without,
    /// The same load, and the carrier has all messages.
    With,
    /// The same again, and for some people the first rung's carrier is dead.
    Beside,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Without => "without delivery",
            Self::With => "with delivery",
            Self::Beside => "beside a dead carrier",
        }
    }
}

#[derive(Clone, Copy)]
pub struct Load {
    pub kind: Kind,
    pub engine: Engine,
    pub rate: u64,
    pub seconds: u64,
    pub warm_up: u64,
    pub at_most: usize,
    pub undelivered: u64,
    pub delivered: bool,
    pub dead: u64,
}

pub struct Phase {
    pub kind: Kind,
    pub rate: u64,
    pub seconds: u64,
    pub offered: u64,
    pub turned_away: u64,
    pub accepted_per_second: f64,
    pub errors: u64,
    /// Processors' worth of time, over the seconds that count.
    pub server_cpus: f64,
    pub driver_cpus: f64,
    /// MiB at most.
    pub peak: f64,
    /// How late people were sent, in milliseconds, sorted.
    pub late: Vec<f64>,
    /// Milliseconds of each request, sorted.
    pub pages: [Vec<f64>; PAGES.len()],
    pub heard: Heard,
    pub dead_called: u64,
}

pub async fn run(load: Load) -> Result<Phase, Failure> {
    let engine = load.engine.name();
    eprintln!("{engine}: {}, {} a second for {} s", load.kind.name(), load.rate, load.seconds);
    let cluster = load.engine.cluster(None)?;
    let carrier = Carrier::start(Habits { undelivered: load.undelivered, delivered: load.delivered })?;
    let dead = Dead::start().await?;
    let more = if load.kind == Kind::Without { declared::NO_DELIVERY } else { "" };
    let declared = declared::declared(&carrier.address, &dead.address);
    let place = Place::prepare(cluster.as_ref().map(Cluster::url), more, &declared)?;
    let (server, _) = Server::start(&place).await?;
    let phase = measure(load, &place, &server, &carrier, &dead).await;
    let stopped = server.stop().await;
    let phase = phase.map_err(|failure| format!("{engine}, {}: {failure}\n{}", load.kind.name(), place.log_tail()))?;
    stopped?;
    Ok(phase)
}

async fn measure(load: Load, place: &Place, server: &Server, carrier: &Carrier, dead: &Dead) -> Result<Phase, Failure> {
    let visitor = Arc::new(Visitor::new(&place.issuer, load.dead)?);
    // One by itself first: what is set up wrongly is told at once.
    visitor.visit(NOBODY_ELSE).await?;
    let places = Arc::new(Semaphore::new(load.at_most));
    let warm_up = Schedule { rate: load.rate, seconds: load.warm_up, from: 0 };
    let counted = Schedule { rate: load.rate, seconds: load.seconds, from: load.rate * load.warm_up };
    let warm = arrivals::let_in(&visitor, &places, &warm_up).await;
    let (server_before, driver_before) = (server.cpu()?, cpu_of("self")?);
    let crowd = arrivals::let_in(&visitor, &places, &counted).await;
    let (server_cpu, driver_cpu) = (server.cpu()? - server_before, cpu_of("self")? - driver_before);
    let warm = warm.gather().await;
    let mut came = crowd.gather().await;
    came.errors += warm.errors;
    if let Some(error) = warm.first_error.as_ref().or(came.first_error.as_ref()) {
        eprintln!("the first error: {error}\n{}", place.log_tail());
    }
    if came.visits.is_empty() {
        return Err("nobody came through".into());
    }
    let heard = if load.kind == Kind::Without { Heard::default() } else { heard::everything(carrier, &came).await };
    if let Some(refusal) = &heard.first_refusal {
        eprintln!("the first receipt refused: {refusal}");
    }
    let seconds = load.seconds as f64;
    let (in_time, pages) = (came.in_time(), pages(&came));
    came.late.sort_by(f64::total_cmp);
    Ok(Phase {
        kind: load.kind,
        rate: load.rate,
        seconds: load.seconds,
        offered: came.offered,
        turned_away: came.turned_away,
        accepted_per_second: in_time as f64 / seconds,
        errors: came.errors,
        server_cpus: server_cpu / seconds,
        driver_cpus: driver_cpu / seconds,
        peak: server.memory()?.peak,
        late: came.late,
        pages,
        heard,
        dead_called: dead.called(),
    })
}

fn pages(came: &Came) -> [Vec<f64>; PAGES.len()] {
    std::array::from_fn(|page| {
        let mut times: Vec<f64> = came.visits.iter().map(|visit| visit.pages[page]).collect();
        times.sort_by(f64::total_cmp);
        times
    })
}
