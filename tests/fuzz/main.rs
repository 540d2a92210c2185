//! Fuzz targets: what reads bytes from strangers. Each runs for a moment in `cargo test`, and for as long as one likes by
//! `cargo bolero test <name>`; what must hold stands in the target, so that a finding is a failing test.

mod redirects;
mod requests;
mod tokens;
