//! The verbs, in story order: authorize, advance, identify, challenge, sign_in, answer, exchange. A flow knows the app and
//! the nouns, never HTTP; it returns what it found, a person's mistakes included. Only what breaks on our side is a `Fault`.

pub mod access_token;
pub mod account;
pub mod account_api;
pub mod advance;
pub mod answer;
pub mod authorize;
pub mod belong;
pub mod carriers;
pub mod challenge;
pub mod client_keys;
pub mod clients;
pub mod consent;
pub mod deliver;
pub mod device;
pub mod doctor;
pub mod events;
pub mod exchange;
pub mod figures;
pub mod identify;
pub mod introspect;
pub mod keys;
pub mod manage;
pub mod notify;
pub mod often;
pub mod once;
pub mod par;
pub mod portal;
pub mod progress;
pub mod proof;
pub mod registration;
pub mod request_object;
pub mod respond;
pub mod revoke;
mod sealed;
pub mod seed;
pub mod sign_in;
pub mod sign_out;
pub mod standing;
pub mod sweep;
pub mod timeline;
pub mod trial;
pub mod userinfo;

use crate::crypto::CryptoError;
use crate::store::StoreError;

/// Something of ours broke.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database does not answer; shortly it may.
    #[error("{0}")]
    Unavailable(String),
    #[error("{0}")]
    Broken(String),
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(what) => Self::Unavailable(what),
            error => Self::Broken(error.to_string()),
        }
    }
}

impl From<CryptoError> for Fault {
    fn from(error: CryptoError) -> Self {
        Self::Broken(error.to_string())
    }
}
