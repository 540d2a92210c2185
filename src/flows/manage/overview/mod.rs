//! How things stand: what operators see first. Everything comes from figures that are counted already; nothing here reads the
//! sign-ins themselves.

mod attention;
mod read;

pub use attention::{Attention, Grave};
pub use read::read;

use crate::domain::delivery::{Channel, Micros};
use crate::domain::figures::Window;
use crate::domain::time::Time;
use std::time::Duration;

#[derive(Clone, Debug)]
pub struct Overview {
    pub window: Window,
    pub since: Time,
    /// Where the newest bucket ends; it is not over yet.
    pub until: Time,
    /// When the newest figures were counted; nothing where nobody has ever signed in.
    pub counted_at: Option<Time>,
    pub sign_ins: Funnel,
    /// The same of the window before this one.
    pub before: Funnel,
    /// Bucket by bucket, oldest first, without a gap.
    pub course: Vec<Point>,
    /// Sign-ins, by client.
    pub clients: Vec<OfClient>,
    /// Sign-ins that were asked for a passcode, by the country of the number; an empty country is e-mail.
    pub countries: Vec<OfCountry>,
    /// Messages, by channel.
    pub channels: Vec<OfChannel>,
    /// Messages, by carrier; an empty carrier is those no carrier took.
    pub carriers: Vec<OfCarrier>,
    /// The same by channel, country and carrier together.
    pub ways: Vec<OfWay>,
    /// How long people took from the page to the answer, where they proved a passcode: half of them at most so long, …
    pub median: Option<Duration>,
    /// … and nineteen of twenty.
    pub p95: Option<Duration>,
    pub spent: Vec<Spent>,
    pub caps: Vec<CapStands>,
    pub faults: Faults,
    /// The worst first.
    pub attention: Vec<Attention>,
}

/// How far sign-ins came: each step is part of the one before, but that who has a session still is answered without being asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Funnel {
    pub begun: i64,
    pub asked: i64,
    pub delivered: i64,
    pub proven: i64,
    pub answered: i64,
}

/// What became of those who were asked, or of messages: asked, delivered, proven.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Conversion {
    pub asked: i64,
    pub delivered: i64,
    pub proven: i64,
}

impl Conversion {
    /// Proven of a hundred that were asked, rounded down; nothing where nobody was.
    pub fn percent(self) -> Option<i64> {
        (self.asked > 0).then(|| self.proven * 100 / self.asked)
    }
}

impl Funnel {
    pub fn conversion(self) -> Conversion {
        Conversion { asked: self.asked, delivered: self.delivered, proven: self.proven }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    pub at: Time,
    pub sign_ins: Funnel,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfClient {
    pub client: String,
    pub sign_ins: Funnel,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfCountry {
    pub country: String,
    pub now: Conversion,
    pub before: Conversion,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfChannel {
    pub channel: Channel,
    pub now: Conversion,
    pub before: Conversion,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfCarrier {
    pub carrier: String,
    pub now: Conversion,
    pub before: Conversion,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfWay {
    pub channel: Channel,
    pub country: String,
    pub carrier: String,
    pub now: Conversion,
}

/// Money of one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spent {
    pub currency: String,
    /// What carriers said.
    pub told: Micros,
    /// What is expected for messages of which no carrier said it.
    pub estimated: Micros,
}

/// A cap as it stands now, whatever the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapStands {
    /// Its name in URLs: `country-NG-hour`.
    pub name: String,
    /// What it is counted for, where it counts each by itself: the one that spent most.
    pub of: String,
    pub most: Micros,
    pub spent: Micros,
    pub currency: String,
}

impl CapStands {
    pub fn percent(&self) -> i64 {
        if self.most.0 > 0 { self.spent.0.saturating_mul(100) / self.most.0 } else { 100 }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// By carrier, channel and the carrier's code; the most frequent first.
    pub refused: Vec<Fault>,
    /// Taken by a carrier that reports, and never heard of again.
    pub silent: Vec<Fault>,
    /// How often a circuit opened.
    pub opened: Vec<Fault>,
    /// How often a carrier was passed over, because its circuit was open or too much was on its way to it.
    pub passed_over: Vec<Fault>,
    /// How often no rung was left, by why.
    pub stopped: Vec<Fault>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub carrier: String,
    pub channel: Option<Channel>,
    pub code: String,
    pub count: i64,
}
