//! A mail server (RFC 5321).

use super::{Credentials, Wrong};
use crate::domain::identifier::Identifier;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Smtp {
    pub host: String,
    /// Left out: what the security usually speaks on.
    pub port: Option<u16>,
    pub security: SmtpSecurity,
    pub username: Option<String>,
    pub from: String,
    /// Where replies go; left out, to `from`.
    pub reply_to: Option<String>,
    /// Where bounces go (the envelope's sender); left out, to `from`.
    pub bounce_to: Option<String>,
    /// PEM file of a private CA, beside the public ones.
    pub ca_file: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmtpSecurity {
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// Plain until STARTTLS, which is then required.
    #[default]
    Starttls,
    /// No encryption: for a relay on the same machine or private network; never with a password, loopback aside.
    None,
}

impl Smtp {
    pub const SECRETS: &[&str] = &["password"];

    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.security {
            SmtpSecurity::Tls => 465,
            SmtpSecurity::Starttls => 587,
            SmtpSecurity::None => 25,
        })
    }

    pub fn faults(&self, secrets: &Credentials) -> Vec<(&'static str, String)> {
        let mut wrong = Wrong::default();
        wrong.unless(!self.host.is_empty(), "host", "the mail server's name");
        let address = "the address mails come from, like \"Shop <no-reply@shop.example>\"";
        wrong.unless(is_mailbox(&self.from), "from", address);
        wrong.unless(self.reply_to.as_deref().is_none_or(is_mailbox), "reply_to", "an e-mail address");
        let bare = |address: &str| Identifier::email(address).is_ok();
        wrong.unless(self.bounce_to.as_deref().is_none_or(bare), "bounce_to", "a bare e-mail address");
        let password = secrets.get("password");
        wrong.unless(self.username.is_some() == password.is_some(), "password", "username and password come together");
        let loopback = matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "::1");
        let bare = self.security == SmtpSecurity::None && password.is_some() && !loopback;
        wrong.unless(!bare, "security", "a password travels only over tls or starttls");
        wrong.0
    }
}

/// An address by itself, or behind a name.
fn is_mailbox(text: &str) -> bool {
    Identifier::email(text.rsplit_once('<').map_or(text, |(_, address)| address.trim_end_matches('>'))).is_ok()
}
