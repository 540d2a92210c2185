//! What Twilio's error codes mean for what is done next. They come in refusals and in receipts alike, and are the only sign
//! there is, though Twilio adds to them: a code not named here is judged by the status it came with.

use crate::delivery::web::Answer;
use crate::domain::delivery::{Class, Failed};
use serde_json::Value;
use std::time::Duration;

/// Twilio's error dictionary, https://www.twilio.com/docs/api/errors.
pub fn class(code: i64) -> Option<Class> {
    Some(match code {
        // No such handset, a landline, not on WhatsApp, switched off; and what only this number has used up: five sends or
        // five checks in ten minutes. Another channel may reach it.
        63003 | 63014 | 63024 | 63032 | 63033 | 63036 => Class::Unreachable,
        30003 | 30005 | 30006 | 30008 | 13224 | 21612 | 21614 => Class::Unreachable,
        60202 | 60203 | 60205 => Class::Unreachable,
        // The account, its credentials and what it may do.
        10001 | 10002 | 20003 | 20005 | 20006 | 20008 | 30002 => Class::Misconfigured,
        // The sender: not ours, not registered, not able to.
        21210 | 21212 | 21213 | 21603 | 21606 | 21607 | 21657 | 21659..=21661 => Class::Misconfigured,
        21701 | 21703..=21705 | 21708 | 21709 | 21711 => Class::Misconfigured,
        30018 | 30024 | 30032..=30035 | 63002 | 63007 | 63015 | 63020 | 63051 | 68008 => Class::Misconfigured,
        // What is sent: addresses of callbacks, templates and their variables.
        21609 | 21617 | 21626 | 21654..=21656 => Class::Misconfigured,
        63001 | 63008 | 63013 | 63016 | 63027 | 63028 | 63040..=63042 => Class::Misconfigured,
        // The Verify service.
        60204 | 60206 | 60217 | 60221 | 60223 | 60331 => Class::Misconfigured,
        // Limits and troubles that pass.
        10004 | 14107 | 20429 | 20500 | 20503 | 21611 => Class::Busy,
        30001 | 30017 | 30022 | 30023 | 30027 | 30410 => Class::Busy,
        60207 | 60212 | 63009 | 63010 | 63012 | 63017 | 63018 | 63038 => Class::Busy,
        // There is no such number.
        13223 | 21201 | 21211 | 21214 | 21217 | 21604 | 60200 => Class::BadNumber,
        // They answered STOP.
        21610 => Class::OptedOut,
        // Countries not allowed, fraud, filters, trial accounts.
        21215 | 21216 | 21219 | 21408 | 21608 | 30004 | 30007 | 30450 => Class::Policy,
        60220 | 60238 | 60410 | 60605 => Class::Policy,
        _ => return None,
    })
}

/// What a refusal says: `{"code": 21211, "message": "…", "status": 400}`.
pub fn refused(answer: &Answer) -> Failed {
    let body = answer.json();
    let words = body["message"].as_str().unwrap_or("no reason is given");
    let Some(code) = number(&body["code"]) else { return answer.failed(answer.status.as_u16(), words) };
    let Some(class) = class(code) else { return answer.failed(code, words) };
    let failed = answer.failed_as(if is_ours(code, words) { Class::Misconfigured } else { class }, code, words);
    // Ten minutes, not said in a header: nothing is gained by asking again sooner.
    let used_up = matches!(code, 60202 | 60203).then_some(Duration::from_secs(600));
    Failed { retry_after: failed.retry_after.or(used_up), ..failed }
}

/// 60200 is an invalid parameter and names it: where that is not the number, it is ours.
fn is_ours(code: i64, words: &str) -> bool {
    code == 60200 && words.split('`').nth(1).is_some_and(|named| named != "To")
}

/// Codes are numbers in answers, texts in events, and null or empty where there is none.
pub fn number(value: &Value) -> Option<i64> {
    let number = value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())?;
    (number != 0).then_some(number)
}

/// Why a message that was taken did not arrive. A code that is not known, or none, says only that it did not.
pub fn undelivered(code: Option<i64>, status: &str, words: &str) -> Failed {
    let class = code.and_then(class).unwrap_or(Class::Unreachable);
    Failed::new(class, code.map_or_else(|| status.to_owned(), |code| code.to_string()), words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::StatusCode;

    fn answer(status: u16, body: &str) -> Answer {
        let status = StatusCode::from_u16(status).expect("a status");
        Answer { status, retry_after: None, body: body.as_bytes().to_vec() }
    }

    #[test]
    fn each_class_has_its_codes() {
        use Class::{BadNumber, Busy, Misconfigured, OptedOut, Policy, Unreachable};
        for (wanted, codes) in [
            (Unreachable, &[63024, 63003, 30003, 30005, 30006, 30008, 21614, 60203, 60205][..]),
            (Misconfigured, &[20003, 63016, 63007, 63040, 21606, 21703, 30034, 68008, 60204]),
            (Busy, &[20429, 63018, 30001, 30022, 20503, 60212]),
            (BadNumber, &[21211, 21217, 60200]),
            (OptedOut, &[21610]),
            (Policy, &[21408, 60605, 60410, 60238, 30007, 21608]),
        ] {
            for code in codes {
                assert_eq!(class(*code), Some(wanted), "{code}");
            }
        }
        assert_eq!(class(99999), None);
    }

    #[test]
    fn a_refusal_is_judged_by_its_code_then_by_its_status() {
        let told = |status, body| refused(&answer(status, body));
        let failed = told(400, r#"{"code":21211,"message":"The 'To' number +15550001111 is not valid","status":400}"#);
        assert_eq!((failed.class, failed.code.as_str()), (Class::BadNumber, "21211"));
        assert!(!failed.detail.contains("1555"));
        assert_eq!(told(401, r#"{"code":20003,"message":"Authenticate"}"#).class, Class::Misconfigured);
        assert_eq!(told(429, r#"{"code":20429,"message":"slow down"}"#).class, Class::Busy);
        assert_eq!(told(429, r#"{"code":99999}"#).class, Class::Busy);
        assert_eq!(told(503, "<html>").class, Class::Busy);
        assert_eq!((told(403, "").class, told(403, "").code.as_str()), (Class::Misconfigured, "403"));
    }

    #[test]
    fn an_invalid_parameter_is_the_persons_only_where_it_is_the_number() {
        let told = |words: &str| refused(&answer(400, &format!(r#"{{"code":60200,"message":"{words}"}}"#))).class;
        assert_eq!(told("Invalid parameter `To`: +8190"), Class::BadNumber);
        assert_eq!(told("Invalid parameter `CustomCode`"), Class::Misconfigured);
        assert_eq!(told("Invalid parameter"), Class::BadNumber);
    }

    #[test]
    fn a_number_that_used_up_its_sends_is_not_tried_again_soon() {
        let failed = refused(&answer(429, r#"{"code":60203,"message":"Max send attempts reached"}"#));
        assert_eq!((failed.class, failed.retry_after), (Class::Unreachable, Some(Duration::from_secs(600))));
    }
}
