//! A load on a server with a database of its own, by itself or by turns with another, and everything that is read off it.

use super::arrivals::{self, Came, Schedule};
use super::carrier::{ANSWERS_AFTER, Carrier, Habits, REPORTS_AFTER};
use super::dead::Dead;
use super::heard::{self, Heard};
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
    /// The 99th percentile of each request in each round.
    pub rounds: Vec<[f64; PAGES.len()]>,
    pub heard: Heard,
    pub dead_called: u64,
}

/// One load from beginning to end.
pub async fn run(load: Load) -> Result<Phase, Failure> {
    eprintln!("{}: {}, {} a second for {} s", load.engine.name(), load.kind.name(), load.rate, load.seconds);
    let mut stand = Stand::open(load).await?;
    stand.round(load.warm_up, false).await?;
    stand.round(load.seconds, true).await?;
    stand.close().await
}

/// Two loads by turns, so that whatever else happens on this machine meanwhile happens to both.
pub async fn compare(loads: [Load; 2], rounds: u64) -> Result<[Phase; 2], Failure> {
    let [one, other] = loads;
    let (first, second, rate) = (one.kind.name(), other.kind.name(), one.rate);
    eprintln!("{}: {first} and {second} by turns, {rate} a second for {} s", one.engine.name(), one.seconds);
    let mut stands = [Stand::open(one).await?, Stand::open(other).await?];
    for round in 0..rounds {
        for stand in &mut stands {
            // What has been idle is met by a few before it counts.
            stand.round(if round == 0 { stand.load.warm_up } else { SETTLES }, false).await?;
            stand.round(stand.load.seconds.div_ceil(rounds), true).await?;
            // The last messages and their receipts are not the other's burden.
            tokio::time::sleep(2 * (ANSWERS_AFTER + REPORTS_AFTER)).await;
        }
    }
    let [one, other] = stands;
    Ok([one.close().await?, other.close().await?])
}

/// Seconds before a round that are not counted.
const SETTLES: u64 = 2;

/// A server with a database of its own, its carriers, and all who came so far.
struct Stand {
    load: Load,
    visitor: Arc<Visitor>,
    places: Arc<Semaphore>,
    came: Came,
    /// What was counted: seconds, who was answered in time, processor seconds of server and driver.
    seconds: f64,
    in_time: usize,
    server_cpu: f64,
    driver_cpu: f64,
    rounds: Vec<[f64; PAGES.len()]>,
    /// The next person's number.
    next: u64,
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
            came: Came::default(),
            seconds: 0.0,
            in_time: 0,
            server_cpu: 0.0,
            driver_cpu: 0.0,
            rounds: Vec::new(),
            next: 0,
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

    /// People for so many seconds; whether they count.
    async fn round(&mut self, seconds: u64, counts: bool) -> Result<(), Failure> {
        let schedule = Schedule { rate: self.load.rate, seconds, from: self.next };
        self.next += schedule.rate * seconds;
        let (server_before, driver_before) = (self.server.cpu()?, cpu_of("self")?);
        let crowd = arrivals::let_in(&self.visitor, &self.places, &schedule).await;
        let (server_cpu, driver_cpu) = (self.server.cpu()? - server_before, cpu_of("self")? - driver_before);
        let came = crowd.gather().await;
        if let Some(error) = &came.first_error {
            eprintln!("the first error: {error}\n{}", self.place.log_tail());
        }
        if !counts {
            self.came.errors += came.errors;
            return Ok(());
        }
        if came.visits.is_empty() {
            return Err(self.told(&"nobody came through".into()));
        }
        self.seconds += seconds as f64;
        self.in_time += came.in_time();
        self.server_cpu += server_cpu;
        self.driver_cpu += driver_cpu;
        self.rounds.push(pages(&came).map(|times| percentile(&times, 99)));
        self.came.add(came);
        Ok(())
    }

    async fn close(self) -> Result<Phase, Failure> {
        let Self { load, mut came, seconds, server, carrier, .. } = self;
        let heard =
            if load.kind == Kind::Without { Heard::default() } else { heard::everything(&carrier, &came).await };
        if let Some(refusal) = &heard.first_refusal {
            eprintln!("the first receipt refused: {refusal}");
        }
        let (peak, pages) = (server.memory()?.peak, pages(&came));
        came.late.sort_by(f64::total_cmp);
        server.stop().await?;
        Ok(Phase {
            kind: load.kind,
            rate: load.rate,
            seconds: load.seconds,
            offered: came.offered,
            turned_away: came.turned_away,
            accepted_per_second: self.in_time as f64 / seconds,
            errors: came.errors,
            server_cpus: self.server_cpu / seconds,
            driver_cpus: self.driver_cpu / seconds,
            peak,
            late: came.late,
            pages,
            rounds: self.rounds,
            heard,
            dead_called: self.dead.called(),
        })
    }

    fn told(&self, failure: &Failure) -> Failure {
        let (engine, load) = (self.load.engine.name(), self.load.kind.name());
        format!("{engine}, {load}: {failure}\n{}", self.place.log_tail()).into()
    }
}

fn pages(came: &Came) -> [Vec<f64>; PAGES.len()] {
    std::array::from_fn(|page| {
        let mut times: Vec<f64> = came.visits.iter().map(|visit| visit.pages[page]).collect();
        times.sort_by(f64::total_cmp);
        times
    })
}
