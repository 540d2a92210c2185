//! Forms over what is declared: one table says which fields each noun has and how each is filled in; drawing and reading follow
//! it. What is right stays `flows::manage`'s to say, as for the API and files.

mod carriers;
mod clients;
mod connections;
mod draw;
mod drawn;
mod fields;
mod known;
mod read;
mod rows;
mod text;

pub use draw::{Form, draw, head, shown, wrong};
pub use drawn::DrawnGroup;
pub use fields::groups;
pub use known::{Known, Source};
pub use read::{filled, read};
pub use rows::{Focus, rearranged};
pub use text::words;

/// Fields that belong together.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    pub title: &'static str,
    pub fields: &'static [Field],
    /// What few need waits behind a line to be opened.
    pub folded: bool,
}

#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// As it is declared.
    pub name: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub shape: Shape,
}

/// How a field is filled in.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    Text,
    /// Several lines.
    Paragraph,
    /// Never shown again: left empty, it stays.
    Secret,
    Number,
    /// Switched like this where nothing is said.
    Toggle(bool),
    /// Yes, no, or as is usual for what else is chosen.
    Maybe,
    /// A value and what it is called; an empty value is "as usual".
    OneOf(&'static [(&'static str, &'static str)]),
    /// One a line.
    Lines,
    /// `key = value`, one a line; or one text by itself.
    Pairs,
    /// A file, kept as a `data:` URL.
    Picture,
    Json,
    /// JSON, or else a text.
    Value,
    /// One of those there are; an empty one is called this.
    Chosen(Source, &'static str),
    /// Any of those there are.
    Among(Source),
    /// Any of those there are, in an order that counts.
    Ordered(Source),
    /// By name or by two letters, with commas between them.
    Countries,
    Rows(&'static [Field]),
    /// Each with a frame of its own, in an order that counts.
    Cards(&'static Card),
    /// Said by the cards of another field: their channels in order, without those set aside.
    Ladder,
    /// Sets a card's channel aside. No field of what is declared.
    Aside,
    /// Where a card stood in what is declared, whose order counts for nothing. No field of it.
    Stood,
}

/// One of several that are filled in alike.
#[derive(Debug)]
pub struct Card {
    pub fields: &'static [Field],
    /// What one is called; the first field says more.
    pub one: &'static str,
    /// A text stands for one of which only the first field is filled in.
    pub bare: bool,
}

/// What an application's pages look like, of all its fields.
pub fn looks() -> Vec<Group> {
    vec![group("", clients::NAMED), group("", clients::LOOKS)]
}

pub const fn group(title: &'static str, fields: &'static [Field]) -> Group {
    Group { title, fields, folded: false }
}

pub const fn folded(title: &'static str, fields: &'static [Field]) -> Group {
    Group { title, fields, folded: true }
}

pub const fn field(name: &'static str, label: &'static str, hint: &'static str, shape: Shape) -> Field {
    Field { name, label, hint, shape }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::carrier::CarrierKind;
    use crate::domain::declaration::{Declaration, Noun};

    /// What is no form's: kept hashes, and what buttons of their own change.
    const ELSEWHERE: [&str; 4] = ["secret_sha256", "old_secret_sha256", "old_secret_until", "token_sha256"];

    #[test]
    fn every_field_that_can_be_declared_can_be_filled_in() {
        let schemas = Declaration::schemas();
        for noun in Noun::ALL {
            let kinds: &[&str] = if noun == Noun::Carrier { &CarrierKind::NAMES } else { &[""] };
            for kind in kinds {
                let there: Vec<&str> =
                    groups(noun, kind).iter().flat_map(|group| group.fields).map(|field| field.name).collect();
                let declared = schemas[noun.schema()]["properties"].as_object().expect("properties");
                for name in declared.keys().filter(|name| !ELSEWHERE.contains(&name.as_str())) {
                    assert!(there.contains(&name.as_str()), "{} {kind}: {name}", noun.as_str());
                }
                let mut once = there.clone();
                once.sort_unstable();
                once.dedup();
                assert_eq!(once.len(), there.len(), "{} {kind}", noun.as_str());
            }
        }
    }
}
