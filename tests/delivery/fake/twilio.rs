//! Twilio's Messages and Calls (2010-04-01).

use super::message::{Vendor, attempt_of, form, hear, plus, read};
use super::receipt::{Receipt, Report};
use super::serve::dropped;
use super::way::{Outcome, Why};
use super::{Fake, Message, sign};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use base64::Engine;
use serde_json::{Value, json};
use std::collections::HashMap;

pub const ACCOUNT: &str = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
pub const TOKEN: &str = "0123456789abcdef0123456789abcdef";
pub const SERVICE: &str = "MGcccccccccccccccccccccccccccccccc";
pub const CONTENT: &str = "HXdddddddddddddddddddddddddddddddd";

/// What messages and calls cost: nothing is known of one until a test says so.
#[derive(Default)]
pub struct Prices {
    /// By the name of the message or call: amount and currency, as Twilio writes them.
    pub told: HashMap<String, (&'static str, &'static str)>,
    /// Every message or call whose price was asked for, in order.
    pub asked: Vec<String>,
}

pub fn routes() -> Router<Fake> {
    Router::new()
        .route("/2010-04-01/Accounts/{account}/Messages.json", post(send))
        .route("/2010-04-01/Accounts/{account}/Calls.json", post(call))
        .route("/2010-04-01/Accounts/{account}/{kind}/{sid}", get(fetch))
        .route("/2010-04-01/Accounts/{account}", get(account))
}

async fn account() -> Json<Value> {
    Json(json!({"sid": ACCOUNT, "status": "active", "friendly_name": "Shop", "type": "Full"}))
}

/// Twilio's JSON for what went wrong.
pub fn problem(status: u16, code: u32, message: &str) -> Response {
    let body = json!({
        "code": code, "message": message, "status": status,
        "more_info": format!("https://www.twilio.com/docs/errors/{code}"),
    });
    (StatusCode::from_u16(status).expect("a status"), Json(body)).into_response()
}

pub fn signed_in(headers: &HeaderMap) -> bool {
    let pair = base64::engine::general_purpose::STANDARD.encode(format!("{ACCOUNT}:{TOKEN}"));
    headers.get("authorization").is_some_and(|given| given.as_bytes() == format!("Basic {pair}").as_bytes())
}

