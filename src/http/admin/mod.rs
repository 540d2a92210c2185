//! What operators use.

pub mod api;
pub mod portal;
