//! The program itself, in processes of its own: several nodes as one, killed and started again, told to stop, refused, and
//! tried out by a newcomer.

#[path = "../delivery/fake/mod.rs"]
mod fake;
#[path = "../story/harness/mod.rs"]
mod harness;
#[path = "../attack/rows.rs"]
mod rows;

mod api;
mod commands;
mod crash;
mod demo;
mod events;
mod handed;
mod imports;
mod node;
mod refused;
mod stop;
mod together;
