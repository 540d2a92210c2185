//! A posted form as it is declared.

use super::super::sent;
use super::{Card, Field, Group, Known, Shape, rows, text};
use crate::domain::declaration::Mistake;
use crate::domain::params::Params;
use serde_json::{Map, Value, json};

/// What is read, with what cannot even be read.
struct Reading<'a> {
    known: &'a Known,
    sent: &'a Params,
    mistakes: Vec<Mistake>,
}

/// The fields of these groups, and what cannot even be read. What was left empty is null: taken away where it stood.
pub fn read(groups: &[Group], sent: &Params, known: &Known) -> (Value, Vec<Mistake>) {
    let mut reading = Reading { known, sent, mistakes: Vec::new() };
    let mut all = Map::new();
    for field in groups.iter().flat_map(|group| group.fields) {
        if let Some(value) = reading.one(field, field.name) {
            all.insert(field.name.to_owned(), value);
        }
    }
    (Value::Object(all), reading.mistakes)
}

/// What an address fills in ahead: texts, where a page leads to a form with something in it.
pub fn filled(groups: &[Group], query: &Params) -> Value {
    let fields = groups.iter().flat_map(|group| group.fields);
    let texts = fields
        .filter(|field| matches!(field.shape, Shape::Text | Shape::Paragraph | Shape::OneOf(_) | Shape::Chosen(..)));
    let filled = texts.filter_map(|field| Some((field.name.to_owned(), json!(query.get(field.name)?))));
    Value::Object(filled.collect())
}

