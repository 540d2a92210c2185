//! The command line: `countersign` alone is the demo; `serve` is production; `apply` and `keys rotate` change what is declared.
//! `api` does whatever else the API does. Exit code 2 means that something given was wrong, and says all of it.

mod admin;
mod api;
mod audit;
mod carriers;
mod demo;
mod events;
mod import;
mod invite;
mod secret;
mod seed;
pub mod serve;
mod timeline;

use crate::app::App;
use crate::clock::Clock;
use crate::config::{self, Config, Issuer};
use crate::domain::audit::By;
use crate::flows::keys;
use crate::flows::manage::apply::{Applied, Changes, How, apply_so};
use crate::flows::manage::export::export;
use crate::telemetry;
use admin::AdminVerb;
use audit::AuditVerb;
use carriers::CarriersVerb;
use clap::{Parser, Subcommand};
use events::EventsVerb;
use std::io::Write;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Parser)]
#[command(
    version,
    about = "Passwordless sign-in by phone or e-mail: an OpenID Provider in one binary. Without a command: a demo with everything running."
)]
struct Line {
    /// Settings as TOML; the environment (`COUNTERSIGN_…`) overrides them.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Subcommand)]
enum Verb {
    /// The provider, a demo web app and the phone, on this machine (what runs without a command).
    Demo,
    /// The provider, for production.
    Serve,
    /// Declare clients, connections, carriers and test identifiers from a TOML file.
    Apply {
        file: PathBuf,
        /// Say what would change, and change nothing.
        #[arg(long)]
        dry_run: bool,
        /// Take away what the file does not name; organizations, people and clients that registered themselves stay.
        #[arg(long)]
        prune: bool,
    },
    /// Print what is declared, as `apply` reads it; secrets stay behind.
    Export,
    /// What became of one sign-in (`in_…`), or of the newest ones of a number or address.
    Timeline { of: String },
    /// Look at every carrier's credentials, senders and templates, at ladders and caps, and say how to mend what is wrong.
    Doctor,
    /// Make a link that signs one e-mail address up, once, even where sign-up is closed.
    Invite(invite::Invite),
    /// Bring in people from a file: one's own, or what a vendor exports.
    Import(import::FromFile),
    /// Everything the API does, done here: without arguments, what there is.
    #[command(disable_help_flag = true)]
    Api(api::Asked),
    /// The people who run this service, in the portal.
    Admin {
        #[command(subcommand)]
        verb: AdminVerb,
    },
    /// Made-up people and sign-ins, for trying things out at size.
    Seed(seed::Seed),
    /// What operators did.
    Audit {
        #[command(subcommand)]
        verb: AuditVerb,
    },
    /// What happened, and who was told.
    Events {
        #[command(subcommand)]
        verb: EventsVerb,
    },
    /// The companies that deliver.
    Carriers {
        #[command(subcommand)]
        verb: CarriersVerb,
    },
    /// Signing keys.
    Keys {
        #[command(subcommand)]
        verb: KeysVerb,
    },
}

#[derive(Subcommand)]
enum KeysVerb {
    /// Publish new keys now, sign with them after `keys.lead`, retire the old ones when their tokens have expired.
    Rotate,
}

/// What a command ends with: nothing to say, or everything that is wrong.
type Ended = Result<(), Vec<String>>;

pub fn main() -> ExitCode {
    let line = Line::parse();
    let config = match config::load(line.config.as_deref(), environment()) {
        Ok(config) => config,
        Err(faults) => return complain(&faults),
    };
    telemetry::start_logging(&config.log_level, config.log_format);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return complain(&[error.to_string()]),
    };
    let ended = runtime.block_on(async {
        let done = match line.verb {
            Some(Verb::Api(asked)) => return api::run(config, asked).await,
            None | Some(Verb::Demo) => demo::run(config).await,
            Some(Verb::Serve) => serve::run(config).await,
            Some(Verb::Apply { file, dry_run, prune }) => apply_file(config, &file, How { dry_run, prune }).await,
            Some(Verb::Export) => export_file(config).await,
            Some(Verb::Timeline { of }) => timeline::run(config, &of).await,
            Some(Verb::Admin { verb }) => admin::run(config, verb).await,
            Some(Verb::Audit { verb }) => audit::run(config, verb).await,
            Some(Verb::Invite(invited)) => invite::run(config, &invited).await,
            Some(Verb::Seed(wanted)) => seed::run(config, wanted).await,
            Some(Verb::Import(from)) => import::run(config, &from).await,
            Some(Verb::Doctor) => carriers::doctor(config).await,
            Some(Verb::Events { verb }) => events::run(config, verb).await,
            Some(Verb::Carriers { verb }) => carriers::run(config, verb).await,
            Some(Verb::Keys { verb: KeysVerb::Rotate }) => rotate(config).await,
        };
        done.map(|()| ExitCode::SUCCESS)
    });
    match ended {
        Ok(code) => code,
        Err(faults) => complain(&faults),
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place the environment is read")]
fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars()
}

fn complain(faults: &[String]) -> ExitCode {
    for fault in faults {
        say_wrong(fault);
    }
    ExitCode::from(2)
}

fn say(line: &str) {
    drop(writeln!(std::io::stdout(), "{line}"));
}

fn say_wrong(line: &str) {
    drop(writeln!(std::io::stderr(), "countersign: {line}"));
}

fn one(error: impl std::fmt::Display) -> Vec<String> {
    vec![error.to_string()]
}

/// Opens the app for a command that runs beside a server, or before the first.
async fn open(config: Config) -> Result<App, Vec<String>> {
    make_data_dir(&config)?;
    let secret = secret::read(&config)?;
    let issuer = config.issuer.clone().unwrap_or(Issuer("http://localhost:8080".into()));
    // A command changes what is declared whatever a server would honour.
    let config = Config { allow_test_identifiers: true, allow_dev_phone: true, ..config };
    App::open(config, issuer.0, secret, Clock::default()).await.map_err(one)
}

/// Whom we make it for may read it, and nobody else: it holds people's numbers and addresses.
fn make_data_dir(config: &Config) -> Ended {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&config.data_dir)
        .map_err(|error| one(format!("data_dir {}: {error}", config.data_dir.display())))
}

