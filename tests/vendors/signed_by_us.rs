//! What our webhook carrier posts is believed by the `standardwebhooks` package, and what that signs is believed by us.

use crate::carriers::{LANGUAGES, PHONE, all_good, carrier, message, now, secrets, taken};
use crate::harness::{self, House};
use crate::oracle::{Oracle, oracle};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign::delivery::route::Ready;
use countersign::delivery::{Posted, Reported};
use countersign::domain::carrier::{CarrierKind, Shape, Webhook};
use countersign::domain::delivery::Channel;
use countersign::domain::ids::AttemptId;
use countersign::flows::manage::apply::apply;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Headers and body.
pub type Came = (HashMap<String, String>, Vec<u8>);

/// The operator's gateway: it takes whatever comes, and keeps it as it came.
#[derive(Clone, Default)]
pub struct Gateway(Arc<Mutex<Vec<Came>>>);

impl Gateway {
    pub async fn open() -> (Self, String) {
        let gateway = Self::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/send", listener.local_addr().expect("its address"));
        let router = axum::Router::new().fallback(take).with_state(gateway.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (gateway, url)
    }

    pub fn took(&self) -> Came {
        let mut taken = self.0.lock().expect("a lock");
        assert_eq!(taken.len(), 1);
        taken.remove(0)
    }
}

async fn take(State(gateway): State<Gateway>, headers: HeaderMap, body: Bytes) -> &'static str {
    let text = |value: &axum::http::HeaderValue| value.to_str().expect("plain").to_owned();
    let headers = headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    gateway.0.lock().expect("a lock").push((headers, body.to_vec()));
    // Vonage names messages and calls so; a gateway may say what it likes.
    r#"{"message_uuid": "m", "uuid": "c"}"#
}

fn webhook(url: &str, shape: Shape, channels: &[Channel], secret: &str) -> Ready {
    let settings = Webhook { url: url.into(), shape, channels: channels.to_vec(), receipts: shape == Shape::Standard };
    carrier(CarrierKind::Webhook(settings), &secrets(&[("secret", secret)]), None)
}

/// Theirs, and theirs again once any part is another.
fn proven(oracle: &Oracle, headers: &HashMap<String, String>, body: &[u8], at: usize) {
    let verify = |headers: &HashMap<String, String>, body: &[u8], secret: &str| {
        let body = STANDARD.encode(body);
        oracle.agrees("standard_verify", json!({"secret": secret, "headers": headers, "body": body}))
    };
    assert!(verify(headers, body, SECRET), "{headers:?}");
    assert!(!verify(headers, body, "whsec_QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="));
    let mut other = body.to_vec();
    let place = at % other.len();
    // Another byte, and still UTF-8, as theirs asks for.
    other[place] = if other[place] == b'x' { b'y' } else { b'x' };
    assert!(!verify(headers, &other, SECRET));
    for name in ["webhook-id", "webhook-timestamp"] {
        let mut changed = headers.clone();
        let value = changed.get_mut(name).expect("a header");
        let last = value.pop().expect("not empty");
        value.push(if last == '1' { '2' } else { '1' });
        assert!(!verify(&changed, body, SECRET), "{name}");
        changed.remove(name);
        assert!(!verify(&changed, body, SECRET), "{name}");
    }
}

#[tokio::test]
async fn what_we_post_is_believed() {
    let Some(oracle) = oracle() else { return };
    let (gateway, url) = Gateway::open().await;
    let every = [Channel::Whatsapp, Channel::Telegram, Channel::Sms, Channel::Voice, Channel::Email];
    let standard = webhook(&url, Shape::Standard, &every, SECRET);
    let supabase = webhook(&url, Shape::Supabase, &[Channel::Sms, Channel::Whatsapp], &format!("v1,{SECRET}"));
    for (at, language) in LANGUAGES.into_iter().enumerate() {
        for channel in every {
            let to = if channel == Channel::Email { "zoë@shop.example" } else { PHONE };
            let message = message(channel, to, language);
            for ready in [&standard, &supabase].into_iter().filter(|ready| ready.carrier.kind.carries(channel)) {
                taken(ready, &message).await;
                let (headers, body) = gateway.took();
                proven(oracle, &headers, &body, at * 37);
                assert_eq!(headers["webhook-id"], message.attempt.as_str());
            }
        }
    }
}

