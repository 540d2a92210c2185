//! The authentication template in every language of our pages: made where it is missing, changed where it differs, and told
//! as Meta sees it. Its words are Meta's own; ours are the button, the minutes and how long it may be late.

use super::MetaWhatsapp;
use super::message::language;
use super::refusal::Refusal;
use crate::delivery::{Finding, Template};
use reqwest::Method;
use serde_json::{Value, json};

/// Meta cuts nothing itself, and refuses longer buttons.
const LONGEST_BUTTON: usize = 25;

const FIELDS: &str = "id,name,language,status,category,rejected_reason,components,message_send_ttl_seconds";

impl MetaWhatsapp {
    /// The template as it stands, an entry for each language.
    pub(super) async fn list_templates(&self) -> Result<Vec<Value>, Refusal> {
        let (account, name) = (&self.settings.business_account_id, &self.settings.template);
        let path = format!("{account}/message_templates?name={name}&limit=100&fields={FIELDS}");
        let document = self.ask(self.request(Method::GET, &path)).await?;
        let all = document["data"].as_array().cloned().unwrap_or_default();
        // Meta's filter finds longer names too.
        Ok(all.into_iter().filter(|template| template["name"].as_str() == Some(name)).collect())
    }

    pub(super) async fn sync_templates(&self, templates: &[Template]) -> Vec<Finding> {
        let existing = match self.list_templates().await {
            Ok(existing) => existing,
            Err(refusal) => return vec![Finding::bad(format!("Meta does not list templates: {}", refusal.told()))],
        };
        let mut findings = Vec::new();
        for template in templates {
            let code = language(&template.language);
            let have = existing.iter().find(|have| have["language"].as_str() == Some(&code));
            findings.push(match have {
                None => self.make(template).await,
                Some(have) if differs(have, template) => self.change(have, template).await,
                Some(have) => standing(have),
            });
        }
        findings
    }

    async fn make(&self, template: &Template) -> Finding {
        let code = language(&template.language);
        let path = format!("{}/message_templates", self.settings.business_account_id);
        let body = created(&self.settings.template, template);
        match self.ask(self.request(Method::POST, &path).json(&body)).await {
            Ok(answer) => standing(&json!({
                "language": code, "status": answer["status"], "category": answer["category"], "made": true,
            })),
            Err(refusal) if refusal.is_about_the_language() => Finding::good(format!(
                "{code}: Meta does not take this language, people get the template in English: {}",
                refusal.told()
            )),
            Err(refusal) => Finding::bad(format!("{code}: not made: {}", refusal.told())),
        }
    }

    /// Meta takes changes of approved, rejected and paused templates; of approved ones once a day and ten times a month.
    async fn change(&self, have: &Value, template: &Template) -> Finding {
        let code = language(&template.language);
        let status = have["status"].as_str().unwrap_or_default();
        if !matches!(status, "APPROVED" | "REJECTED" | "PAUSED") {
            return Finding::bad(format!(
                "{code}: differs from ours, and Meta takes no change while it is {status}; sync again later"
            ));
        }
        let body = json!({ "components": components(template), "message_send_ttl_seconds": seconds(template) });
        let id = have["id"].as_str().unwrap_or_default();
        match self.ask(self.request(Method::POST, id).json(&body)).await {
            Ok(_) => Finding::good(format!("{code}: changed; Meta looks at it anew")),
            Err(refusal) => Finding::bad(format!("{code}: differs from ours, not changed: {}", refusal.told())),
        }
    }
}

impl Refusal {
    /// As an operator reads it.
    pub(super) fn told(&self) -> String {
        if self.code == 0 { self.words() } else { format!("{} ({})", self.words(), self.code) }
    }

    fn is_about_the_language(&self) -> bool {
        let said = self.words().to_lowercase();
        said.contains("language") && (said.contains("must be one of") || said.contains("support"))
    }
}

fn created(name: &str, template: &Template) -> Value {
    json!({
        "name": name,
        "language": language(&template.language),
        "category": "AUTHENTICATION",
        "message_send_ttl_seconds": seconds(template),
        "components": components(template),
    })
}

fn components(template: &Template) -> Value {
    json!([
        { "type": "BODY", "add_security_recommendation": true },
        { "type": "FOOTER", "code_expiration_minutes": minutes(template) },
        { "type": "BUTTONS", "buttons": [{ "type": "OTP", "otp_type": "COPY_CODE", "text": button(template) }] },
    ])
}

/// After this Meta drops what it could not deliver: a late passcode only confuses.
fn seconds(template: &Template) -> u32 {
    template.minutes.saturating_mul(60).clamp(30, 900)
}

fn minutes(template: &Template) -> u32 {
    template.minutes.clamp(1, 90)
}

fn button(template: &Template) -> String {
    template.copy_code.chars().take(LONGEST_BUTTON).collect()
}

/// Compared is only what Meta tells; it shows the button as a `URL` whose address carries the minutes.
fn differs(have: &Value, template: &Template) -> bool {
    let part = |kind: &str| {
        let parts = have["components"].as_array().map(Vec::as_slice).unwrap_or_default();
        parts.iter().find(|part| part["type"].as_str() == Some(kind)).cloned().unwrap_or_default()
    };
    let shown = &part("BUTTONS")["buttons"][0];
    let other = |told: Option<u64>, ours: u32| told.is_some_and(|told| told != u64::from(ours));
    let lasts = part("FOOTER")["code_expiration_minutes"].as_u64().or_else(|| minutes_in(shown["url"].as_str()?));
    shown["text"].as_str().is_some_and(|text| text != button(template))
        || other(lasts, minutes(template))
        || other(have["message_send_ttl_seconds"].as_u64(), seconds(template))
        || part("BODY")["add_security_recommendation"].as_bool() == Some(false)
}

fn minutes_in(url: &str) -> Option<u64> {
    let url = url::Url::parse(url).ok()?;
    url.query_pairs().find(|(name, _)| name == "code_expiration_minutes")?.1.parse().ok()
}

/// How one language stands, in Meta's own word for it.
pub(super) fn standing(have: &Value) -> Finding {
    let text = |name: &str| have[name].as_str().unwrap_or_default();
    let (code, status) = (text("language"), text("status"));
    let made = if have["made"].as_bool() == Some(true) { "made, " } else { "" };
    if !matches!(text("category"), "" | "AUTHENTICATION") {
        return Finding::bad(format!(
            "{code}: Meta filed it as {}, not AUTHENTICATION; delete it there and sync again",
            text("category")
        ));
    }
    match status {
        "APPROVED" => Finding::good(format!("{code}: {made}APPROVED")),
        "PENDING" | "IN_APPEAL" => Finding::good(format!("{code}: {made}{status}, Meta has yet to decide")),
        "REJECTED" => Finding::bad(format!("{code}: {made}REJECTED ({})", text("rejected_reason"))),
        "PAUSED" => Finding::bad(format!("{code}: PAUSED by Meta for a while, since people reported or blocked it")),
        _ => Finding::bad(format!("{code}: {made}{status}, nothing is sent by it")),
    }
}

#[cfg(test)]
mod tests;
