//! Meta's WhatsApp Cloud API.

use super::{Credentials, Wrong, is_digits};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetaWhatsapp {
    /// The sender's id, not its number.
    pub phone_number_id: String,
    /// The WhatsApp Business Account, where templates live.
    pub business_account_id: String,
    /// The authentication template's name; `carriers sync` makes it.
    pub template: String,
    pub version: String,
}

impl Default for MetaWhatsapp {
    fn default() -> Self {
        Self {
            phone_number_id: String::new(),
            business_account_id: String::new(),
            template: "countersign_passcode".into(),
            version: "v23.0".into(),
        }
    }
}

impl MetaWhatsapp {
    /// `verify_token` is what Meta says when it first calls our receipts' address; any text of your own.
    pub const SECRETS: &[&str] = &["access_token", "app_secret", "verify_token"];

    pub fn faults(&self, secrets: &Credentials) -> Vec<(&'static str, String)> {
        let mut wrong = Wrong::default();
        let id = "digits, from the app's WhatsApp page";
        wrong.unless(is_digits(&self.phone_number_id), "phone_number_id", id);
        wrong.unless(is_digits(&self.business_account_id), "business_account_id", id);
        let name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let template = (1..=512).contains(&self.template.len()) && self.template.bytes().all(name);
        wrong.unless(template, "template", "small letters, digits and _");
        let version = self.version.strip_prefix('v').and_then(|rest| rest.split_once('.'));
        wrong.unless(version.is_some_and(|(a, b)| is_digits(a) && is_digits(b)), "version", "like v23.0");
        wrong.unless(secrets.get("access_token").is_some(), "access_token", "needed: a system user's permanent token");
        wrong.unless(secrets.get("app_secret").is_some(), "app_secret", "needed: Meta signs receipts with it");
        wrong.unless(
            secrets.get("verify_token").is_some_and(|token| token.len() >= 16),
            "verify_token",
            "needed: 16 characters or more of your own, repeated in Meta's webhook form",
        );
        wrong.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_or_malformed_is_told_by_its_key() {
        let good = MetaWhatsapp { phone_number_id: "1".into(), business_account_id: "2".into(), ..Default::default() };
        let mut secrets = Credentials::default();
        let told = |kind: &MetaWhatsapp, secrets: &Credentials| -> Vec<&str> {
            kind.faults(secrets).into_iter().map(|(field, _)| field).collect()
        };
        assert_eq!(told(&good, &secrets), MetaWhatsapp::SECRETS);
        secrets.set("access_token", "t".into());
        secrets.set("app_secret", "s".into());
        secrets.set("verify_token", "sixteen letters.".into());
        assert!(told(&good, &secrets).is_empty());
        let bad = MetaWhatsapp {
            phone_number_id: "+1202".into(),
            business_account_id: String::new(),
            template: "Otp-Login".into(),
            version: "23".into(),
        };
        assert_eq!(told(&bad, &secrets), ["phone_number_id", "business_account_id", "template", "version"]);
    }
}
