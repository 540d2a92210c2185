//! The operator's own gateway, told by a signed POST.

use super::{Credentials, Wrong};
use crate::domain::delivery::Channel;
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

impl Webhook {
    /// `secret` is `whsec_…` (or Supabase's `v1,whsec_…`); `authorization` is the whole header's value.
    pub const SECRETS: &[&str] = &["secret", "authorization"];

    pub fn faults(&self, secrets: &Credentials) -> Vec<(&'static str, String)> {
        let mut wrong = Wrong::default();
        // Whether http is allowed depends on `allow_private`, which is checked with the base URL.
        wrong.unless(super::is_url(&self.url, true), "url", "the gateway's URL, like https://sms.example/send");
        wrong.unless(!self.channels.is_empty(), "channels", "one or more of whatsapp, telegram, sms, voice, email");
        let signed = self.shape != Shape::Logto;
        let secret = secrets.get("secret");
        let good = |secret: &str| secret.trim_start_matches("v1,").starts_with("whsec_");
        wrong.unless(
            !signed || secret.is_some_and(good),
            "secret",
            "needed: whsec_ and base64, as Standard Webhooks writes it",
        );
        let header = secrets.get("authorization");
        wrong.unless(signed || header.is_some(), "authorization", "needed: what the gateway expects in Authorization");
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
}
