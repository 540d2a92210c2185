//! The browser: a real Chromium walks the pages a person walks, with a real relying party at the end of the way.
//!
//! With JavaScript and without, at 320 pixels, in Arabic, in the dark, by keyboard alone; axe-core looks at every page, and a
//! single complaint in the console (a blocked script, a missing file) fails the walk.

mod account;
mod app;
mod axe;
mod chromium;
mod consent;
mod countries;
mod demo;
mod gateway;
#[path = "../story/harness/mod.rs"]
mod harness;
mod keyboard;
mod live;
mod looks;
mod passcode;
mod pictures;
mod portal_desk;
mod portal_forms;
mod portal_setup;
mod scene;
mod walk;
