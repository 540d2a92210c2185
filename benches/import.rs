//! `cargo bench --bench import`: people brought in from a CSV file, on SQLite and, where `BENCH_POSTGRES` names a database, on
//! PostgreSQL. `BENCH_PEOPLE` says how many; a million by default.

#![expect(clippy::disallowed_methods, reason = "a bench measures time, and is told by its environment how much")]

use countersign::app::App;
use countersign::clock::Clock;
use countersign::config;
use countersign::crypto::secret::Secret;
use countersign::domain::audit::By;
use countersign::domain::import::Format;
use countersign::flows::manage::import::{self, Asked};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

fn main() {
    let people: usize = std::env::var("BENCH_PEOPLE").ok().and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("people.csv");
    write(&file, people);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let sqlite = format!("sqlite:{}", folder.path().join("bench.db").display());
    let postgres = std::env::var("BENCH_POSTGRES").ok();
    for url in [Some(sqlite), postgres].into_iter().flatten() {
        runtime.block_on(measure(&url, &file, people));
    }
}

fn write(file: &Path, people: usize) {
    let mut to = BufWriter::new(std::fs::File::create(file).expect("creates"));
    writeln!(to, "email,phone,given_name,family_name,provided_id").expect("writes");
    for n in 0..people {
        writeln!(to, "person{n}@shop.example,+23480{:08},Ada{n},Obi,crm-{n}", 30_000_000 + n).expect("writes");
    }
}

#[allow(clippy::disallowed_methods, reason = "it measures a duration")]
async fn measure(url: &str, file: &Path, people: usize) {
    let settings = [("COUNTERSIGN_DATABASE_URL".to_owned(), url.to_owned())];
    let config = config::load(None, settings.into_iter()).expect("settings");
    let secret = Secret::new(&[42; 32]).expect("long enough");
    let app = App::open(config, "http://localhost".into(), secret, Clock::default()).await.expect("opens");
    let asked = Asked { format: Format::Csv, trust_unverified: false, dry_run: false, resume: false };
    let began = Instant::now();
    let import = import::run(&app, &By::command(), file, asked, |_, _| {}).await.expect("imports");
    let seconds = began.elapsed().as_secs_f64();
    assert_eq!(import.made, i64::try_from(people).expect("fits"));
    let (engine, rate) = (app.db.engine_name(), people as f64 / seconds);
    println!("{engine}: {people} people in {seconds:.1} s, {rate:.0} a second; peak memory {}", memory());
    let began = Instant::now();
    let again = import::run(&app, &By::command(), file, asked, |_, _| {}).await.expect("imports");
    assert_eq!(again.present, import.made);
    println!("{engine}: the same again, nobody new, in {:.1} s", began.elapsed().as_secs_f64());
    app.db.close().await;
}

/// The most this process ever held.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("unknown");
    peak.trim().to_owned()
}
