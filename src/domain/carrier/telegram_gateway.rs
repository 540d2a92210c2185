//! Telegram's Gateway for verification codes.

use super::{Credentials, Wrong};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TelegramGateway {
    /// A verified channel of yours that the message comes from; left out, Telegram's own.
    pub sender_username: Option<String>,
}

impl TelegramGateway {
    pub const SECRETS: &[&str] = &["access_token"];

    pub fn faults(&self, secrets: &Credentials) -> Vec<(&'static str, String)> {
        let mut wrong = Wrong::default();
        wrong.unless(secrets.get("access_token").is_some(), "access_token", "needed: the Gateway account's API token");
        let name = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        wrong.unless(
            self.sender_username.as_deref().is_none_or(name),
            "sender_username",
            "a channel's username without @",
        );
        wrong.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_needed_and_a_username_is_bare() {
        let mut secrets = Credentials::default();
        assert_eq!(TelegramGateway::default().faults(&secrets)[0].0, "access_token");
        secrets.set("access_token", "t".into());
        let named = |name: &str| TelegramGateway { sender_username: Some(name.into()) }.faults(&secrets);
        assert!(named("my_shop").is_empty());
        assert_eq!(named("@my_shop")[0].0, "sender_username");
    }
}
