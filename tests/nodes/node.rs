//! A node: the program, its settings in a file, its log in another.

use crate::harness::machine::Machine;
use crate::harness::{Engine, digits, postgres};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::Duration;
use tempfile::TempDir;

pub const SECRET: &str = "a-secret-of-the-tests-that-is-long-enough";

/// The program, with nothing of this process's environment but where programs are.
pub fn program(settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command.env_clear().envs(std::env::vars_os().filter(|(name, _)| name == "PATH"));
    command.envs(settings.iter().map(|(name, value)| (variable(name), *value)));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The program with this place's settings.
pub fn program_of(place: &Place) -> Command {
    program(&place.settings(&[("log.level", "warn")]))
}

fn variable(setting: &str) -> String {
    format!("COUNTERSIGN_{}", setting.to_uppercase().replace('.', "_"))
}

pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port").port()
}

/// An installation: a database, a secret and a name, which its nodes share.
pub struct Place {
    pub folder: TempDir,
    pub database_url: String,
    pub issuer: String,
}

impl Place {
    pub async fn new(engine: Engine, issuer: String) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database_url = match engine {
            Engine::Sqlite => format!("sqlite:{}", folder.path().join("place.db").display()),
            Engine::Postgres => postgres::server().expect("a PostgreSQL server").database().await,
        };
        Self { folder, database_url, issuer }
    }

    fn settings<'a>(&'a self, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let data_dir = self.folder.path().to_str().expect("UTF-8");
        let usual = [
            ("issuer", self.issuer.as_str()),
            ("database_url", &self.database_url),
            ("data_dir", data_dir),
            ("secret", SECRET),
            ("metrics_listen", "off"),
            ("allow_dev_phone", "true"),
            ("allow_test_identifiers", "true"),
        ];
        let kept = usual.into_iter().filter(|(name, _)| !more.iter().any(|(given, _)| given == name));
        kept.chain(more.iter().copied()).collect()
    }

    /// Starts a node on this port and does not wait for it.
    pub fn node(&self, port: u16, more: &[(&str, &str)]) -> Node {
        let listen = format!("127.0.0.1:{port}");
        let settings = self.settings(&[&[("listen", listen.as_str())], more].concat());
        let name = format!("{port}-{}", std::fs::read_dir(self.folder.path()).expect("lists").count());
        let (file, log) =
            (self.folder.path().join(format!("{name}.toml")), self.folder.path().join(format!("{name}.log")));
        let text: String = settings.iter().map(|(name, value)| format!("{name} = {value:?}\n")).collect();
        std::fs::write(&file, text).expect("writes");
        let mut command = program(&[]);
        command.arg("serve").arg("--config").arg(&file).stdout(Stdio::null());
        command.stderr(std::fs::File::create(&log).expect("creates"));
        Node { child: command.spawn().expect("starts"), address: format!("http://{listen}"), log }
    }

    /// Runs a command beside whatever nodes there are.
    pub fn run(&self, arguments: &[&str]) -> Output {
        program(&self.settings(&[("log.level", "warn")])).args(arguments).output().expect("runs")
    }

    /// Declares this; it must be right.
    pub fn apply(&self, declaration: &str) -> String {
        let file = self.file("declared.toml", declaration);
        let output = self.run(&["apply", file.to_str().expect("UTF-8")]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).expect("writes");
        path
    }
}

pub struct Node {
    child: Child,
    pub address: String,
    log: PathBuf,
}

impl Node {
    pub fn machine(&self) -> Machine {
        Machine::new(&self.address)
    }

    /// Waits until it serves.
    pub async fn ready(&mut self) {
        let http = client();
        for _ in 0..600 {
            if let Some(status) = self.child.try_wait().expect("waits") {
                panic!("{} ended ({status}): {}", self.address, self.log());
            }
            let ready = http.get(format!("{}/health/ready", self.address)).send().await;
            if ready.is_ok_and(|answer| answer.status() == 200) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{} did not become ready: {}", self.address, self.log());
    }

    pub fn log(&self) -> String {
        read(&self.log)
    }

    pub fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status().expect("kill");
        assert!(sent.success());
    }

    /// At once, as a power cut would.
    pub fn kill(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }

    /// Waits for its end.
    pub async fn ended(&mut self) -> ExitStatus {
        for _ in 0..600 {
            if let Some(status) = self.child.try_wait().expect("waits") {
                return status;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{} does not end: {}", self.address, self.log());
    }

    /// The messages on its phone to this number or address, newest first.
    pub async fn messages(&self, to: &str) -> Vec<Value> {
        let to: String = url::form_urlencoded::byte_serialize(to.as_bytes()).collect();
        let answer = self.machine().get(&format!("/dev/phone/messages?to={to}")).await;
        answer.json().as_array().expect("a list").clone()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

#[allow(clippy::disallowed_methods, reason = "tests speak HTTP like anybody")]
pub fn client() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().expect("a client")
}

/// The digits of the newest message to somebody, on whichever node handed it over.
pub async fn passcode(nodes: &[&Node], to: &str) -> String {
    for _ in 0..600 {
        for node in nodes {
            if let Some(newest) = node.messages(to).await.first() {
                return digits(newest["text"].as_str().expect("a text"));
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no message to {to}: {}", nodes[0].log());
}
