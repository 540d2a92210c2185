//! `countersign admin`: links that make operators, and who operates.

use super::{Ended, one, open, say};
use crate::app::App;
use crate::config::Config;
use crate::domain::audit::By;
use crate::domain::operator::Role;
use crate::flows::manage::operators;
use clap::Subcommand;

#[derive(Subcommand)]
pub enum AdminVerb {
    /// Print a link that makes whoever opens it first an operator: once, within 15 minutes.
    Invite {
        /// owner, admin, support or viewer.
        #[arg(long, default_value = "owner")]
        role: String,
    },
    /// Who operates.
    List,
}

pub async fn run(config: Config, verb: AdminVerb) -> Ended {
    let app = open(config).await?;
    match verb {
        AdminVerb::Invite { role } => {
            let role = Role::parse(&role).ok_or_else(|| one("--role: owner, admin, support or viewer"))?;
            say(&operators::invite(&app, &By::command(), role).await.map_err(one)?);
            say("it works once, for 15 minutes; whoever opens it signs in and gets the role");
        }
        AdminVerb::List => {
            for operator in operators::list(&app).await.map_err(one)? {
                say(&format!("{}  {}", operator.subject, operator.role.as_str()));
            }
        }
    }
    Ok(())
}

/// The link that makes the first owner, where there is none.
pub async fn first_link(app: &App) -> Result<Option<String>, Vec<String>> {
    if !operators::none_yet(app).await.map_err(one)? {
        return Ok(None);
    }
    Ok(Some(operators::invite(app, &By::command(), Role::Owner).await.map_err(one)?))
}
