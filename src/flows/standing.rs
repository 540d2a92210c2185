//! Where an interaction stands when somebody opens or posts one of its pages: Back buttons, second tabs, other browsers.

use super::{Fault, clients};
use crate::app::{App, Live};
use crate::crypto::same::same;
use crate::domain::challenge::Challenge;
use crate::domain::client::Client;
use crate::domain::connection::Connection;
use crate::domain::delivery::Stood;
use crate::domain::interaction::Interaction;
use crate::store;
use crate::store::interactions::Found;
use std::sync::Arc;

pub enum Standing {
    /// Never was, or long gone.
    Unknown,
    /// Began in another browser: nothing of it is shown here.
    Foreign,
    /// Too old; can begin again.
    Expired(Box<Open>),
    /// Answered already.
    Finished(Box<Open>),
    Open(Box<Open>),
}

/// An interaction with all its pages need.
pub struct Open {
    pub live: Arc<Live>,
    pub client: Arc<Client>,
    pub interaction: Interaction,
    pub challenge: Option<Challenge>,
    /// The challenge's messages so far, oldest first.
    pub attempts: Vec<Stood>,
}

impl Open {
    /// The ways in to offer: all of the client's, or the one asked for while it is still enabled.
    pub fn offered(&self) -> Vec<&Connection> {
        let all: Vec<&Connection> = self.live.catalog.offered(&self.client).collect();
        match &self.interaction.request.connection {
            Some(asked) => all.iter().find(|offered| offered.name == *asked).map_or(all.clone(), |only| vec![*only]),
            None => all,
        }
    }
}

pub async fn find(app: &App, id: &str, browser: &str) -> Result<Standing, Fault> {
    // No id of ours holds a zero byte, and PostgreSQL takes none in a text.
    if id.contains('\0') {
        return Ok(Standing::Unknown);
    }
    let Some(Found { interaction, challenge, attempts }) = store::interactions::find(&app.db, id).await? else {
        return Ok(Standing::Unknown);
    };
    let Some(client) = clients::find(app, interaction.client_id.as_str()).await? else {
        return Ok(Standing::Unknown);
    };
    if !same(interaction.browser.as_bytes(), browser.as_bytes()) {
        return Ok(Standing::Foreign);
    }
    let (finished, expired) = (interaction.finished_at.is_some(), interaction.expired(app.now()));
    let open = Box::new(Open { live: app.live(), client, interaction, challenge, attempts });
    Ok(match (finished, expired) {
        (true, _) => Standing::Finished(open),
        (false, true) => Standing::Expired(open),
        (false, false) => Standing::Open(open),
    })
}
