//! Settings: defaults < TOML file < environment, read and checked once at start. One table names them all; the reference in
//! `docs/configuration.md` is tested against it. Calls `domain` only.

mod kinds;
mod table;

pub use kinds::{DatabaseUrl, Header, Issuer, LogFormat, Networks, Span, Whole};
pub use table::{Config, Listed, list};

use std::collections::BTreeMap;
use std::path::Path;

/// Where a setting's text came from, for the message that says it is wrong.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub text: String,
    pub from: String,
}

/// Every setting given, by its dotted name.
pub(crate) type Settings = BTreeMap<String, Given>;

/// Reads file and environment. All faults come in one message.
pub fn load(file: Option<&Path>, environment: impl Iterator<Item = (String, String)>) -> Result<Config, Vec<String>> {
    let mut settings = Settings::new();
    let mut faults = Vec::new();
    if let Some(path) = file {
        match std::fs::read_to_string(path) {
            Ok(text) => read_file(&text, path, &mut settings, &mut faults),
            Err(error) => faults.push(format!("{}: {error}", path.display())),
        }
    }
    for (name, value) in environment {
        if let Some(name) = name.strip_prefix("COUNTERSIGN_") {
            match list().find(|listed| listed.environment() == name) {
                Some(listed) => drop(
                    settings.insert(listed.name.to_owned(), Given { text: value, from: format!("COUNTERSIGN_{name}") }),
                ),
                None => faults.push(format!("COUNTERSIGN_{name}: there is no such setting")),
            }
        }
    }
    let config = Config::read(&settings, &mut faults);
    if faults.is_empty() { Ok(config) } else { Err(faults) }
}

fn read_file(text: &str, path: &Path, settings: &mut Settings, faults: &mut Vec<String>) {
    let table: toml::Table = match text.parse() {
        Ok(table) => table,
        Err(error) => return faults.push(format!("{}: {error}", path.display())),
    };
    let mut add = |name: String, value: toml::Value| {
        let text = match value {
            toml::Value::String(text) => text,
            toml::Value::Array(list) => list
                .iter()
                .map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned))
                .collect::<Vec<_>>()
                .join(","),
            other => other.to_string(),
        };
        if list().any(|listed| listed.name == name) {
            settings.insert(name.clone(), Given { text, from: path.display().to_string() });
        } else {
            faults.push(format!("{name} (from {}): there is no such setting", path.display()));
        }
    };
    for (name, value) in table {
        match value {
            toml::Value::Table(section) => {
                section.into_iter().for_each(|(inner, value)| add(format!("{name}.{inner}"), value))
            }
            value => add(name, value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(environment: &[(&str, &str)]) -> Result<Config, Vec<String>> {
        load(None, environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn every_wrong_setting_is_named_in_one_message_with_what_is_allowed() {
        let faults = with(&[
            ("COUNTERSIGN_PASSCODE_DIGITS", "3"),
            ("COUNTERSIGN_LISTEN", "here"),
            ("COUNTERSIGN_ISSUER", "https://a.example/?x"),
            ("COUNTERSIGN_PASSCODE_LIFE", "soon"),
            ("COUNTERSIGN_COLOUR", "red"),
            ("COUNTERSIGN_DATABASE_URL", "mysql://x"),
            ("HOME", "/"),
        ]);
        let faults = faults.err().expect("six faults");
        assert_eq!(faults.len(), 6, "{faults:#?}");
        for needle in [
            "passcode.digits = \"3\" (from COUNTERSIGN_PASSCODE_DIGITS): a whole number from 4 to 10",
            "listen",
            "issuer",
            "passcode.life",
            "COUNTERSIGN_COLOUR: there is no such setting",
            "database_url",
        ] {
            assert!(faults.iter().any(|fault| fault.contains(needle)), "{needle} in {faults:#?}");
        }
    }

    #[test]
    fn environment_overrides_file_overrides_defaults() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("c.toml");
        std::fs::write(&file, "listen = \"127.0.0.1:1\"\n[passcode]\ndigits = 8\nlife = \"2m\"\n").expect("writes");
        let config =
            load(Some(&file), [("COUNTERSIGN_PASSCODE_DIGITS".to_owned(), "7".to_owned())].into_iter()).expect("good");
        assert_eq!(
            (config.listen.port(), config.passcode_digits.0, config.passcode_life.0.as_secs(), config.passcode_tries.0),
            (1, 7, 120, 5)
        );
    }
}
