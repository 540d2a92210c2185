//! Signatures as Standard Webhooks writes them: HMAC-SHA256 over id, time and body, with a secret both sides know.

use crate::delivery::{Posted, Unproven};
use crate::domain::carrier;
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

pub const ID: &str = "webhook-id";
pub const TIMESTAMP: &str = "webhook-timestamp";
pub const SIGNATURE: &str = "webhook-signature";

/// How far a receipt's time may lie from ours, in seconds.
const TOLERANCE: u64 = 5 * 60;

pub struct Key(hmac::Key);

impl Key {
    pub fn read(secret: &str) -> Option<Self> {
        let key = Zeroizing::new(carrier::Webhook::signing_key(secret)?);
        Some(Self(hmac::Key::new(hmac::HMAC_SHA256, &key)))
    }

    pub fn sign(&self, id: &str, seconds: i64, body: &[u8]) -> String {
        format!("v1,{}", STANDARD.encode(hmac::sign(&self.0, &signed(id, seconds, body))))
    }

    /// The URL is not signed, so nothing in it is believed.
    pub fn proves(&self, posted: &Posted<'_>) -> Result<(), Unproven> {
        let header = |name, missing| posted.header(name).ok_or(Unproven(missing));
        let id = header(ID, "no webhook-id")?;
        let seconds: i64 = header(TIMESTAMP, "no webhook-timestamp")?
            .parse()
            .map_err(|_| Unproven("webhook-timestamp is no number"))?;
        let signatures = header(SIGNATURE, "no webhook-signature")?;
        if posted.now.secs().abs_diff(seconds) > TOLERANCE {
            return Err(Unproven("its webhook-timestamp is more than five minutes from our time"));
        }
        let said = signed(id, seconds, posted.body);
        // There may be several while a secret is being replaced.
        let good = signatures.split(' ').filter_map(|one| STANDARD.decode(one.strip_prefix("v1,")?).ok());
        let proven = good.into_iter().any(|tag| hmac::verify(&self.0, &said, &tag).is_ok());
        proven.then_some(()).ok_or(Unproven("its webhook-signature is not made with this secret over this body"))
    }
}

fn signed(id: &str, seconds: i64, body: &[u8]) -> Vec<u8> {
    [id.as_bytes(), b".", seconds.to_string().as_bytes(), b".", body].concat()
}
