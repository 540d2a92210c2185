//! A gateway to hand messages to: it keeps each waiting until the test says what it answers.

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tokio::net::TcpListener;
use tokio::sync::watch;

type Answers = BTreeMap<String, (StatusCode, Value)>;

pub struct Gateway {
    url: String,
    says: watch::Sender<Answers>,
}

impl Gateway {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/send", listener.local_addr().expect("bound"));
        let says = watch::Sender::new(Answers::new());
        let router = Router::new().route("/send", post(take)).with_state(says.subscribe());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, says }
    }

    /// As a declaration has it, before the carrier that comes next.
    pub fn declared(&self) -> String {
        let secret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
        format!(
            "[[carrier]]\nname = \"gateway\"\nkind = \"webhook\"\nurl = \"{}\"\nallow_private = true\ntimeout_seconds = 60\nreceipts = true\nchannels = [\"whatsapp\", \"sms\"]\nsecret = \"{secret}\"\n\n[[carrier]]\n",
            self.url
        )
    }

    /// From now on, to messages of this channel.
    pub fn answers(&self, channel: &str, status: StatusCode, answer: Value) {
        self.says.send_modify(|says| drop(says.insert(channel.to_owned(), (status, answer))));
    }
}

async fn take(State(mut says): State<watch::Receiver<Answers>>, Json(message): Json<Value>) -> Response {
    let Some(channel) = message.get("channel").and_then(Value::as_str) else {
        return Json(json!({})).into_response();
    };
    let said = says.wait_for(|says| says.contains_key(channel)).await.ok().and_then(|says| says.get(channel).cloned());
    let (status, answer) = said.unwrap_or((StatusCode::SERVICE_UNAVAILABLE, json!({})));
    (status, Json(answer)).into_response()
}
