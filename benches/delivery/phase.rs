//! A load on a server with a database of its own, once or by turns with another, and everything that is read off it.

use super::arrivals::{self, Came, Schedule};
use super::carrier::{Carrier, Habits};
use super::dead::Dead;
use super::heard::{self, Heard, merge};
use super::postgres::Cluster;
use super::report::percentile;
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
    /// The 99th percentile of each request, each time it ran.
    pub rounds: Vec<[f64; PAGES.len()]>,
    pub heard: Heard,
    pub dead_called: u64,
}

/// One load from beginning to end, on a server and a database of its own.
pub async fn run(load: Load) -> Result<Phase, Failure> {
    eprintln!("{}: {}, {} a second for {} s", load.engine.name(), load.kind.name(), load.rate, load.seconds);
    let mut stand = Stand::open(load).await?;
    stand.let_in(load.warm_up).await?;
    stand.count().await
}

/// Two loads by turns, each from beginning to end: whatever else happens on this machine meanwhile happens to both.
pub async fn compare([one, other]: [Load; 2], pairs: u64) -> Result<[Phase; 2], Failure> {
    let mut both = [run(one).await?, run(other).await?];
    for _ in 1..pairs {
        for (phase, load) in both.iter_mut().zip([one, other]) {
            phase.add(run(load).await?);
        }
    }
    Ok(both)
}

/// A server with a database of its own, and its carriers.
struct Stand {
    load: Load,
    visitor: Arc<Visitor>,
    places: Arc<Semaphore>,
    /// The next person's number.
    next: u64,
    errors: u64,
    server: Server,
    place: Place,
    carrier: Carrier,
    dead: Dead,
    _cluster: Option<Cluster>,
}

impl Stand {
    async fn open(load: Load) -> Result<Self, Failure> {
        let cluster = load.engine.cluster(None)?;
        let carrier = Carrier::start(Habits { undelivered: load.undelivered, delivered: load.delivered })?;
        let dead = Dead::start().await?;
        let more = if load.kind == Kind::Without { declared::NO_DELIVERY } else { "" };
        let declared = declared::declared(&carrier.address, &dead.address);
        let place = Place::prepare(cluster.as_ref().map(Cluster::url), more, &declared)?;
        let (server, _) = Server::start(&place).await?;
        let visitor = Arc::new(Visitor::new(&place.issuer, load.dead)?);
        let stand = Self {
            load,
            visitor,
            places: Arc::new(Semaphore::new(load.at_most)),
            next: 0,
            errors: 0,
            server,
            place,
            carrier,
            dead,
            _cluster: cluster,
        };
        // One by itself first: what is set up wrongly is told at once.
        stand.visitor.visit(NOBODY_ELSE).await.map_err(|failure| stand.told(&failure))?;
        Ok(stand)
    }

    /// People for so many seconds.
    async fn let_in(&mut self, seconds: u64) -> Result<Round, Failure> {
        let schedule = Schedule { rate: self.load.rate, seconds, from: self.next };
        self.next += schedule.rate * seconds;
        let (server_before, driver_before) = (self.server.cpu()?, cpu_of("self")?);
        let crowd = arrivals::let_in(&self.visitor, &self.places, &schedule).await;
        let (server_cpu, driver_cpu) = (self.server.cpu()? - server_before, cpu_of("self")? - driver_before);
        let came = crowd.gather().await;
        if let Some(error) = &came.first_error {
            eprintln!("the first error: {error}\n{}", self.place.log_tail());
        }
        self.errors += came.errors;
        Ok(Round { came, server_cpu, driver_cpu })
    }

    /// Those who count.
    async fn count(mut self) -> Result<Phase, Failure> {
        let Round { mut came, server_cpu, driver_cpu } = self.let_in(self.load.seconds).await?;
        if came.visits.is_empty() {
            return Err(self.told(&"nobody came through".into()));
        }
        let Self { load, errors, server, carrier, dead, .. } = self;
        let heard =
            if load.kind == Kind::Without { Heard::default() } else { heard::everything(&carrier, &came).await };
        if let Some(refusal) = &heard.first_refusal {
            eprintln!("the first receipt refused: {refusal}");
        }
        let (peak, pages, seconds) = (server.memory()?.peak, pages(&came), load.seconds as f64);
        came.late.sort_by(f64::total_cmp);
        server.stop().await?;
        Ok(Phase {
            kind: load.kind,
            rate: load.rate,
            seconds: load.seconds,
            offered: came.offered,
            turned_away: came.turned_away,
            accepted_per_second: came.in_time() as f64 / seconds,
            errors,
            server_cpus: server_cpu / seconds,
            driver_cpus: driver_cpu / seconds,
            peak,
            rounds: vec![pages.each_ref().map(|times| percentile(times, 99))],
            late: came.late,
            pages,
            heard,
            dead_called: dead.called(),
        })
    }

    fn told(&self, failure: &Failure) -> Failure {
        let (engine, load) = (self.load.engine.name(), self.load.kind.name());
        format!("{engine}, {load}: {failure}\n{}", self.place.log_tail()).into()
    }
}

/// Those who came while a clock ran, and the processor seconds it took.
struct Round {
    came: Came,
    server_cpu: f64,
    driver_cpu: f64,
}

impl Phase {
    /// And the same load another time.
    fn add(&mut self, more: Self) {
        let (seconds, others) = (self.seconds as f64, more.seconds as f64);
        let mean = |one: f64, other: f64| (one * seconds + other * others) / (seconds + others);
        self.accepted_per_second = mean(self.accepted_per_second, more.accepted_per_second);
        self.server_cpus = mean(self.server_cpus, more.server_cpus);
        self.driver_cpus = mean(self.driver_cpus, more.driver_cpus);
        self.seconds += more.seconds;
        self.offered += more.offered;
        self.turned_away += more.turned_away;
        self.errors += more.errors;
        self.peak = self.peak.max(more.peak);
        merge(&mut self.late, more.late);
        for (times, more) in self.pages.iter_mut().zip(more.pages) {
            merge(times, more);
        }
        self.rounds.extend(more.rounds);
        self.heard.add(more.heard);
        self.dead_called += more.dead_called;
    }
}

fn pages(came: &Came) -> [Vec<f64>; PAGES.len()] {
    std::array::from_fn(|page| {
        let mut times: Vec<f64> = came.visits.iter().map(|visit| visit.pages[page]).collect();
        times.sort_by(f64::total_cmp);
        times
    })
}
