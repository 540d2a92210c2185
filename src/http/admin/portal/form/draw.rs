//! A form as it is shown: each field with what stands in it, and what is wrong with it.

use super::{Field, Group, Shape, text};
use crate::domain::declaration::Mistake;
use crate::domain::params::Params;
use askama::Template;
use serde_json::Value;

/// Empty rows below those there are: a form without script grows by being saved.
const MORE_ROWS: usize = 2;

#[derive(Template)]
#[template(path = "admin/field.html")]
pub struct Drawn {
    pub name: String,
    pub label: &'static str,
    pub hint: &'static str,
    input: Input,
    /// A table's cell has its label above the column.
    cell: bool,
    pub wrong: Option<String>,
    /// Cannot be changed: it is the name.
    fixed: bool,
}

enum Input {
    Line {
        value: String,
        numeric: bool,
    },
    Area {
        value: String,
        rows: usize,
    },
    Toggle {
        on: bool,
    },
    Select {
        options: Vec<(&'static str, &'static str, bool)>,
    },
    /// `typed` is what was typed before, sealed.
    Secret {
        kept: bool,
        typed: Option<String>,
    },
    Table {
        columns: &'static [Field],
        rows: Vec<Vec<Drawn>>,
    },
}

/// A group as it is shown; open where something in it is wrong.
pub struct DrawnGroup {
    pub title: &'static str,
    pub folded: bool,
    pub fields: Vec<Drawn>,
}

/// What stands in a field: what was just typed, else what is declared.
struct Held<'a> {
    item: &'a Value,
    sent: Option<&'a Params>,
}

/// `fixed` is the field that names the item, where it has a name already.
pub fn draw(
    groups: &[Group],
    item: &Value,
    sent: Option<&Params>,
    mistakes: &[Mistake],
    fixed: Option<&str>,
) -> Vec<DrawnGroup> {
    let one = |group: &Group| {
        let fields: Vec<Drawn> = group
            .fields
            .iter()
            .map(|field| {
                let held = Held { item: &item[field.name], sent };
                let mut drawn = one(field, field.name.to_owned(), &held, false);
                drawn.wrong = wrong(mistakes, field.name);
                drawn.fixed = fixed == Some(field.name);
                drawn
            })
            .collect();
        let folded = group.folded && fields.iter().all(|field| field.wrong.is_none());
        DrawnGroup { title: group.title, folded, fields }
    };
    groups.iter().map(one).collect()
}

/// Mistakes name fields as `rung[0].wait_seconds`, or as they stand in the form.
pub fn head(field: &str) -> &str {
    field.split(['[', '.']).next().unwrap_or_default()
}

/// What is wrong with a field, all of it.
pub fn wrong(mistakes: &[Mistake], name: &str) -> Option<String> {
    let told: Vec<&str> =
        mistakes.iter().filter(|mistake| head(&mistake.field) == name).map(|mistake| mistake.what.as_str()).collect();
    (!told.is_empty()).then(|| told.join("; "))
}

fn one(field: &Field, name: String, held: &Held<'_>, cell: bool) -> Drawn {
    let input = input(field, &name, held);
    Drawn { name, label: field.label, hint: field.hint, input, cell, wrong: None, fixed: false }
}

fn input(field: &Field, name: &str, held: &Held<'_>) -> Input {
    let typed = held.sent.map(|sent| sent.get(name).unwrap_or_default().to_owned());
    let said = |told: String| typed.clone().unwrap_or(told);
    let item = held.item;
    let area = |value: String| Input::Area { rows: value.lines().count().clamp(1, 8) + 1, value };
    match field.shape {
        Shape::Text => Input::Line { value: said(plain(item)), numeric: false },
        Shape::Number => Input::Line { value: said(plain(item)), numeric: true },
        Shape::Words => Input::Line { value: said(text::words(item)), numeric: false },
        Shape::Choices => Input::Line { value: said(text::choices(item)), numeric: false },
        Shape::Paragraph => area(said(plain(item))),
        Shape::Lines => area(said(text::lines(item))),
        Shape::Pairs => area(said(text::pairs(item))),
        Shape::Routes => area(said(text::routes(item))),
        Shape::Json => area(said(pretty(item))),
        Shape::Value => area(said(item.as_str().map_or_else(|| pretty(item), str::to_owned))),
        Shape::Toggle(usual) => {
            let on = held.sent.map_or_else(|| item.as_bool().unwrap_or(usual), |_| typed.as_deref() == Some("true"));
            Input::Toggle { on }
        }
        Shape::Maybe => select(&[("", "as usual"), ("true", "yes"), ("false", "no")], &said(plain(item))),
        Shape::OneOf(options) => select(options, &said(plain(item))),
        // What was typed is not sent back: it would stand in the page.
        Shape::Secret => {
            let typed = held.sent.and_then(|sent| sent.get(&format!("{name}.typed"))).map(str::to_owned);
            Input::Secret { kept: !item.is_null(), typed }
        }
        Shape::Rows(columns) => Input::Table { columns, rows: rows(columns, name, held) },
    }
}

fn select(options: &[(&'static str, &'static str)], chosen: &str) -> Input {
    Input::Select { options: options.iter().map(|(value, label)| (*value, *label, *value == chosen)).collect() }
}

fn plain(item: &Value) -> String {
    match item {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn pretty(item: &Value) -> String {
    if item.is_null() || item.as_object().is_some_and(serde_json::Map::is_empty) {
        return String::new();
    }
    serde_json::to_string_pretty(item).unwrap_or_default()
}

fn rows(columns: &'static [Field], name: &str, held: &Held<'_>) -> Vec<Vec<Drawn>> {
    let stored = held.item.as_array().map_or(0, Vec::len);
    let typed = held.sent.map(|sent| {
        let has =
            |row: &usize| columns.iter().any(|column| sent.get(&format!("{name}.{row}.{}", column.name)).is_some());
        (0..).take_while(has).count()
    });
    let count = typed.unwrap_or(stored + MORE_ROWS);
    let row = |row: usize| {
        let cell = |column: &Field| {
            let item = &held.item[row][column.name];
            one(column, format!("{name}.{row}.{}", column.name), &Held { item, sent: held.sent }, true)
        };
        columns.iter().map(cell).collect()
    };
    (0..count).map(row).collect()
}

impl Drawn {
    fn id(&self) -> String {
        self.name.replace('.', "-")
    }

    /// What describes the input, for whoever hears it.
    fn described(&self) -> String {
        let mut ids = Vec::new();
        if !self.hint.is_empty() && !self.cell {
            ids.push(format!("{}-hint", self.id()));
        }
        if self.wrong.is_some() {
            ids.push(format!("{}-wrong", self.id()));
        }
        ids.join(" ")
    }
}

/// What a field would say of this value.
pub fn shown(field: &Field, value: &Value) -> String {
    match field.shape {
        Shape::Secret => "changed".to_owned(),
        Shape::Rows(_) | Shape::Json => pretty(value),
        Shape::Toggle(_) | Shape::Maybe => if value == true { "yes" } else { "no" }.to_owned(),
        Shape::Lines | Shape::Words => text::words(value),
        Shape::Choices => text::choices(value),
        Shape::Routes => text::routes(value),
        Shape::Pairs => text::pairs(value),
        _ => plain(value),
    }
}
