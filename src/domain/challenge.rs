//! A challenge: one passcode asked of one identifier for one purpose, in one browser.

use super::identifier::Identifier;
use super::ids::{ChallengeId, InteractionId};
use super::time::Time;
use std::time::Duration;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    SignIn,
}

impl Purpose {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
        }
    }
    pub fn parse(text: &str) -> Option<Self> {
        (text == "sign_in").then_some(Self::SignIn)
    }
}

#[derive(Clone, Debug)]
pub struct Challenge {
    pub id: ChallengeId,
    pub interaction: InteractionId,
    /// Which challenge of its interaction; two clicks that race for the same place make one challenge.
    pub place: i64,
    pub purpose: Purpose,
    pub identifier: Identifier,
    /// Name of the connection it was asked through.
    pub connection: String,
    /// Hash of the browser cookie it was asked in: no other browser can use it.
    pub browser: String,
    /// Nothing is sent and nothing can prove it: sign-up is closed and nobody has this identifier.
    pub mute: bool,
    pub issued_at: Time,
    pub expires_at: Time,
    pub sends: i64,
    pub last_sent_at: Time,
    /// Which rung of the ladder spoke last.
    pub rung: i64,
    pub spent_at: Option<Time>,
    pub cancelled_at: Option<Time>,
    /// The carrier that made the passcode itself and its name for the message; nothing where the passcode is ours.
    pub verified_by: Option<(String, String)>,
}

/// Seconds to wait before asking again: after the first message, the second, …
const WAITS: [u64; 5] = [30, 40, 60, 90, 120];

impl Challenge {
    /// Used, expired and cancelled are final.
    pub fn live(&self, now: Time) -> bool {
        self.spent_at.is_none() && self.cancelled_at.is_none() && now < self.expires_at
    }

    /// The newest challenge of an interaction is cancelled by nothing but its last wrong try.
    pub fn exhausted(&self) -> bool {
        self.cancelled_at.is_some()
    }

    /// How long until it may be sent again.
    pub fn resend_wait(&self, now: Time) -> Duration {
        let step = usize::try_from(self.sends.saturating_sub(1)).unwrap_or(0).min(WAITS.len() - 1);
        let wait = Duration::from_secs(WAITS.get(step).copied().unwrap_or(120));
        wait.saturating_sub(now.since(self.last_sent_at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identifier::Kind;

    #[test]
    fn the_wait_grows() {
        let mut challenge = Challenge {
            id: ChallengeId::new("ch_1"),
            interaction: InteractionId::new("in_1"),
            place: 1,
            purpose: Purpose::SignIn,
            identifier: Identifier::stored(Kind::Email, "a@b.example".into()),
            connection: "email".into(),
            browser: "b".into(),
            mute: false,
            issued_at: Time(0),
            expires_at: Time::from_secs(300),
            sends: 1,
            last_sent_at: Time(0),
            rung: 0,
            spent_at: None,
            cancelled_at: None,
            verified_by: None,
        };
        let mut waits = Vec::new();
        for sends in 1..=6 {
            challenge.sends = sends;
            waits.push(challenge.resend_wait(Time(0)).as_secs());
        }
        assert_eq!(waits, [30, 40, 60, 90, 120, 120]);
        assert_eq!(challenge.resend_wait(Time::from_secs(120)), Duration::ZERO);
        assert!(challenge.live(Time::from_secs(299)) && !challenge.live(Time::from_secs(300)));
    }
}
