//! Nouns and pure rules: no IO, no async, no clock, no chance. Every other room may call this one; it calls nobody.

pub mod branding;
pub mod callback;
pub mod catalog;
pub mod challenge;
pub mod claims;
pub mod client;
pub mod declaration;
pub mod delivery;
pub mod grant;
pub mod hex;
pub mod hint;
pub mod identifier;
pub mod ids;
pub mod interaction;
pub mod limit;
pub mod oauth;
pub mod params;
pub mod passcode;
pub mod phone;
pub mod pkce;
pub mod prompt;
pub mod request;
pub mod scope;
pub mod session;
pub mod subject;
pub mod time;
