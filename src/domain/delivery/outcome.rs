//! What a carrier says: when it is handed a message, and later in receipts. And what each answer means for what is done next.

use super::Cost;
use crate::domain::ids::AttemptId;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What a failure means for what is done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// This number cannot be reached by this channel: the next rung, now.
    Unreachable,
    /// Something of the operator's is set up wrongly: another carrier or the next rung, and the operator is told.
    Misconfigured,
    /// The carrier is busy, limits us or is broken: another carrier, or the same one later.
    Busy,
    /// There is no such number: stop, and tell the person.
    BadNumber,
    /// The person told this sender to stop: never write to this number by this channel again.
    OptedOut,
    /// A rule about the country, the traffic or the account forbids it: stop.
    Policy,
}

impl Class {
    pub const ALL: [Self; 6] =
        [Self::Unreachable, Self::Misconfigured, Self::Busy, Self::BadNumber, Self::OptedOut, Self::Policy];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Misconfigured => "misconfigured",
            Self::Busy => "busy",
            Self::BadNumber => "bad_number",
            Self::OptedOut => "opted_out",
            Self::Policy => "policy",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.as_str() == text)
    }

    /// Whether the ladder ends here: another rung would not help, or must not.
    pub fn stops(self) -> bool {
        matches!(self, Self::BadNumber | Self::OptedOut | Self::Policy)
    }

    /// Whether another carrier of the same rung may do better.
    pub fn is_the_carriers(self) -> bool {
        matches!(self, Self::Misconfigured | Self::Busy)
    }
}

/// A message that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    pub class: Class,
    /// The carrier's own code, like 63024; or ours, like `timeout`.
    pub code: String,
    /// The carrier's words, scrubbed: they stand in logs and timelines.
    pub detail: String,
    pub retry_after: Option<Duration>,
}

impl Failed {
    pub fn new(class: Class, code: impl ToString, detail: impl Into<String>) -> Self {
        Self { class, code: code.to_string(), detail: scrubbed(&detail.into()), retry_after: None }
    }
}

/// Carriers repeat numbers, addresses and template values in their errors: four digits in a row or more, and whatever holds
/// an @, are left out. Long texts are cut.
fn scrubbed(text: &str) -> String {
    let word = |word: &str| {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        if digits >= 4 || word.contains('@') { "…".to_owned() } else { word.to_owned() }
    };
    let line: Vec<String> = text.split_whitespace().map(word).collect();
    line.join(" ").chars().take(200).collect()
}

/// What a carrier said when handed a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handed {
    Accepted {
        /// The carrier's own name for it.
        reference: String,
        /// What it says of it already.
        status: Status,
        cost: Option<Cost>,
    },
    /// Surely not taken.
    Failed(Failed),
    /// The line broke after the message was written: whether the carrier has it is not known, so it is not sent again.
    Unknown(String),
}

impl Handed {
    pub fn accepted(reference: impl Into<String>) -> Self {
        Self::Accepted { reference: reference.into(), status: Status::Accepted, cost: None }
    }
}

/// How far a message came. The order is the rank: receipts come twice and out of order, and a status only rises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The carrier has it.
    Accepted = 1,
    /// It left the carrier towards the device.
    Sent = 2,
    /// The carrier gave up. Some report it and deliver after all: then delivery is the truth.
    Undelivered = 3,
    Delivered = 4,
    Read = 5,
}

impl Status {
    pub const ALL: [Self; 5] = [Self::Accepted, Self::Sent, Self::Undelivered, Self::Delivered, Self::Read];

    pub fn rank(self) -> i64 {
        self as i64
    }

    pub fn of_rank(rank: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.rank() == rank)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Sent => "sent",
            Self::Undelivered => "undelivered",
            Self::Delivered => "delivered",
            Self::Read => "read",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }

    /// Whether it reached the device.
    pub fn arrived(self) -> bool {
        self >= Self::Delivered
    }
}

/// What a carrier reported about one message, authenticated and parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Our own id as the carrier gave it back; never a phone number.
    pub attempt: Option<AttemptId>,
    /// The carrier's name for the message, where it gives ours back only sometimes.
    pub reference: Option<String>,
    pub status: Status,
    /// Why it was not delivered.
    pub failed: Option<Failed>,
    pub cost: Option<Cost>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_delivery_outranks_a_failure_and_never_the_other_way() {
        assert!(Status::Delivered > Status::Undelivered && Status::Undelivered > Status::Sent);
        for status in Status::ALL {
            assert_eq!((Status::of_rank(status.rank()), Status::parse(status.as_str())), (Some(status), Some(status)));
        }
        assert_eq!(Status::of_rank(0), None);
    }

    #[test]
    fn a_carriers_words_name_nobody() {
        let failed = Failed::new(
            Class::BadNumber,
            21211,
            "The 'To' number +2348031234567 is not valid for a@b.example\n1 234567",
        );
        assert_eq!(failed.detail, "The 'To' number … is not valid for … 1 …");
        assert_eq!(Failed::new(Class::Busy, "x", "long ".repeat(99)).detail.chars().count(), 200);
    }

    #[test]
    fn classes_say_who_may_do_better() {
        for class in Class::ALL {
            assert_eq!(Class::parse(class.as_str()), Some(class));
            assert!(!(class.stops() && class.is_the_carriers()));
        }
    }
}
