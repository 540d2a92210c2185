//! The part of the description about events.

use super::{as_json, in_query, named, operation, page, paging, problem};
use crate::domain::declaration::Noun;
use crate::domain::event::{Kind, State};
use crate::domain::management::{Subject, Verb};
use serde_json::{Map, Value, json};

pub fn paths() -> Map<String, Value> {
    let parameter =
        |name: &str| json!([{ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }]);
    let all = [
        ("/events", json!({ "get": list() })),
        ("/events/{id}", json!({ "parameters": parameter("id"), "get": read() })),
        ("/events/{id}/replay", json!({ "parameters": parameter("id"), "post": replay() })),
        ("/event_deliveries", json!({ "get": deliveries() })),
        ("/event_endpoints/{name}/test", json!({ "parameters": parameter("name"), "post": test() })),
    ];
    all.into_iter().map(|(path, item)| (path.to_owned(), item)).collect()
}

fn types() -> Value {
    json!({ "enum": Kind::ALL.map(Kind::as_str) })
}

fn states() -> Value {
    json!({ "enum": State::ALL.map(State::as_str) })
}

fn list() -> Value {
    let mut told = operation(
        Verb::Read,
        Subject::Events,
        "list_events",
        "List what happened, newest first, as far as an endpoint wanted to hear of it".into(),
        page(named("Event")),
    );
    let mut parameters = paging();
    parameters.push(in_query("type", "Only those of this type.", types()));
    parameters.push(in_query("subject", "Only those of this person.", json!({ "type": "string" })));
    let since = json!({ "type": "integer", "minimum": 0, "maximum": 253_402_300_799_i64 });
    parameters.push(in_query("since", "Only those since then, in seconds since 1970.", since));
    told["parameters"] = parameters.into();
    told
}

fn read() -> Value {
    let responses = json!({ "200": as_json("EventTold", "As it happened, and who was told."), "404": problem("There is none, or it is forgotten.") });
    operation(Verb::Read, Subject::Events, "read_event", "Read an event".into(), responses)
}

fn replay() -> Value {
    let schema = json!({ "type": "object", "required": ["data"], "properties": { "data": { "type": "array", "items": named("EventDelivery") } } });
    let responses = json!({
        "202": { "description": "On its way.", "content": { "application/json": { "schema": schema } } },
        "400": problem("No JSON object."),
        "404": problem("There is none, or it is forgotten."),
        "413": { "description": "Too large." },
        "415": problem("Not JSON."),
        "422": problem("There is no such endpoint."),
    });
    let mut told = operation(Verb::Update, Subject::Events, "replay_event", "Tell an event again".into(), responses);
    let schema =
        json!({ "type": "object", "additionalProperties": false, "properties": { "endpoint": { "type": "string" } } });
    told["requestBody"] = json!({ "required": false, "content": { "application/json": { "schema": schema } } });
    told
}

fn deliveries() -> Value {
    let summary = "List who was told of what, newest first".to_owned();
    let mut told =
        operation(Verb::Read, Subject::Events, "list_event_deliveries", summary, page(named("EventDelivery")));
    let mut parameters = paging();
    parameters.push(in_query("endpoint", "Only those to this endpoint.", json!({ "type": "string" })));
    parameters.push(in_query("state", "Only those that stand so.", states()));
    told["parameters"] = parameters.into();
    told
}

fn test() -> Value {
    let responses = json!({ "202": as_json("EventTold", "On its way."), "404": problem("There is none.") });
    let subject = Subject::Declared(Noun::EventEndpoint);
    operation(Verb::Update, subject, "test_event_endpoint", "Tell an endpoint that it is being tried".into(), responses)
}

pub fn schemas() -> Map<String, Value> {
    let (text, integer) = (json!({ "type": "string" }), json!({ "type": "integer" }));
    let (maybe_text, maybe_integer) = (json!({ "type": ["string", "null"] }), json!({ "type": ["integer", "null"] }));
    let event = json!({
        "id": text, "type": text, "at": integer, "timestamp": { "type": "string", "format": "date-time" },
        "source": { "enum": ["user", "admin", "api", "system"] }, "subject": maybe_text, "data": { "type": "object" },
    });
    let delivery = json!({
        "id": text, "event": text, "endpoint": text, "state": states(), "tries": integer, "status": maybe_integer,
        "detail": maybe_text, "at": integer, "next_at": maybe_integer, "finished_at": maybe_integer,
    });
    let mut told = event.clone();
    told["deliveries"] = json!({ "type": "array", "items": named("EventDelivery") });
    let object = |properties: Value| {
        let required: Vec<&String> = properties.as_object().into_iter().flatten().map(|(name, _)| name).collect();
        json!({ "type": "object", "required": required, "properties": properties })
    };
    let all = [("Event", object(event)), ("EventDelivery", object(delivery)), ("EventTold", object(told))];
    all.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}
