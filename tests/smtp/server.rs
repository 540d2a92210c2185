//! The server program as a child process, and the carrier that speaks to it.

use crate::certificates::Certificates;
use crate::harness::left_out;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub const USERNAME: &str = "shop@mail.example";
pub const PASSWORD: &str = "correct horse battery staple";

pub struct Server {
    child: Child,
    pub port: u16,
    mails: Arc<Mutex<Vec<Value>>>,
}

/// The interpreter that has aiosmtpd: Debian's, or whichever comes first.
fn python() -> Option<&'static str> {
    ["/usr/bin/python3", "python3"].into_iter().find(|python| {
        let mut look = Command::new(python);
        look.args(["-c", "import aiosmtpd"]).stdout(Stdio::null()).stderr(Stdio::null());
        look.status().is_ok_and(|status| status.success())
    })
}

impl Server {
    /// `None`, said loudly, where there is no such program.
    pub fn start(certificates: &Certificates, port: u16, security: &str, more: &[&str]) -> Option<Self> {
        let Some(python) = python() else {
            left_out("SMTP: no aiosmtpd (python3-aiosmtpd)");
            return None;
        };
        let mut server = Command::new(python);
        server.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/smtp_server.py"));
        server.args(["--port", &port.to_string(), "--security", security]).args(more);
        server
            .arg("--certificate")
            .arg(certificates.path("server.pem"))
            .arg("--key")
            .arg(certificates.path("server.key"));
        // It complains at length of clients that hang up, which here is what they are asked to do.
        server.stderr(Stdio::null());
        let mut child = server.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let port = lines.next().and_then(Result::ok).and_then(|line| line.parse().ok()).expect("its port");
        let mails = Arc::new(Mutex::new(Vec::new()));
        let taken = mails.clone();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                taken.lock().expect("a lock").push(serde_json::from_str(&line).expect("JSON"));
            }
        });
        Some(Self { child, port, mails })
    }

    pub fn mails(&self) -> Vec<Value> {
        self.mails.lock().expect("a lock").clone()
    }

    /// The newest mail, once it is there.
    pub async fn mail(&self) -> Value {
        for _ in 0..600 {
            if let Some(mail) = self.mails().pop() {
                return mail;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("no mail came");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// `SHOP` with this mail server before the phone.
pub fn declared(port: u16, settings: &str) -> String {
    let carrier = format!(
        "[[carrier]]\nname = \"mail\"\nkind = \"smtp\"\nhost = \"localhost\"\nport = {port}\nfrom = \"Shop <no-reply@shop.example>\"\n{settings}\n\n[[carrier]]"
    );
    crate::harness::SHOP.replacen("[[carrier]]", &carrier, 1)
}

/// As `declared`, and nothing else takes mail.
pub fn declared_alone(port: u16, settings: &str) -> String {
    declared(port, settings).replace("kind = \"dev_phone\"", "kind = \"dev_phone\"\nenabled = false")
}

pub fn with_password(password: &str) -> String {
    format!("username = \"{USERNAME}\"\npassword = \"{password}\"")
}
