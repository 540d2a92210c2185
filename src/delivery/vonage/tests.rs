//! Vonage: tokens, callbacks good, tampered and stale, and what their documents mean.

use super::*;
use crate::delivery::fake::{self, Fake};
use crate::domain::delivery::{Cost, Receipt, Status};
use crate::domain::ids::AttemptId;
use crate::domain::time::Time;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{DecodingKey, Validation};
use std::collections::HashMap;

const APPLICATION: &str = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";
const NOW: i64 = 1_750_000_000;

fn secrets() -> (Credentials, Vec<u8>) {
    let pair = KeyPair::generate(KeySize::Rsa2048).expect("a key");
    let der = AsDer::<Pkcs8V1Der>::as_der(&pair).expect("a document");
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der.as_ref()));
    let mut secrets = Credentials::default();
    secrets.set("private_key", pem);
    secrets.set("signature_secret", "a signature secret of 32 letters".into());
    (secrets, pair.public_key().as_ref().to_vec())
}

fn settings() -> carrier::Vonage {
    carrier::Vonage {
        application_id: APPLICATION.into(),
        from: Some("Shop".into()),
        whatsapp_from: Some("+12025550123".into()),
        whatsapp_template: Some("otp_login".into()),
        whatsapp_languages: vec!["en".into()],
        voice_from: Some("+12025550123".into()),
    }
}

async fn sender(answers: &[(u16, Value)]) -> (Vonage, Fake, Vec<u8>) {
    let fake = Fake::start(answers).await;
    let (secrets, public) = secrets();
    (Vonage::new(&settings(), &secrets, fake.web()).expect("a carrier"), fake, public)
}

#[tokio::test]
async fn messages_and_calls_go_under_a_token_of_the_application() {
    let uuid = "aaaaaaaa-bbbb-cccc-dddd-0123456789ab";
    let (vonage, fake, public) = sender(&[(202, json!({"message_uuid": uuid})), (201, json!({"uuid": uuid}))]).await;
    let mut message = fake::message("en");
    message.channel = Channel::Sms;
    assert_eq!(vonage.send(&message).await, Handed::accepted(uuid));
    message.channel = Channel::Voice;
    assert_eq!(vonage.send(&message).await, Handed::accepted(uuid));
    let asked = fake.asked();
    assert_eq!((asked[0].path.as_str(), asked[1].path.as_str()), ("/v1/messages", "/v1/calls"));
    let token = asked[0].authorization.strip_prefix("Bearer ").expect("a token");
    let mut rules = Validation::new(Algorithm::RS256);
    rules.validate_exp = false;
    let claims =
        jsonwebtoken::decode::<Value>(token, &DecodingKey::from_rsa_der(&public), &rules).expect("signed").claims;
    assert_eq!(claims["application_id"], APPLICATION);
    assert_eq!((claims["iat"].as_i64(), claims["exp"].as_i64()), (Some(NOW), Some(NOW + 300)));
    let jti = claims["jti"].as_str().expect("a name");
    assert_eq!((jti.len(), &jti[14..15]), (36, "8"));
}

#[tokio::test]
async fn what_is_refused_or_has_no_sender_is_said() {
    let bad = json!({"type": "https://developer.vonage.com/api-errors/messages#1150", "title": "Invalid params",
        "invalid_parameters": [{"name": "to", "reason": "Invalid phone number 2348031234567"}]});
    let (mut vonage, _fake, _) = sender(&[(422, bad)]).await;
    let Handed::Failed(failed) = vonage.send(&fake::message("en")).await else { panic!("it was refused") };
    assert_eq!((failed.class, failed.code.as_str()), (Class::BadNumber, "1150"));
    vonage.settings.whatsapp_from = None;
    let Handed::Failed(failed) = vonage.send(&fake::message("en")).await else { panic!("there is no sender") };
    assert_eq!(failed.class, Class::Misconfigured);
}

#[tokio::test]
async fn the_examination_proves_the_key() {
    let (vonage, fake, _) = sender(&[(200, json!({"count": 0})), (401, Value::Null), (403, Value::Null)]).await;
    for good in [true, false, false] {
        assert_eq!(vonage.examine(Time(0)).await[0].good, good);
    }
    assert_eq!(fake.asked()[0].path, "/v1/calls?page_size=1");
}

#[tokio::test]
async fn a_key_that_is_none_is_told_at_once() {
    let mut secrets = Credentials::default();
    secrets.set("private_key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n".into());
    let fake = Fake::start(&[]).await;
    let told = Vonage::new(&settings(), &secrets, fake.web()).err().expect("no key");
    assert!(told.starts_with("private_key"), "{told}");
}

/// A callback as Vonage signs it, with claims of one's own over its usual ones.
fn callback(secret: &str, body: &[u8], other: Value) -> String {
    let hash = digest::digest(&digest::SHA256, body);
    let hash: String = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let mut claims = json!({"iat": NOW, "jti": "c5ba8f24-1a14-4c10-bfdf-3fbe8ce511b5", "iss": "Vonage",
        "payload_hash": hash, "api_key": "a1b2c3d", "application_id": APPLICATION});
    if let (Some(claims), Value::Object(other)) = (claims.as_object_mut(), other) {
        claims.extend(other);
    }
    let key = jsonwebtoken::EncodingKey::from_secret(secret.as_bytes());
    format!("Bearer {}", jsonwebtoken::encode(&Header::default(), &claims, &key).expect("signs"))
}

