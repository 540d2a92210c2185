//! The arrows of the house, held to: who may call whom, in one table, with the reason of every exception beside it. Plus what
//! keeps rooms readable: each opens by saying what it is, and no file grows past what one reads in a sitting.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Which rooms a room may call. Every arrow here is used; one that is not any more has to go.
const ARROWS: &[(&str, &[&str])] = &[
    ("main", &["command"]),
    ("command", &["app", "clock", "config", "demo", "domain", "flows", "http", "telemetry", "worker"]),
    ("demo", &[]),
    ("http", &["app", "domain", "flows", "telemetry", "text"]),
    ("worker", &["app", "flows", "thread"]),
    ("flows", &["app", "crypto", "delivery", "domain", "store", "telemetry"]),
    ("app", &["clock", "config", "crypto", "delivery", "domain", "entropy", "store", "telemetry", "text"]),
    ("store", &["domain", "thread"]),
    ("delivery", &["domain", "text"]),
    ("crypto", &["domain"]),
    ("telemetry", &["config"]),
    ("text", &[]),
    ("thread", &[]),
    ("config", &[]),
    ("clock", &["domain"]),
    ("entropy", &["domain"]),
    ("domain", &[]),
];

/// What single files may do beyond their room's arrows, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("http/cookies.rs", "store", "tower-sessions wants a store, and its rows know no rule of ours"),
    ("http/health.rs", "store", "whether the database answers is asked of the database"),
    ("http/cookies.rs", "crypto", "a cookie's row is known by a hash"),
    ("http/browser.rs", "crypto", "a browser is known by the hash of its cookie"),
    ("http/assets.rs", "crypto", "files are named by the hash of what they hold"),
    ("command/serve.rs", "store", "what `serve` refuses has to be read before anything serves it"),
    ("command/secret.rs", "crypto", "the secret is read before there is an app"),
    ("command/secret.rs", "entropy", "the demo makes its secret before there is an app"),
];

/// Rooms that are one file.
const ROOT: &[&str] = &["lib", "main"];
const LONGEST: usize = 400;

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every file under `src/`: its path from there, and its text.
fn files() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![source()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("lists").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|ending| ending == "rs") {
                let name = entry.strip_prefix(source()).expect("under src").to_string_lossy().into_owned();
                found.push((name, std::fs::read_to_string(&entry).expect("reads")));
            }
        }
    }
    found.sort();
    assert!(found.len() > 80, "only {} files found", found.len());
    found
}

/// The module a file is: `http/pages/mod.rs` is `[http, pages]`.
fn module(file: &str) -> Vec<String> {
    let path = file.trim_end_matches(".rs");
    let path = path.strip_suffix("/mod").unwrap_or(path);
    let module: Vec<String> = path.split('/').map(str::to_owned).collect();
    if ROOT.contains(&path) { Vec::new() } else { module }
}

fn room(file: &str) -> String {
    file.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned()
}

/// The rooms a file names: by `crate::…` (or the library's own name), or by enough `super::` to leave its own.
fn mentions(file: &str, text: &str) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    let mut inline = 0;
    let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    for line in &code {
        if line.starts_with("mod ") && line.ends_with('{') {
            inline = 1;
        } else if line.starts_with('}') {
            inline = 0;
        }
        // Each run of `super::` counts as one way up; an inline module is one step more to climb out of.
        let mut rest = *line;
        while let Some(at) = rest.find("super::") {
            let mut up = 0;
            rest = &rest[at..];
            while let Some(after) = rest.strip_prefix("super::") {
                up += 1;
                rest = after;
            }
            let depth = module(file).len() + inline;
            assert!(up <= depth, "{file}: {line}");
            if up == depth && depth > 0 {
                named.extend(heads(rest));
            }
        }
    }
    let code = code.join("\n");
    for root in ["crate::", "countersign::"] {
        for (at, _) in code.match_indices(root) {
            let within = code[..at].chars().next_back().is_some_and(|before| before.is_alphanumeric() || before == '_');
            if !within {
                named.extend(heads(&code[at + root.len()..]));
            }
        }
    }
    named
}

