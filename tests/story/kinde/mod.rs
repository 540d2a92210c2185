//! What apps written for Kinde rely on, rule by rule.

mod account;
mod belonging;
mod claims;
pub mod rules;
mod spa;
