//! The documents say what is so: every setting and every key stands in the reference, examples can be applied, links lead
//! somewhere.

use countersign::config;
use countersign::domain::carrier::CarrierKind;
use countersign::domain::catalog::{Catalog, SealedCarrier};
use countersign::domain::declaration::{Declaration, Mistake, Outside};
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

/// The keys a fault lists as the ones it expected.
fn expected(faults: &[Mistake]) -> Vec<String> {
    let faults = faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let expected = faults.split("expected").nth(1).unwrap_or_else(|| panic!("no list of keys in: {faults}"));
    let expected = expected.split('\n').next().unwrap_or_default().split(" in `").next().unwrap_or_default();
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// What a table of the file may hold, as its reader says it.
fn keys(table: &str) -> Vec<String> {
    let text = format!("{table}there_is_no_such_key = 1");
    expected(&match Declaration::read(&text) {
        Err(faults) => faults,
        Ok(declared) => declared
            .check(
                &Catalog::default(),
                &Outside { read_file: &|_| Ok(Vec::new()), kept: &|_, _, _| None, words: &|_, _, _| Ok(()) },
            )
            .expect_err("a fault"),
    })
}

/// The keys a section of the reference tells.
fn told(text: &str, heading: &str) -> Vec<String> {
    rows(below(text, heading)).iter().filter_map(|row| row.split('`').nth(1)).map(str::to_owned).collect()
}

#[test]
fn every_key_of_the_apply_file_stands_in_the_reference() {
    let text = read("docs/configuration.md");
    let nouns = keys("");
    let people = ["organization", "role", "permission", "feature_flag", "person"];
    assert_eq!(nouns[..7], ["client", "connection", "carrier", "cap", "test_identifier", "resource", "scope"]);
    assert_eq!(nouns[7..], [&people[..], &["registration", "event_endpoint", "text"]].concat());
    for noun in nouns.iter().filter(|noun| *noun != "carrier") {
        let (heading, table) = (format!("### `{noun}`"), format!("[[{noun}]]\n"));
        assert_eq!(told(&text, &heading), keys(&table), "keys of {noun} in docs/configuration.md");
    }
    for inner in ["rung", "rung.route", "override"] {
        let table = "[[connection]]\nname=\"x\"\nkind=\"phone\"\n";
        let rung = if inner == "rung.route" { "[[connection.rung]]\nchannel=\"sms\"\n" } else { "" };
        let table = format!("{table}{rung}[[connection.{inner}]]\n");
        let heading = format!("### `connection.{inner}`");
        assert_eq!(told(&text, &heading), keys(&table), "keys of connection.{inner} in docs/configuration.md");
    }
}

#[test]
fn every_key_of_every_carrier_stands_in_the_reference() {
    let text = read("docs/configuration.md");
    assert_eq!(told(&text, "### `carrier`"), Declaration::CARRIER_KEYS);
    let price = "[[carrier]]\nname=\"x\"\nkind=\"dev_phone\"\n[[carrier.price]]\n";
    assert_eq!(told(&text, "### `carrier.price`"), keys(price));
    for kind in CarrierKind::NAMES.into_iter().filter(|kind| *kind != "dev_phone") {
        let mut wanted = keys(&format!("[[carrier]]\nname=\"x\"\nkind=\"{kind}\"\n"));
        wanted.extend(CarrierKind::secrets(kind).iter().map(|&secret| secret.to_owned()));
        assert_eq!(told(&text, &format!("### `{kind}`")), wanted, "keys of {kind} in docs/configuration.md");
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
    // Files beside a declaration are secrets here, in whatever form one has to have.
    let file = |name: &str| match name.contains("key") {
        true => Ok(b"-----BEGIN PRIVATE KEY-----".to_vec()),
        false => Ok(b"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_vec()),
    };
    // What a page declared before, its later examples may name.
    let check = |text: &str, known: &mut Catalog, from: &str| {
        let checked = Declaration::read(text).and_then(|declared| {
            declared.check(known, &Outside { read_file: &file, kept: &|_, _, _| None, words: &|_, _, _| Ok(()) })
        });
        let wanted = checked.unwrap_or_else(|faults| panic!("{from}: {faults:#?}\n{text}"));
        let sealed = wanted.carriers.into_iter().map(|(carrier, _)| SealedCarrier { carrier, credentials: None });
        known.carriers.extend(sealed);
        known.connections.extend(wanted.connections);
    };
    let usual = || {
        let mut known = Catalog::default();
        let ways =
            "[[connection]]\nname = \"phone\"\nkind = \"phone\"\n[[connection]]\nname = \"email\"\nkind = \"email\"";
        check(ways, &mut known, "the ways in that all examples may name");
        known
    };
    let mut seen = 0;
    for file in documents() {
        let (text, mut known) = (read(&file), usual());
        let blocks = text.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
        for block in blocks.filter(|block| block.contains("[[")) {
            check(block, &mut known, &file);
            seen += 1;
        }
    }
    assert!(seen > 3, "there are examples");
    check(&read("examples/compose.toml"), &mut usual(), "examples/compose.toml");
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
