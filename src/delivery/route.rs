//! Which carriers take a rung, in order of preference.

use super::Sender;
use crate::domain::delivery::Channel;
use std::sync::Arc;

/// A carrier ready to send.
#[derive(Clone)]
pub struct Ready {
    pub name: String,
    pub sender: Arc<dyn Sender>,
}

/// Those that carry this channel, in the operator's order.
pub fn route(carriers: &[Ready], channel: Channel) -> impl Iterator<Item = &Ready> {
    carriers.iter().filter(move |ready| ready.sender.carries(channel))
}
