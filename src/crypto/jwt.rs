//! Compact JWS (RFC 7515) under our own keys. Whether a token is still good is the caller's question.

use super::CryptoError;
use super::keys::{Keyring, SigningKey};
use crate::domain::client::Algorithm;
use crate::domain::time::Time;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

pub fn sign(key: &SigningKey, typ: &str, claims: &Value) -> Result<String, CryptoError> {
    sign_under(key, &format!(r#"{{"alg":"{}","kid":"{}","typ":"{typ}"}}"#, key.algorithm.as_str(), key.id), claims)
}

/// Without a `typ`.
pub fn sign_plain(key: &SigningKey, claims: &Value) -> Result<String, CryptoError> {
    sign_under(key, &format!(r#"{{"alg":"{}","kid":"{}"}}"#, key.algorithm.as_str(), key.id), claims)
}

fn sign_under(key: &SigningKey, header: &str, claims: &Value) -> Result<String, CryptoError> {
    let mut token = URL_SAFE_NO_PAD.encode(header);
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(claims.to_string(), &mut token);
    let signature = key.sign(token.as_bytes())?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(token)
}

/// The claims of a token one of our published keys signed; its expiry is not looked at (an expired `id_token_hint` is
/// welcome, OpenID Connect RP-Initiated Logout §2).
pub fn read(keys: &Keyring, token: &str, now: Time) -> Option<Value> {
    let header = jsonwebtoken::decode_header(token).ok()?;
    verified(keys.find(header.kid.as_deref()?, now)?, token)
}

fn verified(key: &SigningKey, token: &str) -> Option<Value> {
    let algorithm = match key.algorithm {
        Algorithm::RS256 => jsonwebtoken::Algorithm::RS256,
        Algorithm::ES256 => jsonwebtoken::Algorithm::ES256,
        Algorithm::EdDSA => jsonwebtoken::Algorithm::EdDSA,
    };
    let mut rules = jsonwebtoken::Validation::new(algorithm);
    rules.validate_exp = false;
    rules.validate_aud = false;
    rules.required_spec_claims.clear();
    jsonwebtoken::decode::<Value>(token, &key.verifier, &rules).ok().map(|token| token.claims)
}

/// What an `id_token_hint` turned out to be.
pub enum Hinted {
    Ours(Value),
    /// Of a key that is not kept any more, or never was: nobody can tell.
    Untold,
    Foreign,
}

/// The claims of an `id_token_hint`, expired or not, also of a key that has left. An access token is none, though we signed
/// it: every API it was shown to holds it.
pub fn read_hint(keys: &Keyring, token: &str) -> Hinted {
    let Ok(header) = jsonwebtoken::decode_header(token) else { return Hinted::Foreign };
    if header.typ.as_deref() != Some("JWT") {
        return Hinted::Foreign;
    }
    let Some(kid) = header.kid else { return Hinted::Foreign };
    match keys.find_ever(&kid) {
        Some(key) => verified(key, token).map_or(Hinted::Foreign, Hinted::Ours),
        None => Hinted::Untold,
    }
}

/// The `typ` of a token, unverified: tells an access token from an ID token.
pub fn typ(token: &str) -> Option<String> {
    jsonwebtoken::decode_header(token).ok()?.typ
}
