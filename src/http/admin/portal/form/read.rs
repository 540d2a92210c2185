//! A posted form as it is declared.

use super::{Field, Group, Shape, text};
use crate::domain::declaration::Mistake;
use crate::domain::params::Params;
use serde_json::{Map, Value, json};

/// Nobody writes more rows than this.
const MOST_ROWS: usize = 400;

/// The fields of these groups, and what cannot even be read. What was left empty is null: taken away where it stood.
pub fn read(groups: &[Group], sent: &Params) -> (Value, Vec<Mistake>) {
    let mut mistakes = Vec::new();
    let mut all = Map::new();
    for field in groups.iter().flat_map(|group| group.fields) {
        if let Some(value) = one(field, field.name, sent, &mut mistakes) {
            all.insert(field.name.to_owned(), value);
        }
    }
    (Value::Object(all), mistakes)
}

/// What an address fills in ahead: texts, where a page leads to a form with something in it.
pub fn filled(groups: &[Group], query: &Params) -> Value {
    let fields = groups.iter().flat_map(|group| group.fields);
    let texts = fields.filter(|field| matches!(field.shape, Shape::Text | Shape::Paragraph | Shape::OneOf(_)));
    let filled = texts.filter_map(|field| Some((field.name.to_owned(), json!(query.get(field.name)?))));
    Value::Object(filled.collect())
}

fn one(field: &Field, name: &str, sent: &Params, mistakes: &mut Vec<Mistake>) -> Option<Value> {
    let typed = sent.get(name).unwrap_or_default();
    let trimmed = typed.trim();
    let mut wrong = |what: &str| {
        mistakes.push(Mistake { at: String::new(), field: name.to_owned(), what: what.to_owned() });
        Some(Value::Null)
    };
    if let (Shape::Text, true) = (field.shape, trimmed.chars().any(char::is_control)) {
        return wrong("one line, without control characters");
    }
    match field.shape {
        Shape::Toggle(_) => Some(json!(typed == "true")),
        Shape::Secret if sent.get(&format!("{name}.remove")) == Some("true") => Some(Value::Null),
        // Left empty, it stays.
        Shape::Secret => (!trimmed.is_empty()).then(|| json!(trimmed)),
        Shape::Rows(columns) => Some(rows(columns, name, sent, mistakes)),
        Shape::Lines => Some(text::read_lines(typed)),
        Shape::Words if trimmed.is_empty() && matches!(name, "ladder" | "channels") => Some(Value::Null),
        Shape::Words => Some(text::read_words(typed)),
        Shape::Choices => Some(text::read_choices(typed)),
        Shape::Routes => Some(text::read_routes(typed)),
        _ if trimmed.is_empty() => Some(Value::Null),
        Shape::Paragraph => Some(json!(trimmed.replace("\r\n", "\n"))),
        Shape::Text | Shape::OneOf(_) => Some(json!(trimmed)),
        Shape::Maybe => Some(json!(trimmed == "true")),
        Shape::Pairs => Some(text::read_pairs(typed)),
        Shape::Number => match trimmed.parse::<u64>() {
            Ok(number) => Some(json!(number)),
            Err(_) => wrong("a whole number"),
        },
        Shape::Json => match serde_json::from_str::<Value>(trimmed) {
            Ok(value) => Some(value),
            Err(_) => wrong("JSON"),
        },
        Shape::Value => Some(serde_json::from_str(trimmed).unwrap_or_else(|_| json!(trimmed))),
    }
}

/// A row with nothing in it is none.
fn rows(columns: &[Field], name: &str, sent: &Params, mistakes: &mut Vec<Mistake>) -> Value {
    let mut list = Vec::new();
    for row in 0..MOST_ROWS {
        let cell = |column: &Field| format!("{name}.{row}.{}", column.name);
        if !columns.iter().any(|column| sent.get(&cell(column)).is_some()) {
            break;
        }
        if columns.iter().all(|column| sent.get(&cell(column)).is_none_or(|typed| typed.trim().is_empty())) {
            continue;
        }
        let mut item = Map::new();
        for column in columns {
            if let Some(value) = one(column, &cell(column), sent, mistakes).filter(|value| !value.is_null()) {
                item.insert(column.name.to_owned(), value);
            }
        }
        // A price for everywhere has an empty prefix, which is not the same as none.
        if columns.iter().any(|column| column.name == "prefix") {
            item.entry("prefix").or_insert_with(|| json!(""));
        }
        list.push(Value::Object(item));
    }
    list.into()
}
