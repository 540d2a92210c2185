//! The only room that speaks to carriers. A carrier is one file here: it takes a rendered message and says what came of it.
//! Which carrier is tried, and what follows a refusal, is `route`'s and the flow's; this room keeps no rows.

pub mod dev_phone;
pub mod message;
pub mod route;
pub mod smtp;

use crate::domain::delivery::{Channel, Handed, Message};
use crate::domain::identifier::Identifier;
use async_trait::async_trait;

/// Hands messages to a delivery company.
#[async_trait]
pub trait Sender: Send + Sync {
    fn carries(&self, channel: Channel) -> bool;

    /// Whether the carrier itself drops a second message of the same attempt. Only then is one repeated when it is not known
    /// whether the first arrived.
    fn idempotent(&self) -> bool;

    async fn send(&self, message: &Message) -> Handed;
}

/// A carrier that makes and checks passcodes itself.
#[async_trait]
pub trait Verifier: Send + Sync {
    /// Has the carrier send a passcode of its own; its reference comes back.
    async fn start(&self, to: &Identifier, channel: Channel, language: &str) -> Handed;

    /// Whether these digits are the ones it sent.
    async fn check(&self, reference: &str, typed: &str) -> Result<bool, String>;
}