/// The first names of what follows a path's root: one, or each of a group.
fn heads(rest: &str) -> Vec<String> {
    let word =
        |text: &str| text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(group) = rest.strip_prefix('{') else { return vec![word(rest)] };
    let mut names = Vec::new();
    let mut depth = 0;
    let mut start = 0;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                names.push(word(&group[start..at]));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.push(word(&group[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// `(file, its room, room it calls)`, for all that leave their own room.
fn calls() -> Vec<(String, String, String)> {
    let rooms: BTreeSet<&str> = ARROWS.iter().map(|(room, _)| *room).collect();
    let mut calls = Vec::new();
    for (file, text) in files() {
        let from = room(&file);
        if from == "lib" {
            continue;
        }
        for to in mentions(&file, &text) {
            assert!(rooms.contains(to.as_str()), "{file} names {to}, which is no room in the table");
            if to != from {
                calls.push((file.clone(), from.clone(), to));
            }
        }
    }
    calls
}

#[test]
fn every_arrow_is_in_the_table() {
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    let mut wrong = Vec::new();
    for (file, from, to) in calls() {
        let excepted = EXCEPTIONS.iter().any(|(excepted, room, _)| *excepted == file && *room == to);
        if !allowed.get(from.as_str()).is_some_and(|rooms| rooms.contains(&to.as_str())) && !excepted {
            wrong.push(format!("{file}: {from} -> {to}"));
        }
    }
    assert!(wrong.is_empty(), "arrows that are not in the table: {wrong:#?}");
}

#[test]
fn every_arrow_in_the_table_is_used() {
    let calls = calls();
    for (from, rooms) in ARROWS {
        for to in *rooms {
            assert!(
                calls.iter().any(|(_, room, called)| room == from && called == to),
                "{from} -> {to} is used by nobody"
            );
        }
    }
    for (file, to, reason) in EXCEPTIONS {
        assert!(!reason.is_empty());
        assert!(
            calls.iter().any(|(caller, _, called)| caller == file && called == to),
            "{file} -> {to} is used by nobody"
        );
        let from = room(file);
        assert!(
            !ARROWS.iter().any(|(room, rooms)| *room == from && rooms.contains(to)),
            "{file} -> {to} is no exception"
        );
    }
}

#[test]
fn arrows_never_lead_back() {
    // A room reached from another never calls it in turn, however long the way.
    let mut reach: BTreeMap<&str, BTreeSet<&str>> =
        ARROWS.iter().map(|(from, to)| (*from, to.iter().copied().collect())).collect();
    for (file, to, _) in EXCEPTIONS {
        let from = ARROWS.iter().map(|(from, _)| *from).find(|from| *from == room(file)).expect("a room");
        reach.entry(from).or_default().insert(to);
    }
    for _ in 0..ARROWS.len() {
        let before = reach.clone();
        for known in reach.values_mut() {
            let further: BTreeSet<&str> = known.iter().flat_map(|room| before[room].clone()).collect();
            known.extend(further);
        }
    }
    for (from, rooms) in &reach {
        assert!(!rooms.contains(from), "{from} comes back to itself");
    }
    for (one, other) in [("store", "delivery"), ("store", "crypto"), ("delivery", "crypto")] {
        assert!(!reach[one].contains(other) && !reach[other].contains(one), "{one} and {other} see one another");
    }
    assert!(reach["domain"].is_empty());
}

#[test]
fn every_room_says_what_it_is() {
    for (file, text) in files().into_iter().filter(|(file, _)| !file.ends_with("/tests.rs")) {
        assert!(text.starts_with("//! "), "{file} does not open with what it is");
    }
}

#[test]
fn no_file_is_longer_than_one_reads() {
    let long: Vec<String> = files()
        .into_iter()
        .filter(|(_, text)| text.lines().count() > LONGEST)
        .map(|(file, text)| format!("{file}: {}", text.lines().count()))
        .collect();
    assert!(long.is_empty(), "longer than {LONGEST} lines: {long:?}");
}

/// The reader itself is read: what it would miss, it would allow.
#[test]
fn mentions_are_found() {
    let text = "use crate::{app::App, store::{self, Db}};\nuse super::super::flows;\n// use crate::never;\nfn f() { let x = crate::http::x(); a_crate::y(); }\nmod tests {\n    use super::*;\n    use super::super::super::text;\n}\n";
    let named: Vec<String> = mentions("worker/x.rs", text).into_iter().collect();
    assert_eq!(named, ["app", "flows", "http", "store", "text"]);
}
