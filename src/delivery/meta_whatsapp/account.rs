//! A look at the account: the token, the sender's number, the template's languages, and whether receipts can come.

use super::MetaWhatsapp;
use super::message::ENGLISH;
use super::refusal::{NO_SUCH_OBJECT, Refusal};
use super::templates::standing;
use crate::delivery::Finding;
use reqwest::Method;
use serde_json::Value;

impl MetaWhatsapp {
    pub(super) async fn examine_account(&self) -> Vec<Finding> {
        let path = format!("{}?fields=verified_name,quality_rating,status", self.settings.phone_number_id);
        let number = match self.ask(self.request(Method::GET, &path)).await {
            Ok(number) => number,
            Err(refusal) => return vec![Finding::bad(mend(&refusal, "phone_number_id"))],
        };
        let mut findings = vec![sender(&number)];
        match self.list_templates().await {
            Ok(templates) => findings.extend(languages(&self.settings.template, &templates)),
            Err(refusal) => findings.push(Finding::bad(mend(&refusal, "business_account_id"))),
        }
        findings.extend(self.subscribed().await);
        findings
    }

    /// Told only where Meta says it: the token may lack the right to ask.
    async fn subscribed(&self) -> Option<Finding> {
        let path = format!("{}/subscribed_apps", self.settings.business_account_id);
        let document = self.ask(self.request(Method::GET, &path)).await.ok()?;
        Some(if document["data"].as_array()?.is_empty() {
            Finding::bad(
                "no app is subscribed to the business account, so no receipts come: subscribe yours to `messages`",
            )
        } else {
            Finding::good("an app is subscribed to the business account's receipts")
        })
    }
}

fn sender(number: &Value) -> Finding {
    let text = |name: &str| number[name].as_str().unwrap_or("not told").to_owned();
    let (name, quality, status) = (text("verified_name"), text("quality_rating"), text("status"));
    let told = format!("the sender is \"{name}\", its quality {quality}, its status {status}");
    if quality == "RED" {
        return Finding::bad(format!("{told}; Meta limits or blocks numbers of low quality"));
    }
    match status.as_str() {
        "CONNECTED" | "not told" => Finding::good(told),
        _ => Finding::bad(format!("{told}; look at the number in WhatsApp Manager")),
    }
}

fn languages(name: &str, templates: &[Value]) -> Vec<Finding> {
    if templates.is_empty() {
        return vec![Finding::bad(format!("there is no template \"{name}\": `countersign carriers sync` makes it"))];
    }
    let approved = |template: &&Value| template["status"].as_str() == Some("APPROVED");
    let english = templates.iter().filter(approved).any(|template| template["language"].as_str() == Some(ENGLISH));
    let mut findings: Vec<Finding> = templates.iter().map(standing).collect();
    if !english {
        findings
            .push(Finding::bad("the template is not approved in English, which stands in for every missing language"));
    }
    findings
}

fn mend(refusal: &Refusal, field: &str) -> String {
    let what = match refusal.code {
        190 => {
            "make a permanent token of a system user, with whatsapp_business_messaging and whatsapp_business_management"
        }
        10 | 200..=299 => {
            "give the system user the WhatsApp account as an asset, and the token both whatsapp_business permissions"
        }
        100 if refusal.subcode == NO_SUCH_OBJECT => "no such id, or the token may not see it",
        4 | 80_007 => "Meta limits us; try again in an hour",
        0 => "not reached",
        _ => "look it up in Meta's error codes",
    };
    format!("{field}: {}; {what}", refusal.told())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::fake::Fake;
    use crate::domain::carrier::{self, Credentials};
    use serde_json::json;

    async fn examined(answers: &[(u16, Value)]) -> Vec<(bool, String)> {
        let fake = Fake::start(answers).await;
        let settings = carrier::MetaWhatsapp { phone_number_id: "1".into(), ..carrier::MetaWhatsapp::default() };
        let meta = MetaWhatsapp::new(&settings, &Credentials::default(), fake.web());
        meta.examine_account().await.into_iter().map(|finding| (finding.good, finding.text)).collect()
    }

    fn number(quality: &str, status: &str) -> Value {
        json!({"id": "1", "verified_name": "Shop", "quality_rating": quality, "status": status})
    }

    #[tokio::test]
    async fn a_good_account_is_told_as_good() {
        let template = json!({"name": "countersign_passcode", "language": "en", "status": "APPROVED"});
        let found = examined(&[
            (200, number("GREEN", "CONNECTED")),
            (200, json!({"data": [template]})),
            (200, json!({"data": [{"whatsapp_business_api_data": {"id": "1", "name": "Shop"}}]})),
        ])
        .await;
        assert!(found.iter().all(|(good, _)| *good), "{found:?}");
        assert_eq!(found[1].1, "en: APPROVED");
    }

    #[tokio::test]
    async fn each_fault_says_how_it_is_mended() {
        let expired = json!({"error": {"code": 190, "error_subcode": 463, "message": "Session has expired"}});
        let found = examined(&[(401, expired)]).await;
        assert!(found.len() == 1 && !found[0].0 && found[0].1.contains("permanent token"), "{found:?}");
        let paused = json!({"name": "countersign_passcode", "language": "es", "status": "PAUSED"});
        let found = examined(&[
            (200, number("RED", "CONNECTED")),
            (200, json!({"data": [paused]})),
            (200, json!({"data": []})),
        ])
        .await;
        assert_eq!(found.iter().filter(|(good, _)| !good).count(), 4, "{found:?}");
        let found = examined(&[(200, number("GREEN", "BANNED")), (200, json!({"data": []}))]).await;
        assert!(found.iter().all(|(good, _)| !good) && found[1].1.contains("carriers sync"), "{found:?}");
    }
}
