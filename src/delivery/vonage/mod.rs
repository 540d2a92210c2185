//! Vonage: the Messages API for SMS and WhatsApp, the Voice API for calls, each under a token the application signs.

mod body;
mod problem;
mod receipts;
#[cfg(test)]
mod tests;

use super::web::{Answer, CarrierWeb};
use super::{Finding, Posted, Reported, Sender, Unproven};
use crate::domain::carrier::{self, Credentials};
use crate::domain::delivery::{Channel, Class, Failed, Handed, Message};
use crate::domain::time::Time;
use async_trait::async_trait;
use aws_lc_rs::digest;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

const API: &str = "https://api.nexmo.com";

/// How long a token of ours is good, in seconds. Each request has its own.
const TOKEN_LIFE: i64 = 300;

pub struct Vonage {
    web: CarrierWeb,
    settings: carrier::Vonage,
    key: EncodingKey,
    webhook: receipts::Webhook,
}

impl Vonage {
    pub fn new(settings: &carrier::Vonage, secrets: &Credentials, web: CarrierWeb) -> Result<Self, String> {
        let key = EncodingKey::from_rsa_pem(secrets.must("private_key").as_bytes())
            .map_err(|_| "private_key is no RSA key in PEM".to_owned())?;
        let webhook = receipts::Webhook::new(secrets.must("signature_secret"), &settings.application_id);
        let made = Self { web, settings: settings.clone(), key, webhook };
        // A key that reads well may still not sign: better said now than with the first message.
        made.token(0, "").map(|_| made)
    }

    /// Says to Vonage which application asks. `about` keeps two tokens of one second apart.
    fn token(&self, secs: i64, about: &str) -> Result<String, String> {
        let application = &self.settings.application_id;
        let jti = uuid(&format!("{application} {secs} {about}"));
        let claims = json!({ "application_id": application, "iat": secs, "exp": secs + TOKEN_LIFE, "jti": jti });
        jsonwebtoken::encode(&Header::new(Algorithm::RS256), &claims, &self.key)
            .map_err(|_| "private_key does not sign".to_owned())
    }

    fn request(&self, method: Method, host: &str, path: &str, at: Time, about: &str) -> Result<RequestBuilder, Failed> {
        let token =
            self.token(at.secs(), about).map_err(|what| Failed::new(Class::Misconfigured, "private_key", what))?;
        Ok(self.web.request(method, host, path).bearer_auth(token))
    }

    /// Where this message is posted, and what. Nothing where the operator named no sender for its channel.
    fn posting(&self, message: &Message) -> Option<(String, &'static str, Value)> {
        let messages = (body::host(message.region.as_deref()), "/v1/messages");
        let ((host, path), body) = match message.channel {
            Channel::Sms => (messages, body::sms(message, self.settings.from.as_deref())?),
            Channel::Whatsapp => (messages, body::whatsapp(message, &self.settings)?),
            Channel::Voice => {
                ((API.to_owned(), "/v1/calls"), body::call(message, self.settings.voice_from.as_deref())?)
            }
            Channel::Telegram | Channel::Email => return None,
        };
        Some((host, path, body))
    }
}

/// A name in the form of a UUID (RFC 9562 §5.8), since Vonage shows and expects them so.
fn uuid(of: &str) -> String {
    let hash = digest::digest(&digest::SHA256, of.as_bytes());
    let mut bits = hash.as_ref().iter().take(16).fold(0u128, |bits, byte| (bits << 8) | u128::from(*byte));
    bits = (bits & !(0xf << 76)) | (8 << 76);
    bits = (bits & !(0x3 << 62)) | (2 << 62);
    let hex = format!("{bits:032x}");
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

fn handed(answer: &Answer) -> Handed {
    let document = answer.json();
    if !answer.status.is_success() {
        return Handed::Failed(problem::refused(answer, &document));
    }
    let name = document["message_uuid"].as_str().or_else(|| document["uuid"].as_str());
    name.map_or_else(|| Handed::Unknown("taken, and not said as which message".into()), Handed::accepted)
}

#[async_trait]
impl Sender for Vonage {
    fn reports(&self) -> bool {
        true
    }

    async fn send(&self, message: &Message) -> Handed {
        let Some((host, path, body)) = self.posting(message) else {
            let what = format!("no sender for {}", message.channel.as_str());
            return Handed::Failed(Failed::new(Class::Misconfigured, "no_sender", what));
        };
        let request = match self.request(Method::POST, &host, path, message.at, message.attempt.as_str()) {
            Ok(request) => request.json(&body),
            Err(failed) => return Handed::Failed(failed),
        };
        match self.web.ask(request).await {
            Ok(answer) => handed(&answer),
            Err(no) => no.handed(),
        }
    }

    fn read(&self, posted: &Posted<'_>) -> Result<Reported, Unproven> {
        self.webhook.read(posted)
    }

    async fn examine(&self, now: Time) -> Vec<Finding> {
        // Listing a call costs nothing and needs the application's key.
        let request = match self.request(Method::GET, API, "/v1/calls?page_size=1", now, "examine") {
            Ok(request) => request,
            Err(failed) => return vec![Finding::bad(failed.detail)],
        };
        let mut findings = vec![match self.web.ask(request).await {
            Ok(answer) => self.proven(answer.status),
            Err(no) => Finding::bad(format!("not reached: {}", no.text())),
        }];
        findings.extend(self.senders());
        findings
    }
}

impl Vonage {
    fn proven(&self, status: StatusCode) -> Finding {
        match status.as_u16() {
            200..=299 => Finding::good("Vonage takes the application's key"),
            401 => Finding::bad(
                "Vonage refuses the application's key (401): application_id and private_key must belong together",
            ),
            // The key is proven before the right to calls is.
            403 | 404 if self.settings.voice_from.is_none() => Finding::good("Vonage takes the application's key"),
            403 => Finding::bad("the application may not call (403): give it the Voice capability"),
            status => Finding::bad(format!("Vonage answers {status}; try again, then look at its status page")),
        }
    }

    /// What no request tells is said, so that it can be compared with the dashboard.
    fn senders(&self) -> Vec<Finding> {
        let settings = &self.settings;
        let mut findings = Vec::new();
        if let (Some(_), Some(template)) = (&settings.whatsapp_from, &settings.whatsapp_template) {
            let languages = settings.whatsapp_languages.join(", ");
            findings.push(Finding::good(format!(
                "WhatsApp is sent by the template \"{template}\" in {languages}; Vonage does not say whether Meta approved it"
            )));
        }
        findings
    }
}
