//! What the API says of setting things up beyond what is declared.

use super::{in_query, operation, problem};
use crate::domain::declaration::Noun;
use crate::domain::management::{Subject, Verb};
use crate::flows::manage::secrets::LONGEST;
use serde_json::{Value, json};

pub fn paths() -> [(String, Value); 3] {
    let id = json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } });
    let name = json!({ "name": "name", "in": "path", "required": true, "schema": { "type": "string" } });
    [
        ("/clients/{id}/secrets".to_owned(), json!({ "parameters": [id], "post": rotate() })),
        ("/clients/{id}/secrets/old".to_owned(), json!({ "parameters": [id], "delete": end_old() })),
        ("/connections/{name}/preview".to_owned(), json!({ "parameters": [name], "get": preview() })),
    ]
}

fn as_json(description: &str, schema: Value) -> Value {
    json!({ "description": description, "content": { "application/json": { "schema": schema } } })
}

fn rotate() -> Value {
    let made = json!({
        "type": "object",
        "required": ["secret", "old_until"],
        "properties": {
            "secret": { "type": "string" },
            "old_until": { "type": ["integer", "null"], "description": "Seconds since 1970." },
        },
    });
    let responses = json!({
        "201": as_json("A new secret, shown this once.", made),
        "400": problem("No JSON object."),
        "404": problem("There is none."),
        "409": problem("It has two already, or authenticates by something else."),
        "413": { "description": "Too large." },
        "415": problem("Not JSON."),
        "422": problem("Something in it is wrong; or the Idempotency-Key stood for another request."),
    });
    let summary = "Make a client a new secret; the old one works a while longer".to_owned();
    let mut told = operation(Verb::Create, Subject::ClientSecrets, "rotate_client_secret", summary, responses);
    told["parameters"] = json!([super::idempotency_key()]);
    let seconds = json!({ "type": "integer", "minimum": 0, "maximum": LONGEST.as_secs() });
    let schema =
        json!({ "type": "object", "additionalProperties": false, "properties": { "old_lives_seconds": seconds } });
    told["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": schema } } });
    told
}

fn end_old() -> Value {
    let responses = json!({ "204": { "description": "It works no more." }, "404": problem("There is none.") });
    let summary = "End a client's old secret".to_owned();
    operation(Verb::Delete, Subject::ClientSecrets, "end_old_client_secret", summary, responses)
}

/// A carrier on the way, or a channel, and what speaks against it.
fn preview() -> Value {
    let (text, maybe) = (json!({ "type": "string" }), json!({ "type": ["string", "null"] }));
    let carrier = json!({
        "type": "object",
        "required": ["carrier", "sender", "region", "price", "out"],
        "properties": { "carrier": text, "sender": maybe, "region": maybe, "price": text, "out": maybe },
    });
    let rung = json!({
        "type": "object",
        "required": ["channel", "closed", "wait_seconds", "carriers"],
        "properties": {
            "channel": text, "closed": maybe, "wait_seconds": { "type": "integer" },
            "carriers": { "type": "array", "items": carrier },
        },
    });
    let cap = json!({
        "type": "object",
        "required": ["cap", "most", "spent", "reached"],
        "properties": { "cap": text, "most": text, "spent": text, "reached": { "type": "boolean" } },
    });
    let way = json!({
        "type": "object",
        "required": ["offered", "not_offered", "currency", "rungs", "caps"],
        "properties": {
            "offered": { "type": "boolean" }, "not_offered": { "type": "array", "items": text }, "currency": text,
            "rungs": { "type": "array", "items": rung }, "caps": { "type": "array", "items": cap },
        },
    });
    let responses = json!({
        "200": as_json("What a message would go through, first to last.", way),
        "400": problem("The question is wrong."),
        "404": problem("There is none."),
    });
    let summary = "What a number of a country would go through for a client".to_owned();
    let subject = Subject::Declared(Noun::Connection);
    let mut told = operation(Verb::Read, subject, "preview_connection", summary, responses);
    told["parameters"] = json!([
        in_query(
            "country",
            "Two letters, like NG; not for e-mail.",
            json!({ "type": "string", "pattern": "^[A-Z]{2}$" })
        ),
        in_query("client", "The id of the application that asks.", text),
    ]);
    told
}
