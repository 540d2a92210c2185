//! To be written.

use super::web::CarrierWeb;
use super::{Finding, Sender};
use crate::domain::carrier::{self, Credentials};
use crate::domain::delivery::{Class, Failed, Handed, Message};
use async_trait::async_trait;

pub struct TwilioVerify {
    _web: CarrierWeb,
}

impl TwilioVerify {
    pub fn new(_settings: &carrier::TwilioVerify, _secrets: &Credentials, web: CarrierWeb) -> Self {
        Self { _web: web }
    }
}

#[async_trait]
impl Sender for TwilioVerify {
    async fn send(&self, _message: &Message) -> Handed {
        Handed::Failed(Failed::new(Class::Misconfigured, "none", "not written"))
    }

    async fn examine(&self) -> Vec<Finding> {
        Vec::new()
    }
}

#[async_trait]
impl super::Verifier for TwilioVerify {
    async fn check(&self, _reference: &str, _typed: &str) -> Result<bool, String> {
        Ok(false)
    }
}
