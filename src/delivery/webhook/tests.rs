//! A gateway on loopback that keeps what it is told, and signatures made and verified by the crate of Standard Webhooks.

use super::*;
use crate::delivery::web::Web;
use crate::domain::carrier::{Carrier, CarrierKind};
use crate::domain::delivery::{Channel, Cost, Micros, Receipt, Status};
use crate::domain::identifier::{Identifier, Kind};
use crate::domain::ids::AttemptId;
use crate::domain::time::Time;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use time::OffsetDateTime;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

#[derive(Clone)]
struct Gateway {
    url: String,
    told: Arc<Mutex<Vec<(Method, HeaderMap, Bytes)>>>,
    answer: Arc<Mutex<(u16, HeaderMap, String)>>,
}

impl Gateway {
    async fn open() -> Self {
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/send", socket.local_addr().expect("an address"));
        let gateway =
            Self { url, told: Arc::default(), answer: Arc::new(Mutex::new((200, HeaderMap::new(), "{}".into()))) };
        let hear = |State(gateway): State<Self>, method: Method, headers: HeaderMap, body: Bytes| async move {
            gateway.told.lock().expect("a lock").push((method, headers, body));
            let (status, headers, body) = gateway.answer.lock().expect("a lock").clone();
            (StatusCode::from_u16(status).expect("a status"), headers, body)
        };
        let router = Router::new().fallback(hear).with_state(gateway.clone());
        tokio::spawn(async move { axum::serve(socket, router).await });
        gateway
    }

    fn answers(&self, status: u16, body: &Value) {
        self.answer.lock().expect("a lock").0 = status;
        self.answer.lock().expect("a lock").2 = body.to_string();
    }

    fn last(&self) -> (Method, HeaderMap, Bytes) {
        self.told.lock().expect("a lock").pop().expect("it was told something")
    }

    /// A carrier that speaks to it.
    fn carrier(&self, shape: Shape) -> Webhook {
        let channels = Channel::ALL.to_vec();
        carrier(carrier::Webhook { url: self.url.clone(), shape, channels, receipts: true })
    }
}

fn carrier(settings: carrier::Webhook) -> Webhook {
    let mut secrets = Credentials::default();
    secrets.set("secret", format!("v1,{SECRET}"));
    secrets.set("authorization", "Bearer s3cret".into());
    let carrier = Carrier { allow_private: true, ..Carrier::new("gateway", CarrierKind::Webhook(settings.clone())) };
    Webhook::new(&settings, &secrets, Web::new().expect("a client").of(&carrier)).expect("a carrier")
}

/// The machine's time, which the crate compares signatures with.
fn now() -> Time {
    Time::from_secs(OffsetDateTime::now_utc().unix_timestamp())
}

fn message(kind: Kind, to: &str, channel: Channel) -> Message {
    Message {
        attempt: AttemptId::new("at_019a"),
        to: Identifier::stored(kind, to.into()),
        channel,
        from: "Shop".into(),
        subject: "Your code".into(),
        text: "123456 is your code".into(),
        html: (channel == Channel::Email).then(|| "<p>123456</p>".into()),
        digits: "123456".into(),
        language: "pt-BR".into(),
        at: now(),
        expires_at: Time::from_secs(1_800_000_000),
        report_to: Some("https://id.example/carriers/gateway/receipts?attempt=at_019a".into()),
        sender: None,
        region: None,
    }
}

fn sms() -> Message {
    message(Kind::Phone, "+2348031234567", Channel::Sms)
}

fn verifier() -> standardwebhooks::Webhook {
    standardwebhooks::Webhook::new(SECRET).expect("a secret")
}

