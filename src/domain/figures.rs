//! What operators count: how far sign-ins came, what became of messages, what they cost, how long people took. Counted by the
//! moment a sign-in began, however late the rest of it is heard of.

use super::delivery::Micros;
use super::ids::InteractionId;
use super::time::Time;
use std::time::Duration;

/// What is counted. Of sign-ins by client, of sign-ins by country, of messages by channel, country and carrier, of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// The page was shown.
    Begun,
    /// A passcode was asked for.
    Asked,
    /// … and reached a device, as far as is known: what was typed had arrived.
    Delivered,
    /// … and was typed, right.
    Proven,
    /// The app got its answer.
    Answered,
    /// How long people took from the page to the answer, where they proved a passcode; the code is the slot.
    Took,
    AskedIn,
    DeliveredIn,
    ProvenIn,
    /// Messages.
    Tried,
    Arrived,
    /// The passcode was typed after it.
    Used,
    /// Taken by the carrier, and never heard of again.
    Silent,
    /// What the carrier says it cost; the code is the currency.
    Cost,
    /// What it is expected to have cost, where the carrier did not say.
    Estimate,
    /// A carrier did not take the message; the code is its own.
    Refused,
    PassedOver,
    /// A circuit opened.
    Opened,
    /// No rung was left.
    Stopped,
}

impl What {
    pub const ALL: [Self; 19] = [
        Self::Begun,
        Self::Asked,
        Self::Delivered,
        Self::Proven,
        Self::Answered,
        Self::Took,
        Self::AskedIn,
        Self::DeliveredIn,
        Self::ProvenIn,
        Self::Tried,
        Self::Arrived,
        Self::Used,
        Self::Silent,
        Self::Cost,
        Self::Estimate,
        Self::Refused,
        Self::PassedOver,
        Self::Opened,
        Self::Stopped,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Begun => "begun",
            Self::Asked => "asked",
            Self::Delivered => "delivered",
            Self::Proven => "proven",
            Self::Answered => "answered",
            Self::Took => "took",
            Self::AskedIn => "asked_in",
            Self::DeliveredIn => "delivered_in",
            Self::ProvenIn => "proven_in",
            Self::Tried => "tried",
            Self::Arrived => "arrived",
            Self::Used => "used",
            Self::Silent => "silent",
            Self::Cost => "cost",
            Self::Estimate => "estimate",
            Self::Refused => "refused",
            Self::PassedOver => "passed_over",
            Self::Opened => "opened",
            Self::Stopped => "stopped",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.as_str() == text)
    }
}

/// Of what: empty texts mean any, or none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    pub what: What,
    pub client: String,
    pub channel: String,
    pub country: String,
    pub carrier: String,
    pub code: String,
}

impl Key {
    pub fn new(what: What) -> Self {
        let none = String::new;
        Self { what, client: none(), channel: none(), country: none(), carrier: none(), code: none() }
    }
}

/// How many, and how much money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub count: i64,
    pub sum: Micros,
}

/// How long a bucket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    FiveMinutes,
    Hour,
    Day,
}

impl Size {
    pub const ALL: [Self; 3] = [Self::FiveMinutes, Self::Hour, Self::Day];

    pub fn secs(self) -> i64 {
        match self {
            Self::FiveMinutes => 5 * 60,
            Self::Hour => 60 * 60,
            Self::Day => 24 * 60 * 60,
        }
    }

    pub fn span(self) -> Duration {
        Duration::from_secs(self.secs().unsigned_abs())
    }

    /// Where the bucket begins that this moment falls into.
    pub fn start(self, at: Time) -> Time {
        let millis = self.secs() * 1000;
        Time(at.0.div_euclid(millis) * millis)
    }
}

/// What is looked back on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    Hour,
    Day,
    Month,
}

