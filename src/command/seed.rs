//! `countersign seed`: made-up people and sign-ins, for trying things out at size. No production wants them.

use super::{Ended, one, open, say};
use crate::config::{Config, Issuer};
use crate::flows::figures;
use crate::flows::seed::{Wanted, seed};
use clap::Args;

#[derive(Args)]
pub struct Seed {
    /// How many people.
    #[arg(long, default_value_t = 1_000)]
    people: u64,
    /// How many sign-ins.
    #[arg(long, default_value_t = 10_000)]
    sign_ins: u64,
    /// Over how many days.
    #[arg(long, default_value_t = 30)]
    days: u32,
    /// The same number makes the same people.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Go on: what is made up cannot be told from what is not, and is taken away by nothing but time.
    #[arg(long)]
    yes: bool,
}

pub async fn run(config: Config, wanted: Seed) -> Ended {
    if let Some(Issuer(issuer)) = config.issuer.as_ref().filter(|issuer| issuer.0.starts_with("https:")) {
        return Err(one(format!("{issuer} is reached by https, so people may be using it: nothing is made up there")));
    }
    let Seed { people, sign_ins, days, seed: number, yes } = wanted;
    let what = format!("{people} made-up people and {sign_ins} sign-ins of theirs over the last {days} days");
    if !yes {
        return Err(one(format!("this would write {what} into the database; say --yes if that is meant")));
    }
    let app = open(config).await?;
    say(&format!("writing {what} into {}", app.db.engine_name()));
    let mut told = (String::new(), 0);
    let tell = |what: &str, done: u64, of: u64| {
        let tenth = (what.to_owned(), done * 10 / of.max(1));
        if tenth != told {
            told = tenth;
            say(&format!("{what}: {done} of {of}"));
        }
    };
    seed(&app, Wanted { people, sign_ins, days, seed: number }, tell).await.map_err(one)?;
    say("counting figures");
    figures::count(&app, figures::Pace::AtOnce).await.map_err(one)?;
    app.db.close().await;
    Ok(())
}
