//! One event for one endpoint: how often it was tried, and when it is tried again.

use crate::domain::time::Time;
use std::time::Duration;

/// How long an endpoint may take to answer.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// What a server that asks us to come back later may ask for at most.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// The pauses Standard Webhooks recommends, in seconds; after the last it is given up, three days and three hours later.
const PAUSES: [u64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Due, waiting, or on its way.
    Pending,
    Delivered,
    /// Given up.
    Failed,
}

impl State {
    pub const ALL: [Self; 3] = [Self::Pending, Self::Delivered, Self::Failed];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub id: String,
    pub event: String,
    pub endpoint: String,
    /// The line it stands in, and where.
    pub about: String,
    pub place: i64,
    pub state: State,
    pub tries: i64,
    /// When it is due, or until when it is its teller's.
    pub run_at: Time,
    /// What the endpoint last answered.
    pub status: Option<i64>,
    pub detail: Option<String>,
    pub created_at: Time,
    pub finished_at: Option<Time>,
}

impl Delivery {
    /// When to try again; never, once it was tried so often. An endpoint that says when is believed, within a day.
    pub fn again_at(&self, now: Time, asked: Option<Duration>) -> Option<Time> {
        let tried = usize::try_from(self.tries).ok()?.checked_sub(1)?;
        let pause = Duration::from_secs(*PAUSES.get(tried)?);
        Some(now.plus(asked.unwrap_or_default().min(LONGEST).max(pause)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_tried_ten_times_in_three_days_and_three_hours() {
        let mut delivery = Delivery {
            id: "ed_1".into(),
            event: "event_1".into(),
            endpoint: "app".into(),
            about: "kp_1".into(),
            place: 1,
            state: State::Pending,
            tries: 1,
            run_at: Time(0),
            status: None,
            detail: None,
            created_at: Time(0),
            finished_at: None,
        };
        assert_eq!(delivery.again_at(Time(0), Some(Duration::from_secs(60))), Some(Time::from_secs(60)));
        assert_eq!(delivery.again_at(Time(0), Some(Duration::from_secs(1))), Some(Time::from_secs(5)));
        assert_eq!(delivery.again_at(Time(0), Some(Duration::MAX)), Some(Time::from_secs(86_400)));
        let mut now = Time(0);
        while let Some(again) = delivery.again_at(now, None) {
            (now, delivery.tries) = (again, delivery.tries + 1);
        }
        assert_eq!((delivery.tries, now.secs()), (10, 272_105));
    }
}
