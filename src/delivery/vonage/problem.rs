//! Vonage's errors: problem documents (RFC 9457) whose type ends in a number, the same numbers in receipts.

use crate::delivery::web::Answer;
use crate::domain::delivery::{Class, Failed};
use serde_json::Value;

pub fn refused(answer: &Answer, document: &Value) -> Failed {
    let (code, words) = (code(document), words(document));
    let name = code.map_or_else(|| answer.status.as_u16().to_string(), |code| code.to_string());
    if is_about_the_number(document) {
        return answer.failed_as(Class::BadNumber, name, words);
    }
    // Whatever number stands in a body written in haste.
    let busy = answer.status.as_u16() == 429 || answer.status.is_server_error();
    match code.and_then(class).filter(|_| !busy) {
        Some(class) => answer.failed_as(class, name, words),
        None => answer.failed(name, words),
    }
}

/// `…/api-errors/messages#1120`; a receipt's error says it as its title, too.
pub fn code(problem: &Value) -> Option<u64> {
    let after = problem["type"].as_str().and_then(|kind| kind.rsplit_once('#'));
    let title = &problem["title"];
    after.and_then(|(_, code)| code.parse().ok()).or_else(|| title.as_u64()).or_else(|| title.as_str()?.parse().ok())
}

pub fn words(problem: &Value) -> String {
    let texts = ["title", "error_title", "detail"].map(|name| problem[name].as_str().unwrap_or_default());
    let said: Vec<&str> = texts.into_iter().filter(|text| !text.is_empty()).collect();
    if said.is_empty() { "refused without a reason".to_owned() } else { said.join(": ") }
}

/// Nothing but the recipient was found wrong. Messages list names, calls have an object of them.
fn is_about_the_number(document: &Value) -> bool {
    let names: Vec<&str> = match &document["invalid_parameters"] {
        Value::Array(list) => list.iter().filter_map(|one| one["name"].as_str()).collect(),
        Value::Object(named) => named.keys().map(String::as_str).collect(),
        _ => return false,
    };
    let recipient = |name: &&str| *name == "to" || name.starts_with("to[") || name.starts_with("to.");
    !names.is_empty() && names.iter().all(recipient)
}

/// What a code of the Messages API means for what is done next.
pub fn class(code: u64) -> Option<Class> {
    Some(match code {
        // Throttled, broken, or a network that fails for now.
        1000 | 1030 | 1100 | 1230 | 1241 | 1331 => Class::Busy,
        // What we asked for, the account, its money, its sender, its template.
        1010 | 1020..=1022 | 1060 | 1070 | 1080 | 1090 | 1110 | 1120 | 1130 | 1140 | 1150 => Class::Misconfigured,
        1340 | 1350 | 1370 | 1380..=1382 | 1400 | 1410 | 1420 | 1440 | 1450 | 1451 => Class::Misconfigured,
        // Campaigns and senders a country wants registered.
        1460 | 1480..=1484 => Class::Misconfigured,
        1170 | 1430 => Class::BadNumber,
        1240 => Class::OptedOut,
        // Barred, not in a trial account's list, spam filters, Fraud Defender.
        1050 | 1160 | 1210 | 1282 | 1470 | 1472 | 1473 => Class::Policy,
        // The device, the network or the channel does not reach this number.
        1040 | 1180 | 1190 | 1200 | 1220 | 1250 | 1251 | 1260 | 1270 | 1280 | 1290 => Class::Unreachable,
        1300 | 1310 | 1330 | 1360 | 1461 => Class::Unreachable,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::StatusCode;
    use serde_json::json;

    fn refused(status: u16, document: &Value) -> (Class, String) {
        let status = StatusCode::from_u16(status).expect("a status");
        let answer = Answer { status, retry_after: None, body: document.to_string().into_bytes() };
        let failed = super::refused(&answer, document);
        (failed.class, failed.code)
    }

    #[test]
    fn refusals_are_classed_by_what_is_wrong_then_code_then_status() {
        let kind = |code: &str| {
            json!({"type": format!("https://developer.vonage.com/api-errors/messages#{code}"),
            "title": "Refused", "detail": "The value is invalid.", "instance": "bf0ca0bf927b3b52e3cb03217e1a1ddf"})
        };
        let wrong = |names: &[&str]| {
            let mut document = kind("1150");
            document["invalid_parameters"] =
                names.iter().map(|name| json!({"name": name, "reason": "invalid"})).collect();
            document
        };
        let plain =
            |kind: &str| json!({"type": format!("https://developer.vonage.com/api-errors#{kind}"), "title": "No"});
        let call =
            json!({"type": "BAD_REQUEST", "error_title": "Bad Request", "invalid_parameters": {"to[0].number": "bad"}});
        for (status, document, class, code) in [
            (422, wrong(&["to"]), Class::BadNumber, "1150"),
            (422, wrong(&["to", "from"]), Class::Misconfigured, "1150"),
            (422, kind("1120"), Class::Misconfigured, "1120"),
            (422, kind("1170"), Class::BadNumber, "1170"),
            (401, plain("unauthorized"), Class::Misconfigured, "401"),
            (402, plain("low-balance"), Class::Misconfigured, "402"),
            (429, kind("1000"), Class::Busy, "1000"),
            (429, kind("1010"), Class::Busy, "1010"),
            (429, plain("throttled"), Class::Busy, "429"),
            (500, Value::Null, Class::Busy, "500"),
            (400, call, Class::BadNumber, "400"),
        ] {
            assert_eq!(refused(status, &document), (class, code.to_owned()), "{document}");
        }
    }

    #[test]
    fn a_code_is_found_where_vonage_puts_it() {
        assert_eq!(code(&json!({"type": "https://developer.nexmo.com/api-errors/messages-olympus#1300"})), Some(1300));
        assert_eq!(code(&json!({"title": 1260})), Some(1260));
        assert_eq!(code(&json!({"title": "1180"})), Some(1180));
        assert_eq!(code(&json!({"title": "Unauthorized"})), None);
    }
}
