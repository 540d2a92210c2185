//! That this can fail at all: what is wrong is refused by Prism, or found by us where Prism lets it pass.

use crate::carriers::{ACCOUNT, TOKEN};
use crate::wire::{BUSINESS_ACCOUNT, PHONE_NUMBER, Said, Wire};
use serde_json::{Value, json};

enum Body<'a> {
    Form(&'a [(&'a str, &'a str)]),
    Json(Value),
    Nothing,
}

async fn says(wire: &Wire, method: &str, path: &str, body: Body<'_>) -> Said {
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let request = http.request(method.parse().expect("a method"), format!("{}{path}", wire.base));
    let request = match body {
        Body::Form(fields) => request.basic_auth(ACCOUNT, Some(TOKEN)).form(fields),
        Body::Json(json) => request.bearer_auth("EAAtoken").json(&json),
        Body::Nothing => request.basic_auth(ACCOUNT, Some(TOKEN)),
    };
    request.send().await.expect("an answer");
    wire.heard().remove(0)
}

#[track_caller]
fn only_fault(said: &Said, holds: &str) {
    let faults = said.faults();
    assert!(faults.len() == 1 && faults[0].contains(holds), "{holds}: {faults:?}");
}

#[tokio::test]
async fn prism_refuses_wrong_forms() {
    let Some(wire) = Wire::open().await else { return };
    let verify = format!("/v2/Services/VA{}/Verifications", &ACCOUNT[2..]);
    let said = says(&wire, "POST", &verify, Body::Form(&[("To", "+491701234567")])).await;
    only_fault(&said, "must have required property 'Channel'");
    assert_eq!(said.status, 422);
    let good = [("To", "+491701234567"), ("Channel", "sms")];
    only_fault(&says(&wire, "POST", "/v2/Services/VAxyz/Verifications", Body::Form(&good)).await, "422");
    let messages = format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json");
    let wrong = [("To", "+491701234567"), ("MessagingServiceSid", "MGnope"), ("Body", "x")];
    only_fault(&says(&wire, "POST", &messages, Body::Form(&wrong)).await, "MessagingServiceSid");
    let wrong = [("To", "+491701234567"), ("From", "+1"), ("Body", "x"), ("StatusCallback", "not a uri")];
    only_fault(&says(&wire, "POST", &messages, Body::Form(&wrong)).await, "StatusCallback");
    let calls = format!("/2010-04-01/Accounts/{ACCOUNT}/Calls.json");
    only_fault(&says(&wire, "POST", &calls, Body::Form(&[("Twiml", "<Response/>")])).await, "From");
}

fn message(template: Value) -> Value {
    json!({"messaging_product": "whatsapp", "recipient_type": "individual", "to": "1", "type": "template",
        "template": template})
}

#[tokio::test]
async fn prism_refuses_wrong_documents() {
    let Some(wire) = Wire::open().await else { return };
    let messages = format!("/v23.0/{PHONE_NUMBER}/messages");
    let nameless = message(json!({"language": {"code": "en"}}));
    only_fault(&says(&wire, "POST", &messages, Body::Json(nameless)).await, "name");
    let button =
        json!({"type": "button", "sub_type": "bogus", "index": "0", "parameters": [{"type": "text", "text": "1"}]});
    let bogus = message(json!({"name": "n", "language": {"code": "en"}, "components": [button]}));
    only_fault(&says(&wire, "POST", &messages, Body::Json(bogus)).await, "422");
    let templates = format!("/v23.0/{BUSINESS_ACCOUNT}/message_templates");
    only_fault(&says(&wire, "POST", &templates, Body::Json(json!({"name": 5}))).await, "must be string");
}

#[tokio::test]
async fn nobody_in_particular_is_refused() {
    let Some(wire) = Wire::open().await else { return };
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let paths = [
        format!("/2010-04-01/Accounts/{ACCOUNT}.json"),
        format!("/2010-04-01/Accounts/{ACCOUNT}/Messages/SM{}.json", &ACCOUNT[2..]),
        format!("/2010-04-01/Accounts/{ACCOUNT}/Calls/CA{}.json", &ACCOUNT[2..]),
        format!("/v2/Services/VA{}", &ACCOUNT[2..]),
        format!("/v1/Content/HX{}/ApprovalRequests", &ACCOUNT[2..]),
        "/v2/Channels/Senders".to_owned(),
        format!("/v1/Services/MG{}", &ACCOUNT[2..]),
        format!("/v23.0/{PHONE_NUMBER}"),
        format!("/v23.0/{BUSINESS_ACCOUNT}/message_templates"),
        "/v23.0/1111".to_owned(),
    ];
    for path in paths {
        let answer = http.get(format!("{}{path}", wire.base)).send().await.expect("an answer");
        assert_eq!(answer.status(), 401, "{path}");
    }
}

#[tokio::test]
async fn what_prism_lets_pass_is_found() {
    let Some(wire) = Wire::open().await else { return };
    let verify = format!("/v2/Services/VA{}/Verifications", &ACCOUNT[2..]);
    let strange = [("To", "+491701234567"), ("Channel", "sms"), ("Ttl", "600")];
    let said = says(&wire, "POST", &verify, Body::Form(&strange)).await;
    assert_eq!(said.status, 201);
    only_fault(&said, "unknown field: Ttl");
    let said = says(&wire, "GET", &format!("/v2/Services/VA{}?Page=1", &ACCOUNT[2..]), Body::Nothing).await;
    only_fault(&said, "unknown parameter: Page");
    let mut strange = message(json!({"name": "n", "language": {"code": "en"}}));
    strange["sight"] = json!(1);
    let said = says(&wire, "POST", &format!("/v23.0/{PHONE_NUMBER}/messages"), Body::Json(strange)).await;
    only_fault(&said, "unknown member: .sight");
    only_fault(&says(&wire, "POST", "/v2/Nowhere", Body::Nothing).await, "is not in the document");
}
