//! What operators use.

pub mod api;