/// Whatever apps are called.
#[tokio::test]
async fn any_words_we_post_are_believed() {
    let Some(oracle) = oracle() else { return };
    let (gateway, url) = Gateway::open().await;
    let ready = webhook(&url, Shape::Standard, &[Channel::Sms], SECRET);
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    let texts = prop_oneof![Just(String::new()), Just("👩‍👩‍👧 \u{202e}\"\\\n\u{1}".to_owned()), "\\PC{0,40}"];
    let strategy = (texts, "[ -~]{1,20}", any::<usize>());
    for _ in 0..100 {
        let (text, attempt, at) = strategy.new_tree(&mut runner).expect("values").current();
        let mut message = message(Channel::Sms, PHONE, "en");
        message.attempt = AttemptId::new(format!("at_{}", attempt.trim()));
        (message.from, message.text) = (text.clone(), text);
        taken(&ready, &message).await;
        let (headers, body) = gateway.took();
        proven(oracle, &headers, &body, at);
        let document: Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(document["text"], message.text);
    }
}

#[tokio::test]
async fn a_look_at_the_gateway_is_signed_too() {
    let Some(oracle) = oracle() else { return };
    let (gateway, url) = Gateway::open().await;
    all_good(&webhook(&url, Shape::Standard, &[Channel::Sms], SECRET).sender.examine(now()).await);
    let (headers, body) = gateway.took();
    proven(oracle, &headers, &body, 0);
}

/// What endpoints of events are told, words of all scripts in it.
#[tokio::test(flavor = "multi_thread")]
async fn events_we_tell_are_believed() {
    let Some(oracle) = oracle() else { return };
    let (gateway, url) = Gateway::open().await;
    let endpoint = format!(
        "[[event_endpoint]]\nname = \"app\"\nurl = \"{url}\"\nsecret = \"{SECRET}\"\nallow_private = true\nidentifiers = true\nevents = [\"subject.created\"]\n"
    );
    let house = House::with(harness::Engine::Sqlite, &endpoint, &[]).await;
    let person = "[[person]]\nidentifiers = [\"zoë@shöp.example\"]\n";
    apply(&house.app, person, &|_| Err(String::new()), false).await.expect("applies");
    house.until("it came", |_| !gateway.0.lock().expect("a lock").is_empty()).await;
    let (headers, body) = gateway.took();
    proven(oracle, &headers, &body, 7);
    let told: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!((&told["id"], &told["type"]), (&json!(headers["webhook-id"]), &json!("subject.created")));
    assert_eq!(told["data"]["identifiers"][0]["value"], "zoë@shöp.example");
    house.close().await;
}

fn read(ready: &Ready, headers: &HashMap<String, String>, body: &[u8]) -> Option<usize> {
    let url = "https://id.example/carriers/them/receipts";
    let posted = Posted { method: "POST", url, query: &[], headers, body, now: now() };
    match ready.sender.read(&posted) {
        Ok(Reported::Receipts(receipts)) => Some(receipts.len()),
        Ok(other) => panic!("{other:?}"),
        Err(_) => None,
    }
}

#[test]
fn receipts_they_sign_are_believed() {
    let Some(oracle) = oracle() else { return };
    let ready = webhook("http://127.0.0.1:1/", Shape::Standard, &[Channel::Sms], SECRET);
    let texts = prop_oneof![Just("👩‍👩‍👧".to_owned()), "\\PC{0,20}"];
    let strategy = (texts, "[!-~]{1,30}", 1..4usize, -200..200i64, any::<usize>());
    let mut runner = TestRunner::new(Config { cases: 200, failure_persistence: None, ..Config::default() });
    let run = runner.run(&strategy, |(detail, id, count, late, at)| {
        let one = json!({"attempt": "at_1", "status": "undelivered", "detail": detail});
        let body = Value::Array(vec![one; count]).to_string();
        let timestamp = now().secs() - late;
        let sign = |timestamp: i64| {
            let given = json!({"secret": SECRET, "id": id, "timestamp": timestamp, "body": body});
            let signature = oracle.text("standard_sign", given);
            let told = [("webhook-id", id.clone()), ("webhook-timestamp", timestamp.to_string())];
            let all = told.into_iter().chain([("webhook-signature", format!("v1,AAAA v1a,x {signature}"))]);
            all.map(|(name, value)| (name.to_owned(), value)).collect::<HashMap<_, _>>()
        };
        let headers = sign(timestamp);
        prop_assert_eq!(read(&ready, &headers, body.as_bytes()), Some(count));
        let mut other = body.clone().into_bytes();
        let place = at % other.len();
        other[place] ^= 1;
        prop_assert_eq!(read(&ready, &headers, &other), None);
        prop_assert_eq!(read(&ready, &sign(timestamp - 600), body.as_bytes()), None, "too old");
        for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
            let mut less = headers.clone();
            less.remove(name);
            prop_assert_eq!(read(&ready, &less, body.as_bytes()), None, "{}", name);
        }
        Ok(())
    });
    run.unwrap_or_else(|why| panic!("{why}"));
}
