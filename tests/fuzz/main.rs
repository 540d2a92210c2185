//! Fuzz targets: what reads bytes from strangers. Each runs for a moment in `cargo test`, and for as long as one likes by
//! `cargo bolero test <name>`; what must hold stands in the target, so that a finding is a failing test.

mod proofs;
#[allow(dead_code, reason = "stories use more of it")]
#[path = "../story/harness/prover.rs"]
mod prover;
mod redirects;
mod requests;
mod tokens;
