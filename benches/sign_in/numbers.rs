//! Percentiles, the report, and the floors it is held against.

use super::Failure;
use super::server::{Memory, thread_cpu};
use super::walk::{STEPS, Walked};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use serde::ser::{Serialize, SerializeMap, Serializer};

pub struct Report {
    pub engine: &'static str,
    pub concurrency: u64,
    pub walked: Walked,
    pub seconds: f64,
    /// CPU seconds of the server's process over the run.
    pub cpu: f64,
    /// CPU seconds of one RSA-2048 signature here and now.
    pub signature: f64,
    pub statements: f64,
    /// MiB resident before anybody came.
    pub idle: f64,
    pub memory: Memory,
    /// Milliseconds, sorted.
    pub ready: Vec<f64>,
    /// Bytes of the identifier page: gzip, plain.
    pub page: [usize; 2],
    pub gzip: bool,
}

impl Report {
    fn per_sign_in(&self, total: f64) -> f64 {
        total / self.walked.done.len().max(1) as f64
    }

    /// The server's CPU for a sign-in, as a multiple of the CPU of its two signatures.
    fn multiple(&self) -> f64 {
        self.per_sign_in(self.cpu) / (2.0 * self.signature)
    }

    fn ready_median(&self) -> f64 {
        percentile(&self.ready, 50)
    }

    /// One line of JSON, in the order in which one would read it.
    pub fn line(&self) -> Result<String, Failure> {
        Ok(serde_json::to_string(self)?)
    }

    /// Each step's times, and those of the whole.
    fn steps(&self) -> Vec<(&'static str, Vec<f64>)> {
        let column = |place: usize| self.walked.done.iter().map(|steps| steps.times[place]).collect();
        let whole = self.walked.done.iter().map(|steps| steps.times.iter().sum()).collect();
        STEPS.iter().enumerate().map(|(place, name)| (*name, column(place))).chain([("whole", whole)]).collect()
    }

    /// What is worse than issue 2 allows, in words.
    pub fn broken_floors(&self) -> Vec<String> {
        let multiple = if self.engine == "sqlite" { 4.0 } else { 5.0 };
        let floors = [
            ("errors", self.walked.errors as f64, 0.0),
            ("server CPU as a multiple of two signatures", self.multiple(), multiple),
            ("SQL statements per sign-in", self.per_sign_in(self.statements), 20.0),
            ("idle RSS in MiB", self.idle, 40.0),
            ("peak RSS in MiB", self.memory.peak, 64.0),
            ("milliseconds until ready", self.ready_median(), 300.0),
            ("bytes of the identifier page", self.page[0] as f64, 20_000.0),
        ];
        let broken = |(what, found, allowed): (&str, f64, f64)| {
            (found.is_nan() || found > allowed).then(|| format!("FLOOR BROKEN: {what}: {found:.2}, allowed {allowed}"))
        };
        floors.into_iter().filter_map(broken).collect()
    }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let done = self.walked.done.len() as f64;
        let looks: u32 = self.walked.done.iter().map(|steps| steps.looks).sum();
        let mut line = serializer.serialize_map(None)?;
        line.serialize_entry("bench", "sign_in")?;
        line.serialize_entry("engine", self.engine)?;
        line.serialize_entry("sign_ins", &self.walked.done.len())?;
        line.serialize_entry("errors", &self.walked.errors)?;
        line.serialize_entry("concurrency", &self.concurrency)?;
        line.serialize_entry("cpus", &std::thread::available_parallelism().map_or(0, usize::from))?;
        line.serialize_entry("gzip", &self.gzip)?;
        for (name, value) in [
            ("seconds", self.seconds),
            ("sign_ins_per_second", done / self.seconds),
            ("sign_ins_per_server_cpu_second", done / self.cpu),
            ("server_cpu_ms_per_sign_in", self.per_sign_in(self.cpu) * 1000.0),
            ("signature_cpu_ms", self.signature * 1000.0),
            ("server_cpu_in_signature_pairs", self.multiple()),
            ("sql_statements_per_sign_in", self.per_sign_in(self.statements)),
            ("phone_looks_per_sign_in", self.per_sign_in(f64::from(looks))),
            ("idle_rss_mib", self.idle),
            ("after_rss_mib", self.memory.resident),
            ("peak_rss_mib", self.memory.peak),
            ("ready_ms", self.ready_median()),
            ("ready_ms_worst", percentile(&self.ready, 100)),
            ("identifier_page_bytes", self.page[0] as f64),
            ("identifier_page_bytes_plain", self.page[1] as f64),
        ] {
            line.serialize_entry(name, &rounded(value))?;
        }
        line.serialize_entry("steps_ms", &Spread(self.steps()))?;
        line.end()
    }
}

/// Times by step, told by their percentiles.
struct Spread(Vec<(&'static str, Vec<f64>)>);

impl Serialize for Spread {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(step, times)| {
            let mut times = times.clone();
            times.sort_by(f64::total_cmp);
            let at = |percent| rounded(percentile(&times, percent));
            (step, Percentiles { p50: at(50), p95: at(95), p99: at(99) })
        }))
    }
}

#[derive(serde::Serialize)]
struct Percentiles {
    p50: f64,
    p95: f64,
    p99: f64,
}

/// The smallest of the sorted values that so many percent do not exceed.
fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(place).copied().unwrap_or(f64::NAN)
}

fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// CPU seconds of one RSA-2048 signature with a parsed key kept in memory, on this machine, now.
pub fn signature_cpu() -> Result<f64, Failure> {
    const SIGNATURES: u32 = 1_500;
    let key = KeyPair::generate(KeySize::Rsa2048)?;
    let random = SystemRandom::new();
    let mut signature = vec![0; key.public_modulus_len()];
    let mut sign = |times: u32| {
        for time in 0..times {
            key.sign(&RSA_PKCS1_SHA256, &random, &[time as u8; 600], &mut signature)?;
        }
        Ok::<(), Failure>(())
    };
    sign(100)?;
    let before = thread_cpu()?;
    sign(SIGNATURES)?;
    Ok((thread_cpu()? - before) / f64::from(SIGNATURES))
}
