//! The vendors' own signers and verifiers, from PyPI, as a child process that answers one JSON line with one.

use crate::harness::left_out;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, OnceLock};

const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/tests/venv/bin/python");
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/vendors/oracle.py");

pub struct Oracle(Mutex<Line>);

struct Line {
    _child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

/// `None`, said loudly, where the packages are not installed.
pub fn oracle() -> Option<&'static Oracle> {
    static ORACLE: OnceLock<Option<Oracle>> = OnceLock::new();
    let oracle = ORACLE.get_or_init(|| installed().then(Oracle::start));
    if oracle.is_none() {
        left_out("vendors' verifiers: no twilio, pywa, standardwebhooks, vonage_… under target/tests/venv");
    }
    oracle.as_ref()
}

fn installed() -> bool {
    let mut look = Command::new(PYTHON);
    look.args(["-c", "import twilio, pywa, standardwebhooks, vonage_jwt, vonage_messages, vonage_voice"])
        .stderr(Stdio::null());
    Path::new(PYTHON).exists() && look.status().is_ok_and(|status| status.success())
}

impl Oracle {
    fn start() -> Self {
        let mut python = Command::new(PYTHON);
        let mut child = python.arg(SCRIPT).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("starts");
        let (to, from) = (child.stdin.take().expect("piped"), child.stdout.take().expect("piped"));
        Self(Mutex::new(Line { _child: child, to, from: BufReader::new(from) }))
    }

    pub fn ask(&self, what: &str, mut with: Value) -> Value {
        with["ask"] = json!(what);
        // A test that failed while it held the line does not make the others fail.
        let mut line = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        writeln!(line.to, "{with}").expect("written");
        let mut said = String::new();
        line.from.read_line(&mut said).expect("read");
        drop(line);
        let said: Value = serde_json::from_str(&said).expect("JSON");
        assert!(said["error"].is_null(), "{what} {with}: {said}");
        said["answer"].clone()
    }

    pub fn text(&self, what: &str, with: Value) -> String {
        self.ask(what, with).as_str().expect("a text").to_owned()
    }

    pub fn agrees(&self, what: &str, with: Value) -> bool {
        self.ask(what, with).as_bool().expect("yes or no")
    }
}
