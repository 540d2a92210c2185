//! The JSON line, the table for people, and the bounds.

use super::Failure;
use serde_json::json;

pub struct Measured {
    pub name: &'static str,
    /// Milliseconds, sorted.
    pub times: Vec<f64>,
    pub bytes: usize,
}

pub struct Report {
    pub engine: &'static str,
    pub people: u64,
    pub sign_ins: u64,
    /// Seconds.
    pub seeded: f64,
    /// MiB.
    pub peak: f64,
    pub measured: Vec<Measured>,
}

impl Measured {
    fn percentile(&self, share: f64) -> f64 {
        let at = ((self.times.len() as f64 * share).ceil() as usize).max(1) - 1;
        self.times.get(at).copied().unwrap_or_default()
    }
}

impl Report {
    /// At p95, in milliseconds.
    fn bound(&self) -> f64 {
        if self.engine == "sqlite" { 200.0 } else { 100.0 }
    }

    pub fn line(&self) -> Result<String, Failure> {
        let routes: Vec<_> = self
            .measured
            .iter()
            .map(|one| {
                let [p50, p95, p99] = [0.5, 0.95, 0.99].map(|share| (one.percentile(share) * 10.0).round() / 10.0);
                json!({ "asked": one.name, "p50_ms": p50, "p95_ms": p95, "p99_ms": p99, "bytes": one.bytes })
            })
            .collect();
        let processors = std::thread::available_parallelism().map_or(0, usize::from);
        let line = json!({
            "bench": "operators", "engine": self.engine, "processors": processors, "people": self.people,
            "sign_ins": self.sign_ins, "seeded_s": self.seeded.round(), "resident_peak_mib": self.peak.round(),
            "bound_p95_ms": self.bound(), "routes": routes,
        });
        Ok(serde_json::to_string(&line)?)
    }

    pub fn table(&self) -> String {
        let head = format!("| {}, p50 / p95 / p99 in ms | | bytes |\n|---|---|---|\n", self.engine);
        let rows = self.measured.iter().map(|one| {
            let [p50, p95, p99] = [0.5, 0.95, 0.99].map(|share| one.percentile(share));
            format!("| {} | {p50:.1} / {p95:.1} / {p99:.1} | {} |\n", one.name, one.bytes)
        });
        head + &rows.collect::<String>()
    }

    pub fn broken(&self) -> Vec<String> {
        let slow = self.measured.iter().filter(|one| one.percentile(0.95) > self.bound());
        slow.map(|one| {
            format!("BOUND BROKEN: {}: {:.0} ms at p95, allowed {:.0}", one.name, one.percentile(0.95), self.bound())
        })
        .collect()
    }
}