#[tokio::test]
async fn our_own_document_is_signed_and_whole() {
    let gateway = Gateway::open().await;
    let carrier = gateway.carrier(Shape::Standard);
    let sent = carrier.send(&Message { sender: Some("SHOP".into()), ..sms() }).await;
    assert_eq!(sent, Handed::accepted("at_019a"));
    let (method, headers, body) = gateway.last();
    verifier().verify(&body, &headers).expect("a signature the crate believes");
    assert_eq!((method, &headers["webhook-id"]), (Method::POST, &HeaderValue::from_static("at_019a")));
    assert_eq!(
        (&headers["content-type"], &headers["authorization"]),
        (&"application/json".parse().expect("a value"), &"Bearer s3cret".parse().expect("a value"))
    );
    assert_eq!(
        body,
        concat!(
            r#"{"type":"passcode.send","attempt":"at_019a","channel":"sms","to":"+2348031234567","text":"123456 is your code","#,
            r#""code":"123456","language":"pt-BR","app":"Shop","expires_at":"2027-01-15T08:00:00Z","sender":"SHOP","#,
            r#""receipts_url":"https://id.example/carriers/gateway/receipts?attempt=at_019a"}"#
        )
    );
    carrier.send(&message(Kind::Email, "ada@example.com", Channel::Email)).await;
    let mail: Value = serde_json::from_slice(&gateway.last().2).expect("JSON");
    assert_eq!(
        (&mail["to"], &mail["subject"], &mail["html"]),
        (&json!("ada@example.com"), &json!("Your code"), &json!("<p>123456</p>"))
    );
    assert!(carrier.idempotent() && carrier.reports());
}

#[tokio::test]
async fn supabases_hook_is_told_as_by_supabase() {
    let gateway = Gateway::open().await;
    let carrier = gateway.carrier(Shape::Supabase);
    assert_eq!(carrier.send(&sms()).await, Handed::accepted("at_019a"));
    let (_, headers, body) = gateway.last();
    verifier().verify(&body, &headers).expect("a signature the crate believes");
    let said: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(said["sms"], json!({"otp": "123456", "phone": "2348031234567"}));
    assert_eq!(said["user"]["phone"], "2348031234567");
    let id = said["user"]["id"].as_str().expect("an id").to_owned();
    assert_eq!((id.len(), id.matches('-').count(), &id[14..15], &id[19..20]), (36, 4, "5", "a"), "{id}");
    carrier.send(&sms()).await;
    let again: Value = serde_json::from_slice(&gateway.last().2).expect("JSON");
    assert_eq!(again["user"]["id"], id, "the same attempt, the same id");
    assert!(!carrier.idempotent());
    // Its refusals come with 200.
    gateway.answers(200, &json!({"error": {"http_code": 429, "message": "too many for 2348031234567"}}));
    let Handed::Failed(failed) = carrier.send(&sms()).await else { panic!("refused") };
    assert_eq!((failed.class, failed.code.as_str(), failed.detail.as_str()), (Class::Busy, "429", "too many for …"));
    gateway.answers(504, &json!({}));
    assert!(matches!(carrier.send(&sms()).await, Handed::Unknown(_)));
}

#[tokio::test]
async fn logtos_connector_is_told_as_by_logto() {
    let gateway = Gateway::open().await;
    let carrier = gateway.carrier(Shape::Logto);
    assert_eq!(carrier.send(&sms()).await, Handed::accepted("at_019a"));
    let (_, headers, body) = gateway.last();
    let said: Value = serde_json::from_slice(&body).expect("JSON");
    let payload = json!({"code": "123456", "locale": "pt-BR"});
    assert_eq!(said, json!({"to": "+2348031234567", "type": "SignIn", "payload": payload}));
    assert_eq!(headers["authorization"], "Bearer s3cret");
    assert!(!headers.contains_key("webhook-signature") && !carrier.idempotent());
}

