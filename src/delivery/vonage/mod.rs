//! To be written.

use super::web::CarrierWeb;
use super::{Finding, Sender};
use crate::domain::carrier::{self, Credentials};
use crate::domain::delivery::{Class, Failed, Handed, Message};
use async_trait::async_trait;

pub struct Vonage {
    _web: CarrierWeb,
}

impl Vonage {
    pub fn new(_settings: &carrier::Vonage, _secrets: &Credentials, web: CarrierWeb) -> Result<Self, String> {
        Ok(Self { _web: web })
    }
}

#[async_trait]
impl Sender for Vonage {
    async fn send(&self, _message: &Message) -> Handed {
        Handed::Failed(Failed::new(Class::Misconfigured, "none", "not written"))
    }

    async fn examine(&self) -> Vec<Finding> {
        Vec::new()
    }
}
