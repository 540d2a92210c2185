//! Vonage: the Messages API for SMS and WhatsApp, the Voice API for calls.

use super::{Credentials, Wrong, is_digits, is_e164, is_sender_name};
use crate::domain::delivery::Channel;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Vonage {
    pub application_id: String,
    /// A number or name for SMS.
    pub from: Option<String>,
    /// The WhatsApp sender's number.
    pub whatsapp_from: Option<String>,
    /// The approved authentication template's name, and the languages it exists in.
    pub whatsapp_template: Option<String>,
    pub whatsapp_languages: Vec<String>,
    /// The number calls come from.
    pub voice_from: Option<String>,
}

impl Vonage {
    /// `private_key` is the application's, PEM; `signature_secret` the account's, for callbacks.
    pub const SECRETS: &[&str] = &["private_key", "signature_secret"];

    pub fn carries(&self, channel: Channel) -> bool {
        match channel {
            Channel::Sms => self.from.is_some(),
            Channel::Whatsapp => self.whatsapp_from.is_some(),
            Channel::Voice => self.voice_from.is_some(),
            Channel::Telegram | Channel::Email => false,
        }
    }

    pub fn faults(&self, secrets: &Credentials) -> Vec<(&'static str, String)> {
        let mut wrong = Wrong::default();
        let id =
            self.application_id.len() == 36 && self.application_id.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
        wrong.unless(id, "application_id", "the application's id, from Vonage's dashboard");
        let number = |number: &str| is_e164(number) || is_digits(number);
        let sender = |from: &str| number(from) || is_sender_name(from);
        wrong.unless(self.from.as_deref().is_none_or(sender), "from", "a number, or a name of 1 to 11 letters");
        wrong.unless(self.whatsapp_from.as_deref().is_none_or(number), "whatsapp_from", "a number like +12025550123");
        wrong.unless(self.voice_from.as_deref().is_none_or(number), "voice_from", "a number like +12025550123");
        wrong.unless(
            self.from.is_some() || self.whatsapp_from.is_some() || self.voice_from.is_some(),
            "from",
            "at least one of from, whatsapp_from, voice_from",
        );
        wrong.unless(
            self.whatsapp_from.is_none() || (self.whatsapp_template.is_some() && !self.whatsapp_languages.is_empty()),
            "whatsapp_template",
            "WhatsApp needs an approved template and the languages it exists in",
        );
        let key = secrets.get("private_key").is_some_and(|key| key.contains("PRIVATE KEY"));
        wrong.unless(key, "private_key", "needed: the application's private key, PEM");
        wrong.unless(
            secrets.get("signature_secret").is_some(),
            "signature_secret",
            "needed: Vonage signs callbacks with it",
        );
        wrong.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(kind: &Vonage) -> Vec<&'static str> {
        let mut secrets = Credentials::default();
        secrets.set("private_key", "-----BEGIN PRIVATE KEY-----".into());
        secrets.set("signature_secret", "s".into());
        kind.faults(&secrets).into_iter().map(|(field, _)| field).collect()
    }

    #[test]
    fn each_channel_needs_its_sender_and_whatsapp_a_template() {
        let id = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";
        let sms = Vonage { application_id: id.into(), from: Some("Shop".into()), ..Vonage::default() };
        assert!(told(&sms).is_empty());
        assert!(sms.carries(Channel::Sms) && !sms.carries(Channel::Voice) && !sms.carries(Channel::Whatsapp));
        let whatsapp = Vonage { whatsapp_from: Some("+12025550123".into()), ..sms.clone() };
        assert_eq!(told(&whatsapp), ["whatsapp_template"]);
        assert_eq!(told(&Vonage { voice_from: Some("Shop".into()), ..sms }), ["voice_from"]);
        assert_eq!(told(&Vonage::default()), ["application_id", "from"]);
        let all: Vec<_> =
            Vonage::default().faults(&Credentials::default()).into_iter().map(|(field, _)| field).collect();
        assert!(Vonage::SECRETS.iter().all(|secret| all.contains(secret)));
    }
}
