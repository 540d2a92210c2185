//! The JSON line and the floors.

use super::Engine;
use super::heard::Heard;
use super::phase::Phase;
use super::visit::PAGES;
use serde::ser::{Serialize, SerializeMap, Serializer};

/// A page with delivery may take so much of what it takes without, at its 99th percentile.
pub const PAGE_RATIO: f64 = 1.2;
pub const FIRST_MS: f64 = 1_000.0;
pub const FELL_MS: f64 = 250.0;
pub const PEAK_MIB: f64 = 96.0;

pub struct Report {
    pub engine: Engine,
    pub offered: Phase,
    pub without: Phase,
    pub with: Phase,
    pub beside: Phase,
}

impl Report {
    pub fn phases(&self) -> [&Phase; 4] {
        [&self.offered, &self.without, &self.with, &self.beside]
    }

    /// Each page's 99th percentile with delivery, as a multiple of what it was without just before: of all pairs, sorted.
    pub fn ratios(&self) -> [Vec<f64>; PAGES.len()] {
        std::array::from_fn(|page| {
            let rounds = self.with.rounds.iter().zip(&self.without.rounds);
            let mut ratios: Vec<f64> = rounds.map(|(with, without)| with[page] / without[page]).collect();
            ratios.sort_by(f64::total_cmp);
            ratios
        })
    }

    /// The middle one of each page: a pair in which somebody else had the machine is one pair.
    fn ratio(&self) -> [f64; PAGES.len()] {
        self.ratios().map(|ratios| percentile(&ratios, 50))
    }

    /// What is worse than is allowed, in words.
    pub fn broken_floors(&self) -> Vec<String> {
        let pages = PAGES.iter().zip(self.ratio());
        let mut floors: Vec<(String, f64, f64)> =
            pages.map(|(page, ratio)| (format!("p99 of {page} with delivery to without"), ratio, PAGE_RATIO)).collect();
        for phase in self.phases() {
            let name = phase.kind.name();
            floors.push((format!("{name}: errors"), phase.errors as f64, 0.0));
            floors.push((format!("{name}: peak RSS in MiB"), phase.peak, PEAK_MIB));
            floors
                .extend(phase.heard.floors().map(|(what, found, allowed)| (format!("{name}: {what}"), found, allowed)));
        }
        let broken = |(what, found, allowed): (String, f64, f64)| {
            (found.is_nan() || found > allowed).then(|| format!("FLOOR BROKEN: {what}: {found:.2}, allowed {allowed}"))
        };
        floors.into_iter().filter_map(broken).collect()
    }
}

impl Heard {
    /// Most of them, not a percentile: no challenge waits longer.
    fn floors(&self) -> impl Iterator<Item = (&'static str, f64, f64)> {
        let most = |times: &[f64]| times.last().copied().unwrap_or(0.0);
        [
            ("longest wait for the first message in ms", most(&self.first), FIRST_MS),
            ("longest way from receipt to next rung in ms", most(&self.fell), FELL_MS),
            ("messages that never came", self.missing as f64, 0.0),
            ("receipts after which no other rung came", self.stayed as f64, 0.0),
            ("messages that came twice", self.repeated as f64, 0.0),
            ("receipts that were refused", self.refused as f64, 0.0),
        ]
        .into_iter()
    }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut line = serializer.serialize_map(None)?;
        line.serialize_entry("bench", "delivery")?;
        line.serialize_entry("engine", self.engine.name())?;
        line.serialize_entry("cpus", &cpus())?;
        for phase in self.phases() {
            line.serialize_entry(&phase.kind.name().replace(' ', "_"), phase)?;
        }
        line.serialize_entry("p99_with_to_without", &Named(self.ratio().map(rounded)))?;
        let rounds = self.ratios().map(|ratios| ratios.into_iter().map(rounded).collect::<Vec<_>>());
        line.serialize_entry("p99_with_to_without_of_each_pair", &Named(rounds))?;
        line.serialize_entry("floors_broken", &self.broken_floors().len())?;
        line.end()
    }
}

impl Serialize for Phase {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut line = serializer.serialize_map(None)?;
        for (name, count) in [
            ("offered_per_second", self.rate),
            ("seconds", self.seconds),
            ("offered", self.offered),
            ("turned_away", self.turned_away),
            ("errors", self.errors),
        ] {
            line.serialize_entry(name, &count)?;
        }
        for (name, value) in [
            ("accepted_per_second", self.accepted_per_second),
            ("server_cpus", self.server_cpus),
            ("driver_cpus", self.driver_cpus),
            ("server_cpu_ms_per_challenge", self.cpu_per_challenge()),
            ("peak_rss_mib", self.peak),
        ] {
            line.serialize_entry(name, &rounded(value))?;
        }
        line.serialize_entry("driver_late_ms", &Spread::of(&self.late))?;
        line.serialize_entry("pages_ms", &Named(self.pages.each_ref().map(|times| Spread::of(times))))?;
        if !self.heard.first.is_empty() {
            line.serialize_entry("first_message_ms", &Spread::of(&self.heard.first))?;
            line.serialize_entry("receipt_taken_ms", &Spread::of(&self.heard.decided))?;
            line.serialize_entry("next_rung_ms", &Spread::of(&self.heard.fell))?;
            for (name, count) in [
                ("never_came", self.heard.missing),
                ("no_next_rung", self.heard.stayed),
                ("came_twice", self.heard.repeated),
                ("receipts_refused", self.heard.refused),
                ("first_rung_dead", self.heard.of_the_dead),
                ("reached_by_next_rung", self.heard.saved),
                ("dead_carrier_called", self.dead_called),
            ] {
                line.serialize_entry(name, &count)?;
            }
        }
        line.end()
    }
}

impl Phase {
    pub fn cpu_per_challenge(&self) -> f64 {
        self.server_cpus * 1000.0 / self.accepted_per_second
    }
}

/// A figure for each page.
struct Named<T>([T; PAGES.len()]);

impl<T: Serialize> Serialize for Named<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(PAGES.iter().zip(&self.0))
    }
}

#[derive(serde::Serialize)]
pub struct Spread {
    pub count: usize,
    pub p50: f64,
    pub p95: f64,
    pub p99: f64,
    pub max: f64,
}

impl Spread {
    /// Of sorted times.
    pub fn of(times: &[f64]) -> Self {
        let at = |percent| rounded(percentile(times, percent));
        Self { count: times.len(), p50: at(50), p95: at(95), p99: at(99), max: at(100) }
    }
}

/// The smallest of the sorted values that so many percent do not exceed.
pub fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(place).copied().unwrap_or(f64::NAN)
}

fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

pub fn cpus() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
