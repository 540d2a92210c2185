//! What Twilio Verify says of its messages: CloudEvents that an Event Streams sink posts, several at once.

use super::codes;
use crate::domain::delivery::{Receipt, Status};
use crate::domain::ids::AttemptId;
use serde_json::Value;

const ABOUT_MESSAGES: &str = "com.twilio.accountsecurity.verify.message.";

/// The receipts among the events; a sink may carry others, and other services' as well.
pub fn receipts(body: &[u8], account: &str, service: &str) -> Vec<Receipt> {
    let events = match serde_json::from_slice(body) {
        Ok(Value::Array(events)) => events,
        Ok(event @ Value::Object(_)) => vec![event],
        _ => Vec::new(),
    };
    let ours = |event: &&Value| {
        event["data"]["account_sid"].as_str() == Some(account) && event["data"]["service_sid"].as_str() == Some(service)
    };
    events.iter().filter(ours).filter_map(receipt).collect()
}

fn receipt(event: &Value) -> Option<Receipt> {
    let (said, data) = (event["type"].as_str()?.strip_prefix(ABOUT_MESSAGES)?, &event["data"]);
    let status = match said {
        "sent" => Status::Sent,
        "delivered" => Status::Delivered,
        "read" => Status::Read,
        // Twilio tries again by itself: not the end yet.
        "undelivered" | "failed" if data["has_fallback"] == true => return None,
        "undelivered" | "failed" => Status::Undelivered,
        _ => return None,
    };
    let failed = || codes::undelivered(codes::number(&data["error_code"]), said, "Twilio Verify did not deliver it");
    Some(Receipt {
        // A verification is one number's for ten minutes, however many messages it takes; the tag is one message's.
        attempt: data["tags"]["attempt"].as_str().map(AttemptId::new),
        reference: data["verification_sid"].as_str().map(str::to_owned),
        status,
        failed: (status == Status::Undelivered).then(failed),
        cost: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::delivery::Class;
    use serde_json::json;

    fn event(kind: &str, more: &Value) -> Value {
        let mut data = json!({"account_sid": "AC1", "service_sid": "VA1", "verification_sid": "VE1", "error_code": ""});
        if let (Some(data), Some(more)) = (data.as_object_mut(), more.as_object()) {
            data.extend(more.clone());
        }
        json!({"specversion": "1.0", "type": format!("com.twilio.accountsecurity.verify.{kind}"), "data": data})
    }

    fn told(events: &Value) -> Vec<Receipt> {
        receipts(events.to_string().as_bytes(), "AC1", "VA1")
    }

    #[test]
    fn events_about_messages_become_receipts() {
        let tags = json!({"tags": {"attempt": "at_1"}});
        let failed = json!({"error_code": "30005"});
        let receipts = told(&json!([
            event("message.delivered", &tags),
            event("message.undelivered", &failed),
            event("verification.approved", &tags),
            event("message.invented", &tags),
            event("message.failed", &json!({"has_fallback": true})),
            event("message.read", &json!({"service_sid": "VA2"})),
            event("message.read", &json!({"account_sid": "AC2"})),
        ]));
        let [delivered, undelivered] = receipts.as_slice() else { panic!("{receipts:?}") };
        assert_eq!(delivered.status, Status::Delivered);
        assert_eq!(delivered.attempt.as_ref().map(AttemptId::as_str), Some("at_1"));
        assert_eq!((undelivered.attempt.as_ref(), undelivered.reference.as_deref()), (None, Some("VE1")));
        let why = undelivered.failed.as_ref().expect("a reason");
        assert_eq!((why.class, why.code.as_str()), (Class::Unreachable, "30005"));
    }

    #[test]
    fn what_is_no_event_is_nothing() {
        assert_eq!(told(&event("message.sent", &json!({}))).len(), 1);
        assert!(receipts(b"MessageSid=1", "AC1", "VA1").is_empty());
        assert!(told(&json!([1, null, "x", {}])).is_empty());
    }
}
