//! What Twilio says of messages and calls: in the answer when one is handed over, and in status callbacks after.

use super::signature::Body;
use super::{Account, codes};
use crate::delivery::web::Answer;
use crate::delivery::{Posted, Reported, Unproven};
use crate::domain::delivery::{Cost, Handed, Receipt, Status};
use crate::domain::ids::AttemptId;

/// `MessageStatus`; `partially_delivered`, `receiving` and `received` are not about messages of ours.
fn of_message(status: &str) -> Option<Status> {
    Some(match status {
        "queued" | "accepted" | "scheduled" | "sending" => Status::Accepted,
        "sent" => Status::Sent,
        "delivered" => Status::Delivered,
        "read" => Status::Read,
        "undelivered" | "failed" | "canceled" => Status::Undelivered,
        _ => return None,
    })
}

/// `CallStatus`. Answered is as much as is known: that it was a person who answered is not.
fn of_call(status: &str) -> Option<Status> {
    Some(match status {
        "queued" => Status::Accepted,
        "initiated" | "ringing" => Status::Sent,
        "in-progress" | "answered" | "completed" => Status::Delivered,
        "busy" | "no-answer" | "failed" | "canceled" => Status::Undelivered,
        _ => return None,
    })
}

/// The answer to a message or a call.
pub fn handed(answer: &Answer) -> Handed {
    if !answer.status.is_success() {
        return Handed::Failed(codes::refused(answer));
    }
    let body = answer.json();
    let text = |name: &str| body[name].as_str().unwrap_or_default();
    let (sid, said, code) = (text("sid"), text("status"), codes::number(&body["error_code"]));
    if sid.is_empty() {
        return Handed::Unknown("the answer names no message".into());
    }
    let status = of_message(said).or_else(|| of_call(said)).unwrap_or(Status::Accepted);
    if code.is_some() || status == Status::Undelivered {
        return Handed::Failed(codes::undelivered(code, said, text("error_message")));
    }
    Handed::Accepted { reference: sid.to_owned(), status, cost: Cost::read(text("price"), text("price_unit")) }
}

/// A status callback. What is signed and not understood is no receipt, and no fault: Twilio adds to these without notice.
pub fn read(account: &Account, posted: &Posted<'_>) -> Result<Reported, Unproven> {
    let Body::Form(pairs) = account.proven(posted)? else { return Err(Unproven("a status callback is a form")) };
    let of = |name: &str| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    if of("AccountSid").is_some_and(|sid| sid != account.sid) {
        return Err(Unproven("about another account"));
    }
    Ok(Reported::Receipts(receipt(posted.asked("attempt"), of).into_iter().collect()))
}

