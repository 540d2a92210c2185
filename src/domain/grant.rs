//! A grant: what one approval gave a client. The authorization code is its first key, refresh tokens its later ones.

use super::ids::{ClientId, GrantId, SessionId, SubjectId};
use super::scope::Scope;
use super::time::Time;
use std::time::Duration;

/// How long a code may wait for its client (OIDF: at most 60 s).
pub const CODE_LIFE: Duration = Duration::from_secs(60);

/// How long the refresh token before the newest still works, answered with that same newest one: four tabs that refresh at
/// once all stay signed in. Later use means two holders, and ends the grant.
pub const OVERLAP: Duration = Duration::from_secs(60);

/// However often it is refreshed, a grant ends: then the person signs in again.
pub const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

#[derive(Clone, Debug)]
pub struct Grant {
    pub id: GrantId,
    pub client_id: ClientId,
    pub subject: SubjectId,
    pub session: SessionId,
    pub scope: Scope,
    pub nonce: Option<String>,
    pub audience: Vec<String>,
    pub auth_time: Time,
    pub redirect_uri: String,
    pub code_challenge: Option<String>,
    pub code_spent_at: Option<Time>,
    pub created_at: Time,
    pub expires_at: Time,
    pub revoked_at: Option<Time>,
    /// Which refresh token is the newest: 1 is the first.
    pub generation: i64,
    pub rotated_at: Option<Time>,
    pub acr: Option<String>,
    /// The `claims` parameter it was asked with.
    pub claims: Option<String>,
    /// The key its code and, for a public client, its refresh tokens are bound to (RFC 9449 §5, §10).
    pub jkt: Option<String>,
    /// The organization its tokens speak of; none is the default one.
    pub organization: Option<String>,
}

/// What a presented refresh token is to its grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Newest,
    /// The one before, within the overlap: a parallel refresh, not a theft.
    Overlapping,
    /// Replaced long ago: two holders.
    Reused,
    Dead,
}

impl Grant {
    /// Until when it lives after a refresh now.
    pub fn prolonged(&self, now: Time, life: Duration) -> Time {
        now.plus(life).min(self.created_at.plus(LONGEST))
    }

    pub fn standing(&self, generation: i64, now: Time, overlap: Duration) -> Standing {
        if self.revoked_at.is_some() || now >= self.expires_at || generation > self.generation || generation < 1 {
            return Standing::Dead;
        }
        if generation == self.generation {
            return Standing::Newest;
        }
        let within = self.rotated_at.is_some_and(|rotated| now.since(rotated) < overlap);
        if generation == self.generation - 1 && within { Standing::Overlapping } else { Standing::Reused }
    }
}
