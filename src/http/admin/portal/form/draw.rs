//! A form as it is shown: what stands in each field, what it can be changed to, and what is wrong with it.

use super::drawn::{Box, Drawn, DrawnCard, DrawnGroup, Input};
use super::known::Choice;
use super::read::{RUNGS, chosen};
use super::{Card, Field, Focus, Group, Known, Shape, Source, rows, text};
use crate::domain::declaration::Mistake;
use crate::domain::params::Params;
use serde_json::{Value, json};

/// Empty rows below those there are.
const MORE_ROWS: usize = 1;

/// What a form is drawn of.
pub struct Form<'a> {
    pub known: &'a Known,
    /// As it is declared.
    pub item: &'a Value,
    /// What was just typed: it stands in place of what is declared.
    pub sent: Option<&'a Params>,
    pub mistakes: &'a [Mistake],
    /// The field that names the item, where it has a name already.
    pub fixed: Option<&'a str>,
    pub focus: Option<&'a Focus>,
    /// Whether it can send files.
    pub files: bool,
}

/// A field, what stands in it as declared, and the channel of the card it is in.
struct Place<'a> {
    name: String,
    item: &'a Value,
    channel: &'a str,
    cell: bool,
}

pub fn draw(groups: &[Group], form: &Form<'_>) -> Vec<DrawnGroup> {
    let one = |group: &Group| {
        let field = |field: &Field| {
            let item = if field.name == RUNGS { &rungs(form.item) } else { &form.item[field.name] };
            let mut drawn = form.one(field, Place { name: field.name.to_owned(), item, channel: "", cell: false });
            drawn.wrong = wrong(form.mistakes, field.name);
            drawn.fixed = form.fixed == Some(field.name);
            drawn
        };
        let fields: Vec<Drawn> = group.fields.iter().map(field).collect();
        let folded = group.folded && fields.iter().all(|field| field.wrong.is_none());
        DrawnGroup { title: group.title, folded, fields }
    };
    groups.iter().map(one).collect()
}

/// Mistakes name fields as `rung[0].wait_seconds`, or as they stand in the form.
pub fn head(field: &str) -> &str {
    field.split(['[', '.']).next().unwrap_or_default()
}

/// What is wrong with a field, all of it, each once.
pub fn wrong(mistakes: &[Mistake], name: &str) -> Option<String> {
    let mut told: Vec<&str> =
        mistakes.iter().filter(|mistake| head(&mistake.field) == name).map(|mistake| mistake.what.as_str()).collect();
    told.dedup();
    (!told.is_empty()).then(|| told.join("; "))
}

/// One card for each channel that is climbed, in that order, and then those that only other ladders have.
fn rungs(item: &Value) -> Value {
    let list = |name: &str| item[name].as_array().cloned().unwrap_or_default();
    let (ladder, declared) = (list("ladder"), list(RUNGS));
    let of = |channel: &Value| {
        let found = declared.iter().enumerate().find(|(_, rung)| rung["channel"] == *channel);
        found.map_or_else(|| json!({ "channel": channel }), |(place, rung)| placed(rung, place, false))
    };
    let others = declared.iter().enumerate().filter(|(_, rung)| !ladder.contains(&rung["channel"]));
    ladder.iter().map(of).chain(others.map(|(place, rung)| placed(rung, place, true))).collect()
}

fn placed(rung: &Value, place: usize, aside: bool) -> Value {
    let mut rung = rung.clone();
    rung["place"] = json!(place);
    rung["aside"] = json!(aside);
    rung
}

