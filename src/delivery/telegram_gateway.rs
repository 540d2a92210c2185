//! To be written.

use super::web::CarrierWeb;
use super::{Finding, Sender};
use crate::domain::carrier::{self, Credentials};
use crate::domain::delivery::{Class, Failed, Handed, Message};
use async_trait::async_trait;

pub struct TelegramGateway {
    _web: CarrierWeb,
}

impl TelegramGateway {
    pub fn new(_settings: &carrier::TelegramGateway, _secrets: &Credentials, web: CarrierWeb) -> Self {
        Self { _web: web }
    }
}

#[async_trait]
impl Sender for TelegramGateway {
    async fn send(&self, _message: &Message) -> Handed {
        Handed::Failed(Failed::new(Class::Misconfigured, "none", "not written"))
    }

    async fn examine(&self) -> Vec<Finding> {
        Vec::new()
    }
}
