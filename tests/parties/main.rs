//! Relying parties that others wrote, against the real server: certified libraries from npm, Authlib, Apache's
//! `mod_auth_openidc`, Auth.js, and the SDKs of a hosted service, unmodified; the programs that `docs/connect` shows; and a judge of
//! the API.

#[allow(unused_macros, unused_imports, reason = "not every story here needs both engines")]
#[path = "../story/harness/mod.rs"]
mod harness;

mod apache;
mod api;
mod app;
mod authjs;
#[allow(dead_code, reason = "pages are walked by their own tests")]
#[path = "../browser/chromium.rs"]
mod chromium;
mod devices;
mod fapi;
mod kinde_browser;
mod kinde_express;
mod kinde_machine;
mod kinde_next;
mod kinde_python;
mod kinde_rights;
mod kinde_sdks;
mod kinde_webhooks;
mod machines;
mod party;
mod person;
mod private_authority;
mod shown;
mod sign_in;
mod told;
