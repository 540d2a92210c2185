//! Stories: what people, apps and attackers do, told against the real server on both engines.

mod harness;
mod sign_in;
