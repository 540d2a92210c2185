//! What each channel sends: pure functions of the settings and the message.

use crate::delivery::twilio::{Form, call, field};
use crate::domain::carrier::TwilioMessaging;
use crate::domain::delivery::{Channel, Class, Failed, Message};
use serde_json::json;

/// The longest Twilio holds a message back.
const LONGEST_LIFE: u64 = 36_000;
/// Seconds a phone rings.
const RINGS: &str = "30";

/// Where it goes below the account, and the form.
pub fn of(settings: &TwilioMessaging, message: &Message) -> Result<(&'static str, Form), Failed> {
    match message.channel {
        Channel::Sms => Ok(("/Messages.json", sms(settings, message)?)),
        Channel::Whatsapp => Ok(("/Messages.json", whatsapp(settings, message)?)),
        Channel::Voice => Ok(("/Calls.json", voice(settings, message)?)),
        Channel::Telegram | Channel::Email => {
            Err(unset("channels", "Twilio Messaging carries sms, whatsapp and voice"))
        }
    }
}

fn sms(settings: &TwilioMessaging, message: &Message) -> Result<Form, Failed> {
    let usual = settings.messaging_service_sid.as_ref().or(settings.from.as_ref());
    let mut form = vec![
        field("To", message.number()),
        sender(message, usual, "").ok_or_else(|| unset("from", "no sender for SMS is set up"))?,
        field("Body", &*message.text),
    ];
    lives_and_reports(&mut form, message);
    form.extend(settings.risk_check.iter().map(|check| field("RiskCheck", check)));
    Ok(form)
}

fn whatsapp(settings: &TwilioMessaging, message: &Message) -> Result<Form, Failed> {
    let template = template(settings, &message.language)
        .ok_or_else(|| unset("content_sids", "no WhatsApp template for this language, nor for *"))?;
    let mut form = vec![
        field("To", format!("whatsapp:{}", message.number())),
        sender(message, settings.whatsapp_from.as_ref(), "whatsapp:")
            .ok_or_else(|| unset("whatsapp_from", "no WhatsApp sender is set up"))?,
        field("ContentSid", template),
        field("ContentVariables", json!({ "1": message.digits }).to_string()),
    ];
    lives_and_reports(&mut form, message);
    Ok(form)
}

fn voice(settings: &TwilioMessaging, message: &Message) -> Result<Form, Failed> {
    let from = message.sender.as_ref().or(settings.voice_from.as_ref());
    let mut form = vec![
        field("To", message.number()),
        field("From", from.ok_or_else(|| unset("voice_from", "no number for calls is set up"))?),
        field("Twiml", call::twiml(message)),
        field("Timeout", RINGS),
    ];
    if let Some(url) = &message.report_to {
        form.push(field("StatusCallback", url));
        let events = ["initiated", "ringing", "answered", "completed"];
        form.extend(events.map(|event| field("StatusCallbackEvent", event)));
    }
    Ok(form)
}

/// `From` or `MessagingServiceSid`, never both. What the rung says goes before what the carrier says.
fn sender(message: &Message, usual: Option<&String>, scheme: &str) -> Option<(String, String)> {
    let sender = message.sender.as_ref().or(usual)?;
    if sender.len() == 34 && sender.starts_with("MG") {
        return Some(field("MessagingServiceSid", sender));
    }
    let bare = sender.strip_prefix(scheme).unwrap_or(sender);
    Some(field("From", format!("{scheme}{bare}")))
}

/// The exact language, then its first part, then any.
fn template<'a>(settings: &'a TwilioMessaging, language: &str) -> Option<&'a str> {
    let primary = language.split('-').next().unwrap_or(language);
    let sids = &settings.content_sids;
    sids.get(language).or_else(|| sids.get(primary)).or_else(|| sids.get("*")).map(String::as_str)
}

fn lives_and_reports(form: &mut Form, message: &Message) {
    form.push(field("ValidityPeriod", message.life().clamp(1, LONGEST_LIFE).to_string()));
    form.extend(message.report_to.iter().map(|url| field("StatusCallback", url)));
}

