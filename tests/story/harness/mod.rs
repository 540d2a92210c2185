//! The house as tests live in it: the real server on port 0, both engines, time that moves by itself.
//! A story ends with `house.close()`, which fails when a message is left behind or something of ours broke.

#![allow(dead_code, reason = "each test binary uses its own part of the harness")]

pub mod clients;
pub mod machine;
pub mod operator;
pub mod outside;
pub mod portal;
pub mod postgres;
pub mod prover;
pub mod rp;
pub mod visitor;
pub mod ways;

use countersign::app::App;
use countersign::clock::Clock;
use countersign::command::serve::Server;
use countersign::config::{self, Config};
use countersign::crypto::secret::Secret;
use countersign::flows::manage::apply::{Applied, apply};
use countersign::store;
use std::time::Duration;
use tokio::net::TcpListener;
pub use visitor::{Page, Visitor};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Declares `story` as two tests, one on each engine.
macro_rules! both {
    ($name:ident, $story:expr) => {
        mod $name {
            use super::*;
            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                $crate::harness::run($crate::harness::Engine::Sqlite, $story).await;
            }
            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                $crate::harness::run($crate::harness::Engine::Postgres, $story).await;
            }
        }
    };
}
pub(crate) use both;

pub async fn run<F: Future<Output = ()>>(engine: Engine, story: impl FnOnce(Engine) -> F) {
    if engine == Engine::Postgres && postgres::server().is_none() {
        left_out("PostgreSQL: no initdb under /usr/lib/postgresql or on the PATH");
        return;
    }
    story(engine).await;
}

/// Says so past the test runner's capture: nobody takes a test that did not run for one that passed. With
/// `COUNTERSIGN_TESTS_LEAVE_NOTHING_OUT` set, as `tests/run` does, it fails instead.
pub fn left_out(what: &str) {
    use std::io::Write;
    assert!(std::env::var_os("COUNTERSIGN_TESTS_LEAVE_NOTHING_OUT").is_none(), "left out: {what}");
    drop(writeln!(std::io::stderr(), "\n*** LEFT OUT *** {what}. `tests/run` installs what is missing.\n"));
}

/// What every house declares unless a story brings its own.
pub const SHOP: &str = r#"
[[client]]
id = "shop"
name = "Shop"
kind = "web"
secret = "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghij12"
redirect_uris = ["http://127.0.0.1:4000/callback"]
post_logout_redirect_uris = ["http://127.0.0.1:4000/"]
connections = ["phone", "email"]

[[client]]
id = "kiosk"
name = "Kiosk"
kind = "spa"
redirect_uris = ["http://127.0.0.1:4100/callback"]
connections = ["phone"]

[[client]]
id = "members"
name = "Members"
kind = "web"
secret = "bcdefghijabcdefghijabcdefghijabcdefghijabcdefghij123"
redirect_uris = ["http://127.0.0.1:4200/callback"]
connections = ["phone", "email"]
sign_up = false

[[connection]]
name = "phone"
kind = "phone"
default_country = "NG"
countries = ["NG", "KE", "GH", "ID", "PH", "BR", "IN", "US", "GB"]
ladder = ["whatsapp", "sms"]

[[connection]]
name = "email"
kind = "email"

[[connection]]
name = "sms-only"
kind = "phone"
ladder = ["sms"]

[[carrier]]
name = "phone-page"
kind = "dev_phone"

[[test_identifier]]
identifier = "+12025550143"
passcode = "000000"
"#;

pub const SHOP_SECRET: &str = "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghij12";
pub const SHOP_CALLBACK: &str = "http://127.0.0.1:4000/callback";

pub struct House {
    pub app: App,
    pub issuer: String,
    pub time: Clock,
    server: Server,
    folder: tempfile::TempDir,
    pub database_url: String,
}

impl House {
    /// With `SHOP` declared.
    pub async fn open(engine: Engine) -> Self {
        Self::with(engine, SHOP, &[]).await
    }

