//! A device that asks somewhere and is answered elsewhere (RFC 8628): its code, the letters a person types, when it may ask again.

use super::ids::{ClientId, GrantId};
use super::scope::Scope;
use super::time::Time;
use std::time::Duration;

pub const LIFE: Duration = Duration::from_secs(600);
/// Seconds between two polls, and what each one too early adds (RFC 8628 §3.5).
pub const PAUSE: i64 = 5;
/// Consonants without the ones that look alike: no words arise, and 20⁸ of them are too many to guess (RFC 8628 §6.1).
pub const ALPHABET: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
pub const LETTERS: usize = 8;
/// Wrong letters one browser, and one address, may type in an hour (RFC 8628 §5.1).
pub const TRIES: u32 = 5;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceCode {
    /// SHA-256 of what the device holds, hex.
    pub hash: String,
    /// As it is stored: eight letters.
    pub user_code: String,
    pub client_id: ClientId,
    pub scope: Scope,
    pub audience: Vec<String>,
    pub state: State,
    pub grant: Option<GrantId>,
    /// Seconds it has to wait between polls by now.
    pub pause: i64,
    pub polled_at: Time,
    pub created_at: Time,
    pub expires_at: Time,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Pending,
    Approved,
    Denied,
    Spent,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Denied => "denied",
            Self::Spent => "spent",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Pending, Self::Approved, Self::Denied, Self::Spent].into_iter().find(|state| state.as_str() == text)
    }
}

/// What a poll finds (RFC 8628 §3.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Poll {
    Ready,
    Pending,
    /// Before its pause was over.
    TooSoon,
    Denied,
    Expired,
    Spent,
}

impl DeviceCode {
    pub fn poll(&self, now: Time) -> Poll {
        match self.state {
            State::Spent => Poll::Spent,
            State::Denied => Poll::Denied,
            _ if now >= self.expires_at => Poll::Expired,
            State::Approved => Poll::Ready,
            State::Pending if now.since(self.polled_at) < Duration::from_secs(self.pause.unsigned_abs()) => {
                Poll::TooSoon
            }
            State::Pending => Poll::Pending,
        }
    }

    /// Whether a person can still answer it.
    pub fn open(&self, now: Time) -> bool {
        self.state == State::Pending && now < self.expires_at
    }
}

/// What a person typed, in any case, with whatever stands between the letters.
pub fn typed(text: &str) -> Option<String> {
    let letters: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    let ours = letters.len() == LETTERS && letters.bytes().all(|letter| ALPHABET.contains(&letter));
    ours.then_some(letters)
}

/// As people read it: `WDJB-MJHT`.
pub fn shown(user_code: &str) -> String {
    match user_code.split_at_checked(LETTERS / 2) {
        Some((first, second)) => format!("{first}-{second}"),
        None => user_code.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_read_as_people_type_them() {
        for text in ["WDJB-MJHT", "wdjbmjht", " wdjb mjht ", "WDJB – MJHT", "w.d.j.b_m/j h-t"] {
            assert_eq!(typed(text).as_deref(), Some("WDJBMJHT"), "{text}");
        }
        for text in
            ["", "WDJB-MJH", "WDJB-MJHTT", "WDJB-MJHA", "WDJB-MJH1", "ＷＤＪＢＭＪＨＴ", "wdjb-mjhß", "WDJBMJH\0"]
        {
            assert_eq!(typed(text), None, "{text}");
        }
        assert_eq!(shown("WDJBMJHT"), "WDJB-MJHT");
        assert_eq!(typed(&shown("WDJBMJHT")).as_deref(), Some("WDJBMJHT"));
    }

    #[test]
    fn a_poll_finds_what_is_so() {
        let code = |state, pause, polled| DeviceCode {
            hash: "h".into(),
            user_code: "WDJBMJHT".into(),
            client_id: ClientId::new("tv"),
            scope: Scope::default(),
            audience: Vec::new(),
            state,
            grant: None,
            pause,
            polled_at: Time::from_secs(polled),
            created_at: Time::from_secs(100),
            expires_at: Time::from_secs(700),
        };
        let at = Time::from_secs;
        assert_eq!(code(State::Pending, 5, 0).poll(at(100)), Poll::Pending, "the first may come at once");
        assert_eq!(code(State::Pending, 5, 100).poll(at(104)), Poll::TooSoon);
        assert_eq!(code(State::Pending, 5, 100).poll(at(105)), Poll::Pending);
        assert_eq!(code(State::Pending, 10, 100).poll(at(109)), Poll::TooSoon);
        assert_eq!(code(State::Pending, 5, 100).poll(at(700)), Poll::Expired);
        assert_eq!(code(State::Approved, 5, 100).poll(at(101)), Poll::Ready);
        assert_eq!(code(State::Approved, 5, 100).poll(at(700)), Poll::Expired);
        assert_eq!(code(State::Denied, 5, 100).poll(at(900)), Poll::Denied);
        assert_eq!(code(State::Spent, 5, 100).poll(at(101)), Poll::Spent);
    }
}
