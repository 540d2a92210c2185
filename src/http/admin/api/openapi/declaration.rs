//! The part about the whole installation as a file.

use super::{as_json, in_query, object, operation, problem};
use crate::domain::management::{Subject, Verb};
use crate::http::admin::api::declaration::{PLAIN, TOML};
use serde_json::{Map, Value, json};

pub fn paths() -> Map<String, Value> {
    [("/export", json!({ "get": export() })), ("/apply", json!({ "post": apply() }))]
        .into_iter()
        .map(|(path, item)| (path.to_owned(), item))
        .collect()
}

fn export() -> Value {
    let about = "As `apply` reads it; secrets stay behind.";
    let file = json!({ "description": about, "content": { TOML: { "schema": { "type": "string" } } } });
    let summary = "What is declared, as a file".to_owned();
    operation(Verb::Read, Subject::Declaration, "export", summary, json!({ "200": file }))
}

fn apply() -> Value {
    let responses = json!({
        "200": as_json("Applied", "What changed, or would."),
        "400": problem("The question is wrong."),
        "413": json!({ "description": "Too large." }),
        "415": problem("Not TOML."),
        "422": problem("Something in it is wrong; nothing was changed."),
    });
    let summary = "Declare what a file holds: all of it, or nothing".to_owned();
    let mut told = operation(Verb::Update, Subject::Declaration, "apply", summary, responses);
    let flag = json!({ "type": "boolean" });
    told["parameters"] = json!([
        in_query("dry_run", "Say what would change, and change nothing.", flag.clone()),
        in_query("prune", "Take away what the file does not name, as the command does.", flag),
    ]);
    let file = json!({ "schema": { "type": "string" } });
    told["requestBody"] = json!({ "required": true, "content": { TOML: file, PLAIN: file } });
    told
}

pub fn schemas() -> Map<String, Value> {
    let (text, flag) = (json!({ "type": "string" }), json!({ "type": "boolean" }));
    let secrets = json!({
        "type": "object", "additionalProperties": text,
        "description": "Secrets of clients that were made with it, by client: shown this once.",
    });
    let changes = json!({ "type": "array", "items": text });
    let applied = object(json!({ "dry_run": flag, "changes": changes, "made_secrets": secrets }));
    [("Applied".to_owned(), applied)].into_iter().collect()
}
