//! Small lists as people type them, and back.

use crate::text::Country;
use serde_json::{Map, Value, json};

pub fn words(list: &Value) -> String {
    texts(list).join(", ")
}

pub fn lines(list: &Value) -> String {
    texts(list).join("\n")
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

pub fn read_lines(text: &str) -> Value {
    list(text.lines())
}

fn list<'a>(parts: impl Iterator<Item = &'a str>) -> Value {
    parts.map(str::trim).filter(|part| !part.is_empty()).map(|part| json!(part)).collect()
}

/// One text by itself, or `key = value` a line.
pub fn pairs(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let line = |(key, value): (&String, &Value)| format!("{key} = {}", value.as_str().unwrap_or_default());
            map.iter().map(line).collect::<Vec<_>>().join("\n")
        }
        other => other.as_str().unwrap_or_default().to_owned(),
    }
}

pub fn read_pairs(text: &str) -> Value {
    let pair = |line: &str| line.split_once('=').map(|(key, value)| (key.trim().to_owned(), json!(value.trim())));
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let read: Option<Map<String, Value>> = lines.map(pair).collect();
    match read {
        Some(map) => Value::Object(map),
        None => json!(text.trim()),
    }
}

/// Countries by their names in English; by two letters, where a name has commas of its own.
pub fn countries(list: &Value, there_are: &[Country]) -> String {
    let named = |iso: &str| there_are.iter().find(|one| one.iso == iso && !one.english.contains(','));
    let name = |iso: String| named(&iso).map_or(iso.clone(), |one| one.english.clone());
    texts(list).into_iter().map(name).collect::<Vec<_>>().join(", ")
}

/// Their ISO codes, or what is the name of none.
pub fn read_countries(text: &str, there_are: &[Country]) -> Result<Value, String> {
    let parts = text.split([',', ';', '\n']).map(str::trim).filter(|part| !part.is_empty());
    let mut all: Vec<String> = Vec::new();
    for part in parts {
        let iso = country(part, there_are).ok_or_else(|| part.to_owned())?;
        if !all.contains(&iso) {
            all.push(iso);
        }
    }
    Ok(json!(all))
}

/// By its name, another name, or two letters, which may be of a country nobody has a number of.
fn country(text: &str, there_are: &[Country]) -> Option<String> {
    let lower = text.to_lowercase();
    let called = |one: &&Country| {
        one.iso.eq_ignore_ascii_case(text)
            || one.english.to_lowercase() == lower
            || one.alias.to_lowercase().split(' ').any(|alias| alias == lower)
    };
    // A name counts before what others call another one.
    let exact = there_are.iter().find(|one| one.english.to_lowercase() == lower);
    let two_letters = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    exact
        .or_else(|| there_are.iter().find(called))
        .map(|one| one.iso.clone())
        .or(two_letters.then(|| text.to_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_drawn_reads_back() {
        for worded in [json!("Orders"), json!({ "en": "Orders", "fr": "Commandes" })] {
            assert_eq!(read_pairs(&pairs(&worded)), worded);
        }
        assert_eq!(read_lines(" a \r\n\r\nb"), json!(["a", "b"]));
    }

    #[test]
    fn every_country_is_known_by_its_name_and_by_two_letters() {
        let texts = crate::text::Texts::load().expect("reads");
        let there_are = texts.pick(&["en"]).countries();
        for one in there_are {
            let name = countries(&json!([one.iso]), there_are);
            assert_eq!(read_countries(&name, there_are), Ok(json!([one.iso])), "{name}");
            assert_eq!(read_countries(&one.iso.to_lowercase(), there_are), Ok(json!([one.iso])), "{name}");
        }
        let all: Vec<&str> = there_are.iter().map(|one| one.iso.as_str()).collect();
        assert_eq!(read_countries(&countries(&json!(all), there_are), there_are), Ok(json!(all)));
        assert_eq!(read_countries(" nigeria,, uk;NG", there_are), Ok(json!(["NG", "GB"])));
        assert_eq!(read_countries("Nigeria, Nowhere", there_are), Err("Nowhere".to_owned()));
    }
}
