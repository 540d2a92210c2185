//! What an interaction needs next, and where a step that is done leads.

use super::standing::Open;
use super::{Fault, belong, consent};
use crate::app::App;
use crate::domain::callback::Redirection;
use crate::domain::challenge::Challenge;
use crate::domain::client::Client;
use crate::domain::interaction::{Facts, Interaction, Step};
use crate::domain::session::Session;

/// Where a browser goes from here.
pub enum Onward {
    /// To a page of ours.
    Step(Step),
    /// To the client, with its answer.
    Client(Redirection),
    /// Nowhere: a device has its answer.
    Device(Told),
}

/// What became of a device's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    Allowed,
    Denied,
    /// It expired, or was answered elsewhere.
    Over,
}

impl Told {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::Over => "over",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Allowed, Self::Denied, Self::Over].into_iter().find(|told| told.as_str() == text)
    }
}

/// Loads what the rule depends on, and asks it. Costs nothing where nobody has to allow anything.
pub async fn next(
    app: &App,
    client: &Client,
    interaction: &Interaction,
    challenge: Option<&Challenge>,
    session: Option<&Session>,
) -> Result<Step, Fault> {
    // A session of somebody who is no member of the organization asked for answers nothing: another person may.
    let session = match session {
        Some(session) if belong::fits(app, &interaction.request, &session.subject).await? => Some(session),
        _ => None,
    };
    let asks_consent = match session {
        Some(session) => consent::asked(&app.db, client, &interaction.request, &session.subject).await?,
        None => false,
    };
    Ok(interaction.next(&Facts { session, asks_consent, challenge, now: app.now() }))
}

/// Of an interaction that is open.
pub async fn of(app: &App, open: &Open, session: Option<&Session>) -> Result<Step, Fault> {
    next(app, &open.client, &open.interaction, open.challenge.as_ref(), session).await
}
