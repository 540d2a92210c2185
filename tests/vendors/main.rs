//! What we say to carriers, held against the vendors' own documents and verifiers: Prism reads their OpenAPI and refuses what it
//! does not allow; their Python packages sign for us, verify what we signed, and write the same as we do.

#[expect(unused_macros, unused_imports, reason = "no story here needs an engine")]
#[path = "../story/harness/mod.rs"]
mod harness;

mod carriers;
mod document;
mod meta;
mod oracle;
mod prism;
mod refused;
mod signed_by_meta;
mod signed_by_twilio;
mod signed_by_us;
mod twilio_messaging;
mod twilio_verify;
mod vonage;
mod wire;
