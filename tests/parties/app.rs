//! A web app in a process of its own, on a port of its own.

use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

pub struct WebApp {
    child: Child,
    /// `http://localhost:PORT`: another site than the issuer, which is `http://127.0.0.1:PORT`.
    pub url: String,
}

pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port").port()
}

pub fn at(port: u16) -> String {
    format!("http://localhost:{port}")
}

impl WebApp {
    /// Starts it and waits until it listens.
    pub async fn start(mut command: Command, port: u16) -> Self {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().expect("starts");
        let mut app = Self { child, url: at(port) };
        for _ in 0..1_200 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return app;
            }
            if let Some(status) = app.child.try_wait().expect("waits") {
                panic!("{} ended: {status}", app.url);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{} does not listen", app.url);
    }
}

impl Drop for WebApp {
    fn drop(&mut self) {
        // Apache and Next.js end what they started when they are asked to, not when they are killed.
        drop(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status());
        drop(self.child.wait());
    }
}
