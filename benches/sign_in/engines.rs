//! Which engines a run measures, one after the other, and what is said where one is not installed; shared by all benches.

use super::Failure;
use super::postgres::{Cluster, installed};
use clap::{Args, ValueEnum};
use std::path::Path;
use std::process::ExitCode;

/// What every bench is told.
#[derive(Args)]
pub struct Wanted {
    #[arg(long, value_enum, default_value = "both")]
    engine: Engines,
    /// Fail when a floor is broken.
    #[arg(long)]
    check: bool,
    /// Given by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Engines {
    Sqlite,
    Postgres,
    Both,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    /// A cluster of its own, where it needs one; in a directory that stays, where one is named.
    pub fn cluster(self, at: Option<&Path>) -> Result<Option<Cluster>, Failure> {
        match self {
            Self::Sqlite => Ok(None),
            Self::Postgres => Ok(Some(Cluster::start(at)?.ok_or("there is no PostgreSQL on this machine")?)),
        }
    }
}

impl Wanted {
    /// Measures on each engine. Says whether every floor that was asked for held: `measure` returns those that did not.
    pub async fn each(&self, measure: impl AsyncFn(Engine) -> Result<Vec<String>, Failure>) -> Result<bool, Failure> {
        let mut sound = true;
        for engine in [Engine::Sqlite, Engine::Postgres] {
            match (self.engine, engine) {
                (Engines::Sqlite, Engine::Postgres) | (Engines::Postgres, Engine::Sqlite) => {}
                (Engines::Both, Engine::Postgres) if !installed() => {
                    eprintln!("\n*** PostgreSQL LEFT OUT: no /usr/lib/postgresql/*/bin/initdb on this machine ***\n");
                    sound = false;
                }
                _ => {
                    let broken = measure(engine).await?;
                    broken.iter().for_each(|floor| eprintln!("{}: {floor}", engine.name()));
                    sound &= broken.is_empty();
                }
            }
        }
        Ok(sound || !self.check)
    }
}

/// How the process ends.
pub fn ended(bench: &str, sound: Result<bool, Failure>) -> ExitCode {
    match sound {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("{bench}: {failure}");
            ExitCode::FAILURE
        }
    }
}
