//! The API's description of itself (OpenAPI 3.1), made of the same table the routes are.

mod book;
mod carriers;
mod declaration;
mod events;
mod figures;
mod imports;
mod installation;
mod people;
mod setup;
mod written_to;

pub use book::LINES;

use super::page::PAGE;
use super::problem;
use crate::app::App;
use crate::domain::declaration::{Declaration, Noun};
use crate::domain::management::{Subject, Verb, scope};
use crate::http::headers::NO_STORE;
use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

pub async fn show(State(app): State<App>) -> Response {
    ([(CACHE_CONTROL, NO_STORE)], Json(document(&app.issuer))).into_response()
}

pub fn document(issuer: &str) -> Value {
    let mut paths = Map::new();
    for noun in Noun::ALL {
        let plural = noun.plural();
        let (name, id) =
            (noun.schema(), json!({ "name": "name", "in": "path", "required": true, "schema": { "type": "string" } }));
        paths.insert(format!("/{plural}"), json!({ "get": list(noun), "post": create(noun) }));
        paths.insert(
            format!("/{plural}/{{name}}"),
            json!({ "parameters": [id], "get": read(noun), "patch": update(noun), "delete": delete(noun), "summary": name }),
        );
    }
    paths.extend(installation::paths());
    paths.extend(setup::paths());
    paths.extend(carriers::paths());
    paths.extend(declaration::paths());
    paths.insert("/overview".into(), json!({ "get": figures::overview() }));
    paths.extend(book::paths());
    let id = json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } });
    paths.extend(people::paths(&id));
    paths.extend(imports::paths(&id));
    paths.extend(written_to::paths(&id));
    paths.insert("/sign_ins".into(), json!({ "get": figures::sign_ins() }));
    paths.insert("/sign_ins/{id}".into(), json!({ "parameters": [id], "get": figures::sign_in() }));
    paths.insert("/sign_ins/{id}/resend".into(), json!({ "parameters": [id], "post": figures::resend() }));
    paths.extend(events::paths());
    let mut schemas = Declaration::schemas();
    schemas.extend(own_schemas());
    schemas.extend(events::schemas());
    let scopes: Map<String, Value> = Subject::all()
        .flat_map(|subject| {
            Verb::ALL.into_iter().filter(move |verb| subject.has(*verb)).map(move |verb| (verb, subject))
        })
        .map(|(verb, subject)| {
            (scope(verb, subject), json!(format!("{} {}", verb.as_str(), subject.as_str().replace('_', " "))))
        })
        .collect();
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Countersign", "version": "1", "description": ABOUT },
        "servers": [{ "url": format!("{issuer}/api/v1") }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "client": { "type": "oauth2", "flows": { "clientCredentials": {
                "tokenUrl": format!("{issuer}/oauth2/token"), "scopes": scopes,
            } } } },
        },
    })
}

const ABOUT: &str = "What operators do. Ask for a token by client_credentials, with resource set to the URL of this API and the \
    scopes you need; the client must be declared with both.";

fn operation(verb: Verb, subject: Subject, id: &str, summary: String, responses: Value) -> Value {
    let mut all = json!({
        "401": problem("No token of this API."),
        "403": problem("Without the scope."),
        "429": problem("Too many requests."),
        "503": problem("Not available right now."),
    });
    if let (Some(all), Value::Object(own)) = (all.as_object_mut(), responses) {
        all.extend(own);
    }
    json!({
        "operationId": id,
        "summary": summary,
        "tags": [subject.as_str()],
        "security": [{ "client": [scope(verb, subject)] }],
        "responses": all,
    })
}

fn of(noun: Noun) -> Value {
    json!({ "$ref": format!("#/components/schemas/{}", noun.schema()) })
}

fn problem(description: &str) -> Value {
    let schema = json!({ "$ref": "#/components/schemas/Problem" });
    json!({ "description": description, "content": { problem::TYPE: { "schema": schema } } })
}

fn body(noun: Noun, required: bool) -> Value {
    // A change names only what changes, and null takes away.
    let schema = if required { of(noun) } else { json!({ "type": "object" }) };
    json!({ "required": true, "content": { "application/json": { "schema": schema } } })
}

fn answer(noun: Noun, description: &str) -> Value {
    let tag = json!({ "ETag": { "schema": { "type": "string" } } });
    json!({ "description": description, "headers": tag, "content": { "application/json": { "schema": of(noun) } } })
}

fn in_query(name: &str, about: &str, schema: Value) -> Value {
    json!({ "name": name, "in": "query", "description": about, "schema": schema })
}

fn paging() -> Vec<Value> {
    vec![
        in_query("cursor", "The `next` of the page before.", json!({ "type": "string" })),
        in_query("limit", "How many at most.", json!({ "type": "integer", "minimum": 1, "maximum": PAGE })),
    ]
}

fn if_match() -> Value {
    json!({ "name": "If-Match", "in": "header", "required": true, "description": "The ETag that was read, or *.", "schema": { "type": "string" } })
}

fn page(items: Value) -> Value {
    let schema = json!({
        "type": "object",
        "required": ["data", "next"],
        "properties": { "data": { "type": "array", "items": items }, "next": { "type": ["string", "null"] } },
    });
    json!({ "200": { "description": "A page of them.", "content": { "application/json": { "schema": schema } } }, "400": problem("The question is wrong.") })
}

fn list(noun: Noun) -> Value {
    let (subject, plural) = (Subject::Declared(noun), noun.plural());
    let mut told = operation(Verb::Read, subject, &format!("list_{plural}"), format!("List {plural}"), page(of(noun)));
    let mut parameters = paging();
    parameters.push(in_query("q", "Only those that hold this text.", json!({ "type": "string" })));
    told["parameters"] = parameters.into();
    told
}

