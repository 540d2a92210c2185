//! A sign-in in one browser.

use super::ids::{SessionId, SubjectId};
use super::time::Time;

#[derive(Clone, Debug)]
pub struct Session {
    pub id: SessionId,
    pub subject: SubjectId,
    pub auth_time: Time,
    pub ended_at: Option<Time>,
    pub expires_at: Time,
}

impl Session {
    pub fn live(&self, now: Time) -> bool {
        self.ended_at.is_none() && now < self.expires_at
    }
}
