//! The operator's own gateway, told by a signed POST.

use super::{Credentials, Wrong};
use crate::domain::delivery::Channel;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Webhook {
    pub url: String,
    pub shape: Shape,
    pub channels: Vec<Channel>,
    /// Whether the gateway posts receipts back. Without them no wait for delivery can end.
    pub receipts: bool,
}

/// What the gateway reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// Our own document, signed as Standard Webhooks says.
    #[default]
    Standard,
    /// As Supabase's SMS hook, signed likewise.
    Supabase,
    /// As Logto's HTTP connectors, with their static `Authorization`.
    Logto,
}

impl Shape {
    /// Whether what we send is signed.
    pub fn signs(self) -> bool {
        self != Self::Logto
    }
}

impl Webhook {
    /// `secret` is `whsec_…` (or Supabase's `v1,whsec_…`); `authorization` is the whole header's value.
    pub const SECRETS: &[&str] = &["secret", "authorization"];

    pub fn faults(&self, secrets: &Credentials) -> Vec<(&'static str, String)> {
        let mut wrong = Wrong::default();
        // Whether http is allowed depends on `allow_private`, which is checked with the base URL.
        wrong.unless(super::is_url(&self.url, true), "url", "the gateway's URL, like https://sms.example/send");
        wrong.unless(!self.channels.is_empty(), "channels", "one or more of whatsapp, telegram, sms, voice, email");
        // Receipts are signed with it too, whatever the shape of what we send.
        let needed = self.shape.signs() || self.receipts;
        let secret = secrets.get("secret");
        wrong.unless(
            secret.map_or(!needed, |secret| Self::signing_key(secret).is_some()),
            "secret",
            "needed: whsec_ and base64 of 24 bytes or more, as Standard Webhooks writes it",
        );
        let header = secrets.get("authorization");
        wrong.unless(
            self.shape.signs() || header.is_some(),
            "authorization",
            "needed: what the gateway expects in Authorization",
        );
        let one_line = |text: &str| !text.is_empty() && text.bytes().all(|byte| (32..127).contains(&byte));
        wrong.unless(header.is_none_or(one_line), "authorization", "one line of plain characters");
        wrong.unless(
            self.shape != Shape::Supabase
                || self.channels.iter().all(|c| matches!(c, Channel::Sms | Channel::Whatsapp)),
            "channels",
            "Supabase's hook carries sms and whatsapp",
        );
        wrong.0
    }

    /// The key in a `whsec_…`; Supabase puts the signature's version before it.
    pub fn signing_key(secret: &str) -> Option<Vec<u8>> {
        let written = secret.strip_prefix("v1,").unwrap_or(secret).strip_prefix("whsec_")?;
        STANDARD.decode(written).ok().filter(|key| key.len() >= 24)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(shape: Shape, receipts: bool, secret: &str, authorization: &str) -> Vec<&'static str> {
        let mut secrets = Credentials::default();
        for (name, given) in [("secret", secret), ("authorization", authorization)] {
            if !given.is_empty() {
                secrets.set(name, given.to_owned());
            }
        }
        let url = "https://sms.example/send".to_owned();
        let webhook = Webhook { url, shape, channels: vec![Channel::Sms], receipts };
        webhook.faults(&secrets).into_iter().map(|(field, _)| field).collect()
    }

    #[test]
    fn each_shape_has_its_secret() {
        const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let none: Vec<&str> = Vec::new();
        assert_eq!(faults(Shape::Standard, true, SECRET, ""), none);
        assert_eq!(faults(Shape::Supabase, false, &format!("v1,{SECRET}"), ""), none);
        assert_eq!(faults(Shape::Logto, false, "", "Bearer x"), none);
        assert_eq!(faults(Shape::Logto, true, SECRET, "Bearer x"), none);
        assert_eq!(faults(Shape::Logto, true, "", "Bearer x"), ["secret"], "nothing would prove its receipts");
        assert_eq!(faults(Shape::Logto, false, "", ""), ["authorization"]);
        assert_eq!(faults(Shape::Logto, false, "", "two\nlines"), ["authorization"]);
        for weak in ["", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_!", "whsec_c2hvcnQ="] {
            assert_eq!(faults(Shape::Standard, false, weak, ""), ["secret"], "{weak}");
        }
    }
}
