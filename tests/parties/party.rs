//! A relying party in a process of its own, on somebody else's library: one JSON line tells it what to do, one says what came of
//! it. Every library answers to the same words, so that one story is told to all of them.

use crate::harness::left_out;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Library {
    OpenidClient,
    Oauth4webapi,
    Authlib,
}

pub struct Party(Mutex<Line>);

struct Line {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

/// Where npm put the packages; Node looks for them beside and above the file it runs.
pub fn packages() -> PathBuf {
    Path::new(ROOT).join("target/tests/parties")
}

/// Whether npm's package is there; where it is not, this is said loudly.
pub fn has_package(name: &str) -> bool {
    let has = packages().join("node_modules").join(name).is_dir();
    if !has {
        left_out(&format!("relying parties: no {name} under target/tests/parties"));
    }
    has
}

/// A folder from which Node finds the packages. It holds what a test wrote into it, and goes with it.
pub fn folder() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("run-").tempdir_in(packages()).expect("a folder")
}

/// The machine's own, or the newer one beside the packages.
pub fn node() -> PathBuf {
    Some(packages().join("node_modules/.bin/node")).filter(|node| node.exists()).unwrap_or_else(|| "node".into())
}

pub fn python() -> PathBuf {
    Path::new(ROOT).join("target/tests/venv/bin/python")
}

pub fn script(name: &str) -> PathBuf {
    Path::new(ROOT).join("tests/parties/python").join(name)
}

pub fn has_python(package: &str) -> bool {
    let mut look = Command::new(python());
    look.args(["-c", &format!("import {package}")]).stderr(Stdio::null());
    let has = python().exists() && look.status().is_ok_and(|status| status.success());
    if !has {
        left_out(&format!("relying parties: no {package} under target/tests/venv"));
    }
    has
}

impl Party {
    /// `None`, said loudly, where the library is not installed.
    pub fn start(library: Library) -> Option<Self> {
        match library {
            Library::OpenidClient => Self::node("openid-client", "openid-client.mjs"),
            Library::Oauth4webapi => Self::node("oauth4webapi", "oauth4webapi.mjs"),
            Library::Authlib => Self::python("authlib", "party_authlib.py"),
        }
    }

    pub fn node(package: &str, script: &str) -> Option<Self> {
        has_package(package).then(|| {
            let mut node = Command::new(node());
            node.arg(placed(script));
            Self::of(node)
        })
    }

    pub fn python(package: &str, name: &str) -> Option<Self> {
        has_python(package).then(|| {
            let mut python = Command::new(python());
            python.arg("-W").arg("error::DeprecationWarning:authlib").arg(script(name));
            Self::of(python)
        })
    }

    fn of(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("starts");
        let (to, from) = (child.stdin.take().expect("piped"), child.stdout.take().expect("piped"));
        Self(Mutex::new(Line { child, to, from: BufReader::new(from) }))
    }

    fn say(&self, what: &str, mut with: Value) -> Value {
        with["ask"] = json!(what);
        // The server it will speak to lives in this process: its threads must not wait for us.
        tokio::task::block_in_place(|| {
            let mut line = self.0.lock().expect("one at a time");
            writeln!(line.to, "{with}").expect("written");
            let mut said = String::new();
            line.from.read_line(&mut said).expect("read");
            serde_json::from_str(&said).unwrap_or_else(|error| panic!("{what}: {error}: {said:?}"))
        })
    }

    /// What came of it; it must have gone well.
    pub fn ask(&self, what: &str, with: Value) -> Value {
        let said = self.say(what, with);
        assert!(said["refused"].is_null(), "{what}: {}", said["refused"]);
        said["answer"].clone()
    }

    pub fn text(&self, what: &str, with: Value) -> String {
        self.ask(what, with).as_str().expect("a text").to_owned()
    }

    /// Why the library would not, or was not given it.
    pub fn refused(&self, what: &str, with: Value) -> Value {
        let said = self.say(what, with);
        assert!(!said["refused"].is_null(), "{what} went well: {}", said["answer"]);
        said["refused"].clone()
    }
}

impl Drop for Party {
    fn drop(&mut self) {
        if let Ok(mut line) = self.0.lock() {
            drop(line.child.kill());
            drop(line.child.wait());
        }
    }
}

/// The script where Node finds the packages, with what it imports beside it.
pub fn placed(script: &str) -> PathBuf {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let folder = packages().join("scripts");
    std::fs::create_dir_all(&folder).expect("a folder");
    for name in ["lines.mjs", script] {
        let made = MADE.fetch_add(1, Ordering::Relaxed);
        let (from, half) = (
            Path::new(ROOT).join("tests/parties/node").join(name),
            folder.join(format!("{name}.{}.{made}", std::process::id())),
        );
        // Tests run together: none may read half a script.
        std::fs::copy(&from, &half).expect("copies");
        std::fs::rename(&half, folder.join(name)).expect("renames");
    }
    folder.join(script)
}
