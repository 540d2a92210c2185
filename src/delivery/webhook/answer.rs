//! What a gateway answers, as taken, refused, or not known.

use crate::delivery::web::Answer;
use crate::domain::carrier::Shape;
use crate::domain::delivery::{Class, Cost, Failed, Handed, Status};
use crate::domain::ids::AttemptId;
use serde_json::Value;

pub fn handed(shape: Shape, attempt: &AttemptId, answer: &Answer) -> Handed {
    let said = answer.json();
    let status = answer.status.as_u16();
    match hook_error(shape, &said) {
        Some(code) if answer.status.is_success() => return Handed::Failed(refused(answer, code, &said)),
        _ => {}
    }
    // A proxy before the gateway gave up waiting for it. Only where a second message is dropped can it be sent again.
    if status == 504 && shape != Shape::Standard {
        return Handed::Unknown("a proxy answered 504: the gateway may have it".into());
    }
    if !answer.status.is_success() {
        return Handed::Failed(refused(answer, status, &said));
    }
    match Status::parse(text(&said, "status")).unwrap_or(Status::Accepted) {
        Status::Undelivered => Handed::Failed(refused(answer, status, &said)),
        status => Handed::Accepted { reference: reference(attempt, &said), status, cost: cost(&said) },
    }
}

/// Supabase's hooks refuse with 200 and an error that has a message; its `http_code` is what the status would have been.
fn hook_error(shape: Shape, said: &Value) -> Option<u16> {
    let error = said.get("error").filter(|_| shape == Shape::Supabase)?;
    let told = !text(error, "message").is_empty();
    told.then(|| {
        error.get("http_code").and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok()).unwrap_or(500)
    })
}

fn refused(answer: &Answer, status: u16, said: &Value) -> Failed {
    let class = Class::parse(text(said, "class")).unwrap_or(usual(status));
    let message = said.get("error").map(|error| text(error, "message")).unwrap_or_default();
    let detail = [text(said, "detail"), message].into_iter().find(|text| !text.is_empty());
    answer.failed_as(
        class,
        code(said).unwrap_or_else(|| status.to_string()),
        detail.unwrap_or("the gateway gave no reason"),
    )
}

/// A refusal without a class. 400 and 422 are about this one message, most often its number: were they the operator's fault,
/// whoever types odd numbers could stop the carrier for everyone. That a gateway understands us at all, `examine` finds out.
fn usual(status: u16) -> Class {
    match status {
        200..=299 | 400 | 422 => Class::Unreachable,
        408 | 425 | 429 | 500..=599 => Class::Busy,
        _ => Class::Misconfigured,
    }
}

/// The gateway's own code, where it is one: numbers and addresses have no business in logs.
pub fn code(said: &Value) -> Option<String> {
    let code = match said.get("code")? {
        Value::String(code) => code.clone(),
        Value::Number(code) => code.to_string(),
        _ => return None,
    };
    let plain = code.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    let digits = code.bytes().filter(u8::is_ascii_digit).count();
    (plain && digits <= 6 && (1..=40).contains(&code.len())).then_some(code)
}

/// `{"amount": "0.01", "currency": "USD"}`; the amount may be a number.
pub fn cost(said: &Value) -> Option<Cost> {
    let cost = said.get("cost")?;
    let amount = match cost.get("amount")? {
        Value::Number(amount) => amount.to_string(),
        amount => amount.as_str()?.to_owned(),
    };
    Cost::read(&amount, cost.get("currency")?.as_str()?)
}

fn reference(attempt: &AttemptId, said: &Value) -> String {
    let given = text(said, "reference");
    let good = !given.is_empty() && given.len() <= 200 && !given.contains('\0');
    if good { given.to_owned() } else { attempt.as_str().to_owned() }
}

pub fn text<'a>(said: &'a Value, name: &str) -> &'a str {
    said.get(name).and_then(Value::as_str).unwrap_or_default()
}
