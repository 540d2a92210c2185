//! Prism as a child process, one for the whole run: it reads every document under `fixtures/vendors/specs`, and ends with us.

use crate::harness::left_out;
use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

const MODULES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/tests/node_modules");
const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/vendors");

pub struct Prism {
    /// Held for its standard input: when that closes, Prism ends.
    _child: Child,
    ports: HashMap<String, u16>,
}

pub fn documents() -> Vec<PathBuf> {
    let files = std::fs::read_dir(Path::new(FIXTURES).join("specs")).expect("the documents");
    let paths = files.map(|file| file.expect("a file").path());
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "json")).collect()
}

/// `None`, said loudly, where it is not installed.
pub fn prism() -> Option<&'static Prism> {
    static PRISM: OnceLock<Option<Prism>> = OnceLock::new();
    let prism = PRISM.get_or_init(|| installed().then(Prism::start));
    if prism.is_none() {
        left_out("vendors' documents: no Prism under target/tests");
    }
    prism.as_ref()
}

fn installed() -> bool {
    Path::new(MODULES).join("@stoplight/prism-cli").is_dir()
}

impl Prism {
    fn start() -> Self {
        let mut node = Command::new("node");
        node.arg(Path::new(FIXTURES).join("prism.js")).arg(MODULES).args(documents());
        let mut child = node.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("node starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let ports = lines.next().and_then(Result::ok).expect("Prism says its ports");
        Self { _child: child, ports: serde_json::from_str(&ports).expect("ports by document") }
    }

    pub fn port(&self, document: &str) -> u16 {
        *self.ports.get(document).unwrap_or_else(|| panic!("no document {document}"))
    }
}
