//! The body a gateway reads: our own document, Supabase's SMS hook, or Logto's HTTP connector. Documented in
//! docs/carriers/webhook.md; what stands there stays.

use crate::domain::carrier::Shape;
use crate::domain::delivery::{Channel, Message};
use crate::domain::ids::AttemptId;
use aws_lc_rs::digest::{SHA256, digest};
use serde::Serialize;
use serde_json::json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

#[derive(Serialize)]
struct Standard<'a> {
    r#type: &'static str,
    attempt: &'a str,
    channel: Channel,
    to: String,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    html: Option<&'a str>,
    code: &'a str,
    language: &'a str,
    app: &'a str,
    expires_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    sender: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipts_url: Option<&'a str>,
}

pub fn write(shape: Shape, receipts: bool, message: &Message) -> Option<Vec<u8>> {
    match shape {
        Shape::Standard => serde_json::to_vec(&standard(receipts, message)?).ok(),
        Shape::Supabase => serde_json::to_vec(&supabase(message)).ok(),
        Shape::Logto => serde_json::to_vec(&logto(message)).ok(),
    }
}

fn standard(receipts: bool, message: &Message) -> Option<Standard<'_>> {
    let mail = message.channel == Channel::Email;
    Some(Standard {
        r#type: "passcode.send",
        attempt: message.attempt.as_str(),
        channel: message.channel,
        to: message.number(),
        text: &message.text,
        subject: mail.then_some(&message.subject),
        html: message.html.as_deref(),
        code: &message.digits,
        language: &message.language,
        app: &message.from,
        expires_at: OffsetDateTime::from_unix_timestamp(message.expires_at.secs()).ok()?.format(&Rfc3339).ok()?,
        sender: message.sender.as_deref(),
        receipts_url: message.report_to.as_deref().filter(|_| receipts),
    })
}

/// Supabase keeps and sends numbers without their plus (`formatPhoneNumber`). Both places that hooks read one from have it.
fn supabase(message: &Message) -> serde_json::Value {
    let phone = message.bare_number();
    json!({
        "user": { "id": uuid(&message.attempt), "phone": phone },
        "sms": { "otp": message.digits, "phone": phone },
    })
}

fn logto(message: &Message) -> serde_json::Value {
    json!({
        "to": message.number(),
        "type": "SignIn",
        "payload": { "code": message.digits, "locale": message.language },
    })
}

/// Nobody is known before the passcode is proven, and hooks want an id: the attempt's, in the shape of a UUID. It calls itself
/// version 5, made from a name, which every parser of UUIDs knows.
fn uuid(attempt: &AttemptId) -> String {
    let hash = digest(&SHA256, attempt.as_str().as_bytes());
    let n = hash.as_ref().iter().take(16).fold(0u128, |n, byte| (n << 8) | u128::from(*byte));
    let (a, b, c) = (n >> 96, (n >> 80) & 0xffff, (n >> 64) & 0xfff);
    let (d, e) = ((n >> 48) & 0xfff, n & 0xffff_ffff_ffff);
    format!("{a:08x}-{b:04x}-5{c:03x}-a{d:03x}-{e:012x}")
}