impl Form<'_> {
    fn one(&self, field: &Field, place: Place<'_>) -> Drawn {
        let input = self.input(field, &place);
        let Place { name, cell, .. } = place;
        let wrong = self.mistakes.iter().find(|mistake| mistake.field == name).map(|mistake| mistake.what.clone());
        Drawn { name, label: field.label, hint: field.hint, input, cell, wrong, fixed: false, focused: false }
    }

    fn typed(&self, name: &str) -> Option<String> {
        self.sent.map(|sent| sent.get(name).unwrap_or_default().to_owned())
    }

    fn input(&self, field: &Field, place: &Place<'_>) -> Input {
        let (name, item) = (place.name.as_str(), place.item);
        let said = |told: String| self.typed(name).unwrap_or(told);
        let line = |value: String| Input::Line { value, numeric: false, countries: false };
        match field.shape {
            Shape::Text => line(said(plain(item))),
            Shape::Number => Input::Line { value: said(plain(item)), numeric: true, countries: false },
            Shape::Countries => {
                let value = said(text::countries(item, self.known.countries()));
                Input::Line { value, numeric: false, countries: true }
            }
            Shape::Paragraph => area(said(plain(item))),
            Shape::Lines => area(said(text::lines(item))),
            Shape::Pairs => area(said(text::pairs(item))),
            Shape::Json => area(said(pretty(item))),
            Shape::Value => area(said(item.as_str().map_or_else(|| pretty(item), str::to_owned))),
            Shape::Toggle(usual) => Input::Toggle { on: self.is_on(name, item.as_bool().unwrap_or(usual)) },
            Shape::Aside => Input::Toggle { on: self.is_on(name, item == true) },
            Shape::Maybe => select(&[("", "as usual"), ("true", "yes"), ("false", "no")], &said(plain(item))),
            Shape::OneOf(options) => select(options, &said(plain(item))),
            Shape::Chosen(source, none) => self.chosen(source, none, place.channel, &said(plain(item))),
            Shape::Among(source) => self.boxes(source, false, place),
            Shape::Ordered(source) => self.boxes(source, true, place),
            // What was typed is not sent back: it would stand in the page.
            Shape::Secret => {
                let typed = self.sent.and_then(|sent| sent.get(&format!("{name}.typed"))).map(str::to_owned);
                Input::Secret { kept: !item.is_null(), typed }
            }
            Shape::Picture => {
                let file = self.sent.and_then(|sent| sent.get(&format!("{name}.file")));
                let before = || self.sent.and_then(|sent| sent.get(name));
                let typed = file.or_else(before).filter(|url| url.starts_with("data:")).map(str::to_owned);
                let shown = item.as_str().filter(|_| typed.is_none()).map(str::to_owned);
                Input::Picture { shown, typed, file: self.files }
            }
            Shape::Rows(columns) => Input::Table { columns, rows: self.rows(columns, place) },
            Shape::Cards(card) => self.cards(card, place),
            Shape::Ladder => Input::Elsewhere,
            Shape::Stood => Input::Hidden { value: said(plain(item)) },
        }
    }

    fn is_on(&self, name: &str, stands: bool) -> bool {
        self.typed(name).map_or(stands, |typed| typed == "true")
    }

    fn chosen(&self, source: Source, none: &'static str, channel: &str, chosen: &str) -> Input {
        let Some(mut list) = self.known.list(source) else {
            return Input::Line { value: chosen.to_owned(), numeric: false, countries: false };
        };
        let fits = |one: &Choice| channel.is_empty() || one.only.is_empty() || one.only.contains(&channel);
        list.retain(|one| fits(one) || one.value == chosen);
        let mut options = vec![(String::new(), none.to_owned(), chosen.is_empty())];
        options.extend(list.into_iter().map(|one| {
            let on = one.value == chosen;
            (one.value, one.label, on)
        }));
        if !options.iter().any(|(value, _, _)| value == chosen) {
            options.push((chosen.to_owned(), chosen.to_owned(), true));
        }
        Input::Select { options, leads: source == Source::Channels, countries: source == Source::Countries }
    }

    /// What there is, and what is chosen besides.
    fn boxes(&self, source: Source, ordered: bool, place: &Place<'_>) -> Input {
        let name = place.name.as_str();
        let stands = || place.item.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
        let on: Vec<String> = self.sent.map_or_else(|| stands().collect(), |sent| chosen(sent, name));
        let Some(list) = self.known.list(source) else { return area(on.join("\n")) };
        let drawn: Vec<String> = match self.sent {
            Some(sent) if ordered => sent.all(&format!("{name}.order")).map(str::to_owned).collect(),
            _ if ordered => on.clone(),
            _ => Vec::new(),
        };
        let others: Vec<&String> = on.iter().filter(|value| !list.iter().any(|one| one.value == **value)).collect();
        let mut values = drawn;
        values.extend(list.iter().map(|one| one.value.clone()));
        if !source.is_open() {
            values.extend(others.iter().map(|value| (*value).clone()));
        }
        let mut boxes: Vec<Box> = Vec::new();
        for value in values {
            if boxes.iter().any(|known| known.value == value) {
                continue;
            }
            let (label, note) = list
                .iter()
                .find(|one| one.value == value)
                .map_or_else(|| (value.clone(), String::new()), |one| (one.label.clone(), one.note.clone()));
            let focused = self.focus == Some(&Focus::Row(name.to_owned(), boxes.len()));
            boxes.push(Box { on: on.contains(&value), label, note, focused, value });
        }
        if !ordered {
            in_place(&mut boxes, &on);
        }
        let others = source.is_open().then(|| others.into_iter().cloned().collect::<Vec<_>>().join("\n"));
        Input::Boxes { boxes, ordered, others }
    }

    fn count(&self, place: &Place<'_>, more: usize) -> usize {
        let stored = place.item.as_array().map_or(0, Vec::len);
        self.sent.map_or(stored + more, |sent| rows::count(sent, &place.name))
    }

    fn rows(&self, columns: &'static [Field], place: &Place<'_>) -> Vec<Vec<Drawn>> {
        let row = |row: usize| {
            let first = |at: usize| at == 0 && self.focus == Some(&Focus::Row(place.name.clone(), row));
            let cell = |(at, column): (usize, &Field)| {
                let name = format!("{}.{row}.{}", place.name, column.name);
                let item = &place.item[row][column.name];
                Drawn { focused: first(at), ..self.one(column, Place { name, item, channel: "", cell: true }) }
            };
            columns.iter().enumerate().map(cell).collect()
        };
        (0..self.count(place, MORE_ROWS)).map(row).collect()
    }

    fn cards(&self, card: &'static Card, place: &Place<'_>) -> Input {
        let one = |row: usize| {
            let at = format!("{}.{row}", place.name);
            let item = match &place.item[row] {
                text @ Value::String(_) => json!({ card.fields[0].name: text }),
                item => item.clone(),
            };
            let first = |field: &str| self.typed(&format!("{at}.{field}")).unwrap_or_else(|| plain(&item[field]));
            let own = if card.fields[0].name == "channel" { first("channel") } else { String::new() };
            let channel = if own.is_empty() { place.channel } else { &own };
            let field = |field: &Field| {
                let name = format!("{at}.{}", field.name);
                self.one(field, Place { name, item: &item[field.name], channel, cell: false })
            };
            DrawnCard {
                title: self.titled(card, row, &first(card.fields[0].name)),
                fields: card.fields.iter().map(field).collect(),
                focused: self.focus == Some(&Focus::Row(place.name.clone(), row)),
            }
        };
        Input::Cards {
            one: card.one,
            small: card.bare,
            cards: (0..self.count(place, 0)).map(one).collect(),
            end: self.focus == Some(&Focus::End(place.name.clone())),
        }
    }

    /// `2. WhatsApp`; or only what it is one of.
    fn titled(&self, card: &Card, row: usize, first: &str) -> String {
        let Shape::Chosen(source, _) = card.fields[0].shape else { return format!("{}. {}", row + 1, card.one) };
        let named = self.known.list(source).and_then(|list| list.into_iter().find(|one| one.value == first));
        let said = named.map_or_else(|| if first.is_empty() { card.one } else { first }.to_owned(), |one| one.label);
        format!("{}. {said}", row + 1)
    }
}

