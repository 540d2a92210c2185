//! What pywa believes to come from Meta is believed, and nothing else is: random statuses, whole and changed.

use crate::carriers::{carrier, now, secrets};
use crate::oracle::oracle;
use crate::wire::{BUSINESS_ACCOUNT, PHONE_NUMBER};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign::delivery::route::Ready;
use countersign::delivery::{Posted, Reported};
use countersign::domain::carrier::{CarrierKind, MetaWhatsapp};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use std::collections::HashMap;

const SECRET: &str = "7c4a8d09ca3762af61e59520943dc264";

pub fn secrets_of_meta() -> countersign::domain::carrier::Credentials {
    secrets(&[("access_token", "EAAtoken"), ("app_secret", SECRET), ("verify_token", "sixteen letters!")])
}

pub fn settings() -> MetaWhatsapp {
    MetaWhatsapp {
        phone_number_id: PHONE_NUMBER.into(),
        business_account_id: BUSINESS_ACCOUNT.into(),
        ..MetaWhatsapp::default()
    }
}

fn sign(body: &[u8]) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes()), body);
    format!("sha256={}", tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect::<String>())
}

fn read(ready: &Ready, body: &[u8], signature: &str) -> Option<usize> {
    let headers = HashMap::from([("x-hub-signature-256".to_owned(), signature.to_owned())]);
    let url = "https://id.example/carriers/them/receipts";
    let posted = Posted { method: "POST", url, query: &[], headers: &headers, body, now: now() };
    match ready.sender.read(&posted) {
        Ok(Reported::Receipts(receipts)) => Some(receipts.len()),
        Ok(other) => panic!("{other:?}"),
        Err(_) => None,
    }
}

/// As Meta writes it: emoji and accents escaped.
fn batch(name: &str, count: usize) -> Vec<u8> {
    let status = |at: usize| {
        json!({"id": format!("wamid.{at}"), "status": "delivered", "timestamp": "1750000000",
            "recipient_id": "4917012345", "biz_opaque_callback_data": format!("at_{at}")})
    };
    let statuses: Vec<Value> = (0..count).map(status).collect();
    let value = json!({"messaging_product": "whatsapp", "contacts": [{"profile": {"name": name}}],
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": PHONE_NUMBER}, "statuses": statuses});
    let change = json!({"field": "messages", "value": value});
    let text = json!({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}).to_string();
    let mut escaped = String::new();
    for unit in text.encode_utf16() {
        match char::from_u32(u32::from(unit)).filter(char::is_ascii) {
            Some(letter) => escaped.push(letter),
            None => escaped.push_str(&format!("\\u{unit:04x}")),
        }
    }
    escaped.into_bytes()
}

#[test]
fn batches_are_believed_as_pywa_believes_them() {
    let Some(oracle) = oracle() else { return };
    let ready = carrier(CarrierKind::MetaWhatsapp(settings()), &secrets_of_meta(), None);
    let theirs = |body: &[u8], signature: &str| {
        oracle.agrees("meta_verify", json!({"secret": SECRET, "body": STANDARD.encode(body), "signature": signature}))
    };
    let names = prop_oneof![Just("👩‍👩‍👧 Zoë".to_owned()), "\\PC{0,16}"];
    let strategy = (names, 0..4usize, any::<usize>(), any::<u8>());
    let mut runner = TestRunner::new(Config { cases: 300, failure_persistence: None, ..Config::default() });
    let run = runner.run(&strategy, |(name, count, at, byte)| {
        let mut body = batch(&name, count);
        let signature = sign(&body);
        prop_assert!(theirs(&body, &signature));
        prop_assert_eq!(read(&ready, &body, &signature), Some(count));
        let mut other = signature.clone().into_bytes();
        let place = 7 + at % (other.len() - 7);
        other[place] = if other[place] == b'0' { b'1' } else { b'0' };
        let other = String::from_utf8(other).expect("text");
        prop_assert!(!theirs(&body, &other) && read(&ready, &body, &other).is_none(), "{}", other);
        let place = at % body.len();
        let same = body[place] == byte;
        body[place] = byte;
        prop_assert_eq!(theirs(&body, &signature), same);
        prop_assert_eq!(read(&ready, &body, &signature).is_some(), same);
        Ok(())
    });
    run.unwrap_or_else(|why| panic!("{why}"));
}
