//! Meta's WhatsApp Cloud API.

use super::message::{Vendor, plus};
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

pub const TOKEN: &str = "EAAmeta0access0token";
pub const APP_SECRET: &str = "meta-app-secret-0123456789abcdef";
pub const VERIFY_TOKEN: &str = "a-word-of-our-own-for-meta";
pub const PHONE: &str = "106540352242922";

pub fn routes() -> Router<Fake> {
    Router::new().route("/{version}/{phone}/messages", post(send))
}

fn problem(status: u16, code: u32, message: &str) -> Response {
    let body = json!({"error": {
        "message": format!("(#{code}) {message}"), "type": "OAuthException", "code": code,
        "error_data": {"messaging_product": "whatsapp", "details": message}, "fbtrace_id": "AbCdEfGh",
    }});
    (StatusCode::from_u16(status).expect("a status"), Json(body)).into_response()
}

async fn send(
    State(fake): State<Fake>,
    Path((carrier, _version, phone)): Path<(String, String, String)>,
    headers: HeaderMap,
    Json(sent): Json<Value>,
) -> Response {
    if headers.get("authorization").is_none_or(|given| given.as_bytes() != format!("Bearer {TOKEN}").as_bytes()) {
        return problem(401, 190, "Invalid OAuth access token");
    }
    let template = &sent["template"];
    let component = |kind: &str| {
        let components = template["components"].as_array();
        components.and_then(|all| all.iter().find(|one| one["type"] == kind).cloned()).unwrap_or_default()
    };
    let text = |of: Value| of["parameters"][0]["text"].as_str().unwrap_or_default().to_owned();
    let (digits, button) = (text(component("body")), component("button"));
    let whole = sent["messaging_product"] == "whatsapp"
        && sent["type"] == "template"
        && sent["recipient_type"] == "individual"
        && template["language"]["code"].is_string()
        && button["sub_type"] == "url"
        && text(button) == digits;
    if phone != PHONE || !whole {
        return problem(400, 100, "Invalid parameter");
    }
    let message = Message {
        vendor: Vendor::Meta,
        carrier,
        channel: "whatsapp",
        to: plus(sent["to"].as_str().unwrap_or_default()),
        from: Some(phone),
        digits,
        reference: format!("wamid.{:032X}", fake.next()),
        callback: None,
        attempt: sent["biz_opaque_callback_data"].as_str().map(str::to_owned),
        headers,
        body: sent,
    };
    match fake.take(message).await {
        Outcome::Accepted(message) => {
            let input = message.text("to").unwrap_or_default();
            let body = json!({
                "messaging_product": "whatsapp", "contacts": [{"input": input, "wa_id": message.to.trim_start_matches('+')}],
                "messages": [{"id": message.reference, "message_status": "accepted"}],
            });
            Json(body).into_response()
        }
        Outcome::Refused(why) => problem(if why == Why::Credentials { 401 } else { 400 }, code(why), words(why)),
        Outcome::Busy(after) => {
            let mut busy = problem(429, 130_429, "Rate limit hit");
            if let Some(after) = after {
                busy.headers_mut().insert("retry-after", after.into());
            }
            busy
        }
        Outcome::Broken => problem(500, 131_000, "Something went wrong"),
        Outcome::Dropped => dropped(),
    }
}

fn words(why: Why) -> &'static str {
    match why {
        Why::BadNumber => "Recipient phone number is not valid",
        _ => "The message was not taken",
    }
}

fn code(why: Why) -> u32 {
    match why {
        Why::Unreachable => 131_026,
        Why::BadNumber => 131_009,
        Why::OptedOut => 131_050,
        Why::Policy => 131_030,
        Why::Misconfigured => 132_001,
        Why::Credentials => 190,
    }
}

pub fn receipt(message: &Message, callback: &str, report: Report, now: u64) -> Receipt {
    let (status, errors) = match report {
        Report::Sent => ("sent", Value::Null),
        Report::Delivered => ("delivered", Value::Null),
        Report::Read => ("read", Value::Null),
        Report::Undelivered(why) => {
            let error = json!({"code": code(why), "title": "Message undeliverable", "message": "Message undeliverable",
                "error_data": {"details": "Message undeliverable."}});
            ("failed", json!([error]))
        }
    };
    let mut one = json!({
        "id": message.reference, "status": status, "timestamp": now.to_string(),
        "recipient_id": message.to.trim_start_matches('+'), "biz_opaque_callback_data": message.attempt,
    });
    if !errors.is_null() {
        one["errors"] = errors;
    }
    let body = json!({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [{"field": "messages",
        "value": {"messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "12025550100", "phone_number_id": PHONE}, "statuses": [one]}}]}]})
    .to_string();
    let signature = sign::meta(APP_SECRET, body.as_bytes());
    // Meta knows one address for all messages.
    let url = callback.split('?').next().unwrap_or_default();
    Receipt::new(url, &[("content-type", "application/json"), ("x-hub-signature-256", &signature)], body)
}
