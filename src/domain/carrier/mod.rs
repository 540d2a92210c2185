//! A delivery company as an operator configured it. Each kind is one file: its settings, its secrets, and what is wrong with them.

mod meta_whatsapp;
mod smtp;
mod telegram_gateway;
mod twilio;
mod vonage;
mod webhook;

pub use meta_whatsapp::MetaWhatsapp;
pub use smtp::{Smtp, SmtpSecurity};
pub use telegram_gateway::TelegramGateway;
pub use twilio::{TwilioMessaging, TwilioVerify};
pub use vonage::Vonage;
pub use webhook::{Shape, Webhook};

use super::delivery::{Channel, Micros};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use zeroize::Zeroizing;

/// Credentials are sealed beside it, not in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carrier {
    pub name: String,
    pub enabled: bool,
    /// Another host than the company's usual one: a region, a gateway, a test.
    #[serde(default)]
    pub base_url: Option<String>,
    /// Whether it may stand at a private or link-local address.
    #[serde(default)]
    pub allow_private: bool,
    /// How long it may take to answer.
    #[serde(default = "usual_timeout")]
    pub timeout_seconds: u64,
    #[serde(default)]
    pub prices: Vec<Price>,
    #[serde(flatten)]
    pub kind: CarrierKind,
}

pub fn usual_timeout() -> u64 {
    10
}

/// What a message costs to numbers that begin like this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    pub channel: Channel,
    /// `+234`, `+1868`; empty for everywhere else.
    pub prefix: String,
    pub amount: Micros,
}

/// What a toll message is taken to cost where no price says: too much rather than nothing, so that caps hold.
pub const UNKNOWN_PRICE: Micros = Micros(100_000);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CarrierKind {
    DevPhone,
    Smtp(Smtp),
    TwilioMessaging(TwilioMessaging),
    TwilioVerify(TwilioVerify),
    MetaWhatsapp(MetaWhatsapp),
    Vonage(Vonage),
    TelegramGateway(TelegramGateway),
    Webhook(Webhook),
}

impl CarrierKind {
    pub const NAMES: [&str; 8] = [
        "dev_phone",
        "smtp",
        "twilio_messaging",
        "twilio_verify",
        "meta_whatsapp",
        "vonage",
        "telegram_gateway",
        "webhook",
    ];

    pub fn as_str(&self) -> &'static str {
        let [phone, smtp, messaging, verify, meta, vonage, telegram, webhook] = Self::NAMES;
        match self {
            Self::DevPhone => phone,
            Self::Smtp(_) => smtp,
            Self::TwilioMessaging(_) => messaging,
            Self::TwilioVerify(_) => verify,
            Self::MetaWhatsapp(_) => meta,
            Self::Vonage(_) => vonage,
            Self::TelegramGateway(_) => telegram,
            Self::Webhook(_) => webhook,
        }
    }

    /// The names of its secrets, which are sealed and never shown again.
    pub fn secrets(name: &str) -> &'static [&'static str] {
        match name {
            "smtp" => Smtp::SECRETS,
            "twilio_messaging" | "twilio_verify" => twilio::SECRETS,
            "meta_whatsapp" => MetaWhatsapp::SECRETS,
            "vonage" => Vonage::SECRETS,
            "telegram_gateway" => TelegramGateway::SECRETS,
            "webhook" => Webhook::SECRETS,
            _ => &[],
        }
    }

    /// Everything that is wrong with the settings and the secrets given, as `(field, what is allowed)`.
    pub fn faults(&self, secrets: &Credentials) -> Vec<(&'static str, String)> {
        match self {
            Self::DevPhone => Vec::new(),
            Self::Smtp(kind) => kind.faults(secrets),
            Self::TwilioMessaging(kind) => kind.faults(secrets),
            Self::TwilioVerify(kind) => kind.faults(secrets),
            Self::MetaWhatsapp(kind) => kind.faults(secrets),
            Self::Vonage(kind) => kind.faults(secrets),
            Self::TelegramGateway(kind) => kind.faults(secrets),
            Self::Webhook(kind) => kind.faults(secrets),
        }
    }

    /// Which channels these settings reach.
    pub fn carries(&self, channel: Channel) -> bool {
        match self {
            Self::DevPhone => true,
            Self::Smtp(_) => channel == Channel::Email,
            Self::TwilioMessaging(kind) => kind.carries(channel),
            Self::TwilioVerify(kind) => kind.carries(channel),
            Self::MetaWhatsapp(_) => channel == Channel::Whatsapp,
            Self::Vonage(kind) => kind.carries(channel),
            Self::TelegramGateway(_) => channel == Channel::Telegram,
            Self::Webhook(kind) => kind.channels.contains(&channel),
        }
    }
}

impl Carrier {
    /// One of this kind with everything else as usual.
    pub fn new(name: impl Into<String>, kind: CarrierKind) -> Self {
        Self {
            name: name.into(),
            enabled: true,
            base_url: None,
            allow_private: false,
            timeout_seconds: usual_timeout(),
            prices: Vec::new(),
            kind,
        }
    }

