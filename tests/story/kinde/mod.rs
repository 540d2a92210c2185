//! What apps written for Kinde rely on, rule by rule.

mod account;
mod belonging;
pub mod claims;
mod portal;
pub mod rules;
mod spa;
