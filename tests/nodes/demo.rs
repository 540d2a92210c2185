//! What a newcomer does: `countersign`, and nothing else.

use crate::harness::machine::Machine;
use crate::harness::rp::identify;
use crate::harness::{Visitor, digits};
use crate::node::{free_port, program};
use reqwest::Method;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command};

const PHONE: &str = "+2348031234567";

struct Demo {
    child: Child,
    /// Everything it printed until it had nothing more to say.
    said: String,
    provider: String,
    app: String,
}

impl Demo {
    fn start(folder: &Path, ports: [u16; 2]) -> Self {
        let (listen, demo_listen) = (format!("127.0.0.1:{}", ports[0]), format!("127.0.0.1:{}", ports[1]));
        let data_dir = folder.join("data");
        let settings = [
            ("listen", listen.as_str()),
            ("demo_listen", &demo_listen),
            ("metrics_listen", "off"),
            ("data_dir", data_dir.to_str().expect("UTF-8")),
        ];
        let mut command = program(&settings);
        let mut child = command.stderr(std::process::Stdio::null()).current_dir(folder).spawn().expect("starts");
        let mut said = String::new();
        let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        for line in lines.map_while(Result::ok) {
            said.push_str(&line);
            said.push('\n');
            if line.contains("Stop with") {
                break;
            }
        }
        let [provider, app] = ports.map(|port| format!("http://localhost:{port}"));
        Self { child, said, provider, app }
    }

    fn stop(mut self) {
        assert!(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill").success());
        assert_eq!(self.child.wait().expect("ends").code(), Some(0));
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_signs_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let ports = [free_port(), free_port()];
    let demo = Demo::start(folder.path(), ports);
    for address in [demo.app.clone(), format!("{}/dev/phone", demo.provider), demo.provider.clone()] {
        assert!(demo.said.contains(&address), "{address} in {}", demo.said);
    }
    assert!(demo.said.contains(&format!("stays in {}", folder.path().join("data").display())), "{}", demo.said);
    let secret = folder.path().join("data/secret");
    let made = std::fs::metadata(&secret).expect("a secret");
    assert_eq!(made.permissions().mode() & 0o777, 0o600);
    let data = std::fs::metadata(folder.path().join("data")).expect("a folder");
    assert_eq!(data.permissions().mode() & 0o777, 0o700);
    let text = std::fs::read_to_string(&secret).expect("reads");
    assert!(text.len() >= 32 && !demo.said.contains(text.trim()));

    // From the app's button to the provider, by the phone, and back.
    let mut visitor = Visitor::new(&demo.provider);
    let home = visitor.once(Method::GET, &demo.app, None).await;
    assert!(home.html.contains("/login"), "{}", home.text());
    assert!(visitor.get("/dev/phone").await.status.is_success());
    let page = visitor.get(&format!("{}/login", demo.app)).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let page = identify(&mut visitor, page, PHONE).await;
    let back = {
        let phone = Machine::new(&demo.provider);
        let mut digits_seen = None;
        for _ in 0..200 {
            let messages = phone.get("/dev/phone/messages").await.json();
            if let Some(newest) = messages.as_array().and_then(|list| list.first()) {
                digits_seen = Some(digits(newest["text"].as_str().expect("a text")));
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        let passcode = digits_seen.expect("a message on the phone");
        visitor.submit(&page, &[("p_confirmation_code", &passcode)]).await
    };
    assert!(back.url.starts_with(&format!("{}/callback?", demo.app)), "{}", back.url);
    let done = visitor.once(Method::GET, &back.url, None).await;
    assert!(done.status.is_redirection(), "{}", done.text());
    let home = visitor.once(Method::GET, &format!("{}/", demo.app), None).await;
    assert!(home.html.contains(PHONE), "{}", home.text());

    // Stopped and started again, it still knows who is signed in.
    demo.stop();
    let demo = Demo::start(folder.path(), ports);
    assert_eq!(std::fs::read_to_string(&secret).expect("reads"), text);
    let back = visitor.get(&format!("{}/login", demo.app)).await;
    assert!(back.url.starts_with(&format!("{}/callback?", demo.app)) && back.param("code").is_some(), "{}", back.url);
    visitor.once(Method::GET, &back.url, None).await;
    let home = visitor.once(Method::GET, &format!("{}/", demo.app), None).await;
    assert!(home.html.contains(PHONE), "{}", home.text());
    demo.stop();
}