    /// What a message by this channel to this number is expected to cost: by the longest prefix that fits.
    pub fn price(&self, channel: Channel, to: &str) -> Micros {
        let fits = self.prices.iter().filter(|price| price.channel == channel && to.starts_with(&price.prefix));
        let unknown = if channel.is_toll() && self.kind != CarrierKind::DevPhone { UNKNOWN_PRICE } else { Micros(0) };
        fits.max_by_key(|price| price.prefix.len()).map_or(unknown, |price| price.amount)
    }
}

/// A carrier's secrets, by name. They print as nothing.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credentials(BTreeMap<String, Zeroizing<String>>);

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Credentials {
    pub fn set(&mut self, name: &str, secret: String) {
        self.0.insert(name.to_owned(), Zeroizing::new(secret));
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|secret| secret.as_str())
    }

    /// The secret, or empty: for those that `faults` has asked for.
    pub fn must(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is sealed.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let plain: BTreeMap<&str, &str> =
            self.0.iter().map(|(name, secret)| (name.as_str(), secret.as_str())).collect();
        Zeroizing::new(serde_json::to_vec(&plain).unwrap_or_default())
    }

    /// Back from the seal. What the first release sealed was one SMTP password by itself.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        let mut secrets = Self::default();
        match serde_json::from_slice::<BTreeMap<String, String>>(bytes) {
            Ok(plain) => plain.into_iter().for_each(|(name, secret)| secrets.set(&name, secret)),
            Err(_) => secrets.set("password", String::from_utf8_lossy(bytes).into_owned()),
        }
        secrets
    }
}

/// Collects what is wrong with one kind's settings.
#[derive(Default)]
struct Wrong(Vec<(&'static str, String)>);

impl Wrong {
    fn unless(&mut self, good: bool, field: &'static str, allowed: &str) {
        if !good {
            self.0.push((field, allowed.to_owned()));
        }
    }
}

/// An https URL, or http for a gateway on this very machine or a network of one's own.
pub fn is_url(text: &str, allow_private: bool) -> bool {
    url::Url::parse(text).is_ok_and(|url| {
        (url.scheme() == "https" || (url.scheme() == "http" && allow_private))
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.fragment().is_none()
    })
}

/// `+` and 8 to 15 digits.
fn is_e164(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| (8..=15).contains(&digits.len()) && is_digits(digits))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// 1 to 11 letters and digits, at least one of them a letter: what networks show as a sender's name.
fn is_sender_name(text: &str) -> bool {
    (1..=11).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" -_&".contains(&byte))
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_prefix_sets_the_price() {
        let price =
            |prefix: &str, amount| Price { channel: Channel::Sms, prefix: prefix.into(), amount: Micros(amount) };
        let mut carrier = Carrier::new("m", CarrierKind::Smtp(Smtp::default()));
        assert_eq!(carrier.price(Channel::Sms, "+2348031234567"), UNKNOWN_PRICE);
        assert_eq!(carrier.price(Channel::Whatsapp, "+2348031234567"), Micros(0));
        carrier.prices = vec![price("", 30), price("+234", 50), price("+2348", 60), price("+1", 7)];
        assert_eq!(carrier.price(Channel::Sms, "+2348031234567"), Micros(60));
        assert_eq!(carrier.price(Channel::Sms, "+491701234567"), Micros(30));
        assert_eq!(carrier.price(Channel::Voice, "+12025550123"), UNKNOWN_PRICE);
    }

    #[test]
    fn secrets_come_back_from_the_seal_and_never_print() {
        let mut secrets = Credentials::default();
        secrets.set("auth_token", "s3cret".into());
        assert_eq!(Credentials::of_bytes(&secrets.to_bytes()), secrets);
        assert_eq!(format!("{secrets:?}"), "{\"auth_token\"}");
        assert_eq!(Credentials::of_bytes(b"plain password").get("password"), Some("plain password"));
    }

    #[test]
    fn a_carrier_is_read_back_as_it_was_written() {
        for kind in [
            CarrierKind::DevPhone,
            CarrierKind::Smtp(Smtp::default()),
            CarrierKind::TwilioVerify(TwilioVerify {
                account_sid: "AC".into(),
                service_sid: "VA".into(),
                ..TwilioVerify::default()
            }),
            CarrierKind::Webhook(Webhook::default()),
        ] {
            let carrier = Carrier::new("x", kind);
            let text = serde_json::to_string(&carrier).expect("writes");
            assert_eq!(serde_json::from_str::<Carrier>(&text).expect("reads"), carrier, "{text}");
        }
        let first = r#"{"name":"mail","enabled":true,"kind":"smtp","host":"h","port":25,"security":"none","username":null,"from":"a@b.example","ca_file":null}"#;
        assert!(serde_json::from_str::<Carrier>(first).is_ok(), "what the first release wrote");
    }
}
