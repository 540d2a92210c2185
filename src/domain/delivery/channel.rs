//! The ways a passcode can travel.

use crate::domain::identifier::Kind;
use serde::{Deserialize, Serialize};
use std::time::Duration;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    Whatsapp,
    Telegram,
    Sms,
    Voice,
    Email,
}

impl Channel {
    pub const ALL: [Self; 5] = [Self::Whatsapp, Self::Telegram, Self::Sms, Self::Voice, Self::Email];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Whatsapp => "whatsapp",
            Self::Telegram => "telegram",
            Self::Sms => "sms",
            Self::Voice => "voice",
            Self::Email => "email",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == text)
    }

    pub fn reaches(self, kind: Kind) -> bool {
        (self == Self::Email) == (kind == Kind::Email)
    }

    /// Those that pay a telephone company at the other end, and so are what fraud is after: they stop at a cap.
    pub fn is_toll(self) -> bool {
        matches!(self, Self::Sms | Self::Voice)
    }

    /// How long a rung waits for word of delivery before the next one is tried, unless the operator says otherwise.
    pub fn usual_wait(self) -> Duration {
        Duration::from_secs(match self {
            Self::Whatsapp | Self::Telegram => 25,
            Self::Sms => 45,
            Self::Voice => 60,
            Self::Email => 120,
        })
    }
}
