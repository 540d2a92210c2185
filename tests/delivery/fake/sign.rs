//! Signatures as the vendors make them.

use aws_lc_rs::{digest, hmac};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn sha256(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, bytes).as_ref())
}

fn mac(algorithm: hmac::Algorithm, key: &[u8], over: &[u8]) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(algorithm, key), over)
}

/// `X-Twilio-Signature`: HMAC-SHA1 over the URL and the sorted fields.
pub fn twilio(token: &str, url: &str, fields: &[(String, String)]) -> String {
    let mut fields = fields.to_vec();
    fields.sort();
    fields.dedup();
    let over = fields.iter().fold(url.to_owned(), |over, (name, value)| over + name + value);
    STANDARD.encode(mac(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token.as_bytes(), over.as_bytes()))
}

/// `X-Hub-Signature-256`.
pub fn meta(app_secret: &str, body: &[u8]) -> String {
    format!("sha256={}", hex(mac(hmac::HMAC_SHA256, app_secret.as_bytes(), body).as_ref()))
}

/// The JWT Vonage puts into `Authorization`.
pub fn vonage(secret: &str, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let over = format!("{}.{}", part(&json!({"alg": "HS256", "typ": "JWT"})), part(claims));
    let signature = URL_SAFE_NO_PAD.encode(mac(hmac::HMAC_SHA256, secret.as_bytes(), over.as_bytes()));
    format!("{over}.{signature}")
}

/// `X-Request-Signature` of Telegram's Gateway.
pub fn telegram(token: &str, timestamp: &str, body: &[u8]) -> String {
    let key = digest::digest(&digest::SHA256, token.as_bytes());
    let over = [timestamp.as_bytes(), b"\n", body].concat();
    hex(mac(hmac::HMAC_SHA256, key.as_ref(), &over).as_ref())
}

/// `webhook-signature` of Standard Webhooks; the secret is `whsec_…`.
pub fn standard(secret: &str, id: &str, timestamp: &str, body: &[u8]) -> String {
    let key = secret.trim_start_matches("v1,").trim_start_matches("whsec_");
    let key = STANDARD.decode(key).expect("base64");
    let over = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body].concat();
    format!("v1,{}", STANDARD.encode(mac(hmac::HMAC_SHA256, &key, &over)))
}
