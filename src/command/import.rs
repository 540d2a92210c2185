//! `countersign import`: people of another installation, or of a vendor, brought in from a file.

use super::{Ended, one, open, say};
use crate::config::Config;
use crate::domain::audit::By;
use crate::domain::import::{Became, Format, Import, Said, State};
use crate::domain::time::Time;
use crate::flows::manage::import::{self, Asked};
use clap::Args;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

/// How often progress is told.
const EVERY: Duration = Duration::from_secs(1);

#[derive(Args)]
pub struct FromFile {
    file: PathBuf,
    /// Whose file it is: csv, firebase, auth0, supabase, kinde or logto.
    #[arg(long, value_parser = format)]
    from: Format,
    /// Say what would become of each line, and make nobody.
    #[arg(long)]
    dry_run: bool,
    /// Go on with this file where it was left.
    #[arg(long)]
    resume: bool,
    /// Link a number or address that was never verified, where somebody has no other.
    #[arg(long)]
    trust_unverified: bool,
    /// Say something of every line, not only of those that need it.
    #[arg(long)]
    all_lines: bool,
}

fn format(text: &str) -> Result<Format, String> {
    let known = Format::ALL.map(Format::as_str).join(", ");
    Format::parse(text).ok_or_else(|| format!("one of {known}"))
}

pub async fn run(config: Config, from: &FromFile) -> Ended {
    let app = open(config).await?;
    let asked = Asked {
        format: from.from,
        trust_unverified: from.trust_unverified,
        dry_run: from.dry_run,
        resume: from.resume,
    };
    let mut progress: Option<Progress> = None;
    let tell = |import: &Import, said: &[Said]| {
        for said in said.iter().filter(|said| from.all_lines || !said.detail.is_empty()) {
            say(&line(said));
        }
        progress.get_or_insert_with(|| Progress::from(import)).tell(import);
    };
    let import = import::run(&app, &By::command(), &from.file, asked, tell).await.map_err(one)?;
    if import.state == State::Failed {
        return Err(one(import.detail.unwrap_or_default()));
    }
    told(&ended(&import));
    Ok(())
}

fn line(said: &Said) -> String {
    let became = match said.became {
        Became::Made => "made",
        Became::Present => "here already",
        Became::Wrong => "not brought in",
    };
    let detail = if said.detail.is_empty() { String::new() } else { format!(": {}", said.detail) };
    format!("line {}: {became}{detail}", said.line)
}

fn ended(import: &Import) -> String {
    let Import { made, present, wrong, .. } = import;
    let counts = format!("{made} made, {present} here already, {wrong} not brought in; passwords stayed behind");
    match import.dry_run {
        true => format!("dry run: nobody was made. It would be {counts}"),
        false => format!("{}: {counts}", import.id),
    }
}

/// To who watches, apart from the lines.
fn told(text: &str) {
    drop(writeln!(std::io::stderr(), "{text}"));
}

struct Progress {
    began: Time,
    /// People done before, in another run.
    before: i64,
    last: Time,
}

impl Progress {
    fn from(import: &Import) -> Self {
        Self { began: import.updated_at, before: people(import), last: import.updated_at }
    }

    fn tell(&mut self, import: &Import) {
        let now = import.updated_at;
        if now.since(self.last) < EVERY {
            return;
        }
        self.last = now;
        let millis = i64::try_from(now.since(self.began).as_millis()).unwrap_or(i64::MAX).max(1);
        let rate = (people(import) - self.before) * 1_000 / millis;
        let part = import.position.saturating_mul(100) / import.size.max(1);
        told(&format!(
            "{part} %: {} made, {} here already, {} not brought in, {rate} a second",
            import.made, import.present, import.wrong
        ));
    }
}

fn people(import: &Import) -> i64 {
    import.made + import.present + import.wrong
}
