//! Compact JWS that clients made (RFC 7515 §7.1): assertions and request objects. Read strictly before anything is verified;
//! keys a header brings or points to (`jwk`, `jku`, `x5u`, `x5c`) are never looked at.

use super::jwk::{KeySet, Verdict};
use crate::domain::json;
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// Nothing honest is longer: a request object is the longest.
const LONGEST: usize = 16 * 1024;

/// A JWS, read and not yet verified.
pub struct Jws<'a> {
    pub header: Map<String, Value>,
    pub claims: Map<String, Value>,
    pub algorithm: String,
    signed: &'a str,
    signature: Vec<u8>,
}

impl<'a> Jws<'a> {
    /// `None` for what is no JWS of claims: not three parts, too long, not base64url, a member twice, an extension that must be
    /// understood (`crit`), an unencoded payload (`b64`, RFC 7797).
    pub fn read(text: &'a str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let part = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
        let (header, claims) = (json::read_object(&part(header)?)?, json::read_object(&part(claims)?)?);
        if header.contains_key("crit") || header.contains_key("b64") {
            return None;
        }
        let algorithm = header.get("alg")?.as_str()?.to_owned();
        Some(Self { header, claims, algorithm, signed, signature: part(signature)? })
    }

    pub fn typ(&self) -> Option<&str> {
        self.header.get("typ")?.as_str()
    }

    pub fn kid(&self) -> Option<&str> {
        self.header.get("kid")?.as_str()
    }

    pub fn claim(&self, name: &str) -> Option<&str> {
        self.claims.get(name)?.as_str()
    }

    /// A moment (RFC 7519 §2): a number, with a fraction or without.
    pub fn moment(&self, name: &str) -> Option<i64> {
        let value = self.claims.get(name)?;
        // A fraction of a second is let go.
        value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds.floor() as i64))
    }

    /// By whichever key of the set it names. Which algorithms are allowed is the caller's rule, and looked at first.
    pub fn verified_by(&self, keys: &KeySet) -> Verdict {
        keys.verify(self.kid(), &self.algorithm, self.signed.as_bytes(), &self.signature)
    }

    /// By a shared secret: HS256 and nothing else (RFC 7518 §3.2).
    pub fn verified_with_secret(&self, secret: &[u8]) -> bool {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        self.algorithm == "HS256" && hmac::verify(&key, self.signed.as_bytes(), &self.signature).is_ok()
    }
}

#[cfg(test)]
mod tests;
