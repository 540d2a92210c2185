//! Telegram: the two steps of sending, what its words mean, and its signed reports.

use super::*;
use crate::delivery::fake::{self, Fake};
use crate::domain::time::Time;
use std::collections::HashMap;

const NOW: i64 = 1_750_000_000;

fn gateway(fake: &Fake, sender_username: Option<&str>) -> TelegramGateway {
    let settings = carrier::TelegramGateway { sender_username: sender_username.map(str::to_owned) };
    let mut secrets = Credentials::default();
    secrets.set("access_token", "AAEFAAAAgV3R".into());
    TelegramGateway::new(&settings, &secrets, fake.web())
}

fn able() -> Value {
    json!({"ok": true, "result": {"request_id": "111", "phone_number": "+2348031234567", "request_cost": 0.01}})
}

fn error(text: &str) -> Value {
    json!({"ok": false, "error": text})
}

#[tokio::test]
async fn it_is_asked_whether_and_then_to_send() {
    let sent = json!({"ok": true, "result": {"request_id": "111", "request_cost": 0.01, "remaining_balance": 9.5,
        "delivery_status": {"status": "sent", "updated_at": NOW}}});
    let fake = Fake::start(&[(200, able()), (200, sent)]).await;
    let handed = gateway(&fake, Some("shop")).send(&fake::message("en")).await;
    let cost = Cost::read("0.01", "USD");
    assert_eq!(handed, Handed::Accepted { reference: "111".into(), status: Status::Sent, cost });
    let asked = fake.asked();
    assert_eq!(
        (asked[0].path.as_str(), &asked[0].body),
        ("/checkSendAbility", &json!({"phone_number": "+2348031234567"}))
    );
    assert_eq!(
        (asked[1].path.as_str(), asked[1].authorization.as_str()),
        ("/sendVerificationMessage", "Bearer AAEFAAAAgV3R")
    );
    assert_eq!(
        asked[1].body,
        json!({"phone_number": "+2348031234567", "request_id": "111", "code": "481516", "ttl": 300, "payload": "at_1",
            "callback_url": "https://id.example/carriers/x/receipts?attempt=at_1", "sender_username": "shop"})
    );
}

#[tokio::test]
async fn reports_go_to_https_alone_and_a_short_life_is_lengthened() {
    let fake = Fake::start(&[]).await;
    let mut message = fake::message("en");
    message.report_to = Some("http://127.0.0.1:8080/carriers/x/receipts?attempt=at_1".into());
    message.expires_at = Time::from_secs(NOW + 20);
    let body = gateway(&fake, None).body(&message, "111");
    assert_eq!(
        (&body["callback_url"], &body["sender_username"], &body["ttl"]),
        (&Value::Null, &Value::Null, &json!(60))
    );
}

#[tokio::test]
async fn who_is_not_on_telegram_is_known_at_once() {
    let fake = Fake::start(&[(200, error("PHONE_NUMBER_NOT_AVAILABLE")), (502, json!("bad gateway"))]).await;
    let gateway = gateway(&fake, None);
    let Handed::Failed(failed) = gateway.send(&fake::message("en")).await else { panic!("not there") };
    assert_eq!((failed.class, failed.code.as_str()), (Class::Unreachable, "PHONE_NUMBER_NOT_AVAILABLE"));
    let Handed::Failed(failed) = gateway.send(&fake::message("en")).await else { panic!("broken") };
    assert_eq!((failed.class, fake.asked().len()), (Class::Busy, 2), "nothing was sent after either");
}

#[tokio::test]
async fn a_message_sent_already_is_this_message() {
    let fake = Fake::start(&[(200, able()), (200, error("MESSAGE_ALREADY_SENT"))]).await;
    assert_eq!(gateway(&fake, None).send(&fake::message("en")).await, Handed::accepted("111"));
}

#[test]
fn telegrams_words_are_classed() {
    for (error, class) in [
        ("PHONE_NUMBER_INVALID", Class::Unreachable),
        ("PHONE_NUMBER_NOT_FOUND", Class::Unreachable),
        ("ACCESS_TOKEN_INVALID", Class::Misconfigured),
        ("BALANCE_NOT_ENOUGH", Class::Misconfigured),
        ("SENDER_NOT_VERIFIED", Class::Misconfigured),
        ("CODE_INVALID", Class::Misconfigured),
        ("REQUEST_ID_INVALID", Class::Misconfigured),
        ("SOMETHING_NEW", Class::Misconfigured),
        ("FLOOD_WAIT", Class::Busy),
    ] {
        assert_eq!(said(error).class, class, "{error}");
    }
    let waits = said("FLOOD_WAIT_17");
    assert_eq!((waits.class, waits.retry_after), (Class::Busy, Some(Duration::from_secs(17))));
}