fn create(noun: Noun) -> Value {
    let mut made = answer(noun, "Made. A secret made with it is shown this once.");
    made["links"] = links(noun);
    let responses = json!({
        "201": made,
        "400": problem("No JSON object."),
        "409": problem("There is one of this name."),
        "413": { "description": "Too large." },
        "415": problem("Not JSON."),
        "422": problem("Something in it is wrong; or the Idempotency-Key stood for another request."),
    });
    let (subject, id) = (Subject::Declared(noun), format!("create_{}", noun.as_str()));
    let mut told = operation(Verb::Create, subject, &id, format!("Make a {}", noun.as_str()), responses);
    told["parameters"] = json!([idempotency_key()]);
    told["requestBody"] = body(noun, true);
    told
}

fn idempotency_key() -> Value {
    json!({ "name": "Idempotency-Key", "in": "header", "description": "The same request again gets the same answer, for a day.", "schema": { "type": "string", "minLength": 1, "maxLength": 255 } })
}

/// What was made can be read, changed and taken away by the name it has. A cap's is made of several of its fields.
fn links(noun: Noun) -> Value {
    let Some(key) = noun.key() else { return json!({}) };
    let name = json!({ "name": format!("$response.body#/{key}") });
    let all = ["read", "update", "delete"].into_iter().map(|verb| {
        let id = format!("{verb}_{}", noun.as_str());
        (id.clone(), json!({ "operationId": id, "parameters": name }))
    });
    Value::Object(all.collect())
}

fn read(noun: Noun) -> Value {
    let responses = json!({ "200": answer(noun, "As it is."), "304": { "description": "As it was." }, "404": problem("There is none.") });
    operation(
        Verb::Read,
        Subject::Declared(noun),
        &format!("read_{}", noun.as_str()),
        format!("Read a {}", noun.as_str()),
        responses,
    )
}

fn update(noun: Noun) -> Value {
    let responses = json!({
        "200": answer(noun, "As it is now."),
        "400": problem("No JSON object."),
        "404": problem("There is none."),
        "412": problem("Somebody changed it since it was read: `current` is what it is now."),
        "413": { "description": "Too large." },
        "415": problem("Not JSON."),
        "422": problem("Something in it is wrong."),
        "428": problem("Without If-Match."),
    });
    let (subject, id) = (Subject::Declared(noun), format!("update_{}", noun.as_str()));
    let mut told = operation(Verb::Update, subject, &id, format!("Change a {}", noun.as_str()), responses);
    told["parameters"] = json!([if_match()]);
    told["requestBody"] = body(noun, false);
    told
}

fn delete(noun: Noun) -> Value {
    let responses = json!({
        "204": { "description": "Gone." },
        "404": problem("There is none."),
        "409": problem("Others need it."),
        "412": problem("Somebody changed it since it was read."),
        "428": problem("Without If-Match."),
    });
    let (subject, id) = (Subject::Declared(noun), format!("delete_{}", noun.as_str()));
    let mut told = operation(Verb::Delete, subject, &id, format!("Take a {} away", noun.as_str()), responses);
    told["parameters"] = json!([if_match()]);
    told
}

fn named(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

fn as_json(schema: &str, description: &str) -> Value {
    json!({ "description": description, "content": { "application/json": { "schema": named(schema) } } })
}

/// Every property is always there.
fn object(properties: Value) -> Value {
    let required: Vec<String> = properties.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
    json!({ "type": "object", "required": required, "properties": properties })
}

fn own_schemas() -> Map<String, Value> {
    let text = json!({ "type": "string" });
    let mut schemas = Map::new();
    schemas.insert("Problem".into(), json!({
        "type": "object",
        "description": "RFC 9457.",
        "required": ["type", "title", "status"],
        "properties": {
            "type": text,
            "title": text,
            "status": { "type": "integer" },
            "errors": { "type": "array", "items": { "type": "object", "properties": { "field": text, "detail": text, "of": { "type": ["string", "null"] } } } },
            "current": {},
        },
    }));
    schemas.extend(seen_schemas());
    schemas.extend(book::schemas());
    schemas.extend(carriers::schemas());
    schemas.extend(declaration::schemas());
    schemas.extend(figures::schemas());
    schemas.extend(written_to::schemas());
    schemas.extend(installation::schemas());
    schemas.extend(people::schemas());
    schemas.extend(imports::schemas());
    schemas
}

/// What people did.
fn seen_schemas() -> Map<String, Value> {
    let (text, integer) = (json!({ "type": "string" }), json!({ "type": "integer" }));
    let maybe = json!({ "type": ["string", "null"] });
    let list = |item: Value| json!({ "type": "array", "items": item });
    let money = json!({ "type": ["object", "null"], "properties": { "amount": text, "currency": text } });
    let explained = json!({ "type": ["object", "null"], "properties": { "means": text, "next": text } });
    let line =
        object(json!({ "at_ms": integer, "text": text, "cost": money, "estimate": money, "explained": explained }));
    let advice = object(json!({ "stands": text, "next": text }));
    let states = json!({ "enum": ["begun", "asked", "proven", "answered", "expired"] });
    [
        (
            "SignIn",
            object(json!({
                "id": text, "client": text, "at": integer, "state": states, "identifier": maybe, "connection": maybe,
                "country": maybe,
            })),
        ),
        ("StoryLine", line),
        (
            "Story",
            object(json!({
                "id": text, "client": text, "at": integer, "advice": advice, "timeline": list(named("StoryLine")),
            })),
        ),
    ]
    .into_iter()
    .map(|(name, schema)| (name.to_owned(), schema))
    .collect()
}
