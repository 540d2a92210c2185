//! Signing keys, parsed once and kept. A key is published before it signs and stays published after, so that a rotation is
//! never noticed by anyone who fetched our keys a while ago.

use super::CryptoError;
use crate::domain::client::Algorithm;
use crate::domain::hex;
use crate::domain::ids::KeyId;
use crate::domain::time::Time;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use serde_json::{Value, json};
use std::sync::Arc;
use zeroize::Zeroizing;

enum Pair {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

pub struct SigningKey {
    pub id: KeyId,
    pub algorithm: Algorithm,
    /// From when it signs.
    pub signs_at: Time,
    /// Until when it is published.
    pub leaves_at: Option<Time>,
    /// The public half (RFC 7517).
    pub jwk: Value,
    pub verifier: DecodingKey,
    pair: Pair,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({} {})", self.id, self.algorithm.as_str())
    }
}

/// A new private key as PKCS#8. RSA takes tens of milliseconds: call it where waiting is allowed.
pub fn generate(algorithm: Algorithm) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
    let failed = |_| CryptoError("the key could not be generated".into());
    let der = match algorithm {
        Algorithm::RS256 => RsaKeyPair::generate(KeySize::Rsa2048)
            .and_then(|pair| Ok(pair.as_der()?.as_ref().to_vec()))
            .map_err(failed)?,
        Algorithm::ES256 => EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
            .map_err(failed)?
            .as_ref()
            .to_vec(),
        Algorithm::EdDSA => Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(failed)?.as_ref().to_vec(),
    };
    Ok(Zeroizing::new(der))
}

impl SigningKey {
    pub fn read(
        algorithm: Algorithm,
        pkcs8: &[u8],
        signs_at: Time,
        leaves_at: Option<Time>,
    ) -> Result<Self, CryptoError> {
        let unreadable = |_| CryptoError(format!("a stored {} key cannot be read", algorithm.as_str()));
        let pair = match algorithm {
            Algorithm::RS256 => Pair::Rsa(RsaKeyPair::from_pkcs8(pkcs8).map_err(unreadable)?),
            Algorithm::ES256 => {
                Pair::Ec(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).map_err(unreadable)?)
            }
            Algorithm::EdDSA => Pair::Ed(Ed25519KeyPair::from_pkcs8(pkcs8).map_err(unreadable)?),
        };
        let (mut jwk, verifier) = public(&pair)?;
        let id = thumbprint(&jwk);
        for (name, value) in [("use", "sig"), ("alg", algorithm.as_str()), ("kid", id.as_str())] {
            jwk[name] = value.into();
        }
        Ok(Self { id, algorithm, signs_at, leaves_at, jwk, verifier, pair })
    }

    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let failed = |_| CryptoError("signing failed".into());
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).map_err(failed)?;
                Ok(signature)
            }
            Pair::Ec(pair) => Ok(pair.sign(&SystemRandom::new(), message).map_err(failed)?.as_ref().to_vec()),
            Pair::Ed(pair) => Ok(pair.sign(message).as_ref().to_vec()),
        }
    }
}

/// The required members in lexical order (RFC 7638 §3.2), and the key that verifies.
fn public(pair: &Pair) -> Result<(Value, DecodingKey), CryptoError> {
    let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let unreadable = |_| CryptoError("a public key cannot be read".into());
    Ok(match pair {
        Pair::Rsa(pair) => {
            let n = encode(pair.public_key().modulus().big_endian_without_leading_zero());
            let e = encode(pair.public_key().exponent().big_endian_without_leading_zero());
            (json!({"e": e, "kty": "RSA", "n": n}), DecodingKey::from_rsa_components(&n, &e).map_err(unreadable)?)
        }
        Pair::Ec(pair) => {
            // An uncompressed point: 4, x, y.
            let (x, y) = pair.public_key().as_ref().get(1..).unwrap_or_default().split_at(32);
            let (x, y) = (encode(x), encode(y));
            (
                json!({"crv": "P-256", "kty": "EC", "x": x, "y": y}),
                DecodingKey::from_ec_components(&x, &y).map_err(unreadable)?,
            )
        }
        Pair::Ed(pair) => {
            let x = encode(pair.public_key().as_ref());
            (json!({"crv": "Ed25519", "kty": "OKP", "x": x}), DecodingKey::from_ed_components(&x).map_err(unreadable)?)
        }
    })
}

