//! The documents say what is so: every setting and every key stands in the reference, examples can be applied, links lead
//! somewhere.

use countersign::config;
use countersign::domain::declaration::Declaration;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: &str) -> String {
    std::fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// The part below a heading, up to the next.
fn below<'a>(text: &'a str, heading: &str) -> &'a str {
    let rest = text.split(&format!("\n{heading}\n")).nth(1).unwrap_or_else(|| panic!("no heading {heading}"));
    rest.split("\n#").next().unwrap_or_default()
}

/// Rows of the tables, without head and rule.
fn rows(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.starts_with("| `")).collect()
}

#[test]
fn every_setting_stands_in_the_reference_as_it_is() {
    let wanted: Vec<String> = config::list()
        .map(|setting| {
            let default = setting.default.map_or("none".to_owned(), |default| format!("`{default}`"));
            let (name, about) = (setting.name, setting.about);
            format!("| `{name}` | `COUNTERSIGN_{}` | {default} | {about} |", setting.environment())
        })
        .collect();
    let text = read("docs/configuration.md");
    assert_eq!(rows(below(&text, "## Settings")), wanted, "docs/configuration.md must hold:\n{}", wanted.join("\n"));
}

/// What a table of the file may hold, as its reader says it.
fn keys(noun: &str) -> Vec<String> {
    let at = if noun.is_empty() { String::new() } else { format!("[[{noun}]]\n") };
    let faults = Declaration::read(&format!("{at}there_is_no_such_key = 1")).expect_err("a fault").join("\n");
    let expected = faults.split("expected").nth(1).unwrap_or_else(|| panic!("no list of keys in: {faults}"));
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_key_of_the_apply_file_stands_in_the_reference() {
    let text = read("docs/configuration.md");
    let nouns = keys("");
    assert_eq!(nouns, ["client", "connection", "carrier", "test_identifier"]);
    for noun in nouns {
        let section = below(&text, &format!("### `{noun}`"));
        let told: Vec<&str> = rows(section).iter().filter_map(|row| row.split('`').nth(1)).collect();
        assert_eq!(told, keys(&noun), "keys of {noun} in docs/configuration.md");
    }
}

/// Every Markdown file of ours, by its path from here.
fn documents() -> Vec<String> {
    let mut found = vec!["README.md".to_owned()];
    let mut folders = vec![PathBuf::from("docs")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(root().join(&folder)).expect("a folder").flatten() {
            let path = folder.join(entry.file_name());
            if entry.path().is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

#[test]
fn every_declaration_shown_can_be_applied() {
    let no_file = |name: &str| Err(format!("no file {name}"));
    let check = |text: &str, from: &str| {
        let checked = Declaration::read(text).and_then(|declared| declared.check(&["phone", "email"], &no_file));
        if let Err(faults) = checked {
            panic!("{from}: {faults:#?}\n{text}");
        }
    };
    let mut seen = 0;
    for file in documents() {
        let text = read(&file);
        let blocks = text.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
        for block in blocks.filter(|block| block.contains("[[")) {
            check(block, &file);
            seen += 1;
        }
    }
    assert!(seen > 3, "there are examples");
    check(&read("examples/compose.toml"), "examples/compose.toml");
}

#[test]
fn every_setting_named_anywhere_exists() {
    let known: BTreeSet<String> = config::list().map(|setting| setting.environment()).collect();
    let files = documents().into_iter().chain(["docker-compose.yml", "Dockerfile"].map(str::to_owned));
    for file in files {
        let text = read(&file);
        for rest in text.split("COUNTERSIGN_").skip(1) {
            let name: String = rest.chars().take_while(|c| c.is_ascii_uppercase() || *c == '_').collect();
            assert!(name.is_empty() || known.contains(&name), "{file}: COUNTERSIGN_{name} is no setting");
        }
    }
}

#[test]
fn links_lead_somewhere() {
    for file in documents() {
        let text = read(&file);
        let folder = Path::new(&file).parent().unwrap_or(Path::new(""));
        let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for target in targets.filter(|target| !target.contains("://")) {
            let path = target.split('#').next().unwrap_or_default();
            let there = path.is_empty() || root().join(folder).join(path).exists();
            assert!(there, "{file}: nothing at {target}");
        }
    }
}
