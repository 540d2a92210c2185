//! Sets of other people's public keys (RFC 7517 §5), and which of them made a signature. A key that is of no use for that is
//! passed over: another kind, fewer than 2048 bits, meant for encryption, or one whose private half was given away with it.

use super::public_key::{Jwk, PublicKey};
use serde::Deserialize;
use serde_json::Value;

/// More keys than anybody rotates through.
const MOST_KEYS: usize = 64;

/// The usable keys of a set.
#[derive(Debug, Default)]
pub struct KeySet(Vec<Named>);

/// A key, and what it says of itself.
#[derive(Debug)]
struct Named {
    kid: Option<String>,
    algorithm: Option<String>,
    key: PublicKey,
}

/// What a set makes of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Good,
    /// A key by this name is there, and did not sign this.
    Bad,
    /// No key that could have: perhaps it is newer than the set.
    NoKey,
}

impl KeySet {
    /// `None` where it is no set at all.
    pub fn read(set: &Value) -> Option<Self> {
        let keys = set.get("keys")?.as_array()?;
        Some(Self(keys.iter().take(MOST_KEYS).filter_map(Named::read).collect()))
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// With a `kid`, the keys of that name and those without any; without one, all that fit.
    pub fn verify(&self, kid: Option<&str>, algorithm: &str, message: &[u8], signature: &[u8]) -> Verdict {
        let asked = |key: &&Named| kid.is_none() || key.kid.is_none() || key.kid.as_deref() == kid;
        let mut fitting = self.0.iter().filter(asked).filter(|key| key.fits(algorithm));
        let known = kid.is_some() && self.0.iter().any(|key| key.kid.as_deref() == kid);
        match (fitting.any(|named| named.key.verifies(algorithm, message, signature)), known) {
            (true, _) => Verdict::Good,
            (false, true) => Verdict::Bad,
            (false, false) => Verdict::NoKey,
        }
    }
}

impl Named {
    fn read(jwk: &Value) -> Option<Self> {
        if jwk.get("use").is_some_and(|used| used != "sig") {
            return None;
        }
        if jwk.get("key_ops").is_some_and(|ops| !ops.as_array().is_some_and(|ops| ops.contains(&"verify".into()))) {
            return None;
        }
        let key = PublicKey::read(&Jwk::deserialize(jwk).ok()?)?;
        let text = |name: &str| jwk.get(name).and_then(Value::as_str).map(str::to_owned);
        key.strong().then(|| Self { kid: text("kid"), algorithm: text("alg"), key })
    }

    /// Whether it is a key for this algorithm, by its kind and by what it says of itself (RFC 9864 names the curve).
    fn fits(&self, algorithm: &str) -> bool {
        let own = self.algorithm.as_deref().map(|own| if own == "Ed25519" { "EdDSA" } else { own });
        self.key.fits(algorithm) && own.is_none_or(|own| own == algorithm)
    }
}

#[cfg(test)]
mod tests;
