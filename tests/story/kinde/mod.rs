//! What apps written for Kinde rely on, rule by rule.

mod claims;
