//! `countersign invite`: a link that signs one address up, once.

use super::{Ended, one, open, say};
use crate::config::Config;
use crate::domain::audit::By;
use crate::flows::manage::invitations::{Asked, invite};
use clap::Args;

#[derive(Args)]
pub struct Invite {
    email: String,
    /// The app the person is invited to; it needs `initiate_login_uri` or `client_uri`.
    #[arg(long)]
    client: String,
    /// The organization's code; without one, the one everybody belongs to.
    #[arg(long)]
    organization: Option<String>,
    /// May be given several times.
    #[arg(long)]
    role: Vec<String>,
    #[arg(long)]
    given_name: Option<String>,
    #[arg(long)]
    family_name: Option<String>,
}

pub async fn run(config: Config, invited: &Invite) -> Ended {
    let app = open(config).await?;
    let asked = Asked {
        email: &invited.email,
        client: &invited.client,
        organization: invited.organization.as_deref(),
        roles: &invited.role,
        given_name: invited.given_name.as_deref(),
        family_name: invited.family_name.as_deref(),
    };
    let made = invite(&app, &By::command(), &asked).await.map_err(one)?;
    let link = made.map_err(|wrong| wrong.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    say(&link);
    say("it works once, for seven days, and only for this address");
    Ok(())
}
