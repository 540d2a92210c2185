//! Meta's webhook: the handshake that opens it, and the batches of statuses, signed with the app's secret.

use super::refusal::Refusal;
use crate::delivery::{Posted, Reported, Unproven};
use crate::domain::delivery::{Class, Failed, Receipt, Status};
use crate::domain::ids::AttemptId;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use serde_json::Value;
use zeroize::Zeroizing;

pub struct Webhook {
    app_secret: hmac::Key,
    verify_token: Zeroizing<String>,
    /// Whose messages are told of: an app may stand behind several numbers.
    phone_number_id: String,
}

impl Webhook {
    pub fn new(app_secret: &str, verify_token: &str, phone_number_id: &str) -> Self {
        Self {
            app_secret: hmac::Key::new(hmac::HMAC_SHA256, app_secret.as_bytes()),
            verify_token: Zeroizing::new(verify_token.to_owned()),
            phone_number_id: phone_number_id.to_owned(),
        }
    }

    pub fn read(&self, posted: &Posted<'_>) -> Result<Reported, Unproven> {
        if posted.method == "GET" {
            return self.handshake(posted);
        }
        let signature = posted.header("x-hub-signature-256").ok_or(Unproven("no signature"))?;
        if !self.signed(posted.body, signature) {
            return Err(Unproven("the signature is not our app's"));
        }
        // Signed is signed: what cannot be read is none of our statuses, and sending it again would not mend it.
        let document: Value = serde_json::from_slice(posted.body).unwrap_or_default();
        Ok(Reported::Receipts(self.receipts(&document)))
    }

    fn handshake(&self, posted: &Posted<'_>) -> Result<Reported, Unproven> {
        let token = posted.asked("hub.verify_token").unwrap_or_default();
        let known = !self.verify_token.is_empty()
            && verify_slices_are_equal(token.as_bytes(), self.verify_token.as_bytes()).is_ok();
        match (posted.asked("hub.mode"), posted.asked("hub.challenge")) {
            (Some("subscribe"), Some(challenge)) if known => Ok(Reported::Handshake(challenge.to_owned())),
            _ => Err(Unproven("not a handshake with our verify_token")),
        }
    }

    fn signed(&self, body: &[u8], header: &str) -> bool {
        let ours = hmac::sign(&self.app_secret, body);
        let ours: String = ours.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        header
            .strip_prefix("sha256=")
            .is_some_and(|given| verify_slices_are_equal(ours.as_bytes(), given.as_bytes()).is_ok())
    }

