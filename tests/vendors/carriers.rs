//! Carriers as an operator would configure them, and messages to give them.

use countersign::delivery::message::{Contents, Envelope, write};
use countersign::delivery::route::Ready;
use countersign::delivery::web::Web;
use countersign::delivery::{Finding, Outside, ready};
use countersign::domain::carrier::{Carrier, CarrierKind, Credentials};
use countersign::domain::delivery::{Channel, Handed, Message};
use countersign::domain::identifier::{Identifier, Kind};
use countersign::domain::ids::AttemptId;
use countersign::domain::passcode::Passcode;
use countersign::domain::time::Time;
use countersign::text::Texts;
use std::time::Duration;

pub const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
pub const TOKEN: &str = "0123456789abcdef0123456789abcdef";
pub const PHONE: &str = "+491701234567";
pub const ATTEMPT: &str = "at_0123456789abcdef";
pub const PASSCODE: &str = "493817";
pub const REPORT_TO: &str = "https://id.example/carriers/them/receipts?attempt=at_0123456789abcdef";
pub const LANGUAGES: [&str; 9] = ["en", "es", "pt-BR", "fr", "de", "id", "hi", "sw", "ar"];

pub fn secrets(all: &[(&str, &str)]) -> Credentials {
    let mut secrets = Credentials::default();
    all.iter().for_each(|(name, secret)| secrets.set(name, (*secret).to_owned()));
    secrets
}

/// Made ready as the server makes it, once its settings are found to be good.
pub fn carrier(kind: CarrierKind, secrets: &Credentials, base: Option<&str>) -> Ready {
    assert_eq!(kind.faults(secrets), []);
    let mut carrier = Carrier::new("them", kind);
    carrier.base_url = base.map(str::to_owned);
    carrier.allow_private = true;
    let outside = Outside { web: Web::new().expect("a client"), phone: None };
    ready(&carrier, secrets, &outside).unwrap_or_else(|why| panic!("not ready: {why}"))
}

pub fn texts() -> Texts {
    Texts::load().expect("the sentences")
}

/// As the server writes it, with five minutes to live.
pub fn message(channel: Channel, to: &str, language: &str) -> Message {
    let texts = texts();
    let words = texts.pick(&[language]);
    assert_eq!(words.tag(), language);
    let kind = if channel == Channel::Email { Kind::Email } else { Kind::Phone };
    let contents = Contents {
        words,
        color: Some("#1a5fb4"),
        app: "Büro & Söhne",
        passcode: &Passcode::fixed(PASSCODE),
        tag: "KX",
        minutes: 5,
        host: "id.example",
    };
    let at = now();
    let envelope = Envelope {
        attempt: AttemptId::new(ATTEMPT),
        to: Identifier::stored(kind, to.to_owned()),
        channel,
        at,
        expires_at: at.plus(Duration::from_secs(300)),
    };
    Message { report_to: Some(REPORT_TO.into()), ..write(&contents, envelope) }
}

#[expect(clippy::disallowed_methods, reason = "the vendors' verifiers ask the machine for the time")]
pub fn now() -> Time {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    Time::from_secs(i64::try_from(since.as_secs()).expect("fits"))
}

/// Sends it; the carrier's name for it.
pub async fn taken(ready: &Ready, message: &Message) -> String {
    match ready.sender.send(message).await {
        Handed::Accepted { reference, .. } => reference,
        other => panic!("{message:?}: {other:?}"),
    }
}

/// Something was found, and nothing of it is wrong.
#[track_caller]
pub fn all_good(findings: &[Finding]) {
    assert!(!findings.is_empty() && findings.iter().all(|finding| finding.good), "{findings:#?}");
}
