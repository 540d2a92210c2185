//! The part about the installation itself.

use super::{in_query, named, operation, page, problem};
use crate::domain::declaration::Noun;
use crate::domain::management::{Subject, Verb};
use crate::domain::operator::Role;
use serde_json::{Map, Value, json};

pub fn paths() -> Map<String, Value> {
    let id = json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } });
    [
        ("/operators", json!({ "get": list_operators(), "post": invite() })),
        ("/operators/{id}", json!({ "parameters": [id], "patch": change(), "delete": remove() })),
        ("/keys", json!({ "get": list_keys(), "post": rotate() })),
        ("/settings", json!({ "get": settings() })),
        ("/sentences", json!({ "get": sentences() })),
    ]
    .into_iter()
    .map(|(path, item)| (path.to_owned(), item))
    .collect()
}

fn list_operators() -> Value {
    operation(Verb::Read, Subject::Operators, "list_operators", "List who operates".into(), only_page("Operator"))
}

/// A list that is never longer than a page.
fn only_page(schema: &str) -> Value {
    let mut told = page(named(schema));
    told.as_object_mut().map(|told| told.remove("400"));
    told
}

fn with_role(mut told: Value) -> Value {
    let roles: Vec<&str> = Role::ALL.into_iter().map(Role::as_str).collect();
    let schema = json!({ "type": "object", "required": ["role"], "additionalProperties": false, "properties": { "role": { "enum": roles } } });
    told["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": schema } } });
    told
}

fn wrong() -> [(&'static str, Value); 4] {
    [
        ("400", problem("No JSON object.")),
        ("413", json!({ "description": "Too large." })),
        ("415", problem("Not JSON.")),
        ("422", problem("Something in it is wrong.")),
    ]
}

fn answers(own: &[(&str, Value)]) -> Value {
    let all = own.iter().cloned().chain(wrong());
    Value::Object(all.map(|(status, answer)| (status.to_owned(), answer)).collect())
}

fn invite() -> Value {
    let made = super::as_json(
        "OperatorLink",
        "A link, told this once. It makes whoever opens it first an operator, within 15 minutes.",
    );
    let summary = "Make a link that makes an operator".to_owned();
    with_role(operation(Verb::Create, Subject::Operators, "invite_operator", summary, answers(&[("201", made)])))
}

fn change() -> Value {
    let own = [
        ("204", json!({ "description": "Changed." })),
        ("404", problem("There is none.")),
        ("409", problem("This is the last owner.")),
    ];
    let summary = "Change what an operator is".to_owned();
    with_role(operation(Verb::Update, Subject::Operators, "update_operator", summary, answers(&own)))
}

fn remove() -> Value {
    let responses = json!({
        "204": { "description": "Operates no more." },
        "404": problem("There is none."),
        "409": problem("This is the last owner."),
    });
    operation(Verb::Delete, Subject::Operators, "remove_operator", "Let an operator go".into(), responses)
}

fn list_keys() -> Value {
    operation(Verb::Read, Subject::Keys, "list_keys", "List signing keys, newest first".into(), only_page("Key"))
}

fn rotate() -> Value {
    let answer = only_page("Key")["200"].clone();
    let summary = "Make new signing keys; older ones leave in time".to_owned();
    operation(Verb::Create, Subject::Keys, "rotate_keys", summary, json!({ "201": answer }))
}

fn settings() -> Value {
    let summary = "Read what the server was started with".to_owned();
    operation(Verb::Read, Subject::Settings, "list_settings", summary, only_page("Setting"))
}

fn sentences() -> Value {
    let summary = "List what pages and messages say".to_owned();
    let subject = Subject::Declared(Noun::Text);
    let mut told = operation(Verb::Read, subject, "list_sentences", summary, page(named("Sentence")));
    let languages = "A language of the pages; en where left out.";
    let parameters = [("language", languages), ("client", "As this application says it.")];
    let parameters = parameters.map(|(name, about)| in_query(name, about, json!({ "type": "string" })));
    told["parameters"] = parameters.to_vec().into();
    told
}

pub fn schemas() -> Map<String, Value> {
    let (text, integer) = (json!({ "type": "string" }), json!({ "type": "integer" }));
    let (maybe, whole) = (json!({ "type": ["string", "null"] }), json!({ "type": ["integer", "null"] }));
    let object = |properties: Value| {
        let required: Vec<String> =
            properties.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
        json!({ "type": "object", "required": required, "properties": properties })
    };
    [
        ("Operator", object(json!({ "id": text, "role": text, "added_at": integer }))),
        ("OperatorLink", object(json!({ "role": text, "link": text }))),
        ("Key", object(json!({ "kid": text, "algorithm": text, "signs_at": integer, "leaves_at": whole }))),
        (
            "Sentence",
            object(json!({
                "key": text, "text": text, "holes": { "type": "array", "items": text }, "own": maybe,
                "sample": { "type": ["object", "null"] },
            })),
        ),
        ("Setting", object(json!({ "name": text, "value": maybe, "from": maybe, "about": text }))),
    ]
    .into_iter()
    .map(|(name, schema)| (name.to_owned(), schema))
    .collect()
}
