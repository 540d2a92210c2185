//! The endpoints clients speak to, against the real server: how many answers a second, how much of the server's processor time
//! each takes, and beside it the bound: what cannot be avoided, its signatures or the signature it verifies. One JSON line for
//! each engine goes to standard output, a table to standard error.
//!
//!     cargo bench --bench oauth                                     both engines, about two minutes each
//!     cargo bench --bench oauth -- --engine sqlite --seconds 2
//!     cargo bench --bench oauth -- --check                          fails when a floor is broken
//!
//! | file | what it does |
//! |---|---|
//! | `declared.rs` | a client for each algorithm, with a browser behind it and without |
//! | `loads.rs` | what is asked for, and what it cannot cost less than |
//! | `bounds.rs` | one signature, one verification, by each algorithm, here and now |
//! | `report.rs` | the JSON line, the table, the floors |
//!
//! Server, PostgreSQL, and the people who sign in first are those of `sign_in`.

#![expect(clippy::disallowed_methods, reason = "a bench measures time")]

#[path = "sign_in/app.rs"]
mod app;
#[path = "oauth/bounds.rs"]
mod bounds;
#[path = "oauth/declared.rs"]
mod declared;
#[path = "sign_in/engines.rs"]
mod engines;
#[path = "oauth/loads.rs"]
mod loads;
#[path = "sign_in/postgres.rs"]
mod postgres;
#[path = "oauth/report.rs"]
mod report;
#[expect(dead_code, reason = "shared with sign_in, which needs more of it")]
#[path = "sign_in/server.rs"]
mod server;
#[expect(dead_code, reason = "shared with sign_in, which needs more of it")]
#[path = "sign_in/settings.rs"]
mod settings;
#[expect(dead_code, reason = "shared with sign_in, which needs more of it")]
#[path = "sign_in/walk.rs"]
mod walk;
#[path = "sign_in/web.rs"]
mod web;

use bounds::Bounds;
use clap::Parser;
use engines::{Engine, Wanted, ended};
use loads::Loads;
use postgres::Cluster;
use report::{Measured, Report};
use server::Server;
use std::process::ExitCode;
use std::time::{Duration, Instant};

pub type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Parser)]
#[command(about = "The endpoints clients speak to, against the real server")]
struct Flags {
    #[command(flatten)]
    wanted: Wanted,
    /// Seconds of each load that are counted.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Requests under way at the same time.
    #[arg(long, default_value_t = 32)]
    concurrency: usize,
}

fn main() -> ExitCode {
    if std::env::args().len() == 1 {
        println!("Run it by `cargo bench --bench oauth`: it takes minutes, and means little without a release build.");
        return ExitCode::SUCCESS;
    }
    let flags = Flags::parse();
    // One thread drives: on a small machine the server should have the rest.
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return ended("oauth", Err(error.into())),
    };
    ended("oauth", runtime.block_on(flags.wanted.each(async |engine| run(&flags, engine).await)))
}

/// Every load on one engine. Returns the floors that were broken.
async fn run(flags: &Flags, engine: Engine) -> Result<Vec<String>, Failure> {
    let (cluster, engine) = (engine.cluster(None)?, engine.name());
    eprintln!("{engine}: starting");
    let place = server::Place::prepare(cluster.as_ref().map(Cluster::url), "", &declared::declared())?;
    let (server, _) = Server::start(&place).await?;
    let bounds = Bounds::measure()?;
    let loads = Loads::prepare(&place, &bounds, flags.concurrency).await?;
    let mut measured = Vec::new();
    for load in loads.all() {
        eprintln!("{engine}: {}", load.name);
        // Caches, connections, and the pages of the database are warm before anything counts.
        loads.drive(load, Duration::from_millis(500)).await;
        let (statements, cpu) = (place.sql_statements().await?, server.cpu()?);
        let started = Instant::now();
        let driven = loads.drive(load, Duration::from_secs(flags.seconds)).await;
        let seconds = started.elapsed().as_secs_f64();
        let cpu = server.cpu()? - cpu;
        let statements = place.sql_statements().await? - statements;
        if let Some(error) = &driven.first_error {
            eprintln!("{engine}: {}: the first error: {error}\n{}", load.name, place.log_tail());
        }
        measured.push(Measured { load: load.clone(), driven, seconds, cpu, statements });
    }
    let report = Report { engine, concurrency: flags.concurrency, measured };
    println!("{}", report.line()?);
    eprintln!("{}", report.table());
    Ok(report.broken_floors())
}
