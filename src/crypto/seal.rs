//! Secrets at rest: AES-256-GCM under a key that is not in the database, bound to what the secret is.
//! Form: version byte 1, 12 bytes of nonce, ciphertext and tag.

use super::CryptoError;
use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};

pub struct Seal(RandomizedNonceKey);

const VERSION: u8 = 1;
const NONCE: usize = 12;

impl Seal {
    pub fn new(key: &[u8]) -> Result<Self, CryptoError> {
        RandomizedNonceKey::new(&AES_256_GCM, key)
            .map(Self)
            .map_err(|_| CryptoError("the sealing key is not 32 bytes".into()))
    }

    /// `label` says what is sealed ("signing key kid1"): moved to another row, it does not open.
    pub fn close(&self, label: &str, plain: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let mut body = plain.to_vec();
        let nonce = self
            .0
            .seal_in_place_append_tag(Aad::from(label.as_bytes()), &mut body)
            .map_err(|_| CryptoError("sealing failed".into()))?;
        let mut sealed = vec![VERSION];
        sealed.extend_from_slice(nonce.as_ref());
        sealed.extend_from_slice(&body);
        Ok(sealed)
    }

    pub fn open(&self, label: &str, sealed: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let broken = || {
            CryptoError(format!(
                "{label} does not open: the secret is not the one it was sealed with, or the row was changed"
            ))
        };
        let (head, body) = sealed.split_at_checked(1 + NONCE).ok_or_else(broken)?;
        let (version, nonce) = head.split_at_checked(1).ok_or_else(broken)?;
        if version != [VERSION] {
            return Err(broken());
        }
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| broken())?;
        let mut body = body.to_vec();
        let plain = self.0.open_in_place(nonce, Aad::from(label.as_bytes()), &mut body).map_err(|_| broken())?;
        Ok(plain.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_only_whole_and_where_it_was_sealed() {
        let seal = Seal::new(&[1; 32]).expect("32 bytes");
        let sealed = seal.close("a", b"key").expect("seals");
        assert_eq!(seal.open("a", &sealed).expect("opens"), b"key");
        assert!(seal.open("b", &sealed).is_err());
        assert!(Seal::new(&[2; 32]).expect("32 bytes").open("a", &sealed).is_err());
        for cut in 0..sealed.len() {
            assert!(seal.open("a", &sealed[..cut]).is_err());
        }
    }
}
