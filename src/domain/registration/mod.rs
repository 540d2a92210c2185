//! Clients nobody declared: those that register themselves (RFC 7591, OpenID Connect Dynamic Client Registration 1.0) under a
//! policy an operator declared, and those whose id is where their metadata stands (Client ID Metadata Documents).

pub mod document;
mod keys;
mod metadata;
mod policy;
mod read;
#[cfg(test)]
mod tests;

pub use metadata::told;
pub use policy::Policy;
pub use read::{Rules, read};

use super::oauth::{OAuthError, Refusal};

/// RFC 7591 §3.2.2.
fn wrong(detail: impl Into<String>) -> Refusal {
    Refusal::new(OAuthError::InvalidClientMetadata, detail)
}
