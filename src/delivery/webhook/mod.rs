//! The operator's own gateway: told by one POST a message, in our own document or in those of Supabase and Logto, and heard by
//! signed receipts.

mod answer;
mod document;
mod ping;
mod receipts;
#[cfg(test)]
mod tests;

use super::signature::{self, Key};
use super::web::CarrierWeb;
use super::{Finding, Posted, Reported, Sender, Unproven};
use crate::domain::carrier::{self, Credentials, Shape};
use crate::domain::delivery::{Class, Failed, Handed, Message};
use crate::domain::time::Time;
use async_trait::async_trait;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, RequestBuilder};
use url::Url;

pub struct Webhook {
    web: CarrierWeb,
    settings: carrier::Webhook,
    url: Url,
    key: Option<Key>,
    authorization: Option<HeaderValue>,
}

impl Webhook {
    pub fn new(settings: &carrier::Webhook, secrets: &Credentials, web: CarrierWeb) -> Result<Self, String> {
        let key = secrets.get("secret").map(|secret| Key::read(secret).ok_or("secret: not a whsec_…")).transpose()?;
        if settings.shape.signs() && key.is_none() {
            return Err("secret: needed".into());
        }
        let authorization = secrets.get("authorization").map(header).transpose()?;
        let url = Url::parse(&settings.url).map_err(|error| format!("url: {error}"))?;
        Ok(Self { web, settings: settings.clone(), url, key, authorization })
    }

    /// A request with our name on it, and with the signature where the shape has one.
    fn request(&self, id: &str, seconds: i64, body: Vec<u8>) -> RequestBuilder {
        let mut request = self.web.to(Method::POST, self.url.clone()).header(CONTENT_TYPE, "application/json");
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        if let Some(key) = self.key.as_ref().filter(|_| self.settings.shape.signs()) {
            request = request
                .header(signature::ID, id)
                .header(signature::TIMESTAMP, seconds.to_string())
                .header(signature::SIGNATURE, key.sign(id, seconds, &body));
        }
        request.body(body)
    }
}

fn header(value: &str) -> Result<HeaderValue, String> {
    let mut value = HeaderValue::from_str(value).map_err(|_| "authorization: one line of plain characters")?;
    value.set_sensitive(true);
    Ok(value)
}

#[async_trait]
impl Sender for Webhook {
    /// Our own document says that a second one of the same id is to be dropped; the others' gateways were never told.
    fn idempotent(&self) -> bool {
        self.settings.shape == Shape::Standard
    }

    fn reports(&self) -> bool {
        self.settings.receipts
    }

    async fn send(&self, message: &Message) -> Handed {
        let Some(body) = document::write(self.settings.shape, self.settings.receipts, message) else {
            return Handed::Failed(Failed::new(Class::Misconfigured, "document", "it could not be written"));
        };
        let request = self.request(message.attempt.as_str(), message.at.secs(), body);
        match self.web.ask(request).await {
            Ok(answer) => answer::handed(self.settings.shape, &message.attempt, &answer),
            Err(none) => none.handed(),
        }
    }

    fn read(&self, posted: &Posted<'_>) -> Result<Reported, Unproven> {
        if !self.settings.receipts {
            return Err(Unproven("receipts = true is not set for this gateway"));
        }
        let key = self.key.as_ref().ok_or(Unproven("there is no secret to prove receipts with"))?;
        key.proves(posted)?;
        receipts::read(posted.body).map(Reported::Receipts)
    }

    async fn examine(&self, now: Time) -> Vec<Finding> {
        vec![match self.settings.shape {
            Shape::Standard => self.ping(now).await,
            Shape::Supabase | Shape::Logto => self.knock().await,
        }]
    }
}
