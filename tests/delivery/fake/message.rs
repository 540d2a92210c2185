//! What a carrier was asked to send, and the digits in it as a person reads or hears them.

use axum::http::HeaderMap;
use serde_json::Value;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vendor {
    Twilio,
    Verify,
    Meta,
    Vonage,
    Telegram,
    Webhook,
}

#[derive(Clone)]
pub struct Message {
    pub vendor: Vendor,
    /// The carrier's name: the first part of the path.
    pub carrier: String,
    pub channel: &'static str,
    /// With its plus, whichever form the vendor wants.
    pub to: String,
    pub from: Option<String>,
    pub digits: String,
    /// The vendor's own name for it.
    pub reference: String,
    /// Where the vendor was asked to report; where it was not, the carrier's address at the house.
    pub callback: Option<String>,
    /// Our attempt's id, as the vendor gives it back.
    pub attempt: Option<String>,
    pub headers: HeaderMap,
    /// What was posted, parsed.
    pub body: Value,
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { carrier, channel, to, digits, attempt, .. } = self;
        write!(f, "{carrier}/{channel} to {to}: {digits} ({attempt:?})")
    }
}

impl Message {
    pub fn text(&self, name: &str) -> Option<&str> {
        self.body[name].as_str()
    }

    /// The last four digits of the number, which say how it is answered.
    pub fn suffix(&self) -> &str {
        &self.to[self.to.len().saturating_sub(4)..]
    }
}

/// The attempt a callback URL names.
pub fn attempt_of(callback: &str) -> Option<String> {
    let url = url::Url::parse(callback).ok()?;
    url.query_pairs().find(|(name, _)| name == "attempt").map(|(_, value)| value.into_owned())
}

/// The first run of at least four digits.
pub fn read(text: &str) -> String {
    text.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() >= 4).unwrap_or_default().to_owned()
}

/// What a voice says: markup is not heard, digits come one by one, and twice.
pub fn hear(markup: &str) -> String {
    let mut inside = false;
    let mut heard = String::new();
    for c in markup.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside && c.is_ascii_digit() => heard.push(c),
            _ => {}
        }
    }
    let (first, second) = heard.split_at(heard.len() / 2);
    assert_eq!(first, second, "said twice alike: {markup}");
    first.to_owned()
}

pub fn plus(number: &str) -> String {
    format!("+{}", number.trim_start_matches("whatsapp:").trim_start_matches('+'))
}

/// A form's fields; a name that comes twice keeps its last value.
pub fn form(body: &[u8]) -> Value {
    let pairs = url::form_urlencoded::parse(body).map(|(name, value)| (name.into_owned(), value.into_owned().into()));
    Value::Object(pairs.collect())
}
