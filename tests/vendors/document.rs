//! What Prism lets pass: parameters, form fields and JSON members that the vendor's document does not name.

use serde_json::Value;
use std::collections::HashMap;
use std::sync::OnceLock;

/// A vendor's document.
pub struct Document(Value);

/// One method at one path of a document.
pub struct Operation<'a> {
    pub path: &'a str,
    document: &'a Document,
    at: &'a Value,
    shared: &'a Value,
}

pub fn document(name: &str) -> &'static Document {
    static ALL: OnceLock<HashMap<String, Document>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let read = |path: std::path::PathBuf| {
            let text = std::fs::read_to_string(&path).expect("reads");
            let name = path.file_stem().and_then(|name| name.to_str()).expect("a name").to_owned();
            (name, Document(serde_json::from_str(&text).expect("JSON")))
        };
        crate::prism::documents().into_iter().map(read).collect()
    });
    all.get(name).unwrap_or_else(|| panic!("no document {name}"))
}

impl Document {
    pub fn operation(&self, method: &str, path: &str) -> Option<Operation<'_>> {
        let paths = self.0["paths"].as_object()?;
        let (template, item) = paths.iter().find(|(template, _)| fits(template, path))?;
        let at = item.get(method.to_ascii_lowercase())?;
        Some(Operation { path: template, document: self, at, shared: item })
    }

    fn resolve<'a>(&'a self, node: &'a Value) -> &'a Value {
        match node["$ref"].as_str() {
            Some(reference) => {
                self.resolve(self.0.pointer(reference.trim_start_matches('#')).expect("what it refers to"))
            }
            None => node,
        }
    }

    /// Every schema a value may be held to here: alternatives, parts and all.
    fn widened<'a>(&'a self, schema: &'a Value, found: &mut Vec<&'a Value>) {
        let schema = self.resolve(schema);
        if found.iter().any(|known| std::ptr::eq(*known, schema)) {
            return;
        }
        found.push(schema);
        for word in ["allOf", "anyOf", "oneOf"] {
            schema[word].as_array().into_iter().flatten().for_each(|part| self.widened(part, found));
        }
        let mapped = schema["discriminator"]["mapping"].as_object().into_iter().flatten();
        mapped.filter_map(|(_, to)| to.as_str()).for_each(|to| {
            self.widened(self.0.pointer(to.trim_start_matches('#')).expect("what it is mapped to"), found);
        });
    }

    /// Members of a JSON value that no schema names.
    fn strangers(&self, schemas: &[&Value], value: &Value, at: &str, found: &mut Vec<String>) {
        let mut wide = Vec::new();
        schemas.iter().for_each(|schema| self.widened(schema, &mut wide));
        if let Value::Array(values) = value {
            let items: Vec<&Value> = wide.iter().filter_map(|schema| schema.get("items")).collect();
            values.iter().for_each(|value| self.strangers(&items, value, &format!("{at}[]"), found));
        }
        let Value::Object(members) = value else { return };
        // One that describes no members takes any.
        if !wide.iter().any(|schema| schema.get("properties").is_some()) {
            return;
        }
        for (name, value) in members {
            let named: Vec<&Value> = wide.iter().filter_map(|schema| schema["properties"].get(name)).collect();
            match named.is_empty() {
                true => found.push(format!("{at}.{name}")),
                false => self.strangers(&named, value, &format!("{at}.{name}"), found),
            }
        }
    }
}

impl Operation<'_> {
    fn schema(&self, kind: &str) -> &Value {
        let body = self.document.resolve(&self.at["requestBody"]);
        self.document.resolve(&body["content"][kind]["schema"])
    }

    /// The names of the fields of its form.
    pub fn unknown_fields(&self, fields: &[(String, String)]) -> Vec<String> {
        let known = &self.schema("application/x-www-form-urlencoded")["properties"];
        fields.iter().map(|(name, _)| name.clone()).filter(|name| known.get(name).is_none()).collect()
    }

    pub fn unknown_members(&self, body: &Value) -> Vec<String> {
        let mut found = Vec::new();
        self.document.strangers(&[self.schema("application/json")], body, "", &mut found);
        found
    }

    pub fn unknown_parameters(&self, query: &[(String, String)]) -> Vec<String> {
        let listed = |node: &'_ Value| node["parameters"].as_array().cloned().unwrap_or_default();
        let all = [listed(self.at), listed(self.shared)].concat();
        let known = |name: &str| {
            let fits = |one: &Value| one["in"] == "query" && one["name"] == name;
            all.iter().any(|one| fits(self.document.resolve(one)))
        };
        query.iter().map(|(name, _)| name.clone()).filter(|name| !known(name)).collect()
    }
}

fn fits(template: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(wanted), Some(given)) if segment_fits(wanted, given) => {}
            _ => return false,
        }
    }
}

/// `{Sid}.json` fits `AC1.json`.
fn segment_fits(wanted: &str, given: &str) -> bool {
    match wanted.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
        Some((_, tail)) => given.len() > tail.len() && given.ends_with(tail),
        None => wanted == given,
    }
}

#[test]
fn strangers_are_found() {
    let verify = document("twilio_verify_v2");
    let create = verify.operation("POST", "/v2/Services/VA1/Verifications").expect("an operation");
    let field = |name: &str| (name.to_owned(), "x".to_owned());
    assert_eq!(create.unknown_fields(&[field("To"), field("Ttl"), field("Channel")]), ["Ttl"]);
    let numbers = document("twilio_api_v2010").operation("GET", "/2010-04-01/Accounts/AC1/IncomingPhoneNumbers.json");
    let numbers = numbers.expect("an operation");
    assert_eq!(numbers.unknown_parameters(&[field("PhoneNumber"), field("PhoneNumbers")]), ["PhoneNumbers"]);
    let meta = document("meta_messaging_v23");
    let send = meta.operation("POST", "/v23.0/1/messages").expect("an operation");
    let body = serde_json::json!({"to": "1", "template": {"name": "n", "nome": "n", "language": {"code": "en", "kode": "en"}}});
    assert_eq!(send.unknown_members(&body), [".template.language.kode", ".template.nome"]);
    assert!(meta.operation("PUT", "/v23.0/1/messages").is_none());
}
