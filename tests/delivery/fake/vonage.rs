//! Vonage's Messages API and Voice API.

use super::message::{Vendor, attempt_of, hear, plus, read};
use super::receipt::{Receipt, Report};
use super::serve::dropped;
use super::way::{Outcome, Why};
use super::{Fake, Message, sign};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::post;
use serde_json::{Value, json};

pub const APPLICATION: &str = "aaaaaaaa-bbbb-cccc-dddd-0123456789ab";
pub const SECRET: &str = "vonage-signature-secret-0123456789";

pub fn routes() -> Router<Fake> {
    Router::new().route("/v1/messages", post(send)).route("/v1/calls", post(call))
}

fn problem(status: u16, title: &str, detail: &str) -> Response {
    let body = json!({"type": format!("https://developer.vonage.com/api-errors/messages#{title}"), "title": title,
        "detail": detail, "instance": "bf0ca0bf927b3b52e3cb03217e1a1ddf"});
    (StatusCode::from_u16(status).expect("a status"), Json(body)).into_response()
}

/// A JWT of ours; that it is RS256 and by this application is the carrier's own test.
fn bearer(headers: &HeaderMap) -> bool {
    let given = headers.get("authorization").and_then(|given| given.to_str().ok()).unwrap_or_default();
    given.strip_prefix("Bearer ").is_some_and(|token| token.split('.').count() == 3)
}

async fn send(
    State(fake): State<Fake>,
    Path(carrier): Path<String>,
    headers: HeaderMap,
    Json(sent): Json<Value>,
) -> Response {
    if !bearer(&headers) {
        return problem(401, "Unauthorized", "You did not provide correct credentials.");
    }
    let whatsapp = sent["channel"] == "whatsapp";
    let digits =
        if whatsapp { first_digits(&sent["custom"]).or_else(|| first_digits(&sent["template"])) } else { None };
    let digits = digits.unwrap_or_else(|| read(sent["text"].as_str().unwrap_or_default()));
    let callback = sent["webhook_url"].as_str().map(str::to_owned);
    let attempt = sent["client_ref"].as_str().map(str::to_owned);
    let to = plus(sent["to"].as_str().unwrap_or_default());
    let channel = if whatsapp { "whatsapp" } else { "sms" };
    take(&fake, carrier, channel, to, digits, (callback, attempt), sent, headers).await
}

/// Digits anywhere in a template's parameters.
fn first_digits(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if text.len() >= 4 && text.bytes().all(|byte| byte.is_ascii_digit()) => Some(text.clone()),
        Value::Array(all) => all.iter().find_map(first_digits),
        Value::Object(all) => all.values().find_map(first_digits),
        _ => None,
    }
}

async fn call(
    State(fake): State<Fake>,
    Path(carrier): Path<String>,
    headers: HeaderMap,
    Json(sent): Json<Value>,
) -> Response {
    if !bearer(&headers) {
        return problem(401, "Unauthorized", "You did not provide correct credentials.");
    }
    let talks = sent["ncco"].as_array().cloned().unwrap_or_default();
    let said: String = talks.iter().filter_map(|talk| talk["text"].as_str()).collect();
    let callback = sent["event_url"][0].as_str().map(str::to_owned);
    let to = plus(sent["to"][0]["number"].as_str().unwrap_or_default());
    take(&fake, carrier, "voice", to, hear(&said), (callback, None), sent, headers).await
}

#[allow(clippy::too_many_arguments, reason = "a message is made of all of them, in one place")]
async fn take(
    fake: &Fake,
    carrier: String,
    channel: &'static str,
    to: String,
    digits: String,
    (callback, attempt): (Option<String>, Option<String>),
    sent: Value,
    headers: HeaderMap,
) -> Response {
    let number = fake.next();
    let message = Message {
        vendor: Vendor::Vonage,
        carrier,
        channel,
        to,
        from: sent["from"].as_str().or(sent["from"]["number"].as_str()).map(str::to_owned),
        digits,
        reference: format!("aaaaaaaa-bbbb-4ccc-8ddd-{number:012x}"),
        attempt: attempt.or_else(|| callback.as_deref().and_then(attempt_of)),
        callback,
        headers,
        body: sent,
    };
    match fake.take(message).await {
        Outcome::Accepted(message) if channel == "voice" => {
            let body = json!({"uuid": message.reference, "status": "started", "direction": "outbound",
                "conversation_uuid": format!("CON-{}", message.reference)});
            (StatusCode::CREATED, Json(body)).into_response()
        }
        Outcome::Accepted(message) => {
            (StatusCode::ACCEPTED, Json(json!({"message_uuid": message.reference}))).into_response()
        }
        Outcome::Refused(Why::Credentials) => problem(401, "Unauthorized", "You did not provide correct credentials."),
        Outcome::Refused(why) => problem(422, &code(why).to_string(), "not taken"),
        Outcome::Busy(_) => problem(429, "1010", "Rate limit hit"),
        Outcome::Broken => problem(500, "1000", "Internal error"),
        Outcome::Dropped => dropped(),
    }
}

fn code(why: Why) -> u32 {
    match why {
        Why::Unreachable => 1300,
        Why::BadNumber => 1170,
        Why::OptedOut => 1240,
        Why::Policy => 1050,
        Why::Misconfigured => 1022,
        Why::Credentials => 1120,
    }
}

pub fn receipt(message: &Message, callback: &str, report: Report, now: u64) -> Receipt {
    let mut body = json!({"to": message.to.trim_start_matches('+'), "from": message.from,
        "timestamp": "2026-11-21T12:00:00.000Z"});
    if message.channel == "voice" {
        body["uuid"] = json!(message.reference);
        body["direction"] = json!("outbound");
        body["status"] = json!(match report {
            Report::Sent => "ringing",
            Report::Delivered | Report::Read => "completed",
            Report::Undelivered(_) => "unanswered",
        });
    } else {
        body["message_uuid"] = json!(message.reference);
        body["channel"] = json!(message.channel);
        body["client_ref"] = json!(message.attempt);
        body["status"] = json!(match report {
            Report::Sent => "submitted",
            Report::Delivered => "delivered",
            Report::Read => "read",
            Report::Undelivered(_) => "rejected",
        });
        if report == Report::Delivered {
            body["usage"] = json!({"currency": "EUR", "price": "0.0333"});
        }
        if let Report::Undelivered(why) = report {
            let code = code(why);
            body["error"] = json!({"type": format!("https://developer.vonage.com/api-errors/messages#{code}"),
                "title": code.to_string(), "detail": "Not delivered", "instance": "bf0ca0bf927b3b52e3cb03217e1a1ddf"});
        }
    }
    let body = body.to_string();
    let claims = json!({"iat": now, "exp": now + 300, "jti": format!("jti-{}", message.reference),
        "iss": "Vonage", "payload_hash": sign::sha256(body.as_bytes()), "api_key": "a1b2c3d4",
        "application_id": APPLICATION});
    let authorization = format!("Bearer {}", sign::vonage(SECRET, &claims));
    Receipt::new(callback, &[("content-type", "application/json"), ("authorization", &authorization)], body)
}
