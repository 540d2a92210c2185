//! The part about looking after carriers.

use super::{as_json, named, object, operation, problem};
use crate::domain::declaration::Noun;
use crate::domain::delivery::Channel;
use crate::domain::management::{Subject, Verb};
use crate::flows::manage::carriers::Standing;
use serde_json::{Map, Value, json};

const CARRIER: Subject = Subject::Declared(Noun::Carrier);

pub fn paths() -> Map<String, Value> {
    let parameter =
        |name: &str| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } });
    let (name, id) = (parameter("name"), parameter("id"));
    [
        ("/carrier_checks", json!({ "post": check_new() })),
        ("/carriers/{name}/check", json!({ "parameters": [name], "post": check() })),
        ("/carriers/{name}/sync", json!({ "parameters": [name], "post": sync() })),
        ("/carriers/{name}/test", json!({ "parameters": [name], "post": test() })),
        ("/carriers/{name}/tests/{id}", json!({ "parameters": [name, id], "get": tested() })),
        ("/carriers/{name}/health", json!({ "parameters": [name], "get": health() })),
    ]
    .into_iter()
    .map(|(path, item)| (path.to_owned(), item))
    .collect()
}

/// What a body that is read may get.
pub fn answers(own: &[(&str, Value)]) -> Value {
    let read = [
        ("400", problem("No JSON object.")),
        ("413", json!({ "description": "Too large." })),
        ("415", problem("Not JSON.")),
        ("422", problem("Something in it is wrong; nothing was done.")),
    ];
    Value::Object(own.iter().cloned().chain(read).map(|(status, answer)| (status.to_owned(), answer)).collect())
}

fn check_new() -> Value {
    let summary = "Look at a carrier as it would be declared, and keep nothing of it".to_owned();
    let responses = answers(&[("200", as_json("Findings", "What was found."))]);
    let mut told = operation(Verb::Create, CARRIER, "check_carrier_to_be", summary, responses);
    told["requestBody"] = super::body(Noun::Carrier, true);
    told
}

fn check() -> Value {
    let summary = "Look at a carrier as it is, or with what is sent laid over it; nothing is kept".to_owned();
    let responses = answers(&[("200", as_json("Findings", "What was found.")), ("404", problem("There is none."))]);
    let mut told = operation(Verb::Update, CARRIER, "check_carrier", summary, responses);
    told["requestBody"] = super::body(Noun::Carrier, false);
    told["requestBody"]["required"] = json!(false);
    told
}

fn sync() -> Value {
    let summary = "Make what a carrier needs from us, such as templates in every language".to_owned();
    let responses = json!({ "200": as_json("Findings", "What became of each."), "404": problem("There is none.") });
    operation(Verb::Update, CARRIER, "sync_carrier", summary, responses)
}

fn test() -> Value {
    let summary = "Send one made-up passcode by a carrier; it costs what a message costs, and opens nothing".to_owned();
    let made = as_json("CarrierTested", "Tried: follow it by its id.");
    let responses = answers(&[("201", made), ("404", problem("There is none."))]);
    let mut told = operation(Verb::Update, CARRIER, "test_carrier", summary, responses);
    told["parameters"] = json!([super::idempotency_key()]);
    let to = json!({ "type": "string", "description": "A number with + and country code, or an e-mail address." });
    let mut channels: Vec<Value> = Channel::ALL.iter().map(|channel| json!(channel.as_str())).collect();
    channels.push(Value::Null);
    let schema = json!({
        "type": "object", "required": ["to"], "additionalProperties": false,
        "properties": { "to": to, "channel": { "enum": channels } },
    });
    told["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": schema } } });
    told
}

fn tested() -> Value {
    let responses = json!({ "200": as_json("CarrierTest", "How far it has come."), "404": problem("There is none of this carrier.") });
    operation(Verb::Read, CARRIER, "read_carrier_test", "Follow a test message and its receipts".into(), responses)
}

fn health() -> Value {
    let summary = "How a carrier does on this node, and the address its receipts go to".to_owned();
    let responses = json!({ "200": as_json("CarrierHealth", "As it is now."), "404": problem("There is none.") });
    operation(Verb::Read, CARRIER, "read_carrier_health", summary, responses)
}

pub fn schemas() -> Map<String, Value> {
    let (text, integer, flag) =
        (json!({ "type": "string" }), json!({ "type": "integer" }), json!({ "type": "boolean" }));
    let maybe = json!({ "type": ["string", "null"] });
    let list = |item: Value| json!({ "type": "array", "items": item });
    let money = json!({ "type": ["object", "null"], "properties": { "amount": text, "currency": text } });
    let states = Standing::ALL.map(Standing::as_str);
    let figures = object(json!({
        "channel": text, "country": text, "tried": integer, "taken": integer, "answers_in_ms": integer,
        "left_alone": flag,
    }));
    [
        ("Findings", object(json!({ "good": flag, "findings": list(object(json!({ "good": flag, "text": text }))) }))),
        ("CarrierTested", object(json!({ "id": text, "taken": flag, "said": text }))),
        (
            "CarrierTest",
            object(json!({
                "id": text, "state": { "enum": states }, "over": flag, "channel": text, "reference": maybe,
                "cost": money, "timeline": list(named("StoryLine")),
            })),
        ),
        (
            "CarrierHealth",
            object(json!({
                "receipts_url": text, "unusable": maybe, "channels": list(text), "last_five_minutes": list(figures),
            })),
        ),
    ]
    .into_iter()
    .map(|(name, schema)| (name.to_owned(), schema))
    .collect()
}
