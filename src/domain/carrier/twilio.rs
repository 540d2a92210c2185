//! Twilio: Programmable Messaging with Voice, where the passcode is ours; and Verify, where it is theirs unless the service
//! allows custom codes.

use super::{Credentials, Wrong, is_e164, is_sender_name};
use crate::domain::delivery::Channel;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `auth_token` signs what Twilio calls us with, so it is needed even beside an API key. A `shared_key` is the newer form of
/// that signature.
pub const SECRETS: &[&str] = &["auth_token", "api_secret", "shared_key"];

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TwilioMessaging {
    pub account_sid: String,
    /// `SK…`, beside `api_secret`: calls are then made with it instead of the account's own token.
    pub api_key: Option<String>,
    /// A number or sender name for SMS. Either this or `messaging_service_sid`, never both.
    pub from: Option<String>,
    pub messaging_service_sid: Option<String>,
    /// The WhatsApp sender's number.
    pub whatsapp_from: Option<String>,
    /// The approved authentication template of each language; `*` for the others.
    pub content_sids: BTreeMap<String, String>,
    /// The number calls come from.
    pub voice_from: Option<String>,
    /// Twilio's own protection against SMS pumping, for each SMS: `enable` or `disable`; left out, as the account says.
    pub risk_check: Option<String>,
    /// Where Twilio processes and keeps messages, such as `ie1`, where no rung says otherwise. Left out: the United States.
    pub region: Option<String>,
}

impl TwilioMessaging {
    pub fn carries(&self, channel: Channel) -> bool {
        match channel {
            Channel::Sms => self.from.is_some() || self.messaging_service_sid.is_some(),
            Channel::Whatsapp => self.whatsapp_from.is_some(),
            Channel::Voice => self.voice_from.is_some(),
            Channel::Telegram | Channel::Email => false,
        }
    }

    pub fn faults(&self, secrets: &Credentials) -> Vec<(&'static str, String)> {
        let mut wrong = Wrong::default();
        account(&mut wrong, &self.account_sid, self.api_key.as_deref(), secrets);
        let from = self.from.as_deref();
        let sender = |from: &str| is_e164(from) || is_sender_name(from) || (4..=6).contains(&from.len());
        wrong.unless(
            from.is_none_or(sender),
            "from",
            "a number like +12025550123, a short code, or a name of 1 to 11 letters",
        );
        let service = self.messaging_service_sid.as_deref();
        wrong.unless(service.is_none_or(|sid| is_sid(sid, "MG")), "messaging_service_sid", "MG and 32 hex digits");
        wrong.unless(from.is_none() || service.is_none(), "from", "either from or messaging_service_sid, never both");
        wrong.unless(
            from.is_some() || service.is_some() || self.whatsapp_from.is_some() || self.voice_from.is_some(),
            "from",
            "at least one of from, messaging_service_sid, whatsapp_from, voice_from",
        );
        let number = |number: &str| is_e164(number);
        wrong.unless(self.whatsapp_from.as_deref().is_none_or(number), "whatsapp_from", "a number like +12025550123");
        wrong.unless(self.voice_from.as_deref().is_none_or(number), "voice_from", "a number like +12025550123");
        wrong.unless(
            self.content_sids.values().all(|sid| is_sid(sid, "HX")),
            "content_sids",
            "for each language, or *, a template's HX and 32 hex digits",
        );
        wrong.unless(
            self.whatsapp_from.is_none() || self.content_sids.contains_key("*"),
            "content_sids",
            "WhatsApp needs an approved template: \"*\" = \"HX…\", and one for each language you have",
        );
        let risk = self.risk_check.as_deref();
        wrong.unless(matches!(risk, None | Some("enable" | "disable")), "risk_check", "enable or disable");
        wrong.unless(
            self.region.as_deref().is_none_or(|region| Self::edge(region).is_some()),
            "region",
            "us1, ie1, au1 or jp1, or an edge and a region like dublin.ie1",
        );
        wrong.0
    }

    /// A region with the edge that leads to it, as it stands in Twilio's host names: `api.dublin.ie1.twilio.com`. The names
    /// with the region alone lead nowhere since April 2026.
    pub fn edge(region: &str) -> Option<String> {
        let label = |text: &str| {
            !text.is_empty()
                && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        };
        Some(match (region, region.split_once('.')) {
            ("us1", _) => "ashburn.us1".to_owned(),
            ("ie1", _) => "dublin.ie1".to_owned(),
            ("au1", _) => "sydney.au1".to_owned(),
            ("jp1", _) => "tokyo.jp1".to_owned(),
            (_, Some((edge, place))) if label(edge) && label(place) => region.to_owned(),
            _ => return None,
        })
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TwilioVerify {
    pub account_sid: String,
    pub api_key: Option<String>,
    /// `VA…`
    pub service_sid: String,
    /// Whether Twilio lets this service send codes of our own. Otherwise Twilio makes the passcode and checks it.
    pub custom_codes: bool,
    /// Left out: sms, whatsapp and voice.
    pub channels: Option<Vec<Channel>>,
    /// Whether an Event Streams sink of Twilio's tells us what became of messages. Otherwise no word of delivery comes, and no
    /// rung waits for it.
    pub event_streams: bool,
}

impl TwilioVerify {
    pub fn carries(&self, channel: Channel) -> bool {
        match &self.channels {
            Some(channels) => channels.contains(&channel),
            None => matches!(channel, Channel::Sms | Channel::Whatsapp | Channel::Voice),
        }
    }

    pub fn faults(&self, secrets: &Credentials) -> Vec<(&'static str, String)> {
        let mut wrong = Wrong::default();
        account(&mut wrong, &self.account_sid, self.api_key.as_deref(), secrets);
        wrong.unless(is_sid(&self.service_sid, "VA"), "service_sid", "VA and 32 hex digits");
        let channels = self.channels.as_deref().unwrap_or_default();
        wrong.unless(!channels.contains(&Channel::Telegram), "channels", "any of sms, whatsapp, voice, email");
        wrong.0
    }
}

fn account(wrong: &mut Wrong, sid: &str, api_key: Option<&str>, secrets: &Credentials) {
    wrong.unless(is_sid(sid, "AC"), "account_sid", "AC and 32 hex digits");
    wrong.unless(
        secrets.get("auth_token").is_some(),
        "auth_token",
        "needed: the account's token, from Twilio's console",
    );
    wrong.unless(api_key.is_none_or(|key| is_sid(key, "SK")), "api_key", "SK and 32 hex digits");
    wrong.unless(
        api_key.is_some() == secrets.get("api_secret").is_some(),
        "api_secret",
        "api_key and api_secret come together",
    );
}

/// Two letters and 32 hex digits.
fn is_sid(text: &str, letters: &str) -> bool {
    text.strip_prefix(letters).is_some_and(|rest| rest.len() == 32 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_stands_in_a_host_name_with_its_edge() {
        assert_eq!(TwilioMessaging::edge("ie1").as_deref(), Some("dublin.ie1"));
        assert_eq!(TwilioMessaging::edge("sydney.au1").as_deref(), Some("sydney.au1"));
        for wrong in ["", "ie2", ".ie1", "dublin.", "evil.example/x.y", "a.b.c", "DUBLIN.ie1"] {
            assert_eq!(TwilioMessaging::edge(wrong), None, "{wrong}");
        }
    }
}
