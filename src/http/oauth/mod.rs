//! Endpoints clients speak to.

pub mod authorize;
pub mod discovery;
pub mod introspect;
pub mod par;
pub mod presented;
pub mod proof;
mod published;
pub mod token;
pub mod userinfo;
