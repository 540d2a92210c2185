//! A key of somebody else's: signs DPoP proofs, assertions, request objects, good ones and bad ones.

use aws_lc_rs::encoding::{AsBigEndian, EcPrivateKeyBin};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
    RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign::crypto::hash::s256;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};

enum Pair {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

pub struct Prover {
    pub algorithm: &'static str,
    /// The public half.
    pub jwk: Value,
    pair: Pair,
}

fn text(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Prover {
    /// `RS256`, `PS256`, `ES256` or `EdDSA`.
    pub fn new(algorithm: &'static str) -> Self {
        let (pair, jwk) = match algorithm {
            "ES256" => {
                let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("generates");
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                let jwk = json!({"kty": "EC", "crv": "P-256", "x": text(x), "y": text(y)});
                (Pair::Ec(pair), jwk)
            }
            "EdDSA" => {
                let pair = Ed25519KeyPair::generate().expect("generates");
                let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": text(pair.public_key())});
                (Pair::Ed(pair), jwk)
            }
            _ => {
                let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect("generates");
                let n = text(pair.public_key().modulus().big_endian_without_leading_zero());
                let e = text(pair.public_key().exponent().big_endian_without_leading_zero());
                (Pair::Rsa(pair), json!({"kty": "RSA", "n": n, "e": e}))
            }
        };
        Self { algorithm, jwk, pair }
    }

    /// The private half as a JWK has no place in a proof: this is one all the same.
    pub fn private_jwk(&self) -> Value {
        let mut jwk = self.jwk.clone();
        jwk["d"] = match &self.pair {
            Pair::Ec(pair) => {
                let der: EcPrivateKeyBin<'_> = pair.private_key().as_be_bytes().expect("a key");
                text(der.as_ref()).into()
            }
            _ => "AQAB".into(),
        };
        jwk
    }

    /// A compact JWS over exactly this header and these claims.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        self.sign_text(&header.to_string(), &claims.to_string())
    }

    pub fn sign_text(&self, header: &str, claims: &str) -> String {
        let signed = format!("{}.{}", text(header), text(claims));
        let random = SystemRandom::new();
        let signature = match &self.pair {
            Pair::Rsa(pair) => {
                let how = if self.algorithm == "PS256" { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(how, &random, signed.as_bytes(), &mut signature).expect("signs");
                signature
            }
            Pair::Ec(pair) => pair.sign(&random, signed.as_bytes()).expect("signs").as_ref().to_vec(),
            Pair::Ed(pair) => pair.sign(signed.as_bytes()).as_ref().to_vec(),
        };
        format!("{signed}.{}", text(signature))
    }

    /// The header of a good proof.
    pub fn proof_header(&self) -> Value {
        json!({"typ": "dpop+jwt", "alg": self.algorithm, "jwk": self.jwk})
    }

    /// A good proof; `extra` adds claims, or takes them away where it is null.
    pub fn proof(&self, method: &str, url: &str, now: i64, extra: Value) -> String {
        self.sign(&self.proof_header(), &claims(method, url, now, extra))
    }

    /// RFC 7638.
    pub fn thumbprint(&self) -> String {
        s256(&self.jwk.to_string())
    }
}

/// What a good proof says; `extra` adds claims, or takes them away where it is null.
pub fn claims(method: &str, url: &str, now: i64, extra: Value) -> Value {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let jti = format!("jti-{}", COUNT.fetch_add(1, Ordering::Relaxed));
    over(json!({"jti": jti, "htm": method, "htu": url, "iat": now}), extra)
}

/// `usual` with the members of `extra`; those that are null are taken away.
pub fn over(mut usual: Value, extra: Value) -> Value {
    let members = usual.as_object_mut().expect("an object");
    for (name, value) in extra.as_object().cloned().unwrap_or_default() {
        if value.is_null() {
            members.remove(&name)
        } else {
            members.insert(name, value)
        };
    }
    usual
}

/// The `ath` of an access token.
pub fn ath(token: &str) -> String {
    s256(token)
}
