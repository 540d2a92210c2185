//! One try to deliver, and the message it writes.

use super::{Channel, Class, Cost, Micros, Status};
use crate::domain::identifier::{Identifier, Kind};
use crate::domain::ids::{AttemptId, ChallengeId, InteractionId};
use crate::domain::time::Time;
use serde::{Deserialize, Serialize};

/// One try to deliver, as the outbox keeps it. It holds everything the digits are derived from, and not the digits.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub id: AttemptId,
    pub challenge: ChallengeId,
    pub interaction: InteractionId,
    pub job: Job,
    pub created_at: Time,
    /// The challenge's end: a message after it would only confuse.
    pub expires_at: Time,
    pub tries: i64,
    /// Until when it is its claimer's.
    pub lease_until: Time,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Job {
    pub purpose: String,
    pub kind: String,
    pub to: String,
    pub browser: String,
    /// Who asked, for caps and overrides.
    pub client: String,
    /// Name of the connection whose rungs say which carriers.
    pub connection: String,
    pub ladder: Vec<Channel>,
    pub rung: usize,
    /// Whether it came by falling from the rung before, not by the person's choice.
    pub fell: bool,
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

    /// ISO 3166 alpha-2 of a phone number; nothing for an address.
    pub fn country(&self) -> Option<String> {
        (self.kind == Kind::Phone.as_str()).then(|| crate::domain::phone::country_of(&self.to)).flatten()
    }

    pub fn has_next(&self) -> bool {
        self.rung + 1 < self.ladder.len()
    }
}

/// How an attempt stands, for the page that waits for it, and for the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stood {
    pub id: AttemptId,
    pub challenge: ChallengeId,
    pub channel: Channel,
    /// queued, sending, sent, failed, lost, expired, mute
    pub state: String,
    /// Whether it came by falling from another rung.
    pub fell: bool,
    pub status: Option<Status>,
    pub class: Option<Class>,
    pub code: Option<String>,
    pub detail: Option<String>,
    pub carrier: Option<String>,
    pub reference: Option<String>,
    pub created_at: Time,
    pub finished_at: Option<Time>,
    /// When the last receipt came.
    pub reported_at: Option<Time>,
    /// What it was expected to cost when it was handed over.
    pub estimate: Option<Micros>,
    /// What the carrier said it cost.
    pub cost: Option<Cost>,
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
    /// The passcode by itself, for carriers whose templates hold the words.
    pub digits: String,
    pub language: String,
    pub at: Time,
    /// The challenge's end: what a carrier still holds then, it may drop.
    pub expires_at: Time,
    /// Where the carrier reports what became of it; names the attempt. Nothing where no carrier could reach us.
    pub report_to: Option<String>,
    /// A sender of the operator's choice for this country, instead of the carrier's own.
    pub sender: Option<String>,
    /// The carrier's region for this country, where it has regions.
    pub region: Option<String>,
}

impl Message {
    /// Whole seconds the passcode still lives, at least one.
    pub fn life(&self) -> u64 {
        self.expires_at.since(self.at).as_secs().max(1)
    }

    /// The number in the form this channel's carriers expect, with its plus.
    pub fn number(&self) -> String {
        crate::domain::phone::form(self.to.reveal(), self.channel)
    }

    /// The same without the plus, as several carriers want it.
    pub fn bare_number(&self) -> String {
        self.number().trim_start_matches('+').to_owned()
    }
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Message({} to {} by {})", self.attempt, self.to, self.channel.as_str())
    }
}
