//! The Verify service, as far as it tells without a verification being started.

use crate::delivery::Finding;
use crate::delivery::twilio::Account;
use crate::delivery::twilio::look::Seen;
use crate::domain::carrier::TwilioVerify;
use crate::domain::delivery::Channel;
use serde_json::Value;

pub async fn all(account: &Account, settings: &TwilioVerify) -> Vec<Finding> {
    let mut findings = account.look().await;
    match account.see("verify", &format!("/v2/Services/{}", settings.service_sid), "service_sid").await {
        Seen::Found(service) => findings.extend(of_service(settings, &service)),
        Seen::NotFound => findings.push(Finding::bad(
            "service_sid: this account has no such service; copy it from Verify, Services in Twilio's console",
        )),
        Seen::Hidden(finding) => findings.push(finding),
    }
    findings
}

fn of_service(settings: &TwilioVerify, service: &Value) -> Vec<Finding> {
    let mut findings = vec![codes(settings, service)];
    if settings.event_streams && service["verify_event_subscription_enabled"] == false {
        findings.push(Finding::bad(
            "event_streams: the service sends no events; enable Verify Events in its settings, or leave event_streams out",
        ));
    }
    let whatsapp = &service["whatsapp"];
    if settings.carries(Channel::Whatsapp) && whatsapp["from"].is_null() && whatsapp["msg_service_sid"].is_null() {
        findings.push(no_whatsapp(settings.channels.is_some()));
    }
    findings
}

fn codes(settings: &TwilioVerify, service: &Value) -> Finding {
    let length = service["code_length"].as_i64().unwrap_or(6);
    match (settings.custom_codes, service["custom_code_enabled"] == true) {
        (true, true) => Finding::good("custom_codes: the service takes codes of ours"),
        (true, false) => Finding::bad(
            "custom_codes: the service takes no codes of ours; enable custom verification codes in its settings, or leave custom_codes out",
        ),
        (false, _) => Finding::good(format!(
            "service_sid: Twilio makes and checks codes of {length} digits; passcode.digits must be {length} as well"
        )),
    }
}

/// Wrong only where the operator asked for it by name.
fn no_whatsapp(named: bool) -> Finding {
    let text =
        "channels: the service has no WhatsApp sender; add one in its settings, or leave whatsapp out of channels";
    if named { Finding::bad(text) } else { Finding::good(format!("{text} and ladders")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_service_must_do_what_is_asked_of_it() {
        let service = json!({"code_length": 8, "custom_code_enabled": false, "verify_event_subscription_enabled": false,
            "whatsapp": {"msg_service_sid": null, "from": null}});
        let plain = of_service(&TwilioVerify::default(), &service);
        assert!(plain.iter().all(|finding| finding.good) && plain[0].text.contains("must be 8"));
        let asked = TwilioVerify {
            custom_codes: true,
            event_streams: true,
            channels: Some(vec![Channel::Whatsapp]),
            ..TwilioVerify::default()
        };
        assert_eq!(of_service(&asked, &service).iter().filter(|finding| !finding.good).count(), 3);
        let ready = json!({"custom_code_enabled": true, "verify_event_subscription_enabled": true,
            "whatsapp": {"msg_service_sid": "MG1"}});
        assert!(of_service(&asked, &ready).iter().all(|finding| finding.good));
    }
}