fn receipt<'a>(attempt: Option<&str>, of: impl Fn(&str) -> Option<&'a str>) -> Option<Receipt> {
    let said = of("MessageStatus").or_else(|| of("SmsStatus")).or_else(|| of("CallStatus"))?;
    let call = of("CallSid");
    let status = if call.is_some() { of_call(said) } else { of_message(said) }?;
    let code = of("ErrorCode").and_then(|code| code.parse().ok()).filter(|code| *code != 0);
    let words = of("ErrorMessage").or_else(|| of("ChannelStatusMessage")).unwrap_or(said);
    Some(Receipt {
        attempt: attempt.map(AttemptId::new),
        reference: call.or_else(|| of("MessageSid")).or_else(|| of("SmsSid")).map(str::to_owned),
        status,
        failed: (status == Status::Undelivered).then(|| codes::undelivered(code, said, words)),
        cost: of("Price").zip(of("PriceUnit")).and_then(|(amount, unit)| Cost::read(amount, unit)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::web::Web;
    use crate::domain::carrier::{Carrier, CarrierKind, Credentials};
    use crate::domain::delivery::{Class, Micros};
    use crate::domain::time::Time;
    use aws_lc_rs::hmac;
    use base64::Engine;
    use reqwest::StatusCode;
    use std::collections::HashMap;

    fn told(pairs: &'static [(&'static str, &'static str)]) -> Option<Receipt> {
        receipt(Some("at_1"), |name| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| *value))
    }

    #[test]
    fn a_messages_callback_becomes_a_receipt() {
        let failed = told(&[("MessageSid", "SM1"), ("MessageStatus", "undelivered"), ("ErrorCode", "63024")]);
        let failed = failed.expect("a receipt");
        assert_eq!((failed.status, failed.reference.as_deref()), (Status::Undelivered, Some("SM1")));
        assert_eq!(failed.attempt.as_ref().map(AttemptId::as_str), Some("at_1"));
        let why = failed.failed.expect("a reason");
        assert_eq!((why.class, why.code.as_str()), (Class::Unreachable, "63024"));
        for (said, status) in [
            ("accepted", Status::Accepted),
            ("sent", Status::Sent),
            ("delivered", Status::Delivered),
            ("read", Status::Read),
        ] {
            assert_eq!(of_message(said), Some(status), "{said}");
        }
        assert_eq!(told(&[("MessageSid", "SM1"), ("MessageStatus", "received")]), None);
        assert_eq!(told(&[("EventType", "READ")]), None);
    }

    #[test]
    fn the_reason_is_the_codes_or_that_it_did_not_arrive() {
        let class = |pairs| told(pairs).and_then(|receipt| receipt.failed).map(|failed| (failed.class, failed.code));
        let said = |class, code: &str| Some((class, code.to_owned()));
        assert_eq!(class(&[("MessageStatus", "failed"), ("ErrorCode", "30034")]), said(Class::Misconfigured, "30034"));
        assert_eq!(class(&[("MessageStatus", "failed"), ("ErrorCode", "99999")]), said(Class::Unreachable, "99999"));
        assert_eq!(class(&[("MessageStatus", "canceled")]), said(Class::Unreachable, "canceled"));
        assert_eq!(class(&[("MessageStatus", "failed"), ("ErrorCode", "0")]), said(Class::Unreachable, "failed"));
        assert_eq!(class(&[("MessageStatus", "delivered"), ("ErrorCode", "30008")]), None);
    }

    #[test]
    fn a_calls_callback_and_its_price() {
        let call =
            told(&[("CallSid", "CA1"), ("CallStatus", "completed"), ("Price", "-0.01400"), ("PriceUnit", "USD")]);
        let call = call.expect("a receipt");
        assert_eq!((call.status, call.reference.as_deref()), (Status::Delivered, Some("CA1")));
        assert_eq!(call.cost.map(|cost| cost.amount), Some(Micros(14_000)));
        for said in ["busy", "no-answer", "failed", "canceled"] {
            assert_eq!(of_call(said), Some(Status::Undelivered));
        }
        assert_eq!((of_call("ringing"), of_call("in-progress")), (Some(Status::Sent), Some(Status::Delivered)));
    }

    #[test]
    fn an_answer_is_taken_refused_or_not_known() {
        let told = |status, body: &str| {
            let status = StatusCode::from_u16(status).expect("a status");
            handed(&Answer { status, retry_after: None, body: body.as_bytes().to_vec() })
        };
        let queued = told(201, r#"{"sid":"SM1","status":"queued","error_code":null,"price":null}"#);
        assert_eq!(queued, Handed::accepted("SM1"));
        let Handed::Failed(failed) = told(201, r#"{"sid":"SM1","status":"failed","error_code":21610}"#) else {
            panic!("it failed")
        };
        assert_eq!((failed.class, failed.code.as_str()), (Class::OptedOut, "21610"));
        assert!(matches!(told(201, r#"{"sid":"SM1","status":"undelivered"}"#), Handed::Failed(_)));
        assert!(matches!(told(201, "{}"), Handed::Unknown(_)));
        assert!(matches!(told(400, r#"{"code":21211}"#), Handed::Failed(failed) if failed.class == Class::BadNumber));
    }

    #[test]
    fn only_a_signed_callback_about_our_account_is_read() {
        let mut secrets = Credentials::default();
        secrets.set("auth_token", "12345".into());
        let web = Web::new().expect("a client").of(&Carrier::new("t", CarrierKind::DevPhone));
        let account = Account::new("AC1", None, None, &secrets, web);
        let url = "https://idp.example/carriers/t/receipts?attempt=at_1";
        let told = |of: &str, secret: &[u8]| {
            let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
            let tag = hmac::sign(&key, format!("{url}AccountSid{of}MessageSidSM1MessageStatussent").as_bytes());
            let signature = base64::engine::general_purpose::STANDARD.encode(tag.as_ref());
            let body = format!("MessageSid=SM1&MessageStatus=sent&AccountSid={of}");
            let headers = HashMap::from([("x-twilio-signature".to_owned(), signature)]);
            let query = [("attempt".to_owned(), "at_1".to_owned())];
            let (method, body) = ("POST", body.as_bytes());
            read(&account, &Posted { method, url, query: &query, headers: &headers, body, now: Time(0) })
        };
        let Ok(Reported::Receipts(receipts)) = told("AC1", b"12345") else { panic!("it is signed") };
        let one = receipts.first().expect("a receipt");
        assert_eq!((one.attempt.as_ref().map(AttemptId::as_str), one.status), (Some("at_1"), Status::Sent));
        assert_eq!(told("AC2", b"12345"), Err(Unproven("about another account")));
        assert!(told("AC1", b"54321").is_err());
    }
}
