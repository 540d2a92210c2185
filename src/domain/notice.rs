//! What a client is told by a request of ours: that somebody's session with it is over (OpenID Connect Back-Channel Logout 1.0).

use super::ids::ClientId;
use super::time::Time;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::time::Duration;

/// How long it is tried.
pub const LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a logout token holds (§2.4 recommends at most two minutes). It is made anew for every try.
const TOKEN_LIFE: Duration = Duration::from_secs(120);

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub id: String,
    pub client: ClientId,
    pub ended: Ended,
    pub created_at: Time,
    pub expires_at: Time,
    pub tries: i64,
    pub lease_until: Time,
}

/// What is over: one session, or without one all of the subject's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    pub subject: String,
    pub session: Option<String>,
}

impl Notice {
    /// When to try again after so many tries; never, where its time would be over.
    pub fn again_at(&self, now: Time) -> Option<Time> {
        let wait = match self.tries {
            ..=1 => 5,
            2 => 30,
            3 => 120,
            4 => 600,
            _ => 3_600,
        };
        Some(now.plus(Duration::from_secs(wait))).filter(|again| *again < self.expires_at)
    }

    /// The claims of its logout token (§2.4): never a nonce, so that it cannot pass for an ID token.
    pub fn claims(&self, issuer: &str, jti: String, now: Time) -> Value {
        let mut claims = json!({
            "iss": issuer,
            "sub": self.ended.subject,
            "aud": self.client.as_str(),
            "iat": now.secs(),
            "exp": now.plus(TOKEN_LIFE).secs(),
            "jti": jti,
            "events": { EVENT: {} },
        });
        if let Some(session) = &self.ended.session {
            claims["sid"] = session.as_str().into();
        }
        claims
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice(tries: i64) -> Notice {
        Notice {
            id: "n".into(),
            client: ClientId::new("shop"),
            ended: Ended { subject: "kp_1".into(), session: None },
            created_at: Time(0),
            expires_at: Time(0).plus(LIFE),
            tries,
            lease_until: Time(0),
        }
    }

    #[test]
    fn waits_grow_and_end_with_the_day() {
        let (mut now, mut tries, mut waits) = (Time(0), 1, Vec::new());
        while let Some(again) = notice(tries).again_at(now) {
            waits.push(again.since(now).as_secs());
            (now, tries) = (again, tries + 1);
        }
        assert_eq!(waits[..5], [5, 30, 120, 600, 3_600]);
        assert!(waits.windows(2).all(|pair| pair[0] <= pair[1]) && (20..40).contains(&waits.len()), "{waits:?}");
    }
}
