//! Endpoints clients speak to.

pub mod authorize;
pub mod discovery;
pub mod proof;
pub mod token;
pub mod userinfo;