impl Reading<'_> {
    fn one(&mut self, field: &Field, name: &str) -> Option<Value> {
        let typed = self.sent.get(name).unwrap_or_default();
        let trimmed = typed.trim();
        if let (Shape::Text, true) = (field.shape, trimmed.chars().any(char::is_control)) {
            return self.wrong(name, "one line, without control characters".to_owned());
        }
        match field.shape {
            Shape::Toggle(_) => Some(json!(typed == "true")),
            Shape::Secret if self.sent.get(&format!("{name}.remove")) == Some("true") => Some(Value::Null),
            // Left empty, it stays.
            Shape::Secret => (!trimmed.is_empty()).then(|| json!(trimmed)),
            Shape::Rows(columns) => Some(self.rows(columns, name)),
            Shape::Cards(card) => Some(self.cards(card, name)),
            Shape::Ladder => Some(self.ladder()),
            Shape::Aside | Shape::Stood => None,
            Shape::Picture => self.picture(name),
            Shape::Lines => Some(text::read_lines(typed)),
            Shape::Ordered(_) => Some(json!(in_order(self.sent, name))),
            Shape::Among(_) => match chosen(self.sent, name) {
                // Left out, a carrier has the channels of its kind.
                none if none.is_empty() && name == "channels" => Some(Value::Null),
                all => Some(json!(all)),
            },
            Shape::Countries => match text::read_countries(typed, self.known.countries()) {
                Ok(list) => Some(list),
                Err(odd) => self.wrong(name, format!("\"{odd}\" is no country: its name in English, or two letters")),
            },
            _ if trimmed.is_empty() => Some(Value::Null),
            Shape::Paragraph => Some(json!(trimmed.replace("\r\n", "\n"))),
            Shape::Text | Shape::OneOf(_) | Shape::Chosen(..) => Some(json!(trimmed)),
            Shape::Maybe => Some(json!(trimmed == "true")),
            Shape::Pairs => Some(text::read_pairs(typed)),
            Shape::Number => match trimmed.parse::<u64>() {
                Ok(number) => Some(json!(number)),
                Err(_) => self.wrong(name, "a whole number".to_owned()),
            },
            Shape::Json => match serde_json::from_str::<Value>(trimmed) {
                Ok(value) => Some(value),
                Err(_) => self.wrong(name, "JSON".to_owned()),
            },
            Shape::Value => Some(serde_json::from_str(trimmed).unwrap_or_else(|_| json!(trimmed))),
        }
    }

    /// A new one, or the one chosen before; else what there is stays.
    fn picture(&mut self, name: &str) -> Option<Value> {
        if self.sent.get(&format!("{name}.remove")) == Some("true") {
            return Some(Value::Null);
        }
        if let Some(size) = self.sent.get(&sent::large(&format!("{name}.file"))) {
            let most = sent::LARGEST_FILE / 1024;
            return self.wrong(name, format!("This picture has {size} KB; {most} are the most"));
        }
        let chosen = self.sent.get(&format!("{name}.file")).or_else(|| self.sent.get(name));
        chosen.map(|url| json!(url))
    }

    fn wrong(&mut self, name: &str, what: String) -> Option<Value> {
        self.mistakes.push(Mistake::of(name, what));
        Some(Value::Null)
    }

    fn row(&mut self, columns: &[Field], at: &str) -> Map<String, Value> {
        let mut item = Map::new();
        for column in columns {
            let value = self.one(column, &format!("{at}.{}", column.name));
            if let Some(value) = value.filter(|value| !value.is_null()) {
                item.insert(column.name.to_owned(), value);
            }
        }
        item
    }

    /// A row with nothing in it is none.
    fn rows(&mut self, columns: &[Field], name: &str) -> Value {
        let mut list = Vec::new();
        for row in 0..rows::count(self.sent, name) {
            let mut item = self.row(columns, &format!("{name}.{row}"));
            if item.is_empty() {
                continue;
            }
            // A price for everywhere has an empty prefix, which is not the same as none.
            if columns.iter().any(|column| column.name == "prefix") {
                item.entry("prefix").or_insert_with(|| json!(""));
            }
            list.push(Value::Object(item));
        }
        list.into()
    }

    fn cards(&mut self, card: &Card, name: &str) -> Value {
        let holds = |value: &Value| value.as_array().is_none_or(|list| !list.is_empty());
        let first = card.fields.first().map_or("", |field| field.name);
        let of_ladder = card.fields.iter().any(|field| matches!(field.shape, Shape::Stood));
        let mut list = Vec::new();
        for row in 0..rows::count(self.sent, name) {
            let item = self.row(card.fields, &format!("{name}.{row}"));
            let alone = !item.iter().any(|(name, value)| name != first && holds(value));
            match item.get(first) {
                None if alone => {}
                // Nothing is said of such a channel but that it is climbed.
                Some(_) if alone && of_ladder => {}
                Some(first) if alone && card.bare => list.push((row, first.clone())),
                _ => list.push((row, Value::Object(item))),
            }
        }
        let stood = |row: usize| self.sent.get(&format!("{name}.{row}.place")).and_then(|at| at.parse().ok());
        list.sort_by_key(|(row, _)| stood(*row).unwrap_or(usize::MAX));
        list.into_iter().map(|(_, item)| item).collect()
    }

    /// The channels of the cards, in their order; none is what is usual.
    fn ladder(&self) -> Value {
        let rows = 0..rows::count(self.sent, RUNGS);
        let climbed = rows.filter(|row| self.sent.get(&format!("{RUNGS}.{row}.aside")).is_none());
        let channels: Vec<&str> = climbed.filter_map(|row| self.sent.get(&format!("{RUNGS}.{row}.channel"))).collect();
        if channels.is_empty() { Value::Null } else { json!(channels) }
    }
}

/// The field whose cards say the ladder.
pub const RUNGS: &str = "rung";

/// What was chosen: by boxes, or by lines.
pub fn chosen(sent: &Params, name: &str) -> Vec<String> {
    let lines = sent.all(name).flat_map(str::lines).map(str::trim).filter(|line| !line.is_empty());
    let mut all: Vec<String> = Vec::new();
    for line in lines {
        if !all.iter().any(|known| known == line) {
            all.push(line.to_owned());
        }
    }
    all
}

/// The same in the order that the form says.
pub fn in_order(sent: &Params, name: &str) -> Vec<String> {
    let mut rest = chosen(sent, name);
    let mut all = Vec::new();
    for value in sent.all(&format!("{name}.order")) {
        if let Some(at) = rest.iter().position(|one| one == value) {
            all.push(rest.remove(at));
        }
    }
    all.extend(rest);
    all
}
