//! The only room that speaks to carriers. A carrier is one file here: it takes a rendered message, says what came of it, and
//! reads the receipts its company sends. Which carrier is tried, and what follows a refusal, is `route`'s and the flow's; how
//! well each does is `health`'s. This room keeps no rows.

pub mod dev_phone;
#[cfg(test)]
mod fake;
pub mod health;
pub mod message;
mod meta_whatsapp;
pub mod route;
pub mod signature;
mod smtp;
mod telegram_gateway;
mod twilio;
mod twilio_messaging;
mod twilio_verify;
mod vonage;
pub mod web;
mod webhook;

use crate::domain::carrier::{Carrier, CarrierKind, Credentials};
use crate::domain::delivery::{Cost, Handed, Message, Receipt};
use crate::domain::identifier::Identifier;
use crate::domain::time::Time;
use async_trait::async_trait;
use route::Ready;
use std::collections::HashMap;
use std::sync::Arc;
use web::Web;

/// Hands messages to a delivery company.
#[async_trait]
pub trait Sender: Send + Sync {
    /// Whether the carrier itself drops a second message of the same attempt. Only then is one repeated when it is not known
    /// whether the first arrived.
    fn idempotent(&self) -> bool {
        false
    }

    /// Whether word of delivery comes. Where it never does, a rung cannot wait for it.
    fn reports(&self) -> bool {
        false
    }

    /// Whether it wants to hear that a passcode it carried was used.
    fn wants_feedback(&self) -> bool {
        false
    }

    async fn send(&self, message: &Message) -> Handed;

    /// What was posted to this carrier's address, once it is proven to come from it.
    fn read(&self, _posted: &Posted<'_>) -> Result<Reported, Unproven> {
        Err(Unproven("this carrier sends no receipts"))
    }

    /// Tells the carrier that the passcode of this message, these digits, was used.
    async fn feed_back(&self, _reference: &str, _digits: &str) -> Result<(), String> {
        Ok(())
    }

    /// Whether the price of a message is told only when it is asked for.
    fn bills(&self) -> bool {
        false
    }

    /// What a message cost, once the carrier knows.
    async fn bill(&self, _reference: &str) -> Result<Option<Cost>, String> {
        Ok(None)
    }

    /// Looks at credentials, senders and templates without sending anything.
    async fn examine(&self, now: Time) -> Vec<Finding>;

    /// Makes what the carrier needs from us, such as templates, and says what came of each.
    async fn sync(&self, _templates: &[Template]) -> Vec<Finding> {
        vec![Finding::good("nothing to make for this kind of carrier")]
    }
}

/// A carrier that makes passcodes itself: it alone knows whether the digits are right.
#[async_trait]
pub trait Verifier: Send + Sync {
    /// `reference` is empty where the carrier's answer was lost: then only the number is known.
    async fn check(&self, reference: &str, to: &Identifier, typed: &str) -> Result<bool, String>;
}

/// A request to a carrier's address, as it came: signatures are over the bytes, not over what a parser makes of them.
pub struct Posted<'a> {
    pub method: &'a str,
    /// The whole URL as the carrier was given it.
    pub url: &'a str,
    /// The query, decoded.
    pub query: &'a [(String, String)],
    /// By their names in small letters; the first of each.
    pub headers: &'a HashMap<String, String>,
    pub body: &'a [u8],
    pub now: Time,
}

impl Posted<'_> {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    pub fn asked(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

#[derive(Debug, PartialEq, Eq)]
pub enum Reported {
    /// What is told of our messages; other news is left out.
    Receipts(Vec<Receipt>),
    /// A handshake, and the plain text that answers it.
    Handshake(String),
}

/// Not proven to come from the carrier; the reason is for the log alone.
#[derive(Debug, PartialEq, Eq)]
pub struct Unproven(pub &'static str);

/// Something looked at in a carrier's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub good: bool,
    /// What was found, and what to do about it where it is not good.
    pub text: String,
}

impl Finding {
    pub fn good(text: impl Into<String>) -> Self {
        Self { good: true, text: text.into() }
    }
    pub fn bad(text: impl Into<String>) -> Self {
        Self { good: false, text: text.into() }
    }
}

/// What an authentication template has to say in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// BCP 47, as our pages name it.
    pub language: String,
    /// The words on the button that copies the code.
    pub copy_code: String,
    pub minutes: u32,
}

/// What carriers are made with.
#[derive(Clone)]
pub struct Outside {
    pub web: Web,
    /// Nothing where the phone is not allowed.
    pub phone: Option<dev_phone::Phone>,
}

/// A configured carrier, ready to send; or why it cannot.
pub fn ready(carrier: &Carrier, secrets: &Credentials, outside: &Outside) -> Result<Ready, String> {
    let web = outside.web.of(carrier);
    let mut verifier: Option<Arc<dyn Verifier>> = None;
    let sender: Arc<dyn Sender> = match &carrier.kind {
        CarrierKind::DevPhone => Arc::new(outside.phone.clone().ok_or("the phone is not allowed here")?),
        CarrierKind::Smtp(settings) => Arc::new(smtp::Smtp::new(settings, secrets, carrier.timeout_seconds)?),
        CarrierKind::TwilioMessaging(settings) => {
            Arc::new(twilio_messaging::TwilioMessaging::new(settings, secrets, web))
        }
        CarrierKind::TwilioVerify(settings) => {
            let made = Arc::new(twilio_verify::TwilioVerify::new(settings, secrets, web));
            if !settings.custom_codes {
                verifier = Some(made.clone());
            }
            made
        }
        CarrierKind::MetaWhatsapp(settings) => Arc::new(meta_whatsapp::MetaWhatsapp::new(settings, secrets, web)),
        CarrierKind::Vonage(settings) => Arc::new(vonage::Vonage::new(settings, secrets, web)?),
        CarrierKind::TelegramGateway(settings) => {
            Arc::new(telegram_gateway::TelegramGateway::new(settings, secrets, web))
        }
        CarrierKind::Webhook(settings) => Arc::new(webhook::Webhook::new(settings, secrets, web)?),
    };
    Ok(Ready { carrier: Arc::new(carrier.clone()), sender, verifier })
}