    /// With a declaration and settings (`("passcode.digits", "8")`).
    pub async fn with(engine: Engine, declaration: &str, settings: &[(&str, &str)]) -> Self {
        let database_url = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(postgres::server().expect("a PostgreSQL server").database().await),
        };
        Self::on(database_url, declaration, settings).await
    }

    /// On a database that may be another house's as well: a second node. `None` makes a SQLite file of its own.
    pub async fn on(database_url: Option<String>, declaration: &str, settings: &[(&str, &str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let issuer = format!("http://127.0.0.1:{}", listener.local_addr().expect("bound").port());
        Self::behind(listener, issuer, database_url, declaration, settings).await
    }

    /// On a given address and under a given issuer: nodes behind one name.
    pub async fn behind(
        listener: TcpListener,
        issuer: String,
        database_url: Option<String>,
        declaration: &str,
        settings: &[(&str, &str)],
    ) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database_url =
            database_url.unwrap_or_else(|| format!("sqlite:{}", folder.path().join("house.db").display()));
        let config = config(&database_url, settings);
        let time = Clock::default();
        let secret = Secret::new(&[42; 32]).expect("long enough");
        let app = App::open(config, issuer.clone(), secret, time.clone()).await.expect("opens");
        if !declaration.is_empty() {
            match apply(&app, declaration, &|name| Err(format!("no file {name}")), false).await.expect("applies") {
                Applied::Done(_) => {}
                Applied::Wrong(faults) => panic!("the declaration is wrong: {faults:#?}"),
            }
        }
        let server = Server::start(app.clone(), listener).await.expect("starts");
        Self { app, issuer, time, server, folder, database_url }
    }

    /// A browser that has never been here.
    pub fn visitor(&self) -> Visitor {
        Visitor::new(&self.issuer)
    }

    /// Somebody without a browser.
    pub fn machine(&self) -> machine::Machine {
        machine::Machine::new(&self.issuer)
    }

    /// Lets this many seconds pass.
    pub fn pass(&self, seconds: u64) {
        self.time.pass(Duration::from_secs(seconds));
    }

    /// A relying party on the `openidconnect` crate, for the client `shop`.
    pub async fn shop(&self) -> rp::Rp {
        rp::Rp::discover(&self.issuer, "shop", Some(SHOP_SECRET), SHOP_CALLBACK).await
    }

    /// The newest message to a number or address, once it is there.
    pub async fn message(&self, to: &str) -> countersign::delivery::dev_phone::Shown {
        self.messages(to, 1).await.remove(0)
    }

    /// Waits until `count` messages came, newest first.
    pub async fn messages(&self, to: &str, count: usize) -> Vec<countersign::delivery::dev_phone::Shown> {
        for _ in 0..500 {
            let messages = self.app.phone.messages(Some(to));
            if messages.len() >= count {
                return messages;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{count} messages to {to} did not come");
    }

    /// The digits of the newest message.
    pub async fn passcode(&self, to: &str) -> String {
        digits(&self.message(to).await.text)
    }

    /// How many messages there were to this identifier, once nothing is under way.
    pub async fn sent(&self, to: &str) -> usize {
        self.settle().await;
        self.app.phone.messages(Some(to)).len()
    }

    /// Waits until something is so.
    pub async fn until(&self, what: &str, so: impl Fn(&App) -> bool) {
        for _ in 0..500 {
            if so(&self.app) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("never: {what}");
    }

    /// Waits until the outbox is empty.
    pub async fn settle(&self) {
        for _ in 0..500 {
            match store::outbox::count_open(&self.app.db).await {
                Ok(0) => return,
                // Where the database is part of the story, it may only just be back.
                Ok(_) | Err(store::StoreError::Unavailable(_)) => {}
                Err(error) => panic!("the outbox cannot be counted: {error}"),
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("messages are left in the outbox");
    }

    /// How many clients are yet to be told of a sign-out.
    pub async fn untold(&self) -> i64 {
        store::notices::count_open(&self.app.db).await.expect("counts")
    }

    /// Ends the story: nothing may be left to send, nobody left to tell, nothing of ours may have broken.
    pub async fn close(self) {
        self.close_with_untold(0).await;
    }

    /// Ends it where so many clients could not be told of a sign-out.
    pub async fn close_with_untold(self, left: i64) {
        self.settle().await;
        for _ in 0..500 {
            if self.untold().await == left {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(self.untold().await, left, "clients left to be told of a sign-out");
        assert_eq!(self.app.metrics.faults.get(), 0, "something of ours broke: see the log");
        self.server.stop().await;
    }

    /// Ends it where faults were part of the story.
    pub async fn close_anyway(self) {
        self.server.stop().await;
    }
}

pub fn config(database_url: &str, settings: &[(&str, &str)]) -> Config {
    let given = [
        ("database_url", database_url),
        ("metrics_listen", "off"),
        ("allow_dev_phone", "true"),
        ("allow_test_identifiers", "true"),
        ("shutdown.grace", "1s"),
    ];
    let environment = given
        .iter()
        .chain(settings)
        .map(|(name, value)| (format!("COUNTERSIGN_{}", name.to_uppercase().replace('.', "_")), (*value).to_owned()));
    config::load(None, environment).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

/// The first run of at least four digits in a message.
pub fn digits(text: &str) -> String {
    text.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() >= 4).expect("a passcode in the message").to_owned()
}
