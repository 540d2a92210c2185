//! `countersign audit`: what operators did, printed or proven whole.

use super::{Ended, one, open, say};
use crate::config::Config;
use crate::flows::manage::audit::{self, Verified};
use clap::Subcommand;

#[derive(Subcommand)]
pub enum AuditVerb {
    /// Prove that no entry was changed, taken out or put in.
    Verify,
    /// Print every entry, oldest first, one JSON object a line.
    Export,
}

pub async fn run(config: Config, verb: AuditVerb) -> Ended {
    let app = open(config).await?;
    match verb {
        AuditVerb::Verify => match audit::verify(&app).await.map_err(one)? {
            Verified::Whole(entries) => say(&format!("{entries} entries, each as it was written")),
            Verified::Broken(seq) => {
                return Err(one(format!("entry {seq} is not as it was written, or one before it is missing or new")));
            }
            Verified::Cut(seq) => return Err(one(format!("entries after {seq} were taken away"))),
        },
        AuditVerb::Export => {
            audit::read(&app, |entry| say(&serde_json::to_string(entry).unwrap_or_default())).await.map_err(one)?
        }
    }
    Ok(())
}
