//! What a template draws of a form: each field with what stands in it, and what is wrong with it.

use super::Field;
use askama::Template;

#[derive(Template)]
#[template(path = "admin/field.html")]
pub struct Drawn {
    pub name: String,
    pub label: &'static str,
    pub hint: &'static str,
    pub(super) input: Input,
    /// A table's cell has its label above the column.
    pub(super) cell: bool,
    pub wrong: Option<String>,
    /// Cannot be changed: it is the name.
    pub(super) fixed: bool,
    /// Whoever opens the page goes on here.
    pub(super) focused: bool,
}

pub enum Input {
    Line {
        value: String,
        numeric: bool,
        /// Names of countries are offered, by script.
        countries: bool,
    },
    Area {
        value: String,
        rows: usize,
    },
    Toggle {
        on: bool,
    },
    Select {
        options: Vec<(String, String, bool)>,
        /// What it says decides what else can be chosen.
        leads: bool,
        countries: bool,
    },
    /// `typed` is what was typed before, sealed.
    Secret {
        kept: bool,
        typed: Option<String>,
    },
    /// A file; `typed` is the one chosen before. Without `file` one is only looked at.
    Picture {
        shown: Option<String>,
        typed: Option<String>,
        file: bool,
    },
    /// Boxes; `others` is what is named besides, where anything may be.
    Boxes {
        boxes: Vec<Box>,
        ordered: bool,
        others: Option<String>,
    },
    Table {
        columns: &'static [Field],
        rows: Vec<Vec<Drawn>>,
    },
    Cards {
        one: &'static str,
        /// Each beside the other: there is little in them.
        small: bool,
        cards: Vec<DrawnCard>,
        /// Whoever opens the page goes on at the end.
        end: bool,
    },
    /// Said by another field.
    Elsewhere,
    Hidden {
        value: String,
    },
}

pub struct Box {
    pub value: String,
    pub label: String,
    pub note: String,
    pub on: bool,
    pub focused: bool,
}

pub struct DrawnCard {
    pub title: String,
    pub fields: Vec<Drawn>,
    pub focused: bool,
}

/// A group as it is shown; open where something in it is wrong.
pub struct DrawnGroup {
    pub title: &'static str,
    pub folded: bool,
    pub fields: Vec<Drawn>,
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

    /// Several inputs under one label.
    fn is_group(&self) -> bool {
        matches!(
            self.input,
            Input::Table { .. }
                | Input::Boxes { .. }
                | Input::Cards { .. }
                | Input::Elsewhere
                | Input::Picture { file: false, .. }
        )
    }
}