async fn apply_file(config: Config, file: &Path, how: How) -> Ended {
    let text = std::fs::read_to_string(file).map_err(|error| one(format!("{}: {error}", file.display())))?;
    let app = open(config).await?;
    let folder = file.parent().unwrap_or(Path::new("."));
    let read_file = |name: &str| std::fs::read(folder.join(name)).map_err(|error| format!("{name}: {error}"));
    match apply_so(&app, &By::command(), &text, &read_file, how).await.map_err(one)? {
        Applied::Wrong(faults) => {
            let faults = faults.iter().map(ToString::to_string);
            Err(faults.chain(["nothing was changed".to_owned()]).collect())
        }
        Applied::Done(changes) => {
            tell(&changes, how.dry_run);
            Ok(())
        }
    }
}

async fn export_file(config: Config) -> Ended {
    let app = open(config).await?;
    say(export(&app).await.map_err(one)?.trim_end());
    Ok(())
}

fn tell(changes: &Changes, dry_run: bool) {
    for line in &changes.lines {
        say(line);
    }
    match (changes.lines.is_empty(), dry_run) {
        (true, _) => say("nothing to change"),
        (false, true) => say("dry run: nothing was changed"),
        (false, false) => {
            for (client, secret) in &changes.made_secrets {
                say(&format!("secret of {client}, shown this once: {secret}"));
            }
        }
    }
}

async fn rotate(config: Config) -> Ended {
    let app = open(config).await?;
    keys::make_first(&app).await.map_err(one)?;
    for rotated in keys::rotate(&app, &By::command()).await.map_err(one)? {
        let wait = rotated.signs_at.since(app.now()).as_secs();
        say(&format!(
            "{} key {} is published, signs in {wait} s; older ones leave {} s later",
            rotated.algorithm.as_str(),
            rotated.kid,
            rotated.old_leave_at.since(rotated.signs_at).as_secs()
        ));
    }
    Ok(())
}
