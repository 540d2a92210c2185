//! What operators ask, at size, against the real server: every list, search and overview over a million people and ten million
//! sign-ins made by `countersign seed`, one request after the other. One JSON line for each engine goes to standard output, a table
//! to standard error.
//!
//!     cargo bench --bench operators                                 both engines, at full size: an hour and 30 GB each
//!     cargo bench --bench operators -- --engine sqlite --people 20000 --sign-ins 200000
//!     cargo bench --bench operators -- --check                      fails when a bound is broken
//!     cargo bench --bench operators -- --at filled                  keeps what it made there, and asks it again the next time
//!
//! | file | what it does |
//! |---|---|
//! | `asked.rs` | what is asked, of what there is |
//! | `report.rs` | the JSON line, the table, the bounds |
//!
//! Server and PostgreSQL are those of `sign_in`.

#![expect(clippy::disallowed_methods, reason = "a bench measures time")]

#[path = "operators/asked.rs"]
mod asked;
#[path = "sign_in/engines.rs"]
mod engines;
#[path = "sign_in/postgres.rs"]
mod postgres;
#[path = "operators/report.rs"]
mod report;
#[expect(dead_code, reason = "shared with sign_in, which needs more of it")]
#[path = "sign_in/server.rs"]
mod server;
#[expect(dead_code, reason = "shared with sign_in, which needs more of it")]
#[path = "sign_in/settings.rs"]
mod settings;
#[expect(dead_code, reason = "shared with sign_in, which needs more of it")]
#[path = "sign_in/web.rs"]
mod web;

use asked::{Api, declared, organizations};
use clap::Parser;
use engines::{Engine, Wanted, ended};
use postgres::Cluster;
use report::{Measured, Report};
use server::{Place, Server};
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

pub type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Parser)]
#[command(about = "What operators ask, at size, against the real server")]
struct Flags {
    #[command(flatten)]
    wanted: Wanted,
    #[arg(long, default_value_t = 1_000_000)]
    people: u64,
    #[arg(long, default_value_t = 10_000_000)]
    sign_ins: u64,
    #[arg(long, default_value_t = 10_000)]
    organizations: u64,
    /// Keep what is made in this directory, and use what a run before made in it.
    #[arg(long)]
    at: Option<PathBuf>,
    /// How often each is asked.
    #[arg(long, default_value_t = 100)]
    times: usize,
}

fn main() -> ExitCode {
    if std::env::args().len() == 1 {
        println!("Run it by `cargo bench --bench operators`: it takes long, and means little without a release build.");
        return ExitCode::SUCCESS;
    }
    let flags = Flags::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return ended("operators", Err(error.into())),
    };
    ended("operators", runtime.block_on(flags.wanted.each(async |engine| run(&flags, engine).await)))
}

/// Everything on one engine. Returns the bounds that were broken.
async fn run(flags: &Flags, engine: Engine) -> Result<Vec<String>, Failure> {
    let at = flags.at.as_ref().map(|at| at.join(engine.name()));
    let (cluster, engine) = (engine.cluster(at.as_deref())?, engine.name());
    let more = "\n[api]\nper_minute = 1000000\n";
    let place = Place::prepare_at(at.as_deref(), cluster.as_ref().map(Cluster::url), more, &declared())?;
    place.declare_also(&asked::operator(&place.issuer))?;
    place.declare_also(&organizations(flags.organizations))?;
    let seeded = seed(flags, engine, &place, at.map(|at| at.join("seeded")))?;
    let (server, _) = Server::start(&place).await?;
    let api = Api::open(&place.issuer).await?;
    let (mut measured, mut unanswered) = (Vec::new(), Vec::new());
    for asked in api.all().await? {
        let mut times = Vec::new();
        // The first few find nothing in memory, and do not count.
        for n in 0..flags.times + 5 {
            let path = (asked.path)(n);
            let started = Instant::now();
            // What is not answered is told at the end: what there is took long to make.
            match api.get(&path).await {
                Ok(answer) => times.push((started.elapsed().as_secs_f64() * 1000.0, answer.len())),
                Err(error) => unanswered.push(format!("NOT ANSWERED: {path}: {error}")),
            }
        }
        let bytes = times.iter().map(|(_, bytes)| *bytes).max().unwrap_or_default();
        let mut times: Vec<f64> = times.into_iter().skip(5).map(|(time, _)| time).collect();
        times.sort_by(f64::total_cmp);
        eprintln!("{engine}: {}", asked.name);
        measured.push(Measured { name: asked.name, times, bytes });
    }
    let memory = server.memory()?;
    let report = Report { engine, people: flags.people, sign_ins: flags.sign_ins, seeded, peak: memory.peak, measured };
    println!("{}", report.line()?);
    eprintln!("{}", report.table());
    Ok(unanswered.into_iter().chain(report.broken()).collect())
}

/// Fills the database, unless a run before did. How many seconds that took.
fn seed(flags: &Flags, engine: &str, place: &Place, done: Option<PathBuf>) -> Result<f64, Failure> {
    if let Some(took) = done.as_ref().and_then(|done| fs::read_to_string(done).ok()) {
        return Ok(took.parse()?);
    }
    eprintln!("{engine}: seeding {} people and {} sign-ins", flags.people, flags.sign_ins);
    let started = Instant::now();
    let (people, sign_ins) = (flags.people.to_string(), flags.sign_ins.to_string());
    place.run(&["seed", "--people", &people, "--sign-ins", &sign_ins, "--yes"])?;
    let took = started.elapsed().as_secs_f64();
    eprintln!("{engine}: seeded in {took:.0} s");
    if let Some(done) = done {
        fs::write(done, took.to_string())?;
    }
    Ok(took)
}
