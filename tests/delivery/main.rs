//! Delivery: the ladder's stories against a stateful fake of every carrier, on both engines.

#[path = "../story/harness/mod.rs"]
mod harness;
#[path = "../attack/rows.rs"]
mod rows;

mod alike;
mod bills;
mod by_hand;
mod fake;
mod falls;
mod faults;
mod money;
mod receipts;
mod routes;
mod scene;
mod spoken;
mod telegrams;
mod told;
mod verifies;
