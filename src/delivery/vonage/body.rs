//! What Vonage is posted for each channel. Numbers travel without their plus.

use super::API;
use crate::delivery::meta_whatsapp::message::{ENGLISH, authentication, language};
use crate::domain::carrier;
use crate::domain::delivery::Message;
use serde_json::{Value, json};

/// Seconds an SMS is tried at least, and at most.
const SMS_LIFE: std::ops::RangeInclusive<u64> = 20..=604_800;

/// A call that goes on for longer says nothing new.
const LONGEST_CALL: u64 = 120;

/// The Messages API stands in several regions: `eu`, `us`, `ap`.
pub fn host(region: Option<&str>) -> String {
    match region {
        Some(region) if region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') => {
            format!("https://api-{region}.nexmo.com")
        }
        _ => API.to_owned(),
    }
}

pub fn sms(message: &Message, from: Option<&str>) -> Option<Value> {
    let text = json!({
        "message_type": "text",
        "text": message.text,
        "ttl": message.life().clamp(*SMS_LIFE.start(), *SMS_LIFE.end()),
        // GSM where the text allows it, Unicode where it does not.
        "sms": { "encoding_type": "auto" },
    });
    addressed(message, "sms", from, text)
}

/// As Meta's own template message: Vonage hands `custom` through.
pub fn whatsapp(message: &Message, settings: &carrier::Vonage) -> Option<Value> {
    let code = nearest(&settings.whatsapp_languages, &message.language)?;
    let code = json!({ "code": code, "policy": "deterministic" });
    let template = authentication(settings.whatsapp_template.as_deref()?, &code, &message.digits);
    let custom = json!({ "message_type": "custom", "custom": { "type": "template", "template": template } });
    addressed(message, "whatsapp", settings.whatsapp_from.as_deref(), custom)
}

fn addressed(message: &Message, channel: &str, from: Option<&str>, mut body: Value) -> Option<Value> {
    let from = message.sender.as_deref().or(from)?;
    body["channel"] = channel.into();
    body["to"] = message.bare_number().into();
    body["from"] = from.trim_start_matches('+').into();
    body["client_ref"] = message.attempt.as_str().into();
    if let Some(url) = &message.report_to {
        body["webhook_url"] = url.as_str().into();
        body["webhook_version"] = "v1".into();
    }
    Some(body)
}

/// The template's language for a page's: the same, one of the same tongue, English, or the first.
fn nearest(listed: &[String], tag: &str) -> Option<String> {
    let tongue = |code: &str| code.split(['_', '-']).next().map(str::to_owned);
    let wanted = language(tag);
    let same = |code: &str| listed.iter().find(|one| language(one) == code);
    let near = |code: &str| listed.iter().find(|one| tongue(one) == tongue(code));
    let found = same(&wanted).or_else(|| near(&wanted)).or_else(|| same(ENGLISH)).or_else(|| near(ENGLISH));
    found.or_else(|| listed.first()).map(|code| language(code))
}

pub fn call(message: &Message, from: Option<&str>) -> Option<Value> {
    let from = message.sender.as_deref().or(from)?;
    let mut body = json!({
        "to": [{ "type": "phone", "number": message.bare_number() }],
        "from": { "type": "phone", "number": from.trim_start_matches('+') },
        "ncco": [{ "action": "talk", "text": slowly(&message.text), "language": voice(&message.language) }],
        "length_timer": LONGEST_CALL,
    });
    if let Some(url) = &message.report_to {
        body["event_url"] = json!([url]);
        body["event_method"] = "POST".into();
    }
    Some(body)
}

/// The text says the digits apart and twice; SSML makes them slow enough to write down.
fn slowly(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("<speak><prosody rate='slow'>{text}</prosody></speak>")
}

/// The voice of a page's language. Swahili has none: an English one at least says the digits so that many follow.
fn voice(tag: &str) -> &'static str {
    match tag {
        "es" => "es-US",
        "pt-BR" => "pt-BR",
        "fr" => "fr-FR",
        "de" => "de-DE",
        "id" => "id-ID",
        "hi" => "hi-IN",
        "ar" => "ar",
        _ => "en-US",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::fake::message;

    const REPORT_TO: &str = "https://id.example/carriers/x/receipts?attempt=at_1";

    #[test]
    fn an_sms_is_posted_as_documented() {
        let expected = json!({
            "channel": "sms", "message_type": "text", "to": "2348031234567", "from": "Shop",
            "text": "481516 is your Shop code.", "ttl": 300, "sms": {"encoding_type": "auto"},
            "client_ref": "at_1", "webhook_url": REPORT_TO, "webhook_version": "v1"
        });
        assert_eq!(sms(&message("en"), Some("Shop")), Some(expected));
        let mut other = message("en");
        (other.sender, other.report_to) = (Some("+12025550123".into()), None);
        let body = sms(&other, Some("Shop")).expect("a body");
        assert_eq!((&body["from"], &body["webhook_url"]), (&json!("12025550123"), &Value::Null));
        assert_eq!(sms(&message("en"), None), None);
    }

    #[test]
    fn a_whatsapp_message_carries_metas_own_template() {
        let settings = carrier::Vonage {
            whatsapp_from: Some("+12025550123".into()),
            whatsapp_template: Some("otp_login".into()),
            whatsapp_languages: vec!["en_US".into(), "pt_BR".into()],
            ..carrier::Vonage::default()
        };
        let expected = json!({
            "channel": "whatsapp", "message_type": "custom", "to": "2348031234567", "from": "12025550123",
            "custom": {"type": "template", "template": {
                "name": "otp_login", "language": {"code": "pt_BR", "policy": "deterministic"},
                "components": [
                    {"type": "body", "parameters": [{"type": "text", "text": "481516"}]},
                    {"type": "button", "sub_type": "url", "index": "0",
                     "parameters": [{"type": "text", "text": "481516"}]}
                ]
            }},
            "client_ref": "at_1", "webhook_url": REPORT_TO, "webhook_version": "v1"
        });
        assert_eq!(whatsapp(&message("pt-BR"), &settings), Some(expected));
        let nearest = |tag: &str| nearest(&settings.whatsapp_languages, tag);
        assert_eq!(nearest("en").as_deref(), Some("en_US"));
        assert_eq!(nearest("sw").as_deref(), Some("en_US"));
        assert_eq!(super::nearest(&["fr".into()], "sw").as_deref(), Some("fr"));
    }

    #[test]
    fn a_call_speaks_slowly_in_the_persons_language() {
        let mut message = message("es");
        message.text = "Tu código de A & B es: 4, 8.".into();
        let expected = json!({
            "to": [{"type": "phone", "number": "2348031234567"}], "from": {"type": "phone", "number": "12025550123"},
            "ncco": [{"action": "talk", "language": "es-US",
                "text": "<speak><prosody rate='slow'>Tu código de A &amp; B es: 4, 8.</prosody></speak>"}],
            "length_timer": 120, "event_url": [REPORT_TO], "event_method": "POST"
        });
        assert_eq!(call(&message, Some("+12025550123")), Some(expected));
        assert_eq!((voice("sw"), voice("ar")), ("en-US", "ar"));
    }

    #[test]
    fn a_region_names_a_host() {
        assert_eq!(host(None), API);
        assert_eq!(host(Some("eu")), "https://api-eu.nexmo.com");
        assert_eq!(host(Some("eu.evil.example/")), API);
    }
}