    fn receipts(&self, document: &Value) -> Vec<Receipt> {
        let changes = list(&document["entry"]).iter().flat_map(|entry| list(&entry["changes"]));
        let ours = changes
            .map(|change| &change["value"])
            .filter(|value| value["metadata"]["phone_number_id"].as_str() == Some(&self.phone_number_id));
        ours.flat_map(|value| list(&value["statuses"])).filter_map(receipt).collect()
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// One status. `pricing` names a category and no amount.
fn receipt(told: &Value) -> Option<Receipt> {
    let status = match told["status"].as_str()? {
        "sent" => Status::Sent,
        "delivered" => Status::Delivered,
        "read" | "played" => Status::Read,
        "failed" => Status::Undelivered,
        _ => return None,
    };
    let text = |name: &str| told[name].as_str().map(str::to_owned);
    Some(Receipt {
        attempt: text("biz_opaque_callback_data").map(AttemptId::new),
        reference: text("id"),
        status,
        failed: (status == Status::Undelivered).then(|| failed(&told["errors"][0])),
        cost: None,
    })
}

fn failed(error: &Value) -> Failed {
    match Refusal::read(error) {
        // Whatever the reason, Meta gave up on this number.
        Some(refusal) => Failed::new(refusal.class().unwrap_or(Class::Unreachable), refusal.code, refusal.words()),
        None => Failed::new(Class::Unreachable, "failed", "not delivered, without a reason"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Time;
    use serde_json::json;
    use std::collections::HashMap;

    fn webhook() -> Webhook {
        Webhook::new("app secret", "a token of sixteen", "106540352242922")
    }

    fn read(
        method: &str,
        query: &[(&str, &str)],
        signature: Option<String>,
        body: &[u8],
    ) -> Result<Reported, Unproven> {
        let query: Vec<_> = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let headers: HashMap<_, _> =
            signature.into_iter().map(|value| ("x-hub-signature-256".to_owned(), value)).collect();
        let url = "https://id.example/carriers/wa/receipts";
        webhook().read(&Posted { method, url, query: &query, headers: &headers, body, now: Time(0) })
    }

    fn sign(body: &[u8]) -> String {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, b"app secret"), body);
        format!("sha256={}", tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect::<String>())
    }

    #[test]
    fn the_handshake_needs_our_token() {
        let hub = |token| [("hub.mode", "subscribe"), ("hub.verify_token", token), ("hub.challenge", "1158201444")];
        assert_eq!(
            read("GET", &hub("a token of sixteen"), None, b""),
            Ok(Reported::Handshake("1158201444".to_owned()))
        );
        for wrong in ["", "a token of sixteem", "a token of sixteen "] {
            assert!(read("GET", &hub(wrong), None, b"").is_err(), "{wrong}");
        }
        assert!(read("GET", &[("hub.verify_token", "a token of sixteen")], None, b"").is_err());
    }

    #[test]
    fn only_signed_bytes_are_read() {
        let body = br#"{"object":"whatsapp_business_account","entry":[]}"#;
        assert_eq!(read("POST", &[], Some(sign(body)), body), Ok(Reported::Receipts(vec![])));
        assert!(read("POST", &[], None, body).is_err());
        assert!(read("POST", &[], Some(sign(body)), &body[1..]).is_err());
        assert!(read("POST", &[], Some(sign(body).replace("sha256=", "sha1=")), body).is_err());
        assert!(read("POST", &[], Some("sha256=".into()), body).is_err());
        assert_eq!(read("POST", &[], Some(sign(b"\xff")), b"\xff"), Ok(Reported::Receipts(vec![])));
    }

    #[test]
    fn a_batch_is_taken_apart_and_others_numbers_are_left_out() {
        let change = |number: &str, statuses: Value| {
            json!({"field": "messages", "value": {"messaging_product": "whatsapp",
                "metadata": {"display_phone_number": "15550783881", "phone_number_id": number}, "statuses": statuses}})
        };
        let status = |id: &str, status: &str| {
            json!({"id": id, "status": status, "timestamp": "1750000000", "recipient_id": "2348031234567",
                "biz_opaque_callback_data": "at_1", "pricing": {"billable": true, "category": "authentication"}})
        };
        let mut failed = status("wamid.3", "failed");
        failed["errors"] = json!([{"code": 131_026, "title": "Message undeliverable",
            "error_data": {"details": "Message Undeliverable to 2348031234567."}}]);
        let document = json!({"object": "whatsapp_business_account", "entry": [
            {"id": "1", "changes": [
                change("106540352242922", json!([status("wamid.1", "sent"), status("wamid.1", "delivered")])),
                change("999", json!([status("wamid.2", "delivered")])),
            ]},
            {"id": "1", "changes": [change("106540352242922", json!([
                status("wamid.1", "read"), failed, status("wamid.4", "warning"), {"id": "wamid.5", "status": "played"}
            ]))]},
        ]});
        let body = serde_json::to_vec(&document).expect("writes");
        let Ok(Reported::Receipts(receipts)) = read("POST", &[], Some(sign(&body)), &body) else { panic!("receipts") };
        let told: Vec<_> =
            receipts.iter().map(|one| (one.reference.as_deref().unwrap_or_default(), one.status)).collect();
        assert_eq!(
            told,
            [
                ("wamid.1", Status::Sent),
                ("wamid.1", Status::Delivered),
                ("wamid.1", Status::Read),
                ("wamid.3", Status::Undelivered),
                ("wamid.5", Status::Read)
            ]
        );
        assert_eq!(receipts[0].attempt, Some(AttemptId::new("at_1")));
        assert_eq!((receipts[4].attempt.clone(), receipts[0].cost.clone()), (None, None));
        let failed = receipts[3].failed.as_ref().expect("a reason");
        assert_eq!((failed.class, failed.code.as_str()), (Class::Unreachable, "131026"));
        assert!(!failed.detail.contains("2348031234567"), "{}", failed.detail);
    }
}
