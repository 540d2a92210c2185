//! For tests: a carrier's server that gives scripted answers and remembers what it was asked.

use crate::delivery::web::{CarrierWeb, Web};
use crate::domain::carrier::{Carrier, CarrierKind};
use crate::domain::delivery::{Channel, Message};
use crate::domain::identifier::{Identifier, Kind};
use crate::domain::ids::AttemptId;
use crate::domain::time::Time;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, Uri};
use serde_json::Value;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

pub struct Asked {
    pub path: String,
    pub authorization: String,
    pub body: Value,
}

pub struct Fake {
    url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Fake {
    pub async fn start(answers: &[(u16, Value)]) -> Self {
        let answers = Arc::new(Mutex::new(VecDeque::from(answers.to_vec())));
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let seen = Arc::clone(&asked);
        let answer = move |uri: Uri, headers: HeaderMap, body: Bytes| async move {
            let authorization = headers.get("authorization").and_then(|value| value.to_str().ok());
            seen.lock().expect("a lock").push(Asked {
                path: uri.to_string(),
                authorization: authorization.unwrap_or_default().to_owned(),
                body: serde_json::from_slice(&body).unwrap_or_default(),
            });
            let (status, body) = answers.lock().expect("a lock").pop_front().unwrap_or((500, Value::Null));
            (StatusCode::from_u16(status).expect("a status"), body.to_string())
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, axum::Router::new().fallback(answer)).await });
        Self { url, asked }
    }

    pub fn web(&self) -> CarrierWeb {
        let mut carrier = Carrier::new("fake", CarrierKind::DevPhone);
        carrier.base_url = Some(self.url.clone());
        carrier.allow_private = true;
        Web::new().expect("a client").of(&carrier)
    }

    pub fn asked(&self) -> std::sync::MutexGuard<'_, Vec<Asked>> {
        self.asked.lock().expect("a lock")
    }
}

/// A passcode on its way to a number in Nigeria, alive for five minutes.
pub fn message(language: &str) -> Message {
    Message {
        attempt: AttemptId::new("at_1"),
        to: Identifier::stored(Kind::Phone, "+2348031234567".into()),
        channel: Channel::Whatsapp,
        from: "Shop".into(),
        subject: String::new(),
        text: "481516 is your Shop code.".into(),
        html: None,
        digits: "481516".into(),
        language: language.into(),
        at: Time::from_secs(1_750_000_000),
        expires_at: Time::from_secs(1_750_000_300),
        report_to: Some("https://id.example/carriers/x/receipts?attempt=at_1".into()),
        sender: None,
        region: None,
    }
}
