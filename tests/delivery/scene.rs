//! A house whose carriers are all the fake, and what stories do in it.

use crate::fake::{Fake, Message, meta, telegram, twilio, verify, vonage, webhook};
use crate::harness::rp::identify;
use crate::harness::ways::ask;
pub use crate::harness::ways::wrong;
use crate::harness::{Engine, House, Page, Visitor};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine as _;
use countersign::domain::delivery::{Status, Stood};
use countersign::domain::ids::InteractionId;
use countersign::flows::deliver;
use countersign::store;
use countersign::telemetry::Outcome;
use std::sync::OnceLock;

/// Who asks: `shop`, and `members` where sign-up is closed; both by `phone`.
pub const CLIENTS: &str = r#"
[[client]]
id = "shop"
name = "Shop"
kind = "web"
secret = "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghij12"
redirect_uris = ["http://127.0.0.1:4000/callback"]
connections = ["phone"]

[[client]]
id = "till"
name = "Till"
kind = "web"
secret = "cdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234"
redirect_uris = ["http://127.0.0.1:4300/callback"]
connections = ["phone"]

[[client]]
id = "members"
name = "Members"
kind = "web"
secret = "bcdefghijabcdefghijabcdefghijabcdefghijabcdefghij123"
redirect_uris = ["http://127.0.0.1:4200/callback"]
connections = ["phone"]
sign_up = false
"#;

/// WhatsApp by `meta`, SMS and calls by `twilio`; each rung with its wait.
pub const LADDER: &str = r#"
[[connection]]
name = "phone"
kind = "phone"
default_country = "NG"
ladder = ["whatsapp", "sms", "voice"]

[[connection.rung]]
channel = "whatsapp"
wait_seconds = 20
carriers = ["meta"]

[[connection.rung]]
channel = "sms"
wait_seconds = 40
carriers = ["twilio"]

[[connection.rung]]
channel = "voice"
wait_seconds = 60
carriers = ["twilio"]
"#;

/// Any key does: the fake believes every JWT; that it is a good one is tested elsewhere.
fn private_key() -> &'static str {
    static KEY: OnceLock<String> = OnceLock::new();
    KEY.get_or_init(|| {
        let pair = KeyPair::generate(KeySize::Rsa2048).expect("a key");
        let der: Pkcs8V1Der<'_> = pair.as_der().expect("PKCS#8");
        let text = base64::engine::general_purpose::STANDARD.encode(der.as_ref());
        format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n")
    })
}

/// A carrier at the fake; what its company is, its name begins with. `more` adds lines.
pub fn carrier(fake: &Fake, name: &str, more: &str) -> String {
    let url = fake.url(name);
    let kind = name.split('-').next().unwrap_or_default();
    let common = format!("[[carrier]]\nname = \"{name}\"\nallow_private = true\n{more}\n");
    let based = format!("{common}base_url = \"{url}\"\n");
    match kind {
        "twilio" => format!(
            "{based}kind = \"twilio_messaging\"\naccount_sid = \"{}\"\nauth_token = \"{}\"\nfrom = \"+12025550100\"\nwhatsapp_from = \"+12025550101\"\nvoice_from = \"+12025550102\"\ncontent_sids = {{ \"*\" = \"{}\" }}\n",
            twilio::ACCOUNT,
            twilio::TOKEN,
            twilio::CONTENT
        ),
        "verify" => format!(
            "{based}kind = \"twilio_verify\"\naccount_sid = \"{}\"\nauth_token = \"{}\"\nservice_sid = \"{}\"\n",
            twilio::ACCOUNT,
            twilio::TOKEN,
            verify::SERVICE
        ),
        "meta" => format!(
            "{based}kind = \"meta_whatsapp\"\nphone_number_id = \"{}\"\nbusiness_account_id = \"102290129340398\"\ntemplate = \"otp\"\naccess_token = \"{}\"\napp_secret = \"{}\"\nverify_token = \"{}\"\n",
            meta::PHONE,
            meta::TOKEN,
            meta::APP_SECRET,
            meta::VERIFY_TOKEN
        ),
        "vonage" => format!(
            "{based}kind = \"vonage\"\napplication_id = \"{}\"\nfrom = \"12025550103\"\nvoice_from = \"12025550104\"\nprivate_key = \"\"\"\n{}\"\"\"\nsignature_secret = \"{}\"\n",
            vonage::APPLICATION,
            private_key(),
            vonage::SECRET
        ),
        "telegram" => format!("{based}kind = \"telegram_gateway\"\naccess_token = \"{}\"\n", telegram::TOKEN),
        "gateway" => format!(
            "{common}kind = \"webhook\"\nurl = \"{url}/gateway\"\nreceipts = true\nchannels = [\"whatsapp\", \"telegram\", \"sms\", \"voice\"]\nsecret = \"{}\"\n",
            webhook::SECRET
        ),
        other => panic!("no company called {other}"),
    }
}

pub struct Scene {
    pub house: House,
    pub fake: Fake,
}

/// A person at the passcode page.
pub struct Person {
    pub visitor: Visitor,
    pub page: Page,
    pub number: String,
}

impl Scene {
    /// The usual ladder by `meta` and `twilio`.
    pub async fn open(engine: Engine) -> Self {
        Self::with(engine, LADDER, &["meta", "twilio"], &[]).await
    }