#[tokio::test]
async fn feedback_and_examination_ask_for_a_status() {
    let fake = Fake::start(&[
        (200, able()),
        (200, error("REQUEST_ID_INVALID")),
        (200, error("ACCESS_TOKEN_INVALID")),
        (200, error("REQUEST_ID_INVALID")),
    ])
    .await;
    let gateway = gateway(&fake, None);
    assert_eq!(gateway.feed_back("111", "123456").await, Ok(()));
    assert!(gateway.feed_back("112", "123456").await.is_err());
    assert!(!gateway.examine(Time(0)).await[0].good);
    assert!(gateway.examine(Time(0)).await[0].good);
    let asked = fake.asked();
    assert_eq!(
        (asked[0].path.as_str(), &asked[0].body),
        ("/checkVerificationStatus", &json!({"request_id": "111", "code": "123456"}))
    );
    assert_eq!(asked[3].body, json!({"request_id": "0"}));
}

fn sign(stamp: &str, body: &[u8]) -> String {
    let key = digest::digest(&digest::SHA256, b"AAEFAAAAgV3R");
    let data = [stamp.as_bytes(), b"\n", body].concat();
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_ref()), &data);
    tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn read(stamp: &str, signature: &str, body: &[u8]) -> Result<Reported, Unproven> {
    let headers = HashMap::from([
        ("x-request-timestamp".to_owned(), stamp.to_owned()),
        ("x-request-signature".to_owned(), signature.to_owned()),
    ]);
    let query = [("attempt".to_owned(), "at_2".to_owned())];
    let (url, now) = ("https://id.example/carriers/tg/receipts", Time::from_secs(NOW));
    let fake = Fake::start(&[]).await;
    gateway(&fake, None).read(&Posted { method: "POST", url, query: &query, headers: &headers, body, now })
}

#[tokio::test]
async fn only_fresh_signed_reports_are_read() {
    let (body, now, old) = (b"{}", NOW.to_string(), (NOW - 301).to_string());
    assert_eq!(read(&now, &sign(&now, body), body).await, Ok(Reported::Receipts(vec![])));
    assert!(read(&now, &sign(&now, body), b"{ }").await.is_err(), "another body");
    assert!(read(&(NOW + 1).to_string(), &sign(&now, body), body).await.is_err(), "another time");
    assert!(read(&old, &sign(&old, body), body).await.is_err(), "stale");
    assert!(read("soon", &sign("soon", body), body).await.is_err(), "no time");
    assert!(read(&now, "", body).await.is_err(), "no signature");
}

#[tokio::test]
async fn a_report_names_its_attempt_status_and_cost() {
    for (status, refunded, meant, cost) in [
        ("sent", false, Some(Status::Sent), "0.01"),
        ("delivered", false, Some(Status::Delivered), "0.01"),
        ("read", false, Some(Status::Read), "0.01"),
        ("expired", true, Some(Status::Undelivered), "0"),
        ("revoked", false, Some(Status::Undelivered), "0.01"),
        ("news", false, None, "0"),
    ] {
        let report = json!({"request_id": "111", "phone_number": "+2348031234567", "request_cost": 0.01,
            "is_refunded": refunded, "payload": "at_1", "delivery_status": {"status": status, "updated_at": NOW}});
        let (body, now) = (report.to_string(), NOW.to_string());
        let Ok(Reported::Receipts(receipts)) = read(&now, &sign(&now, body.as_bytes()), body.as_bytes()).await else {
            panic!("{status}")
        };
        assert_eq!(receipts.first().map(|receipt| receipt.status), meant);
        if let Some(receipt) = receipts.first() {
            assert_eq!(receipt.attempt, Some(AttemptId::new("at_1")));
            assert_eq!((receipt.reference.as_deref(), receipt.cost.clone()), (Some("111"), Cost::read(cost, "USD")));
            assert_eq!(receipt.failed.is_some(), receipt.status == Status::Undelivered);
        }
    }
    assert_eq!(
        receipt(&json!({"delivery_status": {"status": "sent"}}), Some("at_2")).and_then(|one| one.attempt),
        Some(AttemptId::new("at_2"))
    );
}
