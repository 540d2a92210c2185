//! The part about who is written to, and what stands in the way.

use super::carriers::answers;
use super::{as_json, object, operation, problem};
use crate::domain::management::{Subject, Verb};
use serde_json::{Map, Value, json};

pub fn paths(id: &Value) -> Map<String, Value> {
    [
        ("/invitations", json!({ "post": invite() })),
        ("/opt_outs/{id}", json!({ "parameters": [id], "delete": allow() })),
        ("/doctor", json!({ "get": doctor() })),
    ]
    .into_iter()
    .map(|(path, item)| (path.to_owned(), item))
    .collect()
}

fn invite() -> Value {
    let about = "A link, told this once. It signs this address up, once, within seven days.";
    let responses = answers(&[("201", as_json("InvitationLink", about))]);
    let summary = "Make a link that signs one e-mail address up, even where sign-up is closed".to_owned();
    let mut told = operation(Verb::Create, Subject::Invitations, "invite_person", summary, responses);
    let (text, maybe) = (json!({ "type": "string" }), json!({ "type": ["string", "null"] }));
    let schema = json!({
        "type": "object", "required": ["email", "client"], "additionalProperties": false,
        "properties": {
            "email": text, "client": text, "organization": maybe, "roles": { "type": "array", "items": text },
            "given_name": maybe, "family_name": maybe,
        },
    });
    told["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": schema } } });
    told
}

fn allow() -> Value {
    let responses = json!({
        "200": as_json("OptOutEnded", "So many channels are open again."),
        "404": problem("It had told nobody to stop."),
    });
    let summary = "Write again to a number or address that had told a sender to stop".to_owned();
    operation(Verb::Delete, Subject::OptOuts, "end_opt_out", summary, responses)
}

fn doctor() -> Value {
    let responses = json!({ "200": as_json("Examined", "What was found. Nothing was sent.") });
    let summary = "Look at every carrier, ladder and cap, and say how to mend what is wrong".to_owned();
    operation(Verb::Read, Subject::Overview, "examine", summary, responses)
}

pub fn schemas() -> Map<String, Value> {
    let (text, flag) = (json!({ "type": "string" }), json!({ "type": "boolean" }));
    let list = |item: Value| json!({ "type": "array", "items": item });
    let finding = object(json!({ "good": flag, "text": text }));
    let one = object(json!({ "name": text, "kind": text, "findings": list(finding) }));
    [
        ("InvitationLink", object(json!({ "link": text }))),
        ("OptOutEnded", object(json!({ "channels": { "type": "integer" } }))),
        ("Examined", object(json!({ "good": flag, "examined": list(one) }))),
    ]
    .into_iter()
    .map(|(name, schema)| (name.to_owned(), schema))
    .collect()
}
