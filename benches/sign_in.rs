//! Complete sign-ins against the real server, from a process of their own: what one costs, how long each step takes, and how
//! much memory it needs, on SQLite and on PostgreSQL. One JSON line for each engine goes to standard output.
//!
//!     cargo bench --bench sign_in                                   both engines, about 20 seconds each
//!     cargo bench --bench sign_in -- --engine sqlite --sign-ins 50000
//!     cargo bench --bench sign_in -- --check                        fails when a floor is broken
//!
//! | file | what it does |
//! |---|---|
//! | `settings.rs` | every name the server gave a setting, page field, path or metric |
//! | `server.rs` | starts and stops the server, reads its CPU time and memory |
//! | `engines.rs` | which engines a run measures |
//! | `postgres.rs` | a PostgreSQL cluster for the time of the run |
//! | `walk.rs` | one person signing in, step by step |
//! | `web.rs` | a browser as light as possible: cookies, redirects, forms |
//! | `wire.rs` | HTTP on connections that are kept, as light as can be |
//! | `app.rs` | the relying party: PKCE, the token request, the ID token verified |
//! | `numbers.rs` | percentiles, the report, the floors |

#![expect(clippy::disallowed_methods, reason = "a bench measures time")]

#[path = "sign_in/app.rs"]
mod app;
#[path = "sign_in/engines.rs"]
mod engines;
#[path = "sign_in/numbers.rs"]
mod numbers;
#[path = "sign_in/postgres.rs"]
mod postgres;
#[path = "sign_in/server.rs"]
mod server;
#[path = "sign_in/settings.rs"]
mod settings;
#[path = "sign_in/walk.rs"]
mod walk;
#[path = "sign_in/web.rs"]
mod web;

use clap::Parser;
use engines::{Engine, Wanted, ended};
use numbers::Report;
use postgres::Cluster;
use server::Server;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use walk::{Walk, Walked};

pub type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Parser)]
#[command(about = "Complete sign-ins against the real server")]
struct Flags {
    #[command(flatten)]
    wanted: Wanted,
    /// Sign-ins to count, after the warm-up. Left out: as many as take about 20 seconds here.
    #[arg(long)]
    sign_ins: Option<u64>,
    /// People signing in at the same time: enough to keep two processors busy.
    #[arg(long, default_value_t = 32)]
    concurrency: u64,
    /// Ask for pages uncompressed; browsers ask for gzip.
    #[arg(long)]
    plain: bool,
}

fn main() -> ExitCode {
    if std::env::args().len() == 1 {
        println!(
            "Run it by `cargo bench --bench sign_in`: it takes about a minute, and means little without a release build."
        );
        return ExitCode::SUCCESS;
    }
    let flags = Flags::parse();
    // One thread drives: on a small machine the server should have the rest.
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return ended("sign_in", Err(error.into())),
    };
    ended("sign_in", runtime.block_on(flags.wanted.each(async |engine| run(&flags, engine).await)))
}

/// The whole measurement on one engine. Returns the floors that were broken.
async fn run(flags: &Flags, engine: Engine) -> Result<Vec<String>, Failure> {
    let (cluster, engine) = (engine.cluster(None)?, engine.name());
    eprintln!("{engine}: starting");
    let place = server::Place::prepare(cluster.as_ref().map(Cluster::url), "", &settings::declared())?;
    let ready = place.ready_times(5).await?;
    let (server, _) = Server::start(&place).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let idle = server.memory()?.resident;
    let signature_before = numbers::signature_cpu()?;

    let walk = Arc::new(Walk::new(&place, flags.plain).await?);
    let next = Arc::new(AtomicU64::new(0));
    let warm_up = 40 * flags.concurrency;
    let started = Instant::now();
    let warm = people(&walk, &next, warm_up, flags.concurrency).await;
    if let Some(error) = warm.first_error {
        return Err(format!("{engine}: the warm-up failed: {error}\n{}", place.log_tail()).into());
    }
    let rate = warm_up as f64 / started.elapsed().as_secs_f64();
    let sign_ins = flags.sign_ins.unwrap_or((rate * 20.0) as u64);
    let page = walk.identifier_page_bytes().await?;

    eprintln!("{engine}: {sign_ins} sign-ins, {} at a time", flags.concurrency);
    let statements_before = place.sql_statements().await?;
    let cpu_before = server.cpu()?;
    let started = Instant::now();
    let walked = people(&walk, &next, sign_ins, flags.concurrency).await;
    let seconds = started.elapsed().as_secs_f64();
    let cpu = server.cpu()? - cpu_before;
    let statements = place.sql_statements().await? - statements_before;
    let memory = server.memory()?;
    let signature = (signature_before + numbers::signature_cpu()?) / 2.0;

    let report = Report {
        engine,
        concurrency: flags.concurrency,
        walked,
        seconds,
        cpu,
        signature,
        statements,
        idle,
        memory,
        ready,
        page,
        gzip: !flags.plain,
    };
    println!("{}", report.line()?);
    if let Some(error) = &report.walked.first_error {
        eprintln!("{engine}: the first error: {error}\n{}", place.log_tail());
    }
    Ok(report.broken_floors())
}

/// So many people sign in, so many at a time, each with a number and a browser of their own.
async fn people(walk: &Arc<Walk>, next: &Arc<AtomicU64>, count: u64, at_a_time: u64) -> Walked {
    let last = next.load(Ordering::Relaxed) + count;
    let lanes: Vec<_> = (0..at_a_time)
        .map(|_| {
            let (walk, next) = (walk.clone(), next.clone());
            tokio::spawn(async move {
                let mut walked = Walked::default();
                while let Ok(person) = next
                    .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |person| (person < last).then_some(person + 1))
                {
                    walked.count(walk.sign_in(person).await);
                }
                walked
            })
        })
        .collect();
    let mut all = Walked::default();
    for lane in lanes {
        match lane.await {
            Ok(walked) => all.add(walked),
            Err(error) => all.count(Err(error.into())),
        }
    }
    all
}
