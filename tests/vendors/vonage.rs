//! What the Vonage carrier posts, as Vonage's own models read it; and callbacks signed as Vonage signs them.

use crate::carriers::{LANGUAGES, PHONE, all_good, carrier, message, now, secrets};
use crate::oracle::oracle;
use crate::signed_by_us::Gateway;
use aws_lc_rs::digest;
use countersign::delivery::route::Ready;
use countersign::delivery::{Posted, Reported};
use countersign::domain::carrier::{CarrierKind, Vonage};
use countersign::domain::delivery::{Channel, Handed};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::process::Command;

const SECRET: &str = "a signature secret of the account's own";
const APPLICATION: &str = "78d335fa-323d-0114-9c3d-d6f0d48968cf";

fn private_key() -> String {
    let mut openssl = Command::new("openssl");
    openssl.args(["genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]);
    String::from_utf8(openssl.output().expect("openssl").stdout).expect("PEM")
}

fn vonage(base: Option<&str>) -> Ready {
    let settings = Vonage {
        application_id: APPLICATION.into(),
        from: Some("Shop".into()),
        whatsapp_from: Some("+14155238886".into()),
        whatsapp_template: Some("passcode".into()),
        whatsapp_languages: vec!["en".into(), "pt_BR".into()],
        voice_from: Some("+12025550124".into()),
    };
    let secrets = secrets(&[("private_key", &private_key()), ("signature_secret", SECRET)]);
    carrier(CarrierKind::Vonage(settings), &secrets, base)
}

#[tokio::test]
async fn its_models_read_what_we_post() {
    let Some(oracle) = oracle() else { return };
    let (gateway, url) = Gateway::open().await;
    let ready = vonage(Some(url.trim_end_matches("/send")));
    for channel in [Channel::Sms, Channel::Whatsapp, Channel::Voice] {
        for language in LANGUAGES {
            for sender in [None, Some("+4915735980000".to_owned())] {
                let mut message = message(channel, PHONE, language);
                message.sender = sender;
                assert!(matches!(ready.sender.send(&message).await, Handed::Accepted { .. }));
                let body: Value = serde_json::from_slice(&gateway.took().1).expect("JSON");
                let read = oracle.ask("vonage_model", json!({"channel": channel.as_str(), "body": body}));
                assert_eq!(body, read, "nothing it does not know, nothing it leaves out");
            }
        }
    }
    all_good(&ready.sender.examine(now()).await);
}

fn read(ready: &Ready, token: &str, body: &[u8]) -> Option<usize> {
    let headers = HashMap::from([("authorization".to_owned(), format!("Bearer {token}"))]);
    let url = "https://id.example/carriers/them/receipts?attempt=at_1";
    let query = [("attempt".to_owned(), "at_1".to_owned())];
    let posted = Posted { method: "POST", url, query: &query, headers: &headers, body, now: now() };
    match ready.sender.read(&posted) {
        Ok(Reported::Receipts(receipts)) => Some(receipts.len()),
        Ok(other) => panic!("{other:?}"),
        Err(_) => None,
    }
}

#[test]
fn callbacks_are_believed_as_vonage_signs_them() {
    let Some(oracle) = oracle() else { return };
    let ready = vonage(None);
    let mut runner = TestRunner::new(Config { cases: 200, failure_persistence: None, ..Config::default() });
    let run = runner.run(&("\\PC{0,20}", any::<usize>()), |(words, at)| {
        let body =
            json!({"message_uuid": "m", "status": "delivered", "client_ref": "at_1", "words": words}).to_string();
        let hash = digest::digest(&digest::SHA256, body.as_bytes());
        let hash: String = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let claims = json!({"iat": now().secs(), "jti": "j", "iss": "Vonage", "payload_hash": hash,
            "api_key": "a1b2c3d4", "application_id": APPLICATION});
        let sign = |secret: &str| oracle.text("vonage_sign", json!({"claims": claims, "secret": secret}));
        let theirs = |token: &str| oracle.agrees("vonage_verify", json!({"token": token, "secret": SECRET}));
        let token = sign(SECRET);
        prop_assert!(theirs(&token));
        prop_assert_eq!(read(&ready, &token, body.as_bytes()), Some(1));
        let other = sign("another secret, and quite as long as it");
        prop_assert!(!theirs(&other));
        prop_assert_eq!(read(&ready, &other, body.as_bytes()), None);
        let mut changed = body.clone().into_bytes();
        let place = at % changed.len();
        changed[place] ^= 1;
        prop_assert_eq!(read(&ready, &token, &changed), None);
        Ok(())
    });
    run.unwrap_or_else(|why| panic!("{why}"));
}
