//! The JSON line, the table for people, and the floors.

use super::Failure;
use super::loads::{Driven, Load, Most};
use serde_json::{Value, json};

pub struct Measured {
    pub load: Load,
    pub driven: Driven,
    pub seconds: f64,
    /// CPU seconds of the server.
    pub cpu: f64,
    pub statements: f64,
}

pub struct Report {
    pub engine: &'static str,
    pub concurrency: usize,
    pub measured: Vec<Measured>,
}

impl Measured {
    fn each(&self, total: f64) -> f64 {
        total / (self.driven.done.max(1)) as f64
    }

    fn times(&self) -> Option<f64> {
        Some(self.each(self.cpu) / self.load.bound?)
    }

    fn json(&self) -> Value {
        json!({
            "load": self.load.name,
            "per_second": (self.driven.done as f64 / self.seconds).round(),
            "per_server_cpu_second": (self.driven.done as f64 / self.cpu).round(),
            "server_cpu_us": rounded(self.each(self.cpu) * 1e6),
            "bound_us": self.load.bound.map(|bound| rounded(bound * 1e6)),
            "times_its_bound": self.times().map(rounded),
            "sql_statements": rounded(self.each(self.statements)),
            "errors": self.driven.errors,
        })
    }

    fn broken(&self, engine: &str) -> Option<String> {
        let name = &self.load.name;
        if self.driven.errors > 0 || self.driven.done == 0 {
            return Some(format!("FLOOR BROKEN: {name}: {} errors, {} answers", self.driven.errors, self.driven.done));
        }
        match self.load.most? {
            Most::Times(most) => self
                .times()
                .filter(|times| *times > most)
                .map(|times| format!("FLOOR BROKEN: {name}: {times:.2} times its signatures, allowed {most}")),
            Most::SecondsOnSqlite(most) => {
                let cost = self.each(self.cpu);
                let (us, allowed) = (cost * 1e6, most * 1e6);
                (engine == "sqlite" && cost > most)
                    .then(|| format!("FLOOR BROKEN: {name}: {us:.0} µs of server CPU, allowed {allowed:.0}"))
            }
        }
    }
}

impl Report {
    pub fn line(&self) -> Result<String, Failure> {
        Ok(serde_json::to_string(&json!({
            "bench": "oauth",
            "engine": self.engine,
            "concurrency": self.concurrency,
            "cpus": std::thread::available_parallelism().map_or(0, usize::from),
            "loads": self.measured.iter().map(Measured::json).collect::<Vec<_>>(),
        }))?)
    }

    pub fn table(&self) -> String {
        let mut table = String::from(
            "| load | a second | a second of server CPU | server CPU, µs | its bound, µs | times | SQL |\n|---|---|---|---|---|---|---|\n",
        );
        for one in &self.measured {
            let bound = one.load.bound.map(|bound| format!("{:.0}", bound * 1e6)).unwrap_or_default();
            let times = one.times().map(|times| format!("{times:.1}")).unwrap_or_default();
            let done = one.driven.done as f64;
            table += &format!(
                "| {} | {:.0} | {:.0} | {:.0} | {bound} | {times} | {:.1} |\n",
                one.load.name,
                done / one.seconds,
                done / one.cpu,
                one.each(one.cpu) * 1e6,
                one.each(one.statements),
            );
        }
        table
    }

    pub fn broken_floors(&self) -> Vec<String> {
        self.measured.iter().filter_map(|one| one.broken(self.engine)).collect()
    }
}

fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
