//! Small, dull, tested, no policy: sealing, hashing, comparing, signing. Owns no state but parsed keys; calls only `domain`.

pub mod certificate;
pub mod dpop;
pub mod hash;
pub mod jwk;
pub mod jws;
pub mod jwt;
pub mod keys;
pub mod public_key;
pub mod same;
pub mod seal;
pub mod secret;

/// Something that ought not to happen: a key that cannot be read, a seal that does not open.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct CryptoError(pub String);
