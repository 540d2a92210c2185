//! One record of a file, whichever way it was written: a JSON object, or a line of cells under their headings.

use serde_json::{Map, Value};

#[derive(Clone, Debug, Default)]
pub struct Record(Map<String, Value>);

impl Record {
    pub fn of(object: Map<String, Value>) -> Self {
        Self(object)
    }

    /// Cells under headings; a heading is known however it is cased and spaced. What is beyond the headings is nobody's.
    pub fn of_cells<'a>(headings: &[String], cells: impl Iterator<Item = &'a str>) -> Self {
        let told = headings.iter().zip(cells).filter(|(_, cell)| !is_nothing(cell));
        Self(told.map(|(name, cell)| (name.clone(), Value::String(cell.to_owned()))).collect())
    }

    fn get(&self, name: &str) -> Option<&Value> {
        // Headings of cells are in lower case.
        let found = self.0.get(name).or_else(|| self.0.get(&name.to_lowercase()));
        found.filter(|value| !value.is_null())
    }

    /// The first of these that says anything.
    pub fn text(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| match self.get(name)? {
            Value::String(text) => Some(text.trim()).filter(|text| !is_nothing(text)).map(str::to_owned),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
    }

    /// Whether it says yes; nothing where it says neither.
    pub fn flag(&self, names: &[&str]) -> Option<bool> {
        names.iter().find_map(|name| match self.get(name)? {
            Value::Bool(flag) => Some(*flag),
            Value::Number(number) => number.as_i64().map(|number| number != 0),
            Value::String(text) => match text.trim().to_lowercase().as_str() {
                "true" | "t" | "1" | "yes" | "y" => Some(true),
                "false" | "f" | "0" | "no" | "n" => Some(false),
                _ => None,
            },
            _ => None,
        })
    }

    /// An object in it; in a cell it is written as JSON.
    pub fn inner(&self, name: &str) -> Self {
        Self(match self.get(name) {
            Some(Value::Object(object)) => object.clone(),
            Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
            _ => Map::new(),
        })
    }

    /// The objects of a list in it.
    pub fn inners(&self, name: &str) -> Vec<Self> {
        let list = match self.get(name) {
            Some(Value::Array(list)) => list.clone(),
            Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
            _ => Vec::new(),
        };
        let object = |value| if let Value::Object(object) = value { Some(Self(object)) } else { None };
        list.into_iter().filter_map(object).collect()
    }

    /// Words: a list of texts, or one text with commas or spaces between them.
    pub fn words(&self, names: &[&str]) -> Vec<String> {
        let split = |text: &str| -> Vec<String> {
            text.split([',', ' ', ';']).map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
        };
        let found = names.iter().find_map(|name| self.get(name));
        match found {
            Some(Value::String(text)) => split(text),
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).flat_map(split).collect(),
            _ => Vec::new(),
        }
    }
}

/// A heading as it is looked for: `Given Name` is `given_name`.
pub fn heading(text: &str) -> String {
    text.trim().trim_start_matches('\u{feff}').to_lowercase().replace([' ', '-'], "_")
}

/// How databases write that there is nothing.
fn is_nothing(cell: &str) -> bool {
    let cell = cell.trim();
    cell.is_empty() || cell == "\\N" || cell.eq_ignore_ascii_case("null")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_cells_reads_as_an_object_does() {
        let headings: Vec<String> = ["Given Name", "\u{feff}E-Mail", "meta", "roles"].map(heading).into();
        assert_eq!(headings, ["given_name", "e_mail", "meta", "roles"]);
        let cells = ["Ada", "NULL", "{\"a\": \"b\", \"n\": 7}", "clerk, boss", "nobody's"];
        let record = Record::of_cells(&headings, cells.into_iter());
        assert_eq!(record.text(&["name", "given_name"]).as_deref(), Some("Ada"));
        assert_eq!(record.text(&["e_mail"]), None);
        assert_eq!(record.inner("meta").text(&["n"]).as_deref(), Some("7"));
        assert_eq!(record.words(&["roles"]), ["clerk", "boss"]);
    }
}
