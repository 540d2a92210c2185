//! The part about files of people.

use super::{as_json, in_query, named, object, operation, page, paging, problem};
use crate::domain::import::Format;
use crate::domain::management::{Subject, Verb};
use serde_json::{Map, Value, json};

const IMPORTS: Subject = Subject::Imports;

pub fn paths(id: &Value) -> Map<String, Value> {
    [
        ("/imports", json!({ "get": list(), "post": create() })),
        ("/imports/{id}", json!({ "parameters": [id], "get": read() })),
        ("/imports/{id}/lines", json!({ "parameters": [id], "get": lines() })),
    ]
    .into_iter()
    .map(|(path, what)| (path.to_owned(), what))
    .collect()
}

fn list() -> Value {
    let mut told =
        operation(Verb::Read, IMPORTS, "list_imports", "List imports, newest first".into(), page(named("Import")));
    told["parameters"] = paging().into();
    told
}

fn create() -> Value {
    let responses = json!({
        "202": as_json("Import", "Taken in, and read soon."),
        "400": problem("The question is wrong, or the file stopped in the middle."),
        "413": problem("Too large."),
    });
    let mut told = operation(Verb::Create, IMPORTS, "create_import", "Bring in people from a file".into(), responses);
    let formats = Format::ALL.map(Format::as_str);
    let mut format = in_query("format", "Whose file it is.", json!({ "enum": formats }));
    format["required"] = json!(true);
    let flag = json!({ "type": "boolean" });
    let trust = "Link one number or address that was never verified, where somebody has no other.";
    told["parameters"] = json!([
        format,
        in_query("dry_run", "Say all, and make nobody.", flag.clone()),
        in_query("trust_unverified", trust, flag),
    ]);
    let file = json!({ "schema": { "type": "string", "contentMediaType": "application/octet-stream" } });
    told["requestBody"] = json!({ "required": true, "content": { "application/octet-stream": file } });
    told
}

fn read() -> Value {
    let responses = json!({ "200": as_json("Import", "How far it is."), "404": problem("There is none.") });
    operation(Verb::Read, IMPORTS, "read_import", "Read how far an import is".into(), responses)
}

fn lines() -> Value {
    let mut found = page(named("ImportLine"));
    found["404"] = problem("There is no such import.");
    let summary = "What there is to say of an import's lines".to_owned();
    let mut told = operation(Verb::Read, IMPORTS, "list_import_lines", summary, found);
    told["parameters"] = paging().into();
    told
}

pub fn schemas() -> Map<String, Value> {
    let (text, integer, flag) =
        (json!({ "type": "string" }), json!({ "type": "integer" }), json!({ "type": "boolean" }));
    [
        (
            "Import",
            object(json!({
                "id": text, "format": text, "dry_run": flag, "trust_unverified": flag,
                "state": { "enum": ["running", "done", "failed"] }, "detail": { "type": ["string", "null"] },
                "bytes": integer, "bytes_read": integer, "made": integer, "present": integer, "wrong": integer,
                "started_at": integer, "updated_at": integer, "finished_at": { "type": ["integer", "null"] },
            })),
        ),
        (
            "ImportLine",
            object(json!({ "line": integer, "became": { "enum": ["made", "present", "wrong"] }, "detail": text })),
        ),
    ]
    .into_iter()
    .map(|(name, schema)| (name.to_owned(), schema))
    .collect()
}
