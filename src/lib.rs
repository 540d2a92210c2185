//! Countersign: a passwordless sign-in service, an OpenID Provider in one binary.
//!
//! The rooms, each in one sentence:
//!
//! - [`domain`]: nouns and pure rules; sees nobody.
//! - [`clock`], [`entropy`]: the only sources of time and chance.
//! - [`config`]: settings, checked once at start.
//! - [`crypto`]: sealing, hashing, signing; small, dull, no policy.
//! - [`store`]: the only room that speaks SQL.
//! - [`text`]: the words people read, in each language.
//! - [`delivery`]: the only room that speaks to carriers.
//! - [`telemetry`]: logs and metrics.
//! - [`app`]: what every request shares, and the only wiring.
//! - [`flows`]: the verbs; know the app and the nouns, never HTTP.
//! - [`http`]: the edge: reads a request, calls one flow, renders one outcome.
//! - [`worker`]: the clockwork: delivers, reads anew, sweeps.
//! - [`thread`]: threads of our own, as urgent as each should be.
//! - [`demo`]: a web app to try it with; speaks HTTP to the provider like any other.
//! - [`command`]: the command line.
//!
//! The arrows: `command → http, worker, demo`; `http, worker → flows → app → { store, delivery, crypto, config, telemetry }`;
//! `delivery → text`; `store, worker → thread`; all may call `domain`. `tests/architecture.rs` holds the code to them.

#![forbid(unsafe_code)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::todo,
    clippy::dbg_macro,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::await_holding_lock,
    clippy::allow_attributes
)]

pub mod app;
pub mod clock;
pub mod command;
pub mod config;
pub mod crypto;
pub mod delivery;
pub mod demo;
pub mod domain;
pub mod entropy;
pub mod flows;
pub mod http;
pub mod store;
pub mod telemetry;
pub mod text;
pub mod thread;
pub mod worker;
