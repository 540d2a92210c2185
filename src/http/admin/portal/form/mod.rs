//! Forms over what is declared: one table says which fields each noun has and how each is filled in; drawing and reading follow
//! it. What is right stays `flows::manage`'s to say, as for the API and files.

mod carriers;
mod clients;
mod draw;
mod fields;
mod read;
mod text;

pub use draw::{DrawnGroup, draw, head, shown, wrong};
pub use fields::groups;
pub use read::{filled, read};
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
    /// With commas between them.
    Words,
    /// `key = value`, one a line; or one text by itself.
    Pairs,
    /// Carriers in order: `name`, or `name:sender:region`.
    Choices,
    /// `NG, KE = carriers in order`, one a line.
    Routes,
    Json,
    /// JSON, or else a text.
    Value,
    Rows(&'static [Field]),
}

/// What an application's pages look like, of all its fields.
pub fn looks() -> Vec<Group> {
    vec![group("", clients::LOOKS)]
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
