//! The only room that speaks SQL. Owns the tables, the engines and the transactions; decides nothing: every rule that
//! needs more than one row's own columns is a flow's. Calls `domain` only.
//!
//! Verbs: add, find, list, change, spend, forget. Every function takes `on`: the database or an open transaction.

mod aside;
pub mod attempts;
pub mod audit;
pub mod browsers;
pub mod catalog;
pub mod challenges;
pub mod consents;
pub mod counted;
pub mod counters;
pub mod db;
pub mod device_codes;
pub mod error;
pub mod event_deliveries;
pub mod events;
pub mod figures;
mod file;
pub mod grants;
pub mod idempotency;
pub mod imports;
pub mod interactions;
pub mod invitations;
pub mod keys;
mod lane;
mod many;
pub mod memberships;
pub mod moments;
pub mod notices;
pub mod operators;
pub mod opt_outs;
pub mod outbox;
pub mod people;
mod pool;
pub mod pushed_requests;
pub mod revoked_tokens;
mod row;
pub mod seed;
pub mod sessions;
pub mod sign_ins;
pub mod sql;
pub mod subjects;
mod sync;
pub mod used;

pub use db::{Db, Tx};
pub use error::StoreError;