/// What is chosen comes in the order it is declared in: saved as it stands, nothing changes.
fn in_place(boxes: &mut [Box], on: &[String]) {
    for value in on {
        let rank = |one: &Box| on.iter().position(|own| *own == one.value);
        let Some(at) = boxes.iter().position(|one| one.value == *value) else { continue };
        let first = boxes[..at].iter().position(|one| rank(one) > rank(&boxes[at]));
        if let Some(first) = first {
            boxes[first..=at].rotate_right(1);
        }
    }
}

fn area(value: String) -> Input {
    Input::Area { rows: value.lines().count().clamp(1, 8) + 1, value }
}

fn select(options: &[(&'static str, &'static str)], chosen: &str) -> Input {
    let option = |(value, label): &(&str, &str)| ((*value).to_owned(), (*label).to_owned(), *value == chosen);
    Input::Select { options: options.iter().map(option).collect(), leads: false, countries: false }
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

/// What a field would say of this value.
pub fn shown(field: &Field, value: &Value) -> String {
    match field.shape {
        Shape::Secret | Shape::Picture => "changed".to_owned(),
        Shape::Rows(_) | Shape::Cards(_) | Shape::Json => pretty(value),
        Shape::Toggle(_) | Shape::Maybe => if value == true { "yes" } else { "no" }.to_owned(),
        Shape::Lines | Shape::Ladder | Shape::Among(_) | Shape::Ordered(_) | Shape::Countries => text::words(value),
        Shape::Pairs => text::pairs(value),
        _ => plain(value),
    }
}
