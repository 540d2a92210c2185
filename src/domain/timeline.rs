//! The story of one sign-in, as an operator reads it.

use super::delivery::{Channel, Cost, Explained, Micros};
use super::ids::{AttemptId, InteractionId};
use super::time::Time;

/// What no other row tells: written when it happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    pub interaction: InteractionId,
    pub attempt: Option<AttemptId>,
    pub at: Time,
    pub what: What,
    pub carrier: Option<String>,
    pub channel: Option<Channel>,
    /// The carrier's code, or ours.
    pub code: Option<String>,
    pub detail: Option<String>,
}

impl Moment {
    /// With nothing more said of it.
    pub fn new(interaction: &InteractionId, at: Time, what: What) -> Self {
        Self {
            interaction: interaction.clone(),
            attempt: None,
            at,
            what,
            carrier: None,
            channel: None,
            code: None,
            detail: None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A carrier did not take the message.
    Refused,
    /// The line to the carrier broke; whether it has the message is not known.
    Unknown,
    /// A carrier was passed over: its circuit is open, or too much is on its way to it.
    PassedOver,
    /// A carrier's circuit opened: this message was one failure too many.
    Opened,
    /// A carrier reported; the code is the status.
    Receipt,
    /// The next rung was climbed; the code says why.
    Fell,
    /// The ladder ended without a message delivered; the code says why.
    Stopped,
    /// Wrong digits were typed.
    Mistyped,
    /// Nothing was given; the code says why.
    Denied,
}

impl What {
    pub const ALL: [Self; 9] = [
        Self::Refused,
        Self::Unknown,
        Self::PassedOver,
        Self::Opened,
        Self::Receipt,
        Self::Fell,
        Self::Stopped,
        Self::Mistyped,
        Self::Denied,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Unknown => "unknown",
            Self::PassedOver => "passed_over",
            Self::Opened => "opened",
            Self::Receipt => "receipt",
            Self::Fell => "fell",
            Self::Stopped => "stopped",
            Self::Mistyped => "mistyped",
            Self::Denied => "denied",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.as_str() == text)
    }
}

/// One line of the story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub at: Time,
    pub text: String,
    pub estimate: Option<Micros>,
    pub cost: Option<Cost>,
    /// What a code in it means, where it is the first to say it.
    pub explained: Option<Explained>,
}