fn read(authorization: &str, query: &[(String, String)], body: &[u8]) -> Result<Reported, Unproven> {
    let webhook = receipts::Webhook::new("a signature secret of 32 letters", APPLICATION);
    let headers = HashMap::from([("authorization".to_owned(), authorization.to_owned())]);
    let url = "https://id.example/carriers/vonage/receipts";
    webhook.read(&Posted { method: "POST", url, query, headers: &headers, body, now: Time::from_secs(NOW + 10) })
}

fn receipt(document: &Value) -> Option<Receipt> {
    let body = document.to_string();
    let signed = callback("a signature secret of 32 letters", body.as_bytes(), json!({}));
    let query = [("attempt".to_owned(), "at_2".to_owned())];
    let Ok(Reported::Receipts(mut receipts)) = read(&signed, &query, body.as_bytes()) else { panic!("{document}") };
    receipts.pop()
}

#[test]
fn only_fresh_tokens_over_this_body_for_this_application_count() {
    let body = br#"{"message_uuid":"1","status":"delivered"}"#;
    let secret = "a signature secret of 32 letters";
    assert!(read(&callback(secret, body, json!({})), &[], body).is_ok());
    for (why, authorization) in [
        ("another secret", callback("another", body, json!({}))),
        ("another body", callback(secret, b"{}", json!({}))),
        ("no hash", callback(secret, body, json!({"payload_hash": null}))),
        ("stale", callback(secret, body, json!({"iat": NOW - 300}))),
        ("from the future", callback(secret, body, json!({"iat": NOW + 400}))),
        ("no time", callback(secret, body, json!({"iat": null}))),
        ("expired", callback(secret, body, json!({"exp": NOW}))),
        ("another application", callback(secret, body, json!({"application_id": "other"}))),
        ("no token", "Basic YTpi".to_owned()),
        ("unsigned", "Bearer eyJhbGciOiJub25lIn0.e30.".to_owned()),
    ] {
        assert!(read(&authorization, &[], body).is_err(), "{why}");
    }
}

#[test]
fn a_messages_status_names_its_attempt_cost_and_reason() {
    let told = |status: &str| {
        json!({"message_uuid": "uuid-1", "to": "2348031234567", "from": "Shop", "channel": "sms",
        "timestamp": "2026-11-21T12:00:00Z", "status": status, "client_ref": "at_1",
        "usage": {"currency": "EUR", "price": "0.0333"}})
    };
    for (status, meant) in [("submitted", Status::Sent), ("delivered", Status::Delivered), ("read", Status::Read)] {
        let receipt = receipt(&told(status)).expect("a receipt");
        assert_eq!((receipt.status, receipt.failed), (meant, None));
        assert_eq!((receipt.attempt, receipt.cost), (Some(AttemptId::new("at_1")), Cost::read("0.0333", "EUR")));
        assert_eq!(receipt.reference.as_deref(), Some("uuid-1"));
    }
    let mut rejected = told("rejected");
    rejected["error"] = json!({"type": "https://developer.vonage.com/api-errors/messages#1240", "title": 1240,
        "detail": "Illegal Number", "instance": "bf0ca0bf927b3b52e3cb03217e1a1ddf"});
    let failed = receipt(&rejected).and_then(|receipt| receipt.failed).expect("a reason");
    assert_eq!((failed.class, failed.code.as_str()), (Class::OptedOut, "1240"));
    let failed = receipt(&told("undeliverable")).and_then(|receipt| receipt.failed).expect("a reason");
    assert_eq!((failed.class, failed.code.as_str()), (Class::Busy, "undeliverable"));
    assert_eq!(receipt(&json!({"message_uuid": "1", "text": "an inbound message"})), None);
}

#[test]
fn a_calls_events_tell_who_heard_it() {
    let told = |status: &str| {
        json!({"uuid": "call-1", "conversation_uuid": "CON-1", "status": status, "direction": "outbound",
        "from": "12025550123", "to": "2348031234567"})
    };
    for (status, meant) in [
        ("started", Status::Accepted),
        ("ringing", Status::Sent),
        ("answered", Status::Delivered),
        ("busy", Status::Undelivered),
        ("timeout", Status::Undelivered),
        ("unanswered", Status::Undelivered),
        ("failed", Status::Undelivered),
        ("rejected", Status::Undelivered),
        ("cancelled", Status::Undelivered),
    ] {
        let receipt = receipt(&told(status)).expect("a receipt");
        assert_eq!((receipt.status, receipt.reference.as_deref()), (meant, Some("call-1")), "{status}");
        assert_eq!(receipt.attempt, Some(AttemptId::new("at_2")), "by the query");
        assert_eq!(
            receipt.failed.map(|failed| failed.class),
            (meant == Status::Undelivered).then_some(Class::Unreachable)
        );
    }
    let mut completed = told("completed");
    completed["price"] = "0.0041".into();
    assert_eq!(receipt(&completed).and_then(|receipt| receipt.cost), Cost::read("0.0041", "EUR"));
    assert_eq!(receipt(&told("human")), None);
}
