//! Mail by a real SMTP server program (aiosmtpd): encrypted, authenticated, and what follows when it will not take one.

#[path = "../story/harness/mod.rs"]
mod harness;

mod certificates;
mod delivered;
mod refused;
mod server;
