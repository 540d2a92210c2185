//! Somebody else's public key, as a JWK brings it (RFC 7517), its thumbprint (RFC 7638), and signatures held against it.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaParameters,
    RsaPublicKeyComponents, UnparsedPublicKey,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::json;

/// A member that comes twice does not parse; nor do we take what ought to be private.
#[derive(Debug, Deserialize)]
pub struct Jwk {
    kty: String,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
    d: Option<IgnoredAny>,
    p: Option<IgnoredAny>,
    q: Option<IgnoredAny>,
    dp: Option<IgnoredAny>,
    dq: Option<IgnoredAny>,
    qi: Option<IgnoredAny>,
    oth: Option<IgnoredAny>,
    k: Option<IgnoredAny>,
}

#[derive(Debug)]
pub enum PublicKey {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256 { x: Vec<u8>, y: Vec<u8> },
    Ed25519(Vec<u8>),
}

impl Jwk {
    fn holds_secrets(&self) -> bool {
        let secrets = [&self.d, &self.p, &self.q, &self.dp, &self.dq, &self.qi, &self.oth, &self.k];
        secrets.iter().any(|member| member.is_some())
    }
}

impl PublicKey {
    pub fn read(jwk: &Jwk) -> Option<Self> {
        if jwk.holds_secrets() {
            return None;
        }
        // Without padding and stray bits there is one spelling of each key, and so one thumbprint.
        let bytes = |member: &Option<String>| URL_SAFE_NO_PAD.decode(member.as_deref()?).ok();
        let number = |member| bytes(member).filter(|bytes| bytes.first().is_some_and(|first| *first != 0));
        let point = |member| bytes(member).filter(|bytes| bytes.len() == 32);
        match (jwk.kty.as_str(), jwk.crv.as_deref()) {
            ("RSA", _) => Some(Self::Rsa { n: number(&jwk.n)?, e: number(&jwk.e)? }),
            ("EC", Some("P-256")) => Some(Self::P256 { x: point(&jwk.x)?, y: point(&jwk.y)? }),
            ("OKP", Some("Ed25519")) => Some(Self::Ed25519(point(&jwk.x)?)),
            _ => None,
        }
    }

    /// RFC 7638 §3: the required members in lexical order, hashed.
    pub fn thumbprint(&self) -> String {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let members = match self {
            Self::Rsa { n, e } => json!({"e": text(e), "kty": "RSA", "n": text(n)}),
            Self::P256 { x, y } => json!({"crv": "P-256", "kty": "EC", "x": text(x), "y": text(y)}),
            Self::Ed25519(x) => json!({"crv": "Ed25519", "kty": "OKP", "x": text(x)}),
        };
        text(digest(&SHA256, members.to_string().as_bytes()).as_ref())
    }

    /// Whether signatures of it are taken: RSA has 2048 to 8192 bits (NIST SP 800-131A), and an exponent that is one.
    pub fn strong(&self) -> bool {
        match self {
            Self::Rsa { n, e } => {
                let bits = n.len() * 8 - n.first().map_or(0, |first| first.leading_zeros() as usize);
                (2048..=8192).contains(&bits) && e.len() <= 8 && e.as_slice() != [1]
            }
            _ => true,
        }
    }

    /// Whether a key of this kind signs by this algorithm.
    pub fn fits(&self, algorithm: &str) -> bool {
        match self {
            Self::Rsa { .. } => matches!(algorithm, "RS256" | "PS256"),
            Self::P256 { .. } => algorithm == "ES256",
            Self::Ed25519(_) => algorithm == "EdDSA",
        }
    }

    /// Whether this key made the signature by this algorithm (RFC 7518 §3.1, RFC 8037 §3.1).
    pub fn verifies(&self, algorithm: &str, message: &[u8], signature: &[u8]) -> bool {
        match (self, algorithm) {
            (Self::Rsa { n, e }, "RS256") => rsa(n, e, &RSA_PKCS1_2048_8192_SHA256, message, signature),
            (Self::Rsa { n, e }, "PS256") => rsa(n, e, &RSA_PSS_2048_8192_SHA256, message, signature),
            (Self::P256 { x, y }, "ES256") => {
                let point = [&[4], x.as_slice(), y.as_slice()].concat();
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature).is_ok()
            }
            (Self::Ed25519(x), "EdDSA") => UnparsedPublicKey::new(&ED25519, x).verify(message, signature).is_ok(),
            _ => false,
        }
    }
}

fn rsa(n: &[u8], e: &[u8], how: &'static RsaParameters, message: &[u8], signature: &[u8]) -> bool {
    RsaPublicKeyComponents { n, e }.verify(how, message, signature).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thumbprint_is_the_standards_example() {
        // RFC 7638 §3.1
        let jwk: Jwk = serde_json::from_value(json!({
            "kty": "RSA",
            "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
            "e": "AQAB",
            "alg": "RS256",
            "kid": "2011-04-29"
        }))
        .expect("a JWK");
        let key = PublicKey::read(&jwk).expect("an RSA key");
        assert_eq!(key.thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    #[test]
    fn odd_keys_are_none() {
        let x = URL_SAFE_NO_PAD.encode([1; 32]);
        let read =
            |value: serde_json::Value| serde_json::from_value::<Jwk>(value).ok().and_then(|jwk| PublicKey::read(&jwk));
        assert!(read(json!({"kty": "EC", "crv": "P-256", "x": x, "y": x})).is_some());
        for odd in [
            json!({"kty": "EC", "crv": "P-256", "x": x, "y": x, "d": x}),
            json!({"kty": "EC", "crv": "P-384", "x": x, "y": x}),
            json!({"kty": "EC", "crv": "P-256", "x": x}),
            json!({"kty": "EC", "crv": "P-256", "x": format!("{x}="), "y": x}),
            json!({"kty": "oct", "k": x}),
            json!({"kty": "RSA", "n": URL_SAFE_NO_PAD.encode([0, 1]), "e": "AQAB"}),
            json!({"kty": "RSA", "n": x, "e": ""}),
            json!({"kty": "OKP", "crv": "Ed25519", "x": "AQAB"}),
            json!({"kty": 1}),
        ] {
            assert!(read(odd.clone()).is_none(), "{odd}");
        }
    }
}
