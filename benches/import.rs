//! People brought in from a CSV file, a million by default, on both engines; then the same file again, in which nobody is new. One
//! JSON line for each engine goes to standard output.
//!
//!     cargo bench --bench import                                       both engines
//!     cargo bench --bench import -- --engine sqlite --people 100000
//!     cargo bench --bench import -- --check                            fails when a bound is broken

#![expect(clippy::disallowed_methods, reason = "a bench measures time")]

#[path = "sign_in/engines.rs"]
mod engines;
#[path = "sign_in/postgres.rs"]
mod postgres;

use clap::Parser;
use countersign::app::App;
use countersign::clock::Clock;
use countersign::config;
use countersign::crypto::secret::Secret;
use countersign::domain::audit::By;
use countersign::domain::import::{Format, Import};
use countersign::flows::manage::import::{self, Asked};
use engines::{Engine, Wanted, ended};
use postgres::Cluster;
use serde_json::json;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// People a second, at least.
const RATE: f64 = 5_000.0;
/// MiB at most, whatever the file's size: it is never in memory.
const PEAK: f64 = 128.0;

#[derive(Parser)]
#[command(about = "People brought in from a CSV file")]
struct Flags {
    #[command(flatten)]
    wanted: Wanted,
    #[arg(long, default_value_t = 1_000_000)]
    people: u32,
}

fn main() -> ExitCode {
    if std::env::args().len() == 1 {
        println!("Run it by `cargo bench --bench import`: it takes long, and means little without a release build.");
        return ExitCode::SUCCESS;
    }
    let flags = Flags::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return ended("import", Err(error.into())),
    };
    ended("import", runtime.block_on(flags.wanted.each(async |engine| run(flags.people, engine).await)))
}

/// Everything on one engine. Returns the bounds that were broken.
async fn run(people: u32, engine: Engine) -> Result<Vec<String>, Failure> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("people.csv");
    write(&file, people)?;
    let cluster = engine.cluster(None)?;
    let sqlite = || format!("sqlite:{}", folder.path().join("bench.db").display());
    let url = cluster.as_ref().map_or_else(sqlite, Cluster::url);
    let config = config::load(None, [("COUNTERSIGN_DATABASE_URL".to_owned(), url)].into_iter());
    let config = config.map_err(|faults| faults.join("; "))?;
    let app = App::open(config, "http://localhost".into(), Secret::new(&[42; 32])?, Clock::default()).await?;
    let (made, seconds) = bring_in(&app, &file).await?;
    let (again, again_seconds) = bring_in(&app, &file).await?;
    app.db.close().await;
    if (made.made, again.present) != (i64::from(people), i64::from(people)) {
        return Err(format!("{} made, {} here already, of {people}", made.made, again.present).into());
    }
    let (rate, peak) = (f64::from(people) / seconds, memory()?);
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    let line = json!({
        "bench": "import", "engine": engine.name(), "processors": processors, "people": people,
        "people_per_second": rate.round(), "bound_per_second": RATE, "nobody_new_s": again_seconds.round(),
        "resident_peak_mib": peak.round(), "bound_peak_mib": PEAK,
    });
    println!("{line}");
    let slow = (rate < RATE).then(|| format!("BOUND BROKEN: {rate:.0} people a second, at least {RATE}"));
    let large = (peak > PEAK).then(|| format!("BOUND BROKEN: {peak:.0} MiB, at most {PEAK}"));
    Ok(slow.into_iter().chain(large).collect())
}

/// What became of the file, and how many seconds it took.
async fn bring_in(app: &App, file: &Path) -> Result<(Import, f64), Failure> {
    let asked = Asked { format: Format::Csv, trust_unverified: false, dry_run: false, resume: false };
    let began = Instant::now();
    let import = import::run(app, &By::command(), file, asked, |_, _| {}).await.map_err(|fault| fault.to_string())?;
    Ok((import, began.elapsed().as_secs_f64()))
}

fn write(file: &Path, people: u32) -> Result<(), Failure> {
    let mut to = BufWriter::new(std::fs::File::create(file)?);
    writeln!(to, "email,phone,given_name,family_name,provided_id")?;
    for n in 0..people {
        writeln!(to, "person{n}@shop.example,+23480{:08},Ada{n},Obi,crm-{n}", 30_000_000 + n)?;
    }
    Ok(to.flush()?)
}

/// The most this process ever held, in MiB.
fn memory() -> Result<f64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let kib =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse::<f64>().ok());
    Ok(kib.ok_or("/proc/self/status has another form")? / 1024.0)
}
