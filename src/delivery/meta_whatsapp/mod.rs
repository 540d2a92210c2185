//! Meta's WhatsApp Cloud API: an authentication template carries the digits, signed webhooks report what became of it.

mod account;
pub(in crate::delivery) mod message;
mod receipts;
mod refusal;
mod templates;

use super::web::{Answer, CarrierWeb};
use super::{Finding, Posted, Reported, Sender, Template, Unproven};
use crate::domain::carrier::{self, Credentials};
use crate::domain::delivery::{Class, Failed, Handed, Message};
use crate::domain::time::Time;
use async_trait::async_trait;
use refusal::Refusal;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use zeroize::Zeroizing;

const GRAPH: &str = "https://graph.facebook.com";

/// The template does not exist in this language.
const NO_SUCH_LANGUAGE: &str = "132001";

pub struct MetaWhatsapp {
    web: CarrierWeb,
    settings: carrier::MetaWhatsapp,
    token: Zeroizing<String>,
    webhook: receipts::Webhook,
}

impl MetaWhatsapp {
    pub fn new(settings: &carrier::MetaWhatsapp, secrets: &Credentials, web: CarrierWeb) -> Self {
        Self {
            web,
            settings: settings.clone(),
            token: Zeroizing::new(secrets.must("access_token").to_owned()),
            webhook: receipts::Webhook::new(
                secrets.must("app_secret"),
                secrets.must("verify_token"),
                &settings.phone_number_id,
            ),
        }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let path = format!("/{}/{path}", self.settings.version);
        self.web.request(method, GRAPH, &path).bearer_auth(self.token.as_str())
    }

    /// The answer's document, or why there is none, in Meta's words.
    async fn ask(&self, request: RequestBuilder) -> Result<Value, Refusal> {
        let answer = self.web.ask(request).await.map_err(|no| Refusal::unreached(no.text()))?;
        let document = answer.json();
        if answer.status.is_success() {
            return Ok(document);
        }
        Err(Refusal::read(&document["error"]).unwrap_or_else(|| Refusal::unreached(answer.status.as_str())))
    }

    async fn hand(&self, message: &Message, language: &str) -> Handed {
        let body = message::body(message, &self.settings.template, language);
        let request = self.request(Method::POST, &format!("{}/messages", self.settings.phone_number_id)).json(&body);
        match self.web.ask(request).await {
            Ok(answer) => handed(&answer),
            Err(no) => no.handed(),
        }
    }
}

fn handed(answer: &Answer) -> Handed {
    let document = answer.json();
    if !answer.status.is_success() {
        return Handed::Failed(refused(answer, &document["error"]));
    }
    match document["messages"][0]["id"].as_str() {
        Some(wamid) => Handed::accepted(wamid),
        None => Handed::Unknown("taken, and not said as which message".into()),
    }
}

fn refused(answer: &Answer, error: &Value) -> Failed {
    let Some(refusal) = Refusal::read(error) else {
        return answer.failed(answer.status.as_u16(), "refused without a reason");
    };
    match refusal.class() {
        Some(class) => answer.failed_as(class, refusal.code, refusal.words()),
        None => answer.failed(refusal.code, refusal.words()),
    }
}

#[async_trait]
impl Sender for MetaWhatsapp {
    fn reports(&self) -> bool {
        true
    }

    async fn send(&self, message: &Message) -> Handed {
        let language = message::language(&message.language);
        let handed = self.hand(message, &language).await;
        let unknown = |failed: &Failed| failed.class == Class::Misconfigured && failed.code == NO_SUCH_LANGUAGE;
        match &handed {
            // Better understood by most than not sent at all.
            Handed::Failed(failed) if unknown(failed) && language != message::ENGLISH => {
                self.hand(message, message::ENGLISH).await
            }
            _ => handed,
        }
    }

    fn read(&self, posted: &Posted<'_>) -> Result<Reported, Unproven> {
        self.webhook.read(posted)
    }

    async fn examine(&self, _now: Time) -> Vec<Finding> {
        self.examine_account().await
    }

    async fn sync(&self, templates: &[Template]) -> Vec<Finding> {
        self.sync_templates(templates).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::fake::{self, Fake};
    use serde_json::json;

    async fn sender(answers: &[(u16, Value)]) -> (MetaWhatsapp, Fake) {
        let fake = Fake::start(answers).await;
        let settings = carrier::MetaWhatsapp {
            phone_number_id: "106540352242922".into(),
            business_account_id: "102290129340398".into(),
            ..carrier::MetaWhatsapp::default()
        };
        let mut secrets = Credentials::default();
        secrets.set("access_token", "token".into());
        (MetaWhatsapp::new(&settings, &secrets, fake.web()), fake)
    }

    fn refusal(code: u64, details: &str) -> Value {
        json!({"error": {"message": format!("(#{code}) Refused"), "type": "OAuthException", "code": code,
            "error_data": {"messaging_product": "whatsapp", "details": details}, "fbtrace_id": "Az8or2yhqkZfEZ"}})
    }

    fn taken() -> Value {
        json!({"messaging_product": "whatsapp", "contacts": [{"input": "2348031234567", "wa_id": "2348031234567"}],
            "messages": [{"id": "wamid.HBgL"}]})
    }

    #[tokio::test]
    async fn a_message_is_handed_over() {
        let (sender, fake) = sender(&[(200, taken())]).await;
        assert_eq!(sender.send(&fake::message("pt-BR")).await, Handed::accepted("wamid.HBgL"));
        let asked = fake.asked();
        assert_eq!(asked[0].path, "/v23.0/106540352242922/messages");
        assert_eq!(asked[0].authorization, "Bearer token");
        assert_eq!(asked[0].body["template"]["language"]["code"], "pt_BR");
    }

    #[tokio::test]
    async fn a_language_meta_lacks_is_sent_in_english_once() {
        let missing = refusal(132_001, "template name (countersign_passcode) does not exist in sw");
        let (sender, fake) = sender(&[(404, missing.clone()), (404, missing)]).await;
        let Handed::Failed(failed) = sender.send(&fake::message("sw")).await else { panic!("it was refused") };
        assert_eq!((failed.class, failed.code.as_str()), (Class::Misconfigured, "132001"));
        let codes: Vec<_> =
            fake.asked().iter().map(|asked| asked.body["template"]["language"]["code"].clone()).collect();
        assert_eq!(codes, ["sw", "en"]);
    }

    #[tokio::test]
    async fn refusals_are_classed_by_code_then_by_status() {
        for (status, body, class) in [
            (400, refusal(131_030, "Recipient phone number not in allowed list"), Class::Policy),
            (400, refusal(131_056, "pair rate limit"), Class::Busy),
            (401, refusal(190, "expired"), Class::Misconfigured),
            (503, json!("<html>"), Class::Busy),
            (418, refusal(999_999, "news"), Class::Misconfigured),
        ] {
            let (sender, _fake) = sender(&[(status, body.clone())]).await;
            let Handed::Failed(failed) = sender.send(&fake::message("en")).await else { panic!("{body}") };
            assert_eq!(failed.class, class, "{body}");
        }
    }
}
