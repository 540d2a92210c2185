//! Endpoints clients speak to.

pub mod account;
pub mod authorize;
pub mod device;
pub mod discovery;
pub mod introspect;
pub mod par;
pub mod presented;
pub mod proof;
mod published;
mod qr;
pub mod refresh_cookies;
pub mod register;
pub mod token;
pub mod userinfo;
