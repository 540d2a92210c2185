//! Every request the Meta carrier can make, held against Meta's own document.

use crate::carriers::{ATTEMPT, LANGUAGES, PASSCODE, PHONE, all_good, carrier, message, now, texts};
use crate::oracle::{Oracle, oracle};
use crate::signed_by_meta::{secrets_of_meta, settings};
use crate::wire::{BUSINESS_ACCOUNT, PHONE_NUMBER, Said, Wire};
use countersign::delivery::Template;
use countersign::delivery::route::Ready;
use countersign::domain::carrier::CarrierKind;
use countersign::domain::delivery::Channel;
use serde_json::{Value, json};

const TEMPLATE: &str = "1627019861106475";

fn meta(wire: &Wire) -> Ready {
    carrier(CarrierKind::MetaWhatsapp(settings()), &secrets_of_meta(), Some(&wire.base))
}

#[tokio::test]
async fn a_message_in_every_language() {
    let Some(wire) = Wire::open().await else { return };
    let Some(oracle) = oracle() else { return };
    let ready = meta(&wire);
    for template in templates() {
        let said = wire.sent(&ready.sender.send(&message(Channel::Whatsapp, PHONE, &template.language)).await);
        assert_eq!(said.operation(), "POST /{Version}/{Phone-Number-ID}/messages");
        assert_eq!(shape(&said), pywa(oracle, &template)[2]);
    }
}

/// What pywa, which others write to WhatsApp with, asks Meta for in the same case: to create, to change, to send.
fn pywa(oracle: &Oracle, template: &Template) -> Vec<Value> {
    let asks = oracle.ask(
        "meta_asks",
        json!({"phone_number": PHONE_NUMBER, "account": BUSINESS_ACCOUNT, "version": "23.0", "name": settings().template,
            "language": template.language.replace('-', "_"), "minutes": template.minutes, "seconds": template.minutes * 60,
            "button": template.copy_code, "template": TEMPLATE, "digits": PASSCODE, "to": PHONE.trim_start_matches('+'),
            "tracker": ATTEMPT}),
    );
    asks.as_array().expect("requests").iter().map(sorted).collect()
}

fn shape(said: &Said) -> Value {
    sorted(&json!({"method": said.method, "path": said.path, "json": said.json}))
}

/// In one spelling: pywa writes a message's parts in capitals, and a button's place as a number.
fn sorted(request: &Value) -> Value {
    let mut request = request.clone();
    for part in request["json"]["template"]["components"].as_array_mut().into_iter().flatten() {
        for name in ["type", "sub_type"] {
            if let Some(text) = part.get(name).and_then(Value::as_str) {
                part[name] = json!(text.to_lowercase());
            }
        }
        if let Some(index) = part.get("index").and_then(Value::as_u64) {
            part["index"] = json!(index.to_string());
        }
    }
    request
}

fn templates() -> Vec<Template> {
    let template = |words: &countersign::text::Words| Template {
        language: words.tag().to_owned(),
        copy_code: words.get("copy-code").to_owned(),
        minutes: 5,
    };
    texts().languages().map(|words| template(words)).collect()
}

#[tokio::test]
async fn templates_are_made_where_there_are_none() {
    let made = json!({"id": TEMPLATE, "status": "PENDING", "category": "AUTHENTICATION"});
    let answers = vec![("GET", "/message_templates", json!({"data": []})), ("POST", "/message_templates", made)];
    let Some(wire) = Wire::answering(answers).await else { return };
    let Some(oracle) = oracle() else { return };
    let findings = meta(&wire).sender.sync(&templates()).await;
    let said = wire.sound();
    all_good(&findings);
    let (listed, made) = said.split_first().expect("requests");
    assert_eq!(listed.operation(), "GET /{Version}/{WABA-ID}/message_templates");
    assert_eq!(made.len(), LANGUAGES.len());
    for (said, template) in made.iter().zip(templates()) {
        assert_eq!(said.operation(), "POST /{Version}/{WABA-ID}/message_templates");
        assert_eq!(shape(said), pywa(oracle, &template)[0]);
    }
}

/// Every language exists, and with another button's words.
fn outdated() -> Value {
    let template = |language: &str| {
        json!({"id": TEMPLATE, "name": settings().template, "status": "APPROVED", "category": "AUTHENTICATION",
        "language": language.replace('-', "_"), "components": [
            {"type": "BODY", "text": "*{{1}}* is your verification code.", "add_security_recommendation": true},
            {"type": "FOOTER", "text": "This code expires in 9 minutes.", "code_expiration_minutes": 9},
            {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Take it", "url": "https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}"}]},
        ]})
    };
    json!({"data": LANGUAGES.map(template)})
}

#[tokio::test]
async fn templates_are_changed_where_they_differ() {
    let Some(wire) = Wire::answering(vec![("GET", "/message_templates", outdated())]).await else { return };
    let Some(oracle) = oracle() else { return };
    let findings = meta(&wire).sender.sync(&templates()).await;
    let said = wire.sound();
    all_good(&findings);
    assert_eq!(said.len(), 1 + LANGUAGES.len());
    for (said, template) in said[1..].iter().zip(templates()) {
        assert_eq!(said.operation(), "POST /{Version}/{TEMPLATE_ID}");
        assert_eq!(shape(said), pywa(oracle, &template)[1]);
    }
}

#[tokio::test]
async fn the_account_is_looked_at() {
    let number = json!({"id": "1", "verified_name": "Shop", "quality_rating": "GREEN", "status": "CONNECTED"});
    let template = json!({"name": settings().template, "language": "en", "status": "APPROVED"});
    let answers = vec![
        ("GET", PHONE_NUMBER, number),
        ("GET", "/message_templates", json!({"data": [template]})),
        ("GET", "/subscribed_apps", json!({"data": [{"whatsapp_business_api_data": {"id": "1", "name": "Shop"}}]})),
    ];
    let Some(wire) = Wire::answering(answers).await else { return };
    let findings = meta(&wire).sender.examine(now()).await;
    let said: Vec<String> = wire.sound().iter().map(Said::operation).collect();
    all_good(&findings);
    let expected = [
        "GET /{Version}/{Phone-Number-ID}",
        "GET /{Version}/{WABA-ID}/message_templates",
        "GET /{Version}/{WABA-ID}/subscribed_apps",
    ];
    assert_eq!(said, expected);
}
