//! Passcodes on their way: challenges asked of the real server by a clock, whether it keeps up or not, while a carrier in this
//! process takes half a second for each message. What was reached, what delivery costs the pages, how soon a carrier has a
//! message, how soon the next rung follows a receipt, and whether a dead carrier slows the living one; on SQLite and on
//! PostgreSQL. One JSON line for each engine goes to standard output, a table to standard error.
//!
//!     cargo bench --bench delivery                                  both engines, about a quarter of an hour each
//!     cargo bench --bench delivery -- --engine sqlite --rate 50 --seconds 5
//!     cargo bench --bench delivery -- --check                       fails when a floor is broken
//!
//! | file | what it does |
//! |---|---|
//! | `declared.rs` | client, ladder and carriers, as the server is told of them |
//! | `arrivals.rs` | people come by the clock, not when others are done |
//! | `visit.rs` | one of them: four requests, each timed; and everybody's number |
//! | `carrier.rs` | the carrier that answers after half a second, and its signed receipts |
//! | `listen.rs` | HTTP as that carrier hears it |
//! | `dead.rs` | the carrier that accepts connections and never answers |
//! | `phase.rs` | one load on one server, or two by turns, and everything that is read off it |
//! | `heard.rs` | what the carrier heard of it, and when |
//! | `report.rs` | the JSON line and the floors |
//! | `table.rs` | the same for people |
//!
//! Server, PostgreSQL and browser are those of `sign_in`.

#![expect(clippy::disallowed_methods, reason = "a bench measures time")]

#[path = "delivery/arrivals.rs"]
mod arrivals;
#[path = "delivery/carrier.rs"]
mod carrier;
#[path = "delivery/dead.rs"]
mod dead;
#[path = "delivery/declared.rs"]
mod declared;
#[path = "sign_in/engines.rs"]
mod engines;
#[path = "delivery/heard.rs"]
mod heard;
#[path = "delivery/listen.rs"]
mod listen;
#[path = "delivery/phase.rs"]
mod phase;
#[path = "sign_in/postgres.rs"]
mod postgres;
#[path = "delivery/report.rs"]
mod report;
#[expect(dead_code, reason = "shared with sign_in, which needs more of it")]
#[path = "sign_in/server.rs"]
mod server;
#[expect(dead_code, reason = "shared with sign_in, which needs more of it")]
#[path = "sign_in/settings.rs"]
mod settings;
#[path = "delivery/table.rs"]
mod table;
#[path = "delivery/visit.rs"]
mod visit;
#[expect(dead_code, reason = "shared with sign_in, which needs more of it")]
#[path = "sign_in/web.rs"]
mod web;

use clap::Parser;
use engines::{Engine, Wanted, ended};
use phase::{Kind, Load, Phase};
use report::Report;
use std::process::ExitCode;

pub type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Parser)]
#[command(about = "Passcodes on their way: challenges by the clock, and a carrier that takes half a second")]
struct Flags {
    #[command(flatten)]
    wanted: Wanted,
    /// Challenges offered a second.
    #[arg(long, default_value_t = 1000)]
    rate: u64,
    /// Seconds of each load that are counted.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Seconds before them that are not.
    #[arg(long, default_value_t = 5)]
    warm_up: u64,
    /// How often, by turns, pages are measured with delivery and without.
    #[arg(long, default_value_t = 5)]
    pairs: u64,
    /// Challenges a second at which pages are compared. Left out: the rate offered, or 70 % of what was reached.
    #[arg(long)]
    compare_rate: Option<u64>,
    /// People on the pages at once; who comes beyond is turned away and counted.
    #[arg(long, default_value_t = 256)]
    at_most: usize,
    /// Percent of the messages on the first rung that the carrier reports undelivered.
    #[arg(long, default_value_t = 5)]
    undelivered: u64,
    /// The carrier reports all other messages delivered, which is a request more for each.
    #[arg(long)]
    delivered: bool,
    /// Percent of the people whose first rung is the dead carrier's, where there is one.
    #[arg(long, default_value_t = 10)]
    dead: u64,
}

fn main() -> ExitCode {
    if std::env::args().len() == 1 {
        println!(
            "Run it by `cargo bench --bench delivery`: it takes half an hour, and means little without a release build."
        );
        return ExitCode::SUCCESS;
    }
    ended("delivery", drive(&Flags::parse()))
}

/// Half the processors drive; the carrier has a thread of its own, so that what it sees waits for no browser.
fn drive(flags: &Flags) -> Result<bool, Failure> {
    enough_files()?;
    let threads = (report::cpus() / 2).clamp(1, 4);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build()?;
    runtime.block_on(flags.wanted.each(async |engine| run(flags, engine).await))
}

/// Connections of browsers, of the server to both carriers, and the server's own side of them.
fn enough_files() -> Result<(), Failure> {
    let limits = std::fs::read_to_string("/proc/self/limits")?;
    let soft = limits.lines().find_map(|line| line.strip_prefix("Max open files")?.split_whitespace().next());
    match soft.map(str::parse::<u64>) {
        Some(Ok(files)) if files < 4096 => Err(format!("{files} open files are too few: `ulimit -n 4096`").into()),
        _ => Ok(()),
    }
}

/// The four loads on one engine. Returns the floors that were broken.
async fn run(flags: &Flags, engine: Engine) -> Result<Vec<String>, Failure> {
    let load = |kind, rate| Load {
        kind,
        engine,
        rate,
        seconds: flags.seconds,
        warm_up: flags.warm_up,
        at_most: flags.at_most,
        undelivered: flags.undelivered,
        delivered: flags.delivered,
        dead: if kind == Kind::Beside { flags.dead.min(99) } else { 0 },
    };
    let offered = phase::run(load(Kind::Offered, flags.rate)).await?;
    let compared = flags.compare_rate.unwrap_or_else(|| bearable(&offered));
    let by_turns = [load(Kind::Without, compared), load(Kind::With, compared)];
    let [without, with] = phase::compare(by_turns, flags.pairs).await?;
    let beside = phase::run(load(Kind::Beside, compared)).await?;
    let report = Report { engine, offered, without, with, beside };
    println!("{}", serde_json::to_string(&report)?);
    eprintln!("{}", table::of(&report));
    Ok(report.broken_floors())
}

/// What can be offered without a queue that grows: the rate itself, where it was reached.
fn bearable(offered: &Phase) -> u64 {
    let reached = offered.accepted_per_second;
    if reached >= 0.99 * offered.rate as f64 { offered.rate } else { ((reached * 0.7) as u64).max(1) }
}
