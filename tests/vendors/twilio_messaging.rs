//! Every request the Twilio Messaging carrier can make, held against Twilio's own documents.

use crate::carriers::{
    ACCOUNT, LANGUAGES, PASSCODE, PHONE, REPORT_TO, TOKEN, all_good, carrier, message, now, secrets, taken,
};
use crate::oracle::oracle;
use crate::wire::{Said, Wire};
use countersign::delivery::route::Ready;
use countersign::domain::carrier::{CarrierKind, TwilioMessaging};
use countersign::domain::delivery::{Channel, Cost};
use serde_json::json;

const MESSAGES: &str = "POST /2010-04-01/Accounts/{AccountSid}/Messages.json";
const CALLS: &str = "POST /2010-04-01/Accounts/{AccountSid}/Calls.json";
const FROM: &str = "+12025550123";
const VOICE_FROM: &str = "+12025550124";
const WHATSAPP_FROM: &str = "+14155238886";

fn sid(letters: &str) -> String {
    format!("{letters}{}", &ACCOUNT[2..])
}

fn settings() -> TwilioMessaging {
    let contents = [("*", sid("HX")), ("pt-BR", format!("HX{}", "b".repeat(32)))];
    TwilioMessaging {
        account_sid: ACCOUNT.into(),
        from: Some(FROM.into()),
        whatsapp_from: Some(WHATSAPP_FROM.into()),
        voice_from: Some(VOICE_FROM.into()),
        content_sids: contents.into_iter().map(|(language, sid)| (language.to_owned(), sid)).collect(),
        ..TwilioMessaging::default()
    }
}

fn messaging(settings: TwilioMessaging, wire: &Wire) -> Ready {
    let key = settings.api_key.is_some().then_some(("api_secret", "the key's secret"));
    let all: Vec<(&str, &str)> = [("auth_token", TOKEN)].into_iter().chain(key).collect();
    carrier(CarrierKind::TwilioMessaging(settings), &secrets(&all), Some(&wire.base))
}

async fn sent(ready: &Ready, wire: &Wire, channel: Channel, language: &str) -> Said {
    wire.sent(&ready.sender.send(&message(channel, PHONE, language)).await)
}

#[tokio::test]
async fn an_sms_in_every_language() {
    let Some(wire) = Wire::open().await else { return };
    let ready = messaging(settings(), &wire);
    for language in LANGUAGES {
        let said = sent(&ready, &wire, Channel::Sms, language).await;
        assert_eq!(said.operation(), MESSAGES);
        assert_eq!((said.field("To"), said.field("From")), (Some(PHONE), Some(FROM)));
        assert!(said.field("Body").is_some_and(|body| body.contains(PASSCODE)));
        assert_eq!((said.field("StatusCallback"), said.field("ValidityPeriod")), (Some(REPORT_TO), Some("300")));
    }
}

#[tokio::test]
async fn an_sms_with_each_option() {
    let Some(wire) = Wire::open().await else { return };
    let service = TwilioMessaging { from: None, messaging_service_sid: Some(sid("MG")), ..settings() };
    let said = sent(&messaging(service.clone(), &wire), &wire, Channel::Sms, "en").await;
    assert_eq!((said.field("MessagingServiceSid"), said.field("From")), (Some(sid("MG").as_str()), None));
    for risk in ["enable", "disable"] {
        let risky = TwilioMessaging { risk_check: Some(risk.into()), ..settings() };
        assert_eq!(sent(&messaging(risky, &wire), &wire, Channel::Sms, "en").await.field("RiskCheck"), Some(risk));
    }
    let keyed = TwilioMessaging { api_key: Some(sid("SK")), ..settings() };
    sent(&messaging(keyed, &wire), &wire, Channel::Sms, "en").await;
    let named = TwilioMessaging { from: Some("Buro".into()), ..settings() };
    assert_eq!(sent(&messaging(named, &wire), &wire, Channel::Sms, "en").await.field("From"), Some("Buro"));
    let mut lasting = message(Channel::Sms, PHONE, "en");
    for seconds in [1, 20_000] {
        lasting.expires_at = lasting.at.plus(std::time::Duration::from_secs(seconds));
        wire.sent(&messaging(settings(), &wire).sender.send(&lasting).await);
    }
}

/// A rung names the sender for a country: a number, a name, a messaging service.
#[tokio::test]
async fn a_message_from_the_sender_a_rung_names() {
    let Some(wire) = Wire::open().await else { return };
    let service = TwilioMessaging { from: None, messaging_service_sid: Some(sid("MG")), ..settings() };
    for settings in [settings(), service] {
        let ready = messaging(settings, &wire);
        for sender in ["+4915735980000", "Shop", "12345", &format!("MG{}", "c".repeat(32))] {
            let mut message = message(Channel::Sms, PHONE, "de");
            message.sender = Some(sender.to_owned());
            let said = wire.sent(&ready.sender.send(&message).await);
            let senders: Vec<&str> =
                [said.field("From"), said.field("MessagingServiceSid")].into_iter().flatten().collect();
            assert_eq!(senders, [sender], "one, and the one it names");
        }
        for channel in [Channel::Whatsapp, Channel::Voice] {
            let mut message = message(channel, PHONE, "de");
            message.sender = Some("+4915735980000".to_owned());
            let said = wire.sent(&ready.sender.send(&message).await);
            assert!(said.field("From").is_some_and(|from| from.ends_with("+4915735980000")));
        }
    }
}