#[tokio::test]
async fn a_gateways_answer_is_taken_at_its_word() {
    let gateway = Gateway::open().await;
    let carrier = gateway.carrier(Shape::Standard);
    gateway
        .answers(202, &json!({"reference": "m1", "status": "delivered", "cost": {"amount": 0.01, "currency": "usd"}}));
    let cost = Some(Cost { amount: Micros(10_000), currency: "USD".into() });
    let taken = Handed::Accepted { reference: "m1".into(), status: Status::Delivered, cost };
    assert_eq!(carrier.send(&sms()).await, taken);
    gateway.answers(200, &json!("no document of ours"));
    assert_eq!(carrier.send(&sms()).await, Handed::accepted("at_019a"));

    let unnamed = json!({});
    for (status, said, class, code) in [
        (
            400,
            json!({"class": "bad_number", "code": "no_such", "detail": "+2348031234567"}),
            Class::BadNumber,
            "no_such",
        ),
        (400, json!({"class": "opted_out", "code": 7}), Class::OptedOut, "7"),
        (403, json!({"class": "policy"}), Class::Policy, "403"),
        (503, json!({"class": "unreachable"}), Class::Unreachable, "503"),
        (200, json!({"status": "undelivered", "code": "2348031234567"}), Class::Unreachable, "200"),
        (400, unnamed.clone(), Class::Unreachable, "400"),
        (422, json!({"class": "unheard_of"}), Class::Unreachable, "422"),
        (401, unnamed.clone(), Class::Misconfigured, "401"),
        (404, unnamed.clone(), Class::Misconfigured, "404"),
        (302, unnamed.clone(), Class::Misconfigured, "302"),
        (408, unnamed.clone(), Class::Busy, "408"),
        (429, unnamed.clone(), Class::Busy, "429"),
        (500, unnamed.clone(), Class::Busy, "500"),
        (504, unnamed.clone(), Class::Busy, "504"),
    ] {
        gateway.answers(status, &said);
        let Handed::Failed(failed) = carrier.send(&sms()).await else { panic!("{status} {said} is a refusal") };
        assert_eq!((failed.class, failed.code.as_str()), (class, code), "{status} {said}");
        assert!(!failed.detail.contains("234"), "{}", failed.detail);
    }
    gateway.answer.lock().expect("a lock").1.insert("retry-after", HeaderValue::from_static("3"));
    gateway.answers(429, &unnamed);
    let Handed::Failed(failed) = carrier.send(&sms()).await else { panic!("busy") };
    assert_eq!(failed.retry_after, Some(Duration::from_secs(3)));
}

/// A receipt as a gateway would post it, `late` seconds before our time.
fn posted(
    carrier: &Webhook,
    body: &str,
    late: i64,
    spoil: impl Fn(&mut HashMap<String, String>),
) -> Result<Reported, Unproven> {
    let now = now();
    let at = now.secs() - late;
    let signature = verifier().sign("rc_1", at, body.as_bytes()).expect("signs");
    let headers =
        [("webhook-id", "rc_1".to_owned()), ("webhook-timestamp", at.to_string()), ("webhook-signature", signature)];
    let mut headers: HashMap<String, String> =
        headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    spoil(&mut headers);
    let url = "https://id.example/carriers/gateway/receipts?attempt=at_other";
    let query = [("attempt".to_owned(), "at_other".to_owned())];
    carrier.read(&Posted { method: "POST", url, query: &query, headers: &headers, body: body.as_bytes(), now })
}

fn receiving() -> Webhook {
    let url = "http://127.0.0.1:9/send".into();
    carrier(carrier::Webhook { url, channels: vec![Channel::Sms], receipts: true, ..Default::default() })
}

#[test]
fn receipts_the_crate_signed_are_read() {
    let carrier = receiving();
    let one = Receipt {
        attempt: Some(AttemptId::new("at_019a")),
        reference: None,
        status: Status::Delivered,
        failed: None,
        cost: None,
    };
    let body = r#"{"attempt":"at_019a","status":"delivered"}"#;
    assert_eq!(posted(&carrier, body, 0, |_| {}), Ok(Reported::Receipts(vec![one.clone()])));
    // A second signature while a secret is replaced, and one by a clock that is four minutes off.
    let two = |headers: &mut HashMap<String, String>| {
        headers.entry("webhook-signature".into()).and_modify(|one| *one = format!("v1,{} v1a,x {one}", "A".repeat(44)));
    };
    assert_eq!(posted(&carrier, body, 240, two), Ok(Reported::Receipts(vec![one.clone()])));
    assert_eq!(posted(&carrier, body, -240, |_| {}), Ok(Reported::Receipts(vec![one.clone()])));

    let several = json!([
        {"attempt": "at_1", "status": "undelivered", "class": "opted_out", "code": "21610", "detail": "STOP from +2348031234567"},
        {"reference": "m2", "status": "read", "cost": {"amount": "0.0079", "currency": "USD"}},
        {"attempt": "at_3", "status": "undelivered"},
        {"attempt": "at_4", "status": "pondered"},
        {"status": "delivered"},
    ]);
    let Ok(Reported::Receipts(receipts)) = posted(&carrier, &several.to_string(), 0, |_| {}) else {
        panic!("receipts")
    };
    let failed = |class, code, detail| Some(Failed::new(class, code, detail));
    let cost = Some(Cost { amount: Micros(7_900), currency: "USD".into() });
    let of = |attempt: Option<&str>, status| Receipt { attempt: attempt.map(AttemptId::new), status, ..one.clone() };
    assert_eq!(
        receipts,
        [
            Receipt {
                failed: failed(Class::OptedOut, "21610", "STOP from …"),
                ..of(Some("at_1"), Status::Undelivered)
            },
            Receipt { reference: Some("m2".into()), cost, ..of(None, Status::Read) },
            Receipt { failed: failed(Class::Unreachable, "undelivered", ""), ..of(Some("at_3"), Status::Undelivered) },
        ]
    );
}