fn unset(code: &str, what: &str) -> Failed {
    Failed::new(Class::Misconfigured, code, what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identifier::Identifier;
    use crate::domain::ids::AttemptId;
    use crate::domain::time::Time;

    const REPORT: &str = "https://idp.example/carriers/t/receipts?attempt=at_1";

    fn settings() -> TwilioMessaging {
        TwilioMessaging {
            from: Some("+12025550123".into()),
            whatsapp_from: Some("+14155238886".into()),
            voice_from: Some("+12025550124".into()),
            content_sids: [("*", "HXall"), ("pt", "HXpt"), ("pt-BR", "HXbr"), ("de", "HXde")]
                .map(|(language, sid)| (language.to_owned(), sid.to_owned()))
                .into(),
            ..TwilioMessaging::default()
        }
    }

    fn message(channel: Channel) -> Message {
        Message {
            attempt: AttemptId::new("at_1"),
            to: Identifier::phone("+2348031234567", None).expect("a number"),
            channel,
            from: "Shop".into(),
            subject: String::new(),
            text: "Your Shop code is: 1, 2, 3. Once more: 1, 2, 3.".into(),
            html: None,
            digits: "123".into(),
            language: "pt-BR".into(),
            at: Time(0),
            expires_at: Time::from_secs(300),
            report_to: Some(REPORT.into()),
            sender: None,
            region: None,
        }
    }

    fn sent(settings: &TwilioMessaging, message: &Message) -> (&'static str, Vec<String>) {
        let (path, form) = of(settings, message).expect("a form");
        (path, form.into_iter().map(|(name, value)| format!("{name}={value}")).collect())
    }

    #[test]
    fn an_sms() {
        let (path, form) = sent(&settings(), &message(Channel::Sms));
        let (body, report) =
            ("Body=Your Shop code is: 1, 2, 3. Once more: 1, 2, 3.", format!("StatusCallback={REPORT}"));
        let wanted = ["To=+2348031234567", "From=+12025550123", body, "ValidityPeriod=300", &*report];
        assert_eq!((path, form), ("/Messages.json", wanted.map(str::to_owned).to_vec()));
    }

    #[test]
    fn a_messaging_service_instead_of_a_number_and_the_rungs_before_the_carriers() {
        let service = format!("MG{}", "a".repeat(32));
        let by_service = TwilioMessaging {
            from: None,
            messaging_service_sid: Some(service.clone()),
            risk_check: Some("enable".into()),
            ..settings()
        };
        let (_, form) = sent(&by_service, &message(Channel::Sms));
        assert!(form.contains(&format!("MessagingServiceSid={service}")) && form.contains(&"RiskCheck=enable".into()));
        assert!(!form.iter().any(|field| field.starts_with("From=")));
        let mut named = message(Channel::Sms);
        named.sender = Some("Shop".into());
        let (_, form) = sent(&by_service, &named);
        assert!(form.contains(&"From=Shop".into()) && !form.iter().any(|field| field.starts_with("MessagingService")));
        named.sender = Some(service.clone());
        let (_, form) = sent(&settings(), &named);
        assert!(
            form.contains(&format!("MessagingServiceSid={service}")) && !form.contains(&"From=+12025550123".into())
        );
    }

    #[test]
    fn a_whatsapp_template_in_the_nearest_language() {
        let (path, form) = sent(&settings(), &message(Channel::Whatsapp));
        let wanted = [
            "To=whatsapp:+2348031234567",
            "From=whatsapp:+14155238886",
            "ContentSid=HXbr",
            r#"ContentVariables={"1":"123"}"#,
            "ValidityPeriod=300",
        ];
        assert_eq!((path, &form[..5]), ("/Messages.json", &wanted.map(str::to_owned)[..]));
        assert!(!form.iter().any(|field| field.starts_with("Body=")));
        let nearest = |language| template(&settings(), language).map(str::to_owned);
        assert_eq!(
            [nearest("pt-PT"), nearest("de"), nearest("sw")].map(Option::unwrap_or_default),
            ["HXpt", "HXde", "HXall"]
        );
        let mut other = message(Channel::Whatsapp);
        other.sender = Some("whatsapp:+14155238887".into());
        assert!(sent(&settings(), &other).1.contains(&"From=whatsapp:+14155238887".into()));
    }

    #[test]
    fn a_call_carries_its_words() {
        let (path, form) = sent(&settings(), &message(Channel::Voice));
        assert_eq!(
            (path, form[0].as_str(), form[1].as_str()),
            ("/Calls.json", "To=+2348031234567", "From=+12025550124")
        );
        assert!(form[2].starts_with("Twiml=<Response><Pause") && form[2].contains(r#"<Say language="pt-BR""#));
        assert!(form.contains(&"Timeout=30".into()));
        let events: Vec<_> = form.iter().filter_map(|field| field.strip_prefix("StatusCallbackEvent=")).collect();
        assert_eq!(events, ["initiated", "ringing", "answered", "completed"]);
    }

    #[test]
    fn without_an_address_for_receipts_none_is_sent_and_life_is_bounded() {
        let mut quiet = message(Channel::Voice);
        quiet.report_to = None;
        assert!(!sent(&settings(), &quiet).1.iter().any(|field| field.starts_with("StatusCallback")));
        quiet.channel = Channel::Sms;
        quiet.expires_at = Time::from_secs(90_000);
        assert!(sent(&settings(), &quiet).1.contains(&"ValidityPeriod=36000".into()));
    }

    #[test]
    fn what_is_not_set_up_is_the_operators() {
        let bare = TwilioMessaging::default();
        for channel in Channel::ALL {
            assert_eq!(of(&bare, &message(channel)).map_err(|failed| failed.class), Err(Class::Misconfigured));
        }
    }
}
