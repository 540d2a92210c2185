//! Twilio Verify v2: it makes the digits and checks them, or carries ours where the service allows custom codes.

use super::message::{Vendor, form, plus};
use super::serve::dropped;
use super::twilio::{ACCOUNT, problem, signed_in};
use super::way::{Outcome, Why};
use super::{Fake, Message};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::post;
use serde_json::{Value, json};

pub const SERVICE: &str = "VAbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

#[derive(Default)]
pub struct Verifications {
    pub all: Vec<Verification>,
    /// Whether the service lets codes of others travel.
    pub custom_codes: bool,
    /// Every check asked for: verification or number, digits.
    pub checks: Vec<(String, String)>,
    /// Statuses reported back, in order: verification, status.
    pub feedback: Vec<(String, String)>,
}

#[derive(Clone, Debug)]
pub struct Verification {
    pub sid: String,
    pub to: String,
    pub digits: String,
    pub channel: String,
    pub status: &'static str,
    pub checks: u32,
    pub sends: u32,
}

pub fn routes() -> Router<Fake> {
    Router::new()
        .route("/v2/Services/{service}/Verifications", post(create))
        .route("/v2/Services/{service}/Verifications/{sid}", post(update).get(fetch))
        .route("/v2/Services/{service}/VerificationCheck", post(check))
}

fn not_found(what: &str) -> Response {
    problem(404, 20404, &format!("The requested resource {what} was not found"))
}

fn shown(verification: &Verification, valid: bool) -> Value {
    json!({
        "sid": verification.sid, "service_sid": SERVICE, "account_sid": ACCOUNT, "to": verification.to,
        "channel": verification.channel, "status": verification.status, "valid": valid, "lookup": {}, "amount": null,
        "payee": null, "send_code_attempts": [], "sna": null, "date_created": "2026-11-21T12:00:00Z",
        "date_updated": "2026-11-21T12:00:00Z", "url": format!("https://verify.twilio.com/v2/{}", verification.sid),
    })
}

async fn create(
    State(fake): State<Fake>,
    Path((carrier, service)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !signed_in(&headers) {
        return problem(401, 20003, "Authenticate");
    }
    if service != SERVICE {
        return not_found("/Services");
    }
    let sent = form(&body);
    let text = |name: &str| sent[name].as_str().map(str::to_owned);
    let asked = text("Channel").unwrap_or_default();
    let channel = match asked.as_str() {
        "sms" => "sms",
        "whatsapp" => "whatsapp",
        "call" => "voice",
        "email" => "email",
        _ => return problem(400, 60200, "Invalid parameter `Channel`"),
    };
    let custom = text("CustomCode");
    if custom.is_some() && !fake.state().verify.custom_codes {
        return problem(403, 60204, "Custom code not allowed");
    }
    let to = text("To").unwrap_or_default();
    let number = fake.next();
    // One live verification for each number: another channel carries the same digits.
    let live = fake.state().verify.all.iter().find(|one| one.to == to && one.status == "pending").cloned();
    let verification = Verification {
        sid: live.as_ref().map_or_else(|| format!("VE{number:032x}"), |live| live.sid.clone()),
        digits: custom
            .or_else(|| live.as_ref().map(|live| live.digits.clone()))
            .unwrap_or_else(|| format!("{:06}", 700_001 + number * 7919 % 99_999)),
        to: to.clone(),
        channel: asked,
        status: "pending",
        checks: live.as_ref().map_or(0, |live| live.checks),
        sends: live.as_ref().map_or(0, |live| live.sends) + 1,
    };
    let message = Message {
        vendor: Vendor::Verify,
        carrier,
        channel,
        to: if channel == "email" { to } else { plus(&to) },
        from: None,
        digits: verification.digits.clone(),
        reference: verification.sid.clone(),
        callback: None,
        attempt: None,
        headers,
        body: sent,
    };
    // Kept before the answer: it is theirs even where the line breaks.
    let outcome = fake.take(message.clone()).await;
    if matches!(outcome, Outcome::Accepted(_) | Outcome::Dropped) {
        let all = &mut fake.state().verify.all;
        all.retain(|one| one.sid != verification.sid);
        all.push(verification.clone());
    }
    match outcome {
        Outcome::Accepted(_) => (StatusCode::CREATED, Json(shown(&verification, false))).into_response(),
        Outcome::Refused(why) => match why {
            Why::BadNumber => problem(400, 60200, "Invalid parameter `To`"),
            Why::Unreachable => problem(403, 60205, "SMS is not supported by landline phone number"),
            Why::Policy => problem(403, 60605, "The destination is blocked by Geo Permissions"),
            Why::OptedOut => problem(400, 21610, "Attempt to send to unsubscribed recipient"),
            Why::Misconfigured => problem(400, 60223, "Delivery channel disabled"),
            Why::Credentials => problem(401, 20003, "Authenticate"),
        },
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

async fn check(State(fake): State<Fake>, headers: HeaderMap, body: Bytes) -> Response {
    if !signed_in(&headers) {
        return problem(401, 20003, "Authenticate");
    }
    let sent = form(&body);
    let text = |name: &str| sent[name].as_str().unwrap_or_default().to_owned();
    let (who, digits) = (format!("{}{}", text("VerificationSid"), text("To")), text("Code"));
    if who.is_empty() {
        return problem(400, 60221, "Either To or VerificationSid is needed");
    }
    let mut state = fake.state();
    state.verify.checks.push((who.clone(), digits.clone()));
    let found = state.verify.all.iter_mut().find(|one| (one.sid == who || one.to == who) && one.status == "pending");
    let Some(found) = found else { return not_found("VerificationCheck") };
    if found.checks >= 5 {
        return problem(429, 60202, "Max check attempts reached");
    }
    found.checks += 1;
    let right = found.digits == digits;
    if right {
        found.status = "approved";
    }
    (StatusCode::OK, Json(shown(found, right))).into_response()
}

async fn update(
    State(fake): State<Fake>,
    Path((_, _, sid)): Path<(String, String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !signed_in(&headers) {
        return problem(401, 20003, "Authenticate");
    }
    let status = form(&body)["Status"].as_str().unwrap_or_default().to_owned();
    let mut state = fake.state();
    state.verify.feedback.push((sid.clone(), status.clone()));
    let Some(found) = state.verify.all.iter_mut().find(|one| one.sid == sid && one.status == "pending") else {
        return not_found("Verifications");
    };
    found.status = if status == "approved" { "approved" } else { "canceled" };
    Json(shown(found, status == "approved")).into_response()
}

async fn fetch(State(fake): State<Fake>, Path((_, _, sid)): Path<(String, String, String)>) -> Response {
    let state = fake.state();
    let found = state.verify.all.iter().find(|one| one.sid == sid && matches!(one.status, "pending" | "canceled"));
    found.map_or_else(|| not_found("Verifications"), |found| Json(shown(found, false)).into_response())
}