#[test]
fn what_is_not_signed_or_stale_or_tampered_with_is_refused() {
    let carrier = receiving();
    let body = r#"{"attempt":"at_019a","status":"delivered"}"#;
    let tried = |late, spoil: &dyn Fn(&mut HashMap<String, String>)| {
        posted(&carrier, body, late, spoil).expect_err("refused").0
    };
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        assert_eq!(tried(0, &|headers| drop(headers.remove(name))), format!("no {name}"));
    }
    let is = |name: &'static str, value: &'static str| {
        move |headers: &mut HashMap<String, String>| drop(headers.insert(name.into(), value.into()))
    };
    for (name, value) in [
        ("webhook-id", "rc_2"),
        ("webhook-signature", "v1,"),
        ("webhook-signature", "v1a,x"),
        ("webhook-signature", ""),
    ] {
        assert!(tried(0, &is(name, value)).contains("not made with this secret"), "{name} {value}");
    }
    assert!(tried(0, &is("webhook-timestamp", "soon")).contains("no number"));
    for late in [301, -301, i64::from(u32::MAX)] {
        assert!(tried(late, &|_| {}).contains("five minutes"), "{late}");
    }
    let later = |headers: &mut HashMap<String, String>| {
        headers
            .entry("webhook-timestamp".into())
            .and_modify(|at| *at = (at.parse::<i64>().expect("a number") + 1).to_string());
    };
    assert!(tried(0, &later).contains("not made with this secret"), "another time than was signed");
    assert!(posted(&carrier, "not JSON", 0, |_| {}).expect_err("refused").0.starts_with("signed, and neither"));
    let url = "http://127.0.0.1:9/send".into();
    let deaf = super::tests::carrier(carrier::Webhook { url, channels: vec![Channel::Sms], ..Default::default() });
    assert!(posted(&deaf, body, 0, |_| {}).expect_err("refused").0.starts_with("receipts = true"));
    assert!(!deaf.reports());
}

#[tokio::test]
async fn a_look_sends_nobody_anything_and_says_how_to_mend() {
    let gateway = Gateway::open().await;
    let carrier = gateway.carrier(Shape::Standard);
    for (status, good, told) in [
        (204, true, "takes our signature"),
        (401, false, "the same on both sides"),
        (404, false, "look at its path"),
        (302, false, "sends us elsewhere"),
        (422, false, "answer that type with 2xx"),
        (500, false, "not well"),
    ] {
        gateway.answers(status, &json!({}));
        let found = carrier.examine(now()).await;
        assert_eq!(
            found.iter().map(|found| (found.good, found.text.contains(told))).collect::<Vec<_>>(),
            [(good, true)],
            "{found:?}"
        );
        let (_, headers, body) = gateway.last();
        verifier().verify(&body, &headers).expect("a signature the crate believes");
        assert_eq!(body, r#"{"type":"passcode.ping"}"#);
    }
    for shape in [Shape::Supabase, Shape::Logto] {
        gateway.answers(405, &json!({}));
        assert!(gateway.carrier(shape).examine(now()).await.iter().all(|found| found.good));
        assert_eq!(gateway.last().0, Method::OPTIONS);
    }
    let found = receiving().examine(now()).await;
    assert!(found.iter().all(|found| !found.good && found.text.contains("not reached")), "{found:?}");
}
