//! Compact JWS (RFC 7515) under our own keys. Whether a token is still good is the caller's question.

use super::CryptoError;
use super::keys::{Keyring, SigningKey};
use crate::domain::client::Algorithm;
use crate::domain::json;
use crate::domain::time::Time;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

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

/// The claims of a token one of our published keys signed, whatever it is; its expiry is not looked at.
pub fn read(keys: &Keyring, token: &str, now: Time) -> Option<Value> {
    let token = Token::read(token)?;
    token.verified(keys.find(token.text("kid")?, now)?)
}

/// The same, where its `typ` says that it is of this kind (RFC 8725 §3.11).
pub fn read_typ(keys: &Keyring, token: &str, typ: &str, now: Time) -> Option<Value> {
    let token = Token::read(token).filter(|token| token.text("typ") == Some(typ))?;
    token.verified(keys.find(token.text("kid")?, now)?)
}

/// A token whose header was read, once, and nothing else yet.
struct Token<'a> {
    header: Map<String, Value>,
    signed: &'a str,
    signature: &'a str,
}

impl<'a> Token<'a> {
    fn read(token: &'a str) -> Option<Self> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, _) = signed.split_once('.')?;
        let header = json::read_object(&URL_SAFE_NO_PAD.decode(header).ok()?)?;
        // We sign nothing with extensions.
        (!header.contains_key("crit") && !header.contains_key("b64")).then_some(Self { header, signed, signature })
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.header.get(name)?.as_str()
    }

    /// The algorithm is the key's, whatever the header would have it be (RFC 8725 §3.1).
    fn verified(&self, key: &SigningKey) -> Option<Value> {
        let algorithm = match key.algorithm {
            Algorithm::RS256 => jsonwebtoken::Algorithm::RS256,
            Algorithm::ES256 => jsonwebtoken::Algorithm::ES256,
            Algorithm::EdDSA => jsonwebtoken::Algorithm::EdDSA,
        };
        let (_, claims) = self.signed.split_once('.')?;
        let good = self.text("alg") == Some(key.algorithm.as_str())
            && jsonwebtoken::crypto::verify(self.signature, self.signed.as_bytes(), &key.verifier, algorithm).ok()?;
        if !good {
            return None;
        }
        let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
        claims.is_object().then_some(claims)
    }
}

/// What an `id_token_hint` turned out to be.
pub enum Hinted {
    Ours(Value),
    /// Of a key that is not kept any more, or never was: nobody can tell.
    Untold,
    Foreign,
}

/// The claims of an `id_token_hint`, expired or not (OpenID Connect RP-Initiated Logout §2), also of a key that has left. An access token is none, though we signed
/// it: every API it was shown to holds it.
pub fn read_hint(keys: &Keyring, token: &str) -> Hinted {
    let Some(token) = Token::read(token).filter(|token| token.text("typ") == Some("JWT")) else {
        return Hinted::Foreign;
    };
    let Some(kid) = token.text("kid") else { return Hinted::Foreign };
    match keys.find_ever(kid) {
        Some(key) => token.verified(key).map_or(Hinted::Foreign, Hinted::Ours),
        None => Hinted::Untold,
    }
}