async fn send(
    State(fake): State<Fake>,
    Path((carrier, account)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !signed_in(&headers) || account != ACCOUNT {
        return problem(401, 20003, "Authenticate");
    }
    let sent = form(&body);
    let text = |name: &str| sent[name].as_str().unwrap_or_default().to_owned();
    let whatsapp = text("To").starts_with("whatsapp:");
    let given = [text("From"), text("MessagingServiceSid")];
    if given.iter().all(String::is_empty) || (!whatsapp && given.iter().all(|one| !one.is_empty())) {
        return problem(400, 21603, "A 'From' or a 'MessagingServiceSid' is required, not both");
    }
    let digits = if whatsapp {
        if text("ContentSid").is_empty() {
            return problem(400, 63016, "Outside the allowed window, please use a template");
        }
        let variables: Value = serde_json::from_str(&text("ContentVariables")).unwrap_or_default();
        variables["1"].as_str().unwrap_or_default().to_owned()
    } else {
        read(&text("Body"))
    };
    let channel = if whatsapp { "whatsapp" } else { "sms" };
    take(&fake, carrier, channel, digits, sent, headers).await
}

async fn call(
    State(fake): State<Fake>,
    Path((carrier, account)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !signed_in(&headers) || account != ACCOUNT {
        return problem(401, 20003, "Authenticate");
    }
    let sent = form(&body);
    let heard = hear(sent["Twiml"].as_str().unwrap_or_default());
    take(&fake, carrier, "voice", heard, sent, headers).await
}

/// A message or call as it stands, with its price once that is known.
async fn fetch(
    State(fake): State<Fake>,
    Path((carrier, account, kind, sid)): Path<(String, String, String, String)>,
    headers: HeaderMap,
) -> Response {
    if !signed_in(&headers) || account != ACCOUNT {
        return problem(401, 20003, "Authenticate");
    }
    let sid = sid.strip_suffix(".json").unwrap_or_default();
    let mut state = fake.state();
    let known = |one: &&Message| {
        let of = if one.channel == "voice" { "Calls" } else { "Messages" };
        (one.carrier.as_str(), one.reference.as_str(), of) == (carrier.as_str(), sid, kind.as_str())
    };
    let Some(message) = state.taken.iter().find(known).cloned() else {
        return problem(404, 20404, "The requested resource was not found");
    };
    state.prices.asked.push(message.reference.clone());
    let (price, unit) =
        state.prices.told.get(sid).map_or((Value::Null, "USD"), |(price, unit)| ((*price).into(), *unit));
    let body = json!({
        "sid": message.reference, "account_sid": ACCOUNT, "to": message.text("To"), "from": message.text("From"),
        "status": if message.channel == "voice" { "completed" } else { "delivered" }, "price": price, "price_unit": unit,
        "api_version": "2010-04-01", "direction": "outbound-api", "date_created": "Sat, 21 Nov 2026 12:00:00 +0000",
    });
    Json(body).into_response()
}

async fn take(
    fake: &Fake,
    carrier: String,
    channel: &'static str,
    digits: String,
    sent: Value,
    headers: HeaderMap,
) -> Response {
    let text = |name: &str| sent[name].as_str().map(str::to_owned);
    let callback = text("StatusCallback");
    let kind = if channel == "voice" { "CA" } else { "SM" };
    let message = Message {
        vendor: Vendor::Twilio,
        carrier,
        channel,
        to: plus(&text("To").unwrap_or_default()),
        from: text("From").or(text("MessagingServiceSid")),
        digits,
        reference: format!("{kind}{:032x}", fake.next()),
        attempt: callback.as_deref().and_then(attempt_of),
        callback,
        headers,
        body: sent,
    };
    match fake.take(message).await {
        Outcome::Accepted(message) => {
            let body = json!({
                "sid": message.reference, "account_sid": ACCOUNT, "status": "queued", "error_code": null,
                "error_message": null, "to": message.text("To"), "from": message.text("From"), "num_segments": "1",
                "price": null, "price_unit": "USD", "api_version": "2010-04-01", "direction": "outbound-api",
                "date_created": "Sat, 21 Nov 2026 12:00:00 +0000",
            });
            (StatusCode::CREATED, Json(body)).into_response()
        }
        Outcome::Refused(why) => {
            let (status, code) = refusal(channel, why);
            problem(status, code, "The message was not taken")
        }
        Outcome::Busy(after) => {
            let mut busy = problem(429, 20429, "Too Many Requests");
            if let Some(after) = after {
                busy.headers_mut().insert("retry-after", after.into());
            }
            busy
        }
        Outcome::Broken => problem(503, 20503, "Service unavailable"),
        Outcome::Dropped => dropped(),
    }
}

fn refusal(channel: &str, why: Why) -> (u16, u32) {
    match why {
        Why::Unreachable if channel == "whatsapp" => (400, 63024),
        Why::Unreachable => (400, 21614),
        Why::BadNumber => (400, 21211),
        Why::OptedOut => (400, 21610),
        Why::Policy => (403, 21408),
        Why::Misconfigured if channel == "whatsapp" => (400, 63016),
        Why::Misconfigured => (400, 21606),
        Why::Credentials => (401, 20003),
    }
}

/// What stands as `ErrorCode` in a status callback.
fn reported(channel: &str, why: Why) -> u32 {
    match why {
        Why::Unreachable if channel == "whatsapp" => 63024,
        Why::Unreachable => 30008,
        Why::Policy => 30007,
        why => refusal(channel, why).1,
    }
}

pub fn receipt(message: &Message, callback: &str, report: Report) -> Receipt {
    let mut fields = vec![
        ("AccountSid".to_owned(), ACCOUNT.to_owned()),
        ("ApiVersion".to_owned(), "2010-04-01".to_owned()),
        ("To".to_owned(), message.text("To").unwrap_or_default().to_owned()),
        ("From".to_owned(), message.text("From").unwrap_or("+12025550100").to_owned()),
    ];
    let mut add = |name: &str, value: &str| fields.push((name.to_owned(), value.to_owned()));
    if message.channel == "voice" {
        add("CallSid", &message.reference);
        add("Direction", "outbound-api");
        add(
            "CallStatus",
            match report {
                Report::Sent => "ringing",
                Report::Delivered | Report::Read => "completed",
                Report::Undelivered(_) => "no-answer",
            },
        );
    } else {
        let status = match report {
            Report::Sent => "sent",
            Report::Delivered => "delivered",
            Report::Read => "read",
            Report::Undelivered(_) => "undelivered",
        };
        for (name, value) in [("MessageSid", message.reference.as_str()), ("SmsSid", &message.reference)] {
            add(name, value);
        }
        add("MessageStatus", status);
        add("SmsStatus", status);
        if let Report::Undelivered(why) = report {
            add("ErrorCode", &reported(message.channel, why).to_string());
        }
    }
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
    let signature = sign::twilio(TOKEN, callback, &fields);
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("x-twilio-signature", signature.as_str())];
    Receipt::new(callback, &headers, body)
}
