//! Attacks: what somebody does who wants in without a proof, in twice with one, or to see what is not theirs.

#[path = "../story/harness/mod.rs"]
mod harness;

mod database_gone;
mod edge;
mod no_other_way;
mod races;
mod rows;
mod secrets;
