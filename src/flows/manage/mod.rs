//! What operators do. Portal, API, `apply` and the command line are doors onto these.

pub mod accounts;
mod again;
pub mod apply;
pub mod audit;
pub mod callers;
pub mod carriers;
pub mod change;
pub mod check;
mod declared;
pub mod events;
pub mod export;
pub mod import;
pub mod invitations;
pub mod members;
pub mod operators;
pub mod opt_outs;
pub mod overview;
mod people;
pub mod preview;
mod prune;
mod remove;
pub mod resend;
pub mod secrets;
pub mod sign_ins;
mod write;
