//! The part about the book of what operators did.

use super::{as_json, in_query, named, object, operation, page, paging};
use crate::domain::management::{Subject, Verb};
use serde_json::{Map, Value, json};

/// A line of JSON each.
pub const LINES: &str = "application/jsonl";

pub fn paths() -> Map<String, Value> {
    [
        ("/audit", json!({ "get": list() })),
        ("/audit/verify", json!({ "get": verify() })),
        ("/audit/export", json!({ "get": export() })),
    ]
    .into_iter()
    .map(|(path, item)| (path.to_owned(), item))
    .collect()
}

fn list() -> Value {
    let summary = "What operators did, newest first".to_owned();
    let mut told = operation(Verb::Read, Subject::Audit, "list_audit", summary, page(named("AuditEntry")));
    let mut parameters = paging();
    for name in ["actor", "noun", "name"] {
        parameters.push(in_query(name, "Only those of this.", json!({ "type": "string" })));
    }
    let seconds = json!({ "type": "integer", "minimum": 0, "maximum": super::super::page::LATEST });
    parameters.push(in_query("since", "Only those since then, in seconds since 1970.", seconds.clone()));
    parameters.push(in_query("until", "Only those before then, in seconds since 1970.", seconds));
    told["parameters"] = parameters.into();
    told
}

fn verify() -> Value {
    let responses = json!({ "200": as_json("AuditVerified", "What the proof says.") });
    let summary = "Prove that no entry was changed, taken out or put in".to_owned();
    operation(Verb::Read, Subject::Audit, "verify_audit", summary, responses)
}

fn export() -> Value {
    let about = "Every entry, oldest first, one JSON object a line.";
    let lines = json!({ "description": about, "content": { LINES: { "schema": { "type": "string" } } } });
    let summary = "The whole book".to_owned();
    operation(Verb::Read, Subject::Audit, "export_audit", summary, json!({ "200": lines }))
}

pub fn schemas() -> Map<String, Value> {
    let (text, integer, any) = (json!({ "type": "string" }), json!({ "type": "integer" }), json!({}));
    let maybe = |about: &str| json!({ "type": ["integer", "null"], "description": about });
    [
        (
            "AuditEntry",
            object(json!({
                "seq": integer,
                "at": { "type": "integer", "description": "Seconds since 1970." },
                "actor": text, "act": text, "noun": text, "name": text,
                "before": any, "after": any,
                "address": text, "mac": text,
            })),
        ),
        (
            "AuditVerified",
            object(json!({
                "whole": { "type": "boolean", "description": "Each entry is as it was written." },
                "entries": maybe("How many there are, where the book is whole."),
                "broken_at": maybe("This entry was changed, or one before it was taken out or put in."),
                "cut_after": maybe("Entries after this one were taken away."),
            })),
        ),
    ]
    .into_iter()
    .map(|(name, schema)| (name.to_owned(), schema))
    .collect()
}
