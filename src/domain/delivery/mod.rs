//! What is sent, by which channel, and what came of it.

mod attempt;
mod cap;
mod channel;
mod explained;
mod ladder;
mod money;
mod outcome;
mod progress;
mod segments;

pub use attempt::{Attempt, Job, Message, Stood};
pub use cap::{Cap, Per, Scope};
pub use channel::Channel;
pub use explained::Explained;
pub use ladder::{Choice, Override, Route, Rung, usual_ladder};
pub use money::{Cost, Micros};
pub use outcome::{Class, Failed, Handed, Receipt, Status};
pub use progress::Progress;
pub use segments::{Length, length};