/// RFC 7638, as 32 hex digits: base64url's `-` and `_` in a kid break SDKs that decode headers with `atob`.
fn thumbprint(jwk: &Value) -> KeyId {
    let hash = digest(&SHA256, jwk.to_string().as_bytes());
    KeyId::new(hex::encode(hash.as_ref().get(..16).unwrap_or_default()))
}

/// All keys of this installation, as they stood at one moment.
#[derive(Clone, Debug, Default)]
pub struct Keyring(Vec<Arc<SigningKey>>);

impl Keyring {
    pub fn new(mut keys: Vec<Arc<SigningKey>>) -> Self {
        keys.sort_by_key(|key| std::cmp::Reverse(key.signs_at));
        Self(keys)
    }

    /// The newest key whose time to sign has come.
    pub fn signer(&self, algorithm: Algorithm, now: Time) -> Option<&SigningKey> {
        self.0.iter().find(|key| key.algorithm == algorithm && key.signs_at <= now && !left(key, now)).map(|key| &**key)
    }

    pub fn find(&self, kid: &str, now: Time) -> Option<&SigningKey> {
        self.0.iter().find(|key| key.id.as_str() == kid && !left(key, now)).map(|key| &**key)
    }

    /// Also one that has left, for as long as it is kept: what it signed is still ours, if nothing more.
    pub fn find_ever(&self, kid: &str) -> Option<&SigningKey> {
        self.0.iter().find(|key| key.id.as_str() == kid).map(|key| &**key)
    }

    pub fn published(&self, now: Time) -> impl Iterator<Item = &SigningKey> {
        self.0.iter().filter(move |key| !left(key, now)).map(|key| &**key)
    }
}

fn left(key: &SigningKey, now: Time) -> bool {
    key.leaves_at.is_some_and(|leaves| now >= leaves)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_algorithm_signs_what_its_public_half_verifies() {
        for algorithm in Algorithm::ALL {
            let pkcs8 = generate(algorithm).expect("generates");
            let key = Arc::new(SigningKey::read(algorithm, &pkcs8, Time(0), None).expect("reads"));
            assert!(
                key.jwk["kid"]
                    .as_str()
                    .is_some_and(|kid| kid.len() == 32 && kid.bytes().all(|b| b.is_ascii_hexdigit()))
            );
            let token = super::super::jwt::sign(&key, "JWT", &json!({"sub": "x", "exp": 10})).expect("signs");
            let ring = Keyring::new(vec![key]);
            let claims = super::super::jwt::read(&ring, &token, Time(0)).expect("verifies");
            assert_eq!(claims["sub"], "x");
            let (head, tail) = token.rsplit_once('.').expect("three parts");
            assert!(!head.split('.').next().expect("header").contains(['-', '_']), "atob must read the header");
            assert!(super::super::jwt::read(&ring, &format!("{head}x.{tail}"), Time(0)).is_none());
        }
    }

    #[test]
    fn a_new_key_is_published_before_it_signs_and_an_old_one_after() {
        let make = |signs_at, leaves_at| {
            Arc::new(
                SigningKey::read(
                    Algorithm::ES256,
                    &generate(Algorithm::ES256).expect("generates"),
                    Time(signs_at),
                    leaves_at,
                )
                .expect("reads"),
            )
        };
        let (old, new) = (make(0, Some(Time(200))), make(100, None));
        let (first, second) = (old.id.clone(), new.id.clone());
        let ring = Keyring::new(vec![old, new]);
        let signer = |now| ring.signer(Algorithm::ES256, Time(now)).map(|key| key.id.clone());
        assert_eq!((signer(99), signer(100)), (Some(first), Some(second)));
        assert_eq!(
            (ring.published(Time(50)).count(), ring.published(Time(199)).count(), ring.published(Time(200)).count()),
            (2, 2, 1)
        );
    }
}
