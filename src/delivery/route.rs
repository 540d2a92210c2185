//! Which carriers take a rung, in order of preference.

use super::{Sender, Verifier};
use crate::domain::carrier::Carrier;
use crate::domain::delivery::{Channel, Choice, Rung};
use std::sync::Arc;

/// A carrier ready to send.
#[derive(Clone)]
pub struct Ready {
    pub carrier: Arc<Carrier>,
    pub sender: Arc<dyn Sender>,
    /// Where the carrier makes the passcode itself.
    pub verifier: Option<Arc<dyn Verifier>>,
}

impl Ready {
    pub fn name(&self) -> &str {
        &self.carrier.name
    }
}

/// Those that carry this channel, as the rung prefers them for the country; without a preference, in the operator's order.
pub fn route<'a>(
    carriers: &'a [Ready],
    channel: Channel,
    rung: Option<&'a Rung>,
    country: Option<&str>,
) -> Vec<(&'a Ready, Option<&'a Choice>)> {
    let preferred = rung.map(|rung| rung.choices(country)).unwrap_or_default();
    let carries = |ready: &&Ready| ready.carrier.kind.carries(channel);
    if preferred.is_empty() {
        return carriers.iter().filter(carries).map(|ready| (ready, None)).collect();
    }
    let named = |choice: &'a Choice| {
        Some((carriers.iter().filter(carries).find(|ready| ready.name() == choice.carrier)?, Some(choice)))
    };
    preferred.iter().filter_map(named).collect()
}
