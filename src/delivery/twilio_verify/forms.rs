//! What a verification is asked for with: a pure function of the settings and the message.

use crate::delivery::twilio::{Form, field};
use crate::domain::carrier::TwilioVerify;
use crate::domain::delivery::{Channel, Class, Failed, Message};
use serde_json::json;

pub fn of(settings: &TwilioVerify, message: &Message) -> Result<Form, Failed> {
    let (to, channel) = match message.channel {
        Channel::Sms => (message.number(), "sms"),
        Channel::Whatsapp => (message.number(), "whatsapp"),
        Channel::Voice => (message.number(), "call"),
        Channel::Email => (message.to.reveal().to_owned(), "email"),
        Channel::Telegram => return Err(Failed::new(Class::Misconfigured, "channels", "Verify has no such channel")),
    };
    let mut form = vec![field("To", to), field("Channel", channel)];
    if message.channel != Channel::Email {
        form.extend(locale(&message.language).map(|locale| field("Locale", locale)));
    }
    if settings.custom_codes {
        form.push(field("CustomCode", &*message.digits));
    }
    // It comes back in events: a verification's own name is shared by all messages to a number within ten minutes.
    form.push(field("Tags", json!({ "attempt": message.attempt.as_str() }).to_string()));
    Ok(form)
}

/// Twilio's name of a language of ours. Those it has no words in, such as Swahili, are left out: it then goes by the country.
fn locale(tag: &str) -> Option<&'static str> {
    Some(match tag.split(['-', '_']).next().unwrap_or_default() {
        "en" => "en",
        "es" => "es",
        "pt" if tag.eq_ignore_ascii_case("pt-PT") => "pt",
        "pt" => "pt-BR",
        "fr" => "fr",
        "de" => "de",
        "id" => "id",
        "hi" => "hi",
        "ar" => "ar",
        _ => return None,
    })
}

/// The same with the language left to Twilio; nothing where it is already.
pub fn without_locale(form: Form) -> Option<Form> {
    let before = form.len();
    let plain: Form = form.into_iter().filter(|(name, _)| name != "Locale").collect();
    (plain.len() < before).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identifier::Identifier;
    use crate::domain::ids::AttemptId;
    use crate::domain::time::Time;

    fn sent(settings: &TwilioVerify, channel: Channel, language: &str) -> Vec<String> {
        let to = match channel {
            Channel::Email => Identifier::email("ada@example.com").expect("an address"),
            _ => Identifier::phone("+2348031234567", None).expect("a number"),
        };
        let message = Message {
            attempt: AttemptId::new("at_1"),
            to,
            channel,
            from: "Shop".into(),
            subject: String::new(),
            text: "never sent: the words are Twilio's".into(),
            html: None,
            digits: "123456".into(),
            language: language.into(),
            at: Time(0),
            expires_at: Time::from_secs(300),
            report_to: Some("https://idp.example".into()),
            sender: None,
            region: None,
        };
        let form = of(settings, &message).expect("a form");
        form.into_iter().map(|(name, value)| format!("{name}={value}")).collect()
    }

    #[test]
    fn each_channel_has_its_name() {
        let settings = TwilioVerify::default();
        let tags = r#"Tags={"attempt":"at_1"}"#;
        assert_eq!(sent(&settings, Channel::Sms, "pt-BR"), ["To=+2348031234567", "Channel=sms", "Locale=pt-BR", tags]);
        assert_eq!(
            sent(&settings, Channel::Whatsapp, "hi"),
            ["To=+2348031234567", "Channel=whatsapp", "Locale=hi", tags]
        );
        assert_eq!(sent(&settings, Channel::Voice, "sw"), ["To=+2348031234567", "Channel=call", tags]);
        assert_eq!(sent(&settings, Channel::Email, "de"), ["To=ada@example.com", "Channel=email", tags]);
    }

    #[test]
    fn our_digits_go_only_to_a_service_that_takes_them() {
        let custom = TwilioVerify { custom_codes: true, ..TwilioVerify::default() };
        assert!(sent(&custom, Channel::Sms, "en").contains(&"CustomCode=123456".into()));
        assert!(!sent(&TwilioVerify::default(), Channel::Sms, "en").join("&").contains("123456&"));
        assert!(
            !sent(&TwilioVerify::default(), Channel::Sms, "en").iter().any(|field| field.starts_with("CustomCode"))
        );
    }

    #[test]
    fn a_language_can_be_taken_back() {
        let form = vec![field("To", "+1"), field("Locale", "ar")];
        assert_eq!(without_locale(form), Some(vec![field("To", "+1")]));
        assert_eq!(without_locale(vec![field("To", "+1")]), None);
    }
}
