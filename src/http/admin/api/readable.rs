//! The API's description as a page: every operation with what it takes, what it answers and which scope opens it. Made of the same
//! document programs read; needs no script, and nothing from elsewhere.

use super::openapi::document;
use crate::app::App;
use crate::http::fault::{machine, render};
use crate::http::headers;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "admin/api.html")]
struct Readable {
    nonce: String,
    base: String,
    about: String,
    groups: Vec<(String, Vec<Operation>)>,
    schemas: Vec<Schema>,
}

struct Operation {
    id: String,
    method: String,
    path: String,
    summary: String,
    scope: String,
    takes: Vec<Field>,
    body: Option<Kind>,
    answers: Vec<Answer>,
}

struct Answer {
    status: String,
    about: String,
    kind: Option<Kind>,
}

struct Schema {
    name: String,
    about: String,
    fields: Vec<Field>,
}

struct Field {
    name: String,
    /// Where a parameter stands: path, query or header.
    place: String,
    needed: bool,
    kind: Kind,
    about: String,
}

/// What a value is, in words, and the schema it leads to.
struct Kind {
    text: String,
    schema: Option<String>,
}

pub async fn show(State(app): State<App>) -> Response {
    let nonce = app.entropy.short();
    let page = readable(&document(&app.issuer), nonce.clone());
    match render(&page) {
        Ok(html) => headers::page(&app, StatusCode::OK, html, &nonce, None),
        Err(fault) => machine(&app, &fault),
    }
}

fn readable(document: &Value, nonce: String) -> Readable {
    let mut groups: BTreeMap<String, Vec<Operation>> = BTreeMap::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        let shared = list(&item["parameters"]);
        for method in ["get", "post", "put", "patch", "delete"] {
            let Some(told) = item.get(method) else { continue };
            let parameters = shared.iter().chain(list(&told["parameters"]));
            groups.entry(text(&told["tags"][0])).or_default().push(Operation {
                id: text(&told["operationId"]),
                method: method.to_uppercase(),
                path: path.clone(),
                summary: text(&told["summary"]),
                scope: text(&told["security"][0]["client"][0]),
                takes: parameters.map(parameter).collect(),
                body: content(&told["requestBody"]).map(kind),
                answers: answers(&told["responses"]),
            });
        }
    }
    let schemas = document["components"]["schemas"].as_object().into_iter().flatten();
    Readable {
        nonce,
        base: text(&document["servers"][0]["url"]),
        about: text(&document["info"]["description"]),
        groups: groups.into_iter().collect(),
        schemas: schemas.map(|(name, told)| schema(name, told)).collect(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The schema of whatever kind of content there is.
fn content(of: &Value) -> Option<&Value> {
    of["content"].as_object()?.values().next()?.get("schema")
}

fn parameter(told: &Value) -> Field {
    Field {
        name: text(&told["name"]),
        place: text(&told["in"]),
        needed: told["required"] == true,
        kind: kind(&told["schema"]),
        about: text(&told["description"]),
    }
}

fn answers(responses: &Value) -> Vec<Answer> {
    let all = responses.as_object().into_iter().flatten();
    all.map(|(status, told)| Answer {
        status: status.clone(),
        about: text(&told["description"]),
        kind: content(told).map(kind),
    })
    .collect()
}

fn schema(name: &str, told: &Value) -> Schema {
    let needed = list(&told["required"]);
    let fields = told["properties"].as_object().into_iter().flatten().map(|(name, of)| Field {
        name: name.clone(),
        place: String::new(),
        needed: needed.iter().any(|one| one == name),
        kind: kind(of),
        about: text(&of["description"]),
    });
    Schema { name: name.to_owned(), about: text(&told["description"]), fields: fields.collect() }
}

/// `string, at most 100 characters`, `array of Client`, `one of hour, day, month`.
fn kind(schema: &Value) -> Kind {
    if let Some(name) = schema["$ref"].as_str().and_then(|link| link.rsplit('/').next()) {
        return Kind { text: name.to_owned(), schema: Some(name.to_owned()) };
    }
    if let Some(of) = schema.get("items") {
        let of = kind(of);
        return Kind { text: format!("array of {}", of.text), schema: of.schema };
    }
    // A page of a list: what stands in it is what one wants to know.
    if let Some(of) = schema["properties"].get("data") {
        let of = kind(of);
        return Kind { text: format!("a page: {}", of.text), schema: of.schema };
    }
    for one in ["oneOf", "anyOf", "allOf"] {
        let all: Vec<Kind> = list(&schema[one]).iter().map(kind).collect();
        if !all.is_empty() {
            let texts: Vec<&str> = all.iter().map(|one| one.text.as_str()).collect();
            let text = texts.join(" or ");
            return Kind { text, schema: all.into_iter().find_map(|one| one.schema) };
        }
    }
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if let Some(all) = schema["enum"].as_array() {
        let all: Vec<String> = all.iter().map(plain).collect();
        return Kind { text: format!("one of {}", all.join(", ")), schema: None };
    }
    let types = match &schema["type"] {
        Value::Array(all) => all.iter().map(plain).collect::<Vec<_>>().join(" or "),
        Value::Null => "anything".to_owned(),
        one => plain(one),
    };
    let bounds = [
        ("minLength", "at least", "characters"),
        ("maxLength", "at most", "characters"),
        ("minimum", "from", ""),
        ("maximum", "to", ""),
    ];
    let bounds = bounds.iter().filter_map(|(key, before, after)| {
        let bound = schema.get(*key)?;
        Some(format!(", {before} {bound} {after}").trim_end().to_owned())
    });
    Kind { text: format!("{types}{}", bounds.collect::<String>()), schema: None }
}
