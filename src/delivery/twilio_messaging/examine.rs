//! Senders and templates, as far as Twilio tells without a message being sent.

use crate::delivery::Finding;
use crate::delivery::twilio::look::Seen;
use crate::delivery::twilio::{Account, escaped};
use crate::domain::carrier::TwilioMessaging;
use serde_json::Value;
use std::collections::BTreeSet;

pub async fn all(account: &Account, settings: &TwilioMessaging) -> Vec<Finding> {
    let mut findings = account.look().await;
    if let Some(sid) = &settings.messaging_service_sid {
        findings.push(service(account, sid).await);
    }
    if let Some(from) = &settings.from {
        findings.push(from_for_sms(account, from).await);
    }
    if let Some(number) = &settings.voice_from {
        findings.push(from_for_calls(account, number).await);
    }
    if let Some(number) = &settings.whatsapp_from {
        findings.push(whatsapp(account, number).await);
        for sid in settings.content_sids.values().collect::<BTreeSet<_>>() {
            findings.push(template(account, sid).await);
        }
    }
    findings
}

async fn service(account: &Account, sid: &str) -> Finding {
    let what = "messaging_service_sid";
    match account.see("messaging", &format!("/v1/Services/{sid}"), what).await {
        Seen::Found(service) if service["us_app_to_person_registered"] == false => Finding::good(format!(
            "{what}: found; not registered for A2P 10DLC, so numbers of the United States may refuse it"
        )),
        Seen::Found(_) => Finding::good(format!("{what}: found")),
        Seen::NotFound => Finding::bad(format!(
            "{what}: this account has no such service; copy it from Messaging, Services in Twilio's console"
        )),
        Seen::Hidden(finding) => finding,
    }
}

async fn from_for_sms(account: &Account, from: &str) -> Finding {
    if !from.starts_with('+') {
        return Finding::good("from: a name or short code; which countries take it stands in Twilio's SMS guidelines");
    }
    match number(account, from, "from").await {
        Seen::Found(number) if number["capabilities"]["sms"] == false => {
            Finding::bad("from: this number cannot send SMS; buy one with SMS in Twilio's console")
        }
        Seen::Found(_) => Finding::good("from: a number of this account that sends SMS"),
        Seen::NotFound => {
            Finding::bad("from: no number of this account; buy it, or take one from Phone Numbers in its console")
        }
        Seen::Hidden(finding) => finding,
    }
}

async fn from_for_calls(account: &Account, from: &str) -> Finding {
    match number(account, from, "voice_from").await {
        Seen::Found(number) if number["capabilities"]["voice"] == false => {
            Finding::bad("voice_from: this number cannot call; buy one with voice in Twilio's console")
        }
        Seen::Found(_) => Finding::good("voice_from: a number of this account that calls"),
        Seen::NotFound => match listed(account, "OutgoingCallerIds", "outgoing_caller_ids", from, "voice_from").await {
            Seen::Found(_) => Finding::good("voice_from: a verified caller id of this account"),
            Seen::NotFound => Finding::bad("voice_from: neither a number nor a verified caller id of this account"),
            Seen::Hidden(finding) => finding,
        },
        Seen::Hidden(finding) => finding,
    }
}

async fn number(account: &Account, number: &str, what: &str) -> Seen {
    listed(account, "IncomingPhoneNumbers", "incoming_phone_numbers", number, what).await
}

/// The one of a list that is this number: Twilio also finds numbers that only hold it.
async fn listed(account: &Account, resource: &str, list: &str, number: &str, what: &str) -> Seen {
    let path = account.path(&format!("/{resource}.json?PhoneNumber={}", escaped(number)));
    match account.see("api", &path, what).await {
        Seen::Found(found) => one(&found[list], "phone_number", number).map_or(Seen::NotFound, Seen::Found),
        other => other,
    }
}

fn one(list: &Value, name: &str, value: &str) -> Option<Value> {
    list.as_array()?.iter().find(|one| one[name] == value).cloned()
}

async fn whatsapp(account: &Account, number: &str) -> Finding {
    let what = "whatsapp_from";
    match account.see("messaging", "/v2/Channels/Senders?Channel=whatsapp&PageSize=100", what).await {
        Seen::Found(found) => of_sender(one(&found["senders"], "sender_id", &format!("whatsapp:{number}")).as_ref()),
        Seen::NotFound => of_sender(None),
        Seen::Hidden(finding) => finding,
    }
}

fn of_sender(sender: Option<&Value>) -> Finding {
    match sender.map(|sender| sender["status"].as_str().unwrap_or("unknown")) {
        Some(status) if status.starts_with("ONLINE") => Finding::good("whatsapp_from: online"),
        Some(status) => Finding::bad(format!(
            "whatsapp_from: {status}; finish its registration under Messaging, Senders, WhatsApp senders in Twilio's console"
        )),
        None => Finding::bad(
            "whatsapp_from: no WhatsApp sender of this account; register it under Messaging, Senders in Twilio's console",
        ),
    }
}

async fn template(account: &Account, sid: &str) -> Finding {
    match account.see("content", &format!("/v1/Content/{sid}/ApprovalRequests"), sid).await {
        Seen::Found(found) => of_template(sid, &found["whatsapp"]),
        Seen::NotFound => Finding::bad(format!(
            "{sid}: this account has no such template; copy it from Messaging, Content Template Builder in Twilio's console"
        )),
        Seen::Hidden(finding) => finding,
    }
}

fn of_template(sid: &str, approval: &Value) -> Finding {
    let said = |name: &str| approval[name].as_str().unwrap_or_default();
    let kind = said("content_type");
    match said("status") {
        _ if !kind.is_empty() && kind != "whatsapp/authentication" => Finding::bad(format!(
            "{sid}: a template of type {kind}; WhatsApp takes codes in whatsapp/authentication alone"
        )),
        "approved" => Finding::good(format!("{sid}: approved")),
        "received" | "pending" => Finding::bad(format!("{sid}: WhatsApp has not approved it yet; wait")),
        "" | "unsubmitted" => Finding::bad(format!("{sid}: submit it for approval, category authentication")),
        status => Finding::bad(format!("{sid}: {status} by WhatsApp: {}; make another", said("rejection_reason"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_template_is_good_once_approved() {
        let told = |status, kind| of_template("HX1", &json!({"status": status, "content_type": kind}));
        assert!(told("approved", "whatsapp/authentication").good);
        for status in ["pending", "rejected", "paused", "unsubmitted", ""] {
            assert!(!told(status, "whatsapp/authentication").good, "{status}");
        }
        assert!(!told("approved", "twilio/text").good);
        assert!(!of_template("HX1", &Value::Null).good);
    }

    #[test]
    fn a_whatsapp_sender_is_good_once_online() {
        assert!(of_sender(Some(&json!({"status": "ONLINE"}))).good);
        assert!(!of_sender(Some(&json!({"status": "CREATING"}))).good);
        assert!(!of_sender(None).good);
    }

    #[test]
    fn a_number_is_the_one_asked_for() {
        let found = json!([{"phone_number": "+12025550123"}]);
        assert!(one(&found, "phone_number", "+12025550123").is_some());
        assert!(one(&found, "phone_number", "+1202555012").is_none());
    }
}