impl Window {
    pub const ALL: [Self; 3] = [Self::Hour, Self::Day, Self::Month];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Month => "month",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|window| window.as_str() == text)
    }

    /// The buckets it is made of, and how many; the newest one is not over yet.
    pub fn buckets(self) -> (Size, u32) {
        match self {
            Self::Hour => (Size::FiveMinutes, 12),
            Self::Day => (Size::Hour, 24),
            Self::Month => (Size::Day, 30),
        }
    }

    /// Where it begins and ends, and where the one before it began.
    pub fn bounds(self, now: Time) -> [Time; 3] {
        let (size, buckets) = self.buckets();
        let end = size.start(now).plus(size.span());
        [end.minus(size.span() * buckets * 2), end.minus(size.span() * buckets), end]
    }
}

/// When an interaction began, by its id.
pub fn moment_of(id: &InteractionId) -> Option<Time> {
    let time = id.as_str().strip_prefix("in_")?.get(..12)?;
    i64::from_str_radix(time, 16).ok().map(Time)
}

/// Four slots to each doubling, from a quarter of a second to hours.
const SLOTS: i64 = 64;
const FIRST_SLOT: f64 = 250.0;

/// The slot a duration falls into: what a histogram keeps, so that percentiles add up.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "milliseconds, and at most 63 slots")]
pub fn slot(took: Duration) -> i64 {
    let millis = (took.as_millis() as f64).max(FIRST_SLOT);
    ((4.0 * (millis / FIRST_SLOT).log2()).floor() as i64).clamp(0, SLOTS - 1)
}

/// What stands for a slot: its middle.
#[expect(clippy::cast_precision_loss, reason = "at most 63 slots")]
fn middle(slot: i64) -> Duration {
    Duration::from_secs_f64(FIRST_SLOT / 1000.0 * ((slot as f64 + 0.5) / 4.0).exp2())
}

/// The duration that this share of all stayed below, from `(slot, count)` in the order of slots.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "counts of people")]
pub fn percentile(slots: &[(i64, i64)], share: f64) -> Option<Duration> {
    let all: i64 = slots.iter().map(|(_, count)| count).sum();
    let wanted = ((all as f64 * share).ceil() as i64).max(1);
    let mut seen = 0;
    slots.iter().find_map(|(slot, count)| {
        seen += count;
        (seen >= wanted).then(|| middle(*slot))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::first;

    #[test]
    fn buckets_begin_where_the_clock_does() {
        let at = Time::from_secs(1_700_000_123);
        assert_eq!(Size::FiveMinutes.start(at).secs() % 300, 0);
        assert!(Size::Day.start(at) <= Size::Hour.start(at) && Size::Hour.start(at) <= Size::FiveMinutes.start(at));
        for window in Window::ALL {
            let [before, since, until] = window.bounds(at);
            assert!(since <= at && at < until && until.since(since) == since.since(before));
            assert_eq!(Window::parse(window.as_str()), Some(window));
        }
    }

    #[test]
    fn an_id_tells_its_moment() {
        let at = Time(1_700_000_123_456);
        let id = InteractionId::new(format!("{}0123456789abcdef0123", first("in", at)));
        assert_eq!(moment_of(&id), Some(at));
        assert!(id.as_str() > first("in", at).as_str() && id.as_str() < first("in", Time(at.0 + 1)).as_str());
        assert_eq!(moment_of(&InteractionId::new("in_nobody")), None);
    }

    #[test]
    fn percentiles_are_right_within_a_fifth() {
        // Longer than four hours and a half nobody takes: the interaction is over by then.
        for secs in [1, 7, 30, 90, 600] {
            let slots = [(slot(Duration::from_secs(secs)), 9), (slot(Duration::from_secs(secs * 20)), 1)];
            let median = percentile(&slots, 0.5).expect("some").as_secs_f64();
            assert!((median / secs as f64 - 1.0).abs() < 0.2, "{secs}: {median}");
            let late = percentile(&slots, 0.95).expect("some").as_secs_f64();
            assert!((late / (secs * 20) as f64 - 1.0).abs() < 0.2, "{secs}: {late}");
        }
        assert_eq!(percentile(&[], 0.5), None);
        assert_eq!(slot(Duration::ZERO), 0);
        for what in What::ALL {
            assert_eq!(What::parse(what.as_str()), Some(what));
        }
    }
}
