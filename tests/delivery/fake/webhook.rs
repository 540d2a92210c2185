//! An operator's own gateway, as Standard Webhooks signs what it gets.

use super::message::{Vendor, attempt_of, plus, read};
use super::receipt::{Receipt, Report};
use super::serve::dropped;
use super::way::{Outcome, Why};
use super::{Fake, Message, sign};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::post;
use serde_json::{Value, json};

pub const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

pub fn routes() -> Router<Fake> {
    Router::new().route("/gateway", post(send))
}

fn header(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

async fn send(State(fake): State<Fake>, Path(carrier): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let (id, at) = (header(&headers, "webhook-id"), header(&headers, "webhook-timestamp"));
    if !header(&headers, "webhook-signature").split(' ').any(|one| one == sign::standard(SECRET, &id, &at, &body)) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let sent: Value = serde_json::from_slice(&body).unwrap_or_default();
    let data = if sent["data"].is_object() { &sent["data"] } else { &sent };
    let text = |name: &str| data[name].as_str().map(str::to_owned);
    let channel = ["whatsapp", "telegram", "sms", "voice", "email"].into_iter().find(|one| data["channel"] == **one);
    let callback = ["report_to", "receipts_url", "callback_url"].into_iter().find_map(text);
    let message = Message {
        vendor: Vendor::Webhook,
        carrier,
        channel: channel.unwrap_or("sms"),
        to: plus(&text("to").unwrap_or_default()),
        from: text("sender"),
        digits: ["code", "passcode", "digits"]
            .into_iter()
            .find_map(text)
            .unwrap_or_else(|| read(&text("text").unwrap_or_default())),
        reference: format!("gw{}", fake.next()),
        attempt: callback.as_deref().and_then(attempt_of).or(text("attempt")).or(Some(id)),
        callback,
        headers,
        body: sent,
    };
    match fake.take(message).await {
        Outcome::Accepted(message) => {
            Json(json!({"reference": message.reference, "status": "accepted"})).into_response()
        }
        Outcome::Refused(Why::Credentials) => StatusCode::UNAUTHORIZED.into_response(),
        Outcome::Refused(why) => {
            let body = json!({"class": class(why), "code": class(why), "detail": "not taken"});
            (StatusCode::UNPROCESSABLE_ENTITY, Json(body)).into_response()
        }
        Outcome::Busy(after) => {
            let mut busy = StatusCode::TOO_MANY_REQUESTS.into_response();
            if let Some(after) = after {
                busy.headers_mut().insert("retry-after", after.into());
            }
            busy
        }
        Outcome::Broken => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Outcome::Dropped => dropped(),
    }
}

fn class(why: Why) -> &'static str {
    match why {
        Why::Unreachable => "unreachable",
        Why::BadNumber => "bad_number",
        Why::OptedOut => "opted_out",
        Why::Policy => "policy",
        Why::Misconfigured | Why::Credentials => "misconfigured",
    }
}

pub fn receipt(message: &Message, callback: &str, report: Report, now: u64) -> Receipt {
    let status = match report {
        Report::Sent => "sent",
        Report::Delivered => "delivered",
        Report::Read => "read",
        Report::Undelivered(_) => "undelivered",
    };
    let mut body = json!({"attempt": message.attempt, "reference": message.reference, "status": status});
    if let Report::Undelivered(why) = report {
        body["class"] = json!(class(why));
        body["code"] = json!(class(why));
    }
    let body = body.to_string();
    let (id, at) = (format!("msg_{}_{status}", message.reference), now.to_string());
    let signature = sign::standard(SECRET, &id, &at, body.as_bytes());
    let headers = [
        ("content-type", "application/json"),
        ("webhook-id", id.as_str()),
        ("webhook-timestamp", at.as_str()),
        ("webhook-signature", signature.as_str()),
    ];
    Receipt::new(callback, &headers, body)
}
