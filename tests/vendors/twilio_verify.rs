//! Every request the Twilio Verify carrier can make, held against Twilio's own document.

use crate::carriers::{ACCOUNT, LANGUAGES, PASSCODE, PHONE, TOKEN, all_good, carrier, message, now, secrets, taken};
use crate::wire::{Said, Wire};
use countersign::delivery::route::Ready;
use countersign::domain::carrier::{CarrierKind, TwilioVerify};
use countersign::domain::delivery::Channel;
use serde_json::json;

const SERVICE: &str = "/v2/Services/VA0123456789abcdef0123456789abcdef";
const CREATE: &str = "POST /v2/Services/{ServiceSid}/Verifications";
const CHANNELS: [(Channel, &str); 4] =
    [(Channel::Sms, "sms"), (Channel::Whatsapp, "whatsapp"), (Channel::Voice, "call"), (Channel::Email, "email")];

fn verify(wire: &Wire, custom_codes: bool, keyed: bool) -> Ready {
    let sid = |letters: &str| format!("{letters}{}", &ACCOUNT[2..]);
    let settings = TwilioVerify {
        account_sid: ACCOUNT.into(),
        api_key: keyed.then(|| sid("SK")),
        service_sid: sid("VA"),
        custom_codes,
        channels: Some(CHANNELS.map(|(channel, _)| channel).to_vec()),
        ..TwilioVerify::default()
    };
    let key = keyed.then_some(("api_secret", "the key's secret"));
    let all: Vec<(&str, &str)> = [("auth_token", TOKEN)].into_iter().chain(key).collect();
    carrier(CarrierKind::TwilioVerify(settings), &secrets(&all), Some(&wire.base))
}

#[tokio::test]
async fn a_verification_by_every_channel_in_every_language() {
    let Some(wire) = Wire::open().await else { return };
    for (custom, keyed) in [(false, false), (true, false), (false, true), (true, true)] {
        let ready = verify(&wire, custom, keyed);
        for (channel, name) in CHANNELS {
            let to = if channel == Channel::Email { "zoe@shop.example" } else { PHONE };
            for language in LANGUAGES {
                let said = wire.sent(&ready.sender.send(&message(channel, to, language)).await);
                assert_eq!(said.operation(), CREATE);
                assert_eq!((said.field("To"), said.field("Channel")), (Some(to), Some(name)));
                assert_eq!(said.field("CustomCode"), custom.then_some(PASSCODE));
            }
        }
    }
}

#[tokio::test]
async fn a_check_of_what_was_typed() {
    let Some(wire) = Wire::open().await else { return };
    let ready = verify(&wire, false, false);
    let reference = taken(&ready, &message(Channel::Sms, PHONE, "en")).await;
    wire.one();
    let verifier = ready.verifier.clone().expect("it makes the passcode");
    // The document's example is one that was approved.
    let to = message(Channel::Sms, PHONE, "en").to;
    assert_eq!(verifier.check(&reference, &to, PASSCODE).await, Ok(true));
    let said = wire.one();
    assert_eq!(said.operation(), "POST /v2/Services/{ServiceSid}/VerificationCheck");
    assert_eq!(said.field("Code"), Some(PASSCODE));
    assert!(said.field("To").is_some() != said.field("VerificationSid").is_some(), "one of them: {said:?}");
}

#[tokio::test]
async fn a_passcode_of_ours_that_was_used_is_reported() {
    let Some(wire) = Wire::open().await else { return };
    let ready = verify(&wire, true, false);
    assert!(ready.sender.wants_feedback() && ready.verifier.is_none());
    let reference = taken(&ready, &message(Channel::Sms, PHONE, "en")).await;
    wire.one();
    assert_eq!(ready.sender.feed_back(&reference, "123456").await, Ok(()));
    let said = wire.one();
    assert_eq!(said.operation(), "POST /v2/Services/{ServiceSid}/Verifications/{Sid}");
    assert_eq!(said.field("Status"), Some("approved"));
}

#[tokio::test]
async fn the_service_is_looked_at() {
    let service = json!({"code_length": 6, "custom_code_enabled": true, "verify_event_subscription_enabled": true,
        "whatsapp": {"msg_service_sid": null, "from": "+14155238886"}});
    let answers = vec![("GET", SERVICE, service)];
    let Some(wire) = Wire::answering(answers).await else { return };
    for (custom, keyed) in [(false, false), (true, true)] {
        let findings = verify(&wire, custom, keyed).sender.examine(now()).await;
        let said: Vec<String> = wire.sound().iter().map(Said::operation).collect();
        assert!(said.contains(&"GET /v2/Services/{Sid}".to_owned()), "{said:?}");
        all_good(&findings);
    }
}

/// A language it lacks is refused as if nothing stood there, and asked for again without.
#[tokio::test]
async fn without_a_language() {
    let Some(wire) = Wire::open().await else { return };
    let ready = verify(&wire, false, false);
    assert_eq!(wire.sent(&ready.sender.send(&message(Channel::Sms, PHONE, "sw")).await).field("Locale"), None);
    assert_eq!(
        wire.sent(&ready.sender.send(&message(Channel::Sms, PHONE, "pt-BR")).await).field("Locale"),
        Some("pt-BR")
    );
}