    /// A declaration of connections, and the carriers it names, each as usual.
    pub async fn with(engine: Engine, connections: &str, carriers: &[&str], settings: &[(&str, &str)]) -> Self {
        let fake = Fake::start().await;
        let carriers: String = carriers.iter().map(|name| carrier(&fake, name, "timeout_seconds = 2")).collect();
        Self::on(engine, fake, &format!("{carriers}{connections}"), settings).await
    }

    /// Everything as declared, but for the clients.
    pub async fn on(engine: Engine, fake: Fake, declaration: &str, settings: &[(&str, &str)]) -> Self {
        let house = House::with(engine, &format!("{CLIENTS}{declaration}"), settings).await;
        fake.report_to(&house.issuer, house.time.clone());
        Self { house, fake }
    }

    /// Somebody says who they are, and waits for the digits.
    pub async fn asks(&self, number: &str) -> Person {
        let person = self.tries(number).await;
        assert!(person.page.asks_digits(), "{}: {}", person.page.status, person.page.text());
        person
    }

    /// The same, wherever it leads.
    pub async fn tries(&self, number: &str) -> Person {
        self.tries_at("shop", "http://127.0.0.1:4000/callback", number).await
    }

    /// The same at another app.
    pub async fn tries_at(&self, client: &str, back: &str, number: &str) -> Person {
        let mut visitor = self.house.visitor();
        let page = visitor.get(&ask(&[("prompt", "login"), ("client_id", client), ("redirect_uri", back)])).await;
        let page = identify(&mut visitor, page, number).await;
        Person { visitor, page, number: number.to_owned() }
    }

    /// How each attempt of this sign-in stands, oldest first.
    pub async fn attempts(&self, person: &Person) -> Vec<Stood> {
        let id = InteractionId::new(person.interaction());
        store::attempts::list_of_interaction(&self.house.app.db, &id).await.expect("attempts")
    }

    /// Each attempt as `channel state status code`.
    pub async fn story(&self, person: &Person) -> Vec<String> {
        let status = |stood: &Stood| stood.status.map_or("-", Status::as_str);
        let code = |stood: &Stood| stood.code.clone().unwrap_or_else(|| "-".to_owned());
        let attempts = self.attempts(person).await;
        attempts
            .iter()
            .map(|stood| format!("{} {} {} {}", stood.channel.as_str(), stood.state, status(stood), code(stood)))
            .collect()
    }

    /// Waits until the newest attempt ended without a message, whatever time that takes the house.
    pub async fn gives_up(&self, person: &Person, rungs: usize) {
        for _ in 0..60 {
            let attempts = self.attempts(person).await;
            if attempts.len() == rungs && attempts.iter().all(|one| one.state == "failed") {
                return;
            }
            // The longest pause before another try.
            self.house.pass(10);
            self.house.app.bell.notify_one();
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        panic!("goes on: {:#?}", self.story(person).await);
    }

    /// Waits until the attempts stand like this.
    pub async fn stands(&self, person: &Person, wanted: &[&str]) {
        let mut story = Vec::new();
        for _ in 0..1000 {
            story = self.story(person).await;
            if story == wanted {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("stands {story:#?}, not {wanted:#?}; taken were {:#?}", self.fake.taken(&person.number));
    }

    /// Lets the house look for what is due now, and finish it.
    pub async fn look(&self) {
        deliver::fall_silent(&self.house.app).await.expect("looks");
        deliver::recover(&self.house.app).await.expect("looks");
        self.house.app.bell.notify_one();
        self.house.settle().await;
    }

    /// Whatever may still be on its way has come: these and no more were accepted for them.
    pub async fn only(&self, person: &Person, channels: &[&str]) -> Vec<Message> {
        self.look().await;
        let taken = self.fake.channels(&person.number);
        assert!(taken == channels, "{taken:?}, not {channels:?}: {:#?}", self.story(person).await);
        self.fake.taken(&person.number)
    }

    /// How often an operator was told of this.
    pub fn alerts(&self, kind: &'static str) -> u64 {
        self.house.app.metrics.alerts.get_or_create(&Outcome { outcome: kind }).get()
    }

    pub async fn close(self) {
        self.house.close().await;
    }
}

impl Person {
    pub fn interaction(&self) -> String {
        let query = self.page.url.split("interaction=").nth(1).expect("an interaction");
        query.split('&').next().unwrap_or_default().to_owned()
    }

    pub async fn types(&mut self, digits: &str) -> Page {
        self.visitor.submit(&self.page, &[("p_confirmation_code", digits)]).await
    }

    /// These digits sign them in.
    pub async fn signs_in(&mut self, digits: &str) {
        let page = self.types(digits).await;
        assert!(page.url.contains("code=ac_"), "{}: {}", page.status, page.text());
    }

    /// The button that sends it by another channel.
    pub async fn asks_for(&mut self, channel: &str) -> Page {
        let (action, _) = self.page.form("resend");
        self.visitor.post(&action, &[("by", channel)]).await
    }

    pub async fn reloads(&mut self) -> Page {
        let url = self.page.url.clone();
        self.visitor.get(&url).await
    }
}

/// All carry the same digits, which are these.
pub fn same(messages: &[Message]) -> String {
    let digits = messages.first().expect("a message").digits.clone();
    assert_eq!(digits.len(), 6, "{messages:#?}");
    assert!(messages.iter().all(|message| message.digits == digits), "{messages:#?}");
    digits
}
