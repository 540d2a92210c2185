//! Vonage's callbacks: statuses of messages and events of calls, in requests signed as a JWT over the body's hash.

use super::problem::{class, code, words};
use crate::delivery::{Posted, Reported, Unproven};
use crate::domain::delivery::{Class, Cost, Failed, Receipt, Status};
use crate::domain::ids::AttemptId;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::Value;

/// How many seconds old a callback may be, or ahead of our clock.
const FRESH: u64 = 300;

/// What Vonage bills calls in; their events name no currency.
const CALLS_ARE_BILLED_IN: &str = "EUR";

pub struct Webhook {
    secret: DecodingKey,
    application_id: String,
}

impl Webhook {
    pub fn new(signature_secret: &str, application_id: &str) -> Self {
        let secret = DecodingKey::from_secret(signature_secret.as_bytes());
        Self { secret, application_id: application_id.to_owned() }
    }

    pub fn read(&self, posted: &Posted<'_>) -> Result<Reported, Unproven> {
        let header = posted.header("authorization").ok_or(Unproven("no token"))?;
        let (scheme, token) = header.split_once(' ').unwrap_or_default();
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Unproven("no bearer token"));
        }
        self.prove(token.trim(), posted)?;
        let document: Value = serde_json::from_slice(posted.body).unwrap_or_default();
        let receipt = if document["message_uuid"].is_string() { message(&document) } else { call(&document) };
        let asked = posted.asked("attempt").map(AttemptId::new);
        let ours = receipt.map(|receipt| Receipt { attempt: receipt.attempt.or(asked), ..receipt });
        Ok(Reported::Receipts(ours.into_iter().collect()))
    }

    fn prove(&self, token: &str, posted: &Posted<'_>) -> Result<(), Unproven> {
        let mut rules = Validation::new(Algorithm::HS256);
        // Times are compared with our own clock, below.
        rules.validate_exp = false;
        rules.validate_aud = false;
        rules.required_spec_claims.clear();
        let signed = jsonwebtoken::decode::<Value>(token, &self.secret, &rules);
        let claims = signed.map_err(|_| Unproven("the token is not signed with our signature_secret"))?.claims;
        let now = posted.now.secs();
        if claims["iat"].as_i64().is_none_or(|iat| now.abs_diff(iat) > FRESH) {
            return Err(Unproven("the token is too old"));
        }
        if claims["exp"].as_i64().is_some_and(|exp| exp < now) {
            return Err(Unproven("the token has expired"));
        }
        if claims["application_id"].as_str().is_some_and(|id| id != self.application_id) {
            return Err(Unproven("the token is for another application"));
        }
        let hash = digest::digest(&digest::SHA256, posted.body);
        let hash: String = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let told = claims["payload_hash"].as_str().unwrap_or_default().to_ascii_lowercase();
        verify_slices_are_equal(hash.as_bytes(), told.as_bytes())
            .map_err(|_| Unproven("the token is over another body"))
    }
}

/// The status of an SMS or a WhatsApp message.
fn message(told: &Value) -> Option<Receipt> {
    let error = &told["error"];
    let (status, failed) = match told["status"].as_str()? {
        "submitted" => (Status::Sent, None),
        "delivered" => (Status::Delivered, None),
        "read" => (Status::Read, None),
        "rejected" => (Status::Undelivered, Some(failed(error, Class::Unreachable, "rejected"))),
        // Vonage did not reach whoever delivers.
        "undeliverable" => (Status::Undelivered, Some(failed(error, Class::Busy, "undeliverable"))),
        _ => return None,
    };
    let cost = Cost::read(&amount(&told["usage"]["price"]), told["usage"]["currency"].as_str().unwrap_or_default());
    let attempt = told["client_ref"].as_str().map(AttemptId::new);
    Some(Receipt { attempt, reference: text(&told["message_uuid"]), status, failed, cost })
}

fn failed(error: &Value, otherwise: Class, status: &str) -> Failed {
    match code(error) {
        Some(code) => Failed::new(class(code).unwrap_or(otherwise), code, words(error)),
        None => Failed::new(otherwise, status, words(error)),
    }
}

/// An event of a call. Who answers hears the digits: that is all the delivery a call has.
fn call(told: &Value) -> Option<Receipt> {
    let said = told["status"].as_str()?;
    let reference = Some(text(&told["uuid"])?);
    let status = match said {
        "started" => Status::Accepted,
        "ringing" => Status::Sent,
        "answered" | "completed" => Status::Delivered,
        "busy" | "timeout" | "unanswered" | "failed" | "rejected" | "cancelled" => Status::Undelivered,
        _ => return None,
    };
    let failed = (status == Status::Undelivered).then(|| unheard(said, told["detail"].as_str().unwrap_or_default()));
    let cost = Cost::read(&amount(&told["price"]), told["currency"].as_str().unwrap_or(CALLS_ARE_BILLED_IN));
    Some(Receipt { attempt: None, reference, status, failed, cost })
}

fn unheard(status: &str, detail: &str) -> Failed {
    let class = match detail {
        "internal_error" | "carrier_timeout" => Class::Busy,
        _ => Class::Unreachable,
    };
    Failed::new(class, status, if detail.is_empty() { "nobody heard it" } else { detail })
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// A price comes as a text or as a number.
fn amount(value: &Value) -> String {
    text(value).unwrap_or_else(|| value.as_number().map(ToString::to_string).unwrap_or_default())
}
