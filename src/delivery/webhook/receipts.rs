//! What a gateway posts back about messages it took: one receipt, or several in an array.

use super::answer::{code, cost, text};
use crate::delivery::Unproven;
use crate::domain::delivery::{Class, Failed, Receipt, Status};
use crate::domain::ids::AttemptId;
use serde_json::Value;

pub fn read(body: &[u8]) -> Result<Vec<Receipt>, Unproven> {
    match serde_json::from_slice(body) {
        Ok(Value::Array(several)) => Ok(several.iter().filter_map(receipt).collect()),
        Ok(one @ Value::Object(_)) => Ok(receipt(&one).into_iter().collect()),
        // Answered with an error, so that whoever writes the gateway finds out.
        _ => Err(Unproven("signed, and neither a receipt nor an array of them")),
    }
}

/// Nothing where it names no message, or a status that is news to us.
fn receipt(said: &Value) -> Option<Receipt> {
    let named = |name| Some(text(said, name)).filter(|text| !text.is_empty());
    let (attempt, reference) = (named("attempt").map(AttemptId::new), named("reference").map(str::to_owned));
    if attempt.is_none() && reference.is_none() {
        return None;
    }
    let status = Status::parse(text(said, "status"))?;
    let failed = (status == Status::Undelivered).then(|| failed(said));
    Some(Receipt { attempt, reference, status, failed, cost: cost(said) })
}

fn failed(said: &Value) -> Failed {
    let class = Class::parse(text(said, "class")).unwrap_or(Class::Unreachable);
    Failed::new(class, code(said).unwrap_or_else(|| "undelivered".to_owned()), text(said, "detail"))
}
