//! The part about people.

use super::{as_json, in_query, named, object, operation, page, paging, problem};
use crate::domain::management::{Subject, Verb};
use serde_json::{Map, Value, json};

const PEOPLE: Subject = Subject::People;

pub fn paths(id: &Value) -> Map<String, Value> {
    let identifier = json!({ "name": "identifier", "in": "path", "required": true, "schema": { "type": "string" } });
    [
        ("/people", json!({ "get": list(), "post": create() })),
        ("/people/{id}", json!({ "parameters": [id], "get": read(), "patch": update(), "delete": erase() })),
        ("/people/{id}/sessions", json!({ "parameters": [id], "get": sessions(), "delete": end_sessions() })),
        ("/people/{id}/identifiers", json!({ "parameters": [id], "post": add_identifier() })),
        (
            "/people/{id}/identifiers/{identifier}",
            json!({ "parameters": [id, identifier], "delete": remove_identifier() }),
        ),
        ("/people/{id}/merge", json!({ "parameters": [id], "post": merge() })),
        ("/people/{id}/export", json!({ "parameters": [id], "get": export() })),
        ("/people/{id}/sign_ins", json!({ "parameters": [id], "get": sign_ins() })),
        ("/people/{id}/grants", json!({ "parameters": [id], "get": grants() })),
    ]
    .into_iter()
    .map(|(path, what)| (path.to_owned(), what))
    .collect()
}

fn list() -> Value {
    let summary = "List people, newest first; or those found".to_owned();
    let mut told = operation(Verb::Read, PEOPLE, "list_people", summary, page(named("Person")));
    let mut parameters = paging();
    let text = json!({ "type": "string" });
    parameters.push(in_query(
        "identifier",
        "A phone number with + and country code, or an e-mail address.",
        text.clone(),
    ));
    let about =
        "An id, a number or address however it is written, how one begins, words of a name: the first hundred of each.";
    parameters.push(in_query("q", about, text));
    parameters.push(in_query("blocked", "Only those who are, or are not.", json!({ "type": "boolean" })));
    told["parameters"] = parameters.into();
    told
}

fn taking(mut told: Value, schema: Value) -> Value {
    told["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": schema } } });
    told
}

fn changed(good: (&str, Value), more: &[(&str, &str)]) -> Value {
    let mut responses = json!({
        good.0: good.1,
        "400": problem("No JSON object."),
        "413": { "description": "Too large." },
        "415": problem("Not JSON."),
        "422": problem("Something in it is wrong."),
    });
    for (status, description) in more {
        responses[status] = problem(description);
    }
    responses
}

fn create() -> Value {
    let more = [("409", "Somebody has one of the identifiers: errors say who.")];
    let responses = changed(("201", as_json("Person", "Made.")), &more);
    let mut told = operation(Verb::Create, PEOPLE, "create_person", "Make somebody".into(), responses);
    told["parameters"] = json!([{ "name": "Idempotency-Key", "in": "header", "description": "The same request again makes nobody, for a day.", "schema": { "type": "string", "minLength": 1, "maxLength": 255 } }]);
    taking(told, named("NewPerson"))
}

fn read() -> Value {
    let responses = json!({ "200": as_json("Person", "As they are."), "404": problem("There is none.") });
    operation(Verb::Read, PEOPLE, "read_person", "Read a person".into(), responses)
}

fn update() -> Value {
    let responses = changed(("200", as_json("Person", "As they are now.")), &[("404", "There is none.")]);
    let summary =
        "Block somebody, who is signed out everywhere, or let them in again; change their profile, or what they may do"
            .to_owned();
    taking(operation(Verb::Update, PEOPLE, "update_person", summary, responses), named("PersonChange"))
}

fn erase() -> Value {
    let responses = json!({
        "204": { "description": "Forgotten." },
        "404": problem("There is none."),
        "409": problem("The last owner stays."),
    });
    operation(Verb::Delete, PEOPLE, "erase_person", "Forget somebody altogether".into(), responses)
}

fn sessions() -> Value {
    let summary = "Where somebody is, or lately was, signed in, newest first".to_owned();
    operation(Verb::Read, PEOPLE, "list_sessions", summary, found(page(named("Session"))))
}

fn end_sessions() -> Value {
    let responses = json!({ "204": { "description": "Signed out everywhere." }, "404": problem("There is none.") });
    operation(Verb::Update, PEOPLE, "end_sessions", "Sign somebody out everywhere".into(), responses)
}