#[tokio::test]
async fn whatsapp_by_template_in_every_language() {
    let Some(wire) = Wire::open().await else { return };
    let ready = messaging(settings(), &wire);
    for language in LANGUAGES {
        let said = sent(&ready, &wire, Channel::Whatsapp, language).await;
        assert_eq!(said.operation(), MESSAGES);
        assert_eq!(said.field("To"), Some(format!("whatsapp:{PHONE}").as_str()));
        assert_eq!(said.field("From"), Some("whatsapp:+14155238886"));
        let template = if language == "pt-BR" { format!("HX{}", "b".repeat(32)) } else { sid("HX") };
        assert_eq!(said.field("ContentSid"), Some(template.as_str()));
        let variables: serde_json::Value =
            serde_json::from_str(said.field("ContentVariables").expect("variables")).expect("JSON");
        assert_eq!(variables, json!({"1": PASSCODE}));
        assert_eq!((said.field("StatusCallback"), said.field("Body")), (Some(REPORT_TO), None));
    }
}

#[tokio::test]
async fn a_call_in_every_language() {
    let Some(wire) = Wire::open().await else { return };
    let Some(oracle) = oracle() else { return };
    let ready = messaging(settings(), &wire);
    for language in LANGUAGES {
        let said = sent(&ready, &wire, Channel::Voice, language).await;
        assert_eq!(said.operation(), CALLS);
        assert_eq!((said.field("To"), said.field("From")), (Some(PHONE), Some(VOICE_FROM)));
        assert_eq!(said.field("StatusCallback"), Some(REPORT_TO));
        let heard = oracle.text("twilio_speech", json!({"twiml": said.field("Twiml")}));
        assert!(heard.matches(PASSCODE).count() >= 2, "{language}: {heard}");
    }
}

/// The prices are those of the document's examples.
#[tokio::test]
async fn what_messages_and_calls_cost_is_asked_for() {
    let Some(wire) = Wire::open().await else { return };
    let keyed = TwilioMessaging { api_key: Some(sid("SK")), ..settings() };
    for ready in [messaging(settings(), &wire), messaging(keyed, &wire)] {
        assert!(ready.sender.bills());
        for (channel, what, price) in [
            (Channel::Sms, "Messages", "-0.00750"),
            (Channel::Whatsapp, "Messages", "-0.00750"),
            (Channel::Voice, "Calls", "-0.200"),
        ] {
            let reference = taken(&ready, &message(channel, PHONE, "en")).await;
            wire.one();
            assert_eq!(ready.sender.bill(&reference).await, Ok(Cost::read(price, "USD")));
            let said = wire.one();
            assert_eq!(said.operation(), format!("GET /2010-04-01/Accounts/{{AccountSid}}/{what}/{{Sid}}.json"));
            assert!(said.path.ends_with(&format!("/{reference}.json")), "{}", said.path);
        }
    }
}

#[tokio::test]
async fn a_price_that_is_not_known_yet() {
    let answers = vec![("GET", ".json", json!({"price": null, "price_unit": "USD"}))];
    let Some(wire) = Wire::answering(answers).await else { return };
    let ready = messaging(settings(), &wire);
    for letters in ["SM", "MM", "CA"] {
        assert_eq!(ready.sender.bill(&sid(letters)).await, Ok(None));
        wire.one();
    }
    // Names of nothing that has a price are not asked about.
    for reference in [sid("VE"), "S".into(), "é".into(), String::new()] {
        assert_eq!(ready.sender.bill(&reference).await, Ok(None));
    }
    assert!(wire.heard().is_empty());
}

/// Nobody could be told of receipts, so none are asked for.
#[tokio::test]
async fn without_receipts() {
    let Some(wire) = Wire::open().await else { return };
    let ready = messaging(settings(), &wire);
    for channel in [Channel::Sms, Channel::Whatsapp, Channel::Voice] {
        let mut message = message(channel, PHONE, "en");
        message.report_to = None;
        let said = wire.sent(&ready.sender.send(&message).await);
        assert_eq!(said.field("StatusCallback"), None);
    }
}

/// As Twilio answers for an account in which everything is in order.
fn in_order() -> Vec<(&'static str, &'static str, serde_json::Value)> {
    let number = json!({"phone_number": FROM, "capabilities": {"sms": true, "voice": true}});
    let sender = json!({"sid": sid("XE"), "sender_id": format!("whatsapp:{WHATSAPP_FROM}"), "status": "ONLINE"});
    let approval = json!({"name": "passcode", "category": "AUTHENTICATION", "content_type": "whatsapp/authentication", "status": "approved"});
    vec![
        ("GET", "/IncomingPhoneNumbers.json", json!({"incoming_phone_numbers": [number]})),
        ("GET", "/OutgoingCallerIds.json", json!({"outgoing_caller_ids": [{"phone_number": VOICE_FROM}]})),
        ("GET", "/v2/Channels/Senders", json!({"senders": [sender]})),
        ("GET", "/ApprovalRequests", json!({"whatsapp": approval})),
    ]
}

#[tokio::test]
async fn the_account_is_looked_at() {
    let Some(wire) = Wire::answering(in_order()).await else { return };
    let service = TwilioMessaging { from: None, messaging_service_sid: Some(sid("MG")), ..settings() };
    let keyed = TwilioMessaging { api_key: Some(sid("SK")), ..settings() };
    let mut all = std::collections::BTreeSet::new();
    for settings in [settings(), service, keyed] {
        let findings = messaging(settings, &wire).sender.examine(now()).await;
        all.extend(wire.sound().iter().map(Said::operation));
        all_good(&findings);
    }
    let expected = [
        "GET /2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers.json",
        "GET /2010-04-01/Accounts/{AccountSid}/OutgoingCallerIds.json",
        "GET /2010-04-01/Accounts/{Sid}.json",
        "GET /v1/Content/{Sid}/ApprovalRequests",
        "GET /v1/Services/{Sid}",
        "GET /v2/Channels/Senders",
    ];
    assert_eq!(all.into_iter().collect::<Vec<_>>(), expected);
}
