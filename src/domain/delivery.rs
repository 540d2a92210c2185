//! What is sent, by which channel, and what came of it.

use super::identifier::{Identifier, Kind};
use super::ids::{AttemptId, ChallengeId};
use super::time::Time;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    Whatsapp,
    Sms,
    Voice,
    Email,
}

impl Channel {
    pub const ALL: [Self; 4] = [Self::Whatsapp, Self::Sms, Self::Voice, Self::Email];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Whatsapp => "whatsapp",
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
}

/// One try to deliver, as the outbox keeps it. It holds everything the digits are derived from, and not the digits.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub id: AttemptId,
    pub challenge: ChallengeId,
    pub job: Job,
    pub created_at: Time,
    /// The challenge's end: a message after it would only confuse.
    pub expires_at: Time,
    pub tries: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Job {
    pub purpose: String,
    pub kind: String,
    pub to: String,
    pub browser: String,
    pub ladder: Vec<Channel>,
    pub rung: usize,
    pub language: String,
    /// The app's name as the message says it.
    pub app: String,
    /// The app's colour, for mails.
    pub color: Option<String>,
}

impl Job {
    pub fn channel(&self) -> Option<Channel> {
        self.ladder.get(self.rung).copied()
    }
    pub fn identifier(&self) -> Option<Identifier> {
        Some(Identifier::stored(Kind::parse(&self.kind)?, self.to.clone()))
    }
}

/// A rendered message on its way to a carrier. It carries a passcode, so it has no `Debug` of its own text.
pub struct Message {
    pub attempt: AttemptId,
    pub to: Identifier,
    pub channel: Channel,
    /// The app in whose name it is written.
    pub from: String,
    pub subject: String,
    pub text: String,
    pub html: Option<String>,
    pub language: String,
    pub at: Time,
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Message({} to {} by {})", self.attempt, self.to, self.channel.as_str())
    }
}

/// What a carrier said when handed a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handed {
    /// Taken, with the carrier's own reference.
    Accepted(String),
    /// This message will not go this way: try the next carrier or rung.
    Refused(String),
    /// Not reached, or it broke: try again, then another carrier.
    Unreachable(String),
}

/// A delivery company as configured. Credentials are sealed beside it, not in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carrier {
    pub name: String,
    pub enabled: bool,
    #[serde(flatten)]
    pub kind: CarrierKind,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CarrierKind {
    DevPhone,
    Smtp(SmtpSettings),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SmtpSettings {
    pub host: String,
    pub port: u16,
    pub security: SmtpSecurity,
    pub username: Option<String>,
    pub from: String,
    /// PEM file of a private CA, beside the public ones.
    pub ca_file: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmtpSecurity {
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// Plain until STARTTLS, which is then required.
    Starttls,
    /// No encryption: for a relay on the same machine or private network; never with a password, loopback aside.
    None,
}

impl CarrierKind {
    pub fn carries(&self, channel: Channel) -> bool {
        match self {
            Self::DevPhone => true,
            Self::Smtp(_) => channel == Channel::Email,
        }
    }
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::DevPhone => "dev_phone",
            Self::Smtp(_) => "smtp",
        }
    }
}