fn add_identifier() -> Value {
    let more = [("404", "There is no such person."), ("409", "Somebody else has it: errors say who.")];
    let responses = changed(("200", as_json("Person", "As they are now.")), &more);
    let told = operation(Verb::Update, PEOPLE, "add_identifier", "Add what somebody signs in with".into(), responses);
    taking(told, one("identifier", "A phone number with + and country code, or an e-mail address."))
}

fn remove_identifier() -> Value {
    let responses = json!({
        "200": as_json("Person", "As they are now, signed out everywhere."),
        "404": problem("There is no such person, or it is not theirs."),
        "409": problem("It is the only one."),
    });
    let summary = "Take away what somebody signs in with".to_owned();
    operation(Verb::Update, PEOPLE, "remove_identifier", summary, responses)
}

fn merge() -> Value {
    let more = [("404", "There is no such person."), ("409", "Not proven, or blocked. Nothing was changed.")];
    let responses = changed(("200", as_json("Person", "Both, in one.")), &more);
    let summary = "Make two accounts one, once the person has signed in with both in one browser".to_owned();
    taking(operation(Verb::Delete, PEOPLE, "merge_people", summary, responses), one("from", "The account that goes."))
}

fn export() -> Value {
    let whole = json!({ "description": "All of it, but secrets.", "content": { "application/json": { "schema": { "type": "object" } } } });
    let responses = json!({ "200": whole, "404": problem("There is none.") });
    operation(Verb::Read, PEOPLE, "export_person", "All that is known of somebody, for them to have".into(), responses)
}

fn sign_ins() -> Value {
    let summary = "List somebody's sign-ins, newest first".to_owned();
    let mut told = operation(Verb::Read, PEOPLE, "list_sign_ins_of", summary, found(page(named("SignIn"))));
    told["parameters"] = paging().into();
    told
}

fn grants() -> Value {
    let summary = "What somebody gave to clients, newest first".to_owned();
    operation(Verb::Read, PEOPLE, "list_grants", summary, found(page(named("Grant"))))
}

fn found(mut page: Value) -> Value {
    page["404"] = problem("There is no such person.");
    page
}

fn one(field: &str, about: &str) -> Value {
    let properties = json!({ field: { "type": "string", "description": about } });
    json!({ "type": "object", "required": [field], "additionalProperties": false, "properties": properties })
}

pub fn schemas() -> Map<String, Value> {
    let (text, integer) = (json!({ "type": "string" }), json!({ "type": "integer" }));
    let (maybe, perhaps) = (json!({ "type": ["string", "null"] }), json!({ "type": ["integer", "null"] }));
    let list = |item: Value| json!({ "type": "array", "items": item });
    let words = list(text.clone());
    let identifier = object(json!({ "kind": { "enum": ["phone", "email"] }, "value": text }));
    let membership = object(json!({ "organization": text, "roles": words, "permissions": words }));
    let profile =
        json!({ "type": "object", "description": "The standard claims (OpenID Connect Core §5.1), and provided_id." });
    let member = json!({
        "type": "object", "required": ["code"], "additionalProperties": false,
        "properties": { "code": text, "roles": words, "permissions": words },
    });
    let members = list(member);
    [
        (
            "Person",
            object(json!({
                "id": text, "blocked": { "type": "boolean" }, "created_at": integer, "updated_at": integer,
                "identifiers": list(identifier), "profile": profile, "memberships": list(membership),
            })),
        ),
        (
            "NewPerson",
            json!({
                "type": "object", "required": ["identifiers"], "additionalProperties": false,
                "properties": { "identifiers": { "type": "array", "minItems": 1, "items": text }, "profile": profile, "organization": members },
            }),
        ),
        (
            "PersonChange",
            json!({
                "type": "object", "minProperties": 1, "additionalProperties": false,
                "properties": { "blocked": { "type": "boolean" }, "profile": profile, "organization": members },
            }),
        ),
        (
            "Session",
            object(json!({ "id": text, "signed_in_at": integer, "expires_at": integer, "ended_at": perhaps })),
        ),
        (
            "Grant",
            object(json!({
                "id": text, "client": text, "session": maybe, "scope": text, "audience": words, "organization": maybe,
                "created_at": integer, "expires_at": integer, "revoked_at": perhaps,
            })),
        ),
    ]
    .into_iter()
    .map(|(name, schema)| (name.to_owned(), schema))
    .collect()
}
