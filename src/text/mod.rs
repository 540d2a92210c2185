//! The words people read, in each language we speak.
//!
//! Owns the languages, which of them someone gets, every sentence on pages and in messages, and the names of countries.
//! Owns no layout: pages are drawn in `http/views`, and carriers are spoken to in `delivery`. Calls no other room.
//!
//! Sentences live in `templates/text/<language>/*.ftl` (Project Fluent) and are built into the binary.

mod countries;
mod languages;
mod messages;
mod own;
#[cfg(test)]
mod tests;
mod words;

pub use countries::Country;
pub use languages::{Texts, accept_language};
pub use messages::{MailText, Passcode};
pub use own::Shipped;
pub use words::{Arg, Words};
