//! Twilio Programmable Messaging and Voice: our passcode by SMS, by an approved WhatsApp template, or read out in a call.

mod examine;
mod forms;

use super::twilio::{Account, callback, escaped};
use super::web::CarrierWeb;
use super::{Finding, Posted, Reported, Sender, Unproven};
use crate::domain::carrier::{self, Credentials};
use crate::domain::delivery::{Cost, Handed, Message};
use crate::domain::time::Time;
use async_trait::async_trait;

pub struct TwilioMessaging {
    account: Account,
    settings: carrier::TwilioMessaging,
}

impl TwilioMessaging {
    pub fn new(settings: &carrier::TwilioMessaging, secrets: &Credentials, web: CarrierWeb) -> Self {
        let (sid, key, region) = (&settings.account_sid, settings.api_key.as_deref(), settings.region.as_deref());
        Self { account: Account::new(sid, key, region, secrets, web), settings: settings.clone() }
    }
}

#[async_trait]
impl Sender for TwilioMessaging {
    fn reports(&self) -> bool {
        true
    }

    async fn send(&self, message: &Message) -> Handed {
        let (path, form) = match forms::of(&self.settings, message) {
            Ok(form) => form,
            Err(failed) => return Handed::Failed(failed),
        };
        match self.account.post("api", message.region.as_deref(), &self.account.path(path), &form).await {
            Ok(answer) => callback::handed(&answer),
            Err(handed) => handed,
        }
    }

    fn read(&self, posted: &Posted<'_>) -> Result<Reported, Unproven> {
        callback::read(&self.account, posted)
    }

    /// Callbacks name no price; Twilio works it out a while after.
    fn bills(&self) -> bool {
        true
    }

    async fn bill(&self, reference: &str) -> Result<Option<Cost>, String> {
        let what = match reference.get(..2) {
            Some("SM" | "MM") => "Messages",
            Some("CA") => "Calls",
            _ => return Ok(None),
        };
        let answer =
            self.account.get("api", &self.account.path(&format!("/{what}/{}.json", escaped(reference)))).await?;
        if !answer.status.is_success() {
            return Err(format!("status {}", answer.status.as_u16()));
        }
        let body = answer.json();
        let text = |name: &str| body[name].as_str().unwrap_or_default();
        Ok(Cost::read(text("price"), text("price_unit")))
    }

    async fn examine(&self, _now: Time) -> Vec<Finding> {
        examine::all(&self.account, &self.settings).await
    }
}
