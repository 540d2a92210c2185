//! Telegram's Gateway.

use super::message::{Vendor, form, plus};
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
use std::collections::HashSet;

pub const TOKEN: &str = "AAtelegram0gateway0token";

#[derive(Default)]
pub struct Requests {
    /// Numbers nobody has on Telegram.
    pub absent: HashSet<String>,
    /// Numbers whose ability was asked for.
    pub checked: Vec<String>,
    /// What was told of used codes: request, digits.
    pub feedback: Vec<(String, String)>,
}

pub fn routes() -> Router<Fake> {
    Router::new()
        .route("/checkSendAbility", post(ability))
        .route("/sendVerificationMessage", post(send))
        .route("/checkVerificationStatus", post(status))
        .route("/revokeVerificationMessage", post(async || Json(json!({"ok": true, "result": true}))))
}

fn refuse(error: &str) -> Response {
    Json(json!({"ok": false, "error": error})).into_response()
}

/// What is asked for, by somebody with our token.
fn asked(headers: &HeaderMap, body: &[u8]) -> Option<Value> {
    let given = headers.get("authorization")?;
    let ours = given.as_bytes() == format!("Bearer {TOKEN}").as_bytes();
    ours.then(|| serde_json::from_slice(body).unwrap_or_else(|_| form(body)))
}

fn unknown() -> Response {
    (StatusCode::UNAUTHORIZED, Json(json!({"ok": false, "error": "ACCESS_TOKEN_INVALID"}))).into_response()
}

async fn ability(State(fake): State<Fake>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(sent) = asked(&headers, &body) else { return unknown() };
    let to = plus(sent["phone_number"].as_str().unwrap_or_default());
    let mut state = fake.state();
    state.telegram.checked.push(to.clone());
    if state.telegram.absent.contains(&to) {
        return refuse("PHONE_NUMBER_NOT_AVAILABLE");
    }
    drop(state);
    let result = json!({"request_id": format!("tg{}", fake.next()), "phone_number": to, "request_cost": 0.01,
        "remaining_balance": 10.0});
    Json(json!({"ok": true, "result": result})).into_response()
}

async fn send(State(fake): State<Fake>, Path(carrier): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(sent) = asked(&headers, &body) else { return unknown() };
    let text = |name: &str| sent[name].as_str().map(str::to_owned);
    let to = plus(&text("phone_number").unwrap_or_default());
    if fake.state().telegram.absent.contains(&to) {
        return refuse("PHONE_NUMBER_NOT_AVAILABLE");
    }
    if text("callback_url").is_some_and(|url| !url.starts_with("https://")) {
        return refuse("CALLBACK_URL_INVALID");
    }
    let message = Message {
        vendor: Vendor::Telegram,
        carrier,
        channel: "telegram",
        to,
        from: text("sender_username"),
        digits: text("code").unwrap_or_default(),
        reference: text("request_id").unwrap_or_else(|| format!("tg{}", fake.next())),
        callback: text("callback_url"),
        attempt: text("payload"),
        headers,
        body: sent,
    };
    match fake.take(message).await {
        Outcome::Accepted(message) => {
            let result = json!({"request_id": message.reference, "phone_number": message.to, "request_cost": 0.01,
                "delivery_status": {"status": "sent", "updated_at": fake.now()}});
            Json(json!({"ok": true, "result": result})).into_response()
        }
        Outcome::Refused(why) => refuse(match why {
            Why::Unreachable => "PHONE_NUMBER_NOT_AVAILABLE",
            Why::BadNumber => "PHONE_NUMBER_INVALID",
            Why::OptedOut | Why::Policy => "USER_BLOCKED",
            Why::Misconfigured => "BALANCE_NOT_ENOUGH",
            Why::Credentials => "ACCESS_TOKEN_INVALID",
        }),
        Outcome::Busy(_) => {
            (StatusCode::TOO_MANY_REQUESTS, Json(json!({"ok": false, "error": "FLOOD_WAIT"}))).into_response()
        }
        Outcome::Broken => StatusCode::BAD_GATEWAY.into_response(),
        Outcome::Dropped => dropped(),
    }
}

async fn status(State(fake): State<Fake>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(sent) = asked(&headers, &body) else { return unknown() };
    let text = |name: &str| sent[name].as_str().unwrap_or_default().to_owned();
    fake.state().telegram.feedback.push((text("request_id"), text("code")));
    let result = json!({"request_id": text("request_id"), "phone_number": "", "request_cost": 0.01,
        "verification_status": {"status": "code_valid", "updated_at": fake.now()}});
    Json(json!({"ok": true, "result": result})).into_response()
}

pub fn receipt(message: &Message, callback: &str, report: Report, now: u64) -> Receipt {
    let status = match report {
        Report::Sent => "sent",
        Report::Delivered => "delivered",
        Report::Read => "read",
        Report::Undelivered(_) => "expired",
    };
    let body = json!({"request_id": message.reference, "phone_number": message.to, "request_cost": 0.01,
        "payload": message.attempt, "delivery_status": {"status": status, "updated_at": now}})
    .to_string();
    let timestamp = now.to_string();
    let signature = sign::telegram(TOKEN, &timestamp, body.as_bytes());
    let headers = [
        ("content-type", "application/json"),
        ("x-request-timestamp", timestamp.as_str()),
        ("x-request-signature", signature.as_str()),
    ];
    Receipt::new(callback, &headers, body)
}
