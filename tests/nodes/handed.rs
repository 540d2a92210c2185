//! A node dies while a message is with its carrier: another looks after it, nothing is sent twice on a rung, and the person
//! gets the digits by the next.

use crate::fake::{Fake, Message, Report, Way, Why, meta, twilio};
use crate::harness::ways::ask;
use crate::harness::{Engine, Page, SHOP, Visitor, left_out, postgres};
use crate::node::{Node, Place, free_port};
use crate::rows::Rows;
use countersign::clock::Clock;
use std::time::Duration;

const PHONE: &str = "+2348031239001";
const LEASE: (&str, &str) = ("outbox.lease", "2s");

/// Two nodes on one database, WhatsApp and SMS by the fake. Each node has its own address; the first is the issuer's.
struct Pair {
    place: Place,
    nodes: [Node; 2],
    fake: Fake,
    rows: Rows,
}

fn declared(fake: &Fake, wait: u64) -> String {
    let clients = SHOP.split("[[connection]]").next().unwrap_or_default().replace(", \"email\"", "");
    let account = format!("account_sid = \"{}\"\nauth_token = \"{}\"", twilio::ACCOUNT, twilio::TOKEN);
    let common = |name: &str| {
        format!(
            "[[carrier]]\nname = \"{name}\"\nallow_private = true\ntimeout_seconds = 3\nbase_url = \"{}\"\n",
            fake.url(name)
        )
    };
    format!(
        "{clients}\n[[connection]]\nname = \"phone\"\nkind = \"phone\"\nladder = [\"whatsapp\", \"sms\"]\n[[connection.rung]]\nchannel = \"whatsapp\"\nwait_seconds = {wait}\ncarriers = [\"meta\"]\n[[connection.rung]]\nchannel = \"sms\"\nwait_seconds = {wait}\ncarriers = [\"twilio\"]\n{}kind = \"meta_whatsapp\"\nphone_number_id = \"{}\"\nbusiness_account_id = \"1\"\naccess_token = \"{}\"\napp_secret = \"{}\"\nverify_token = \"{}\"\n{}kind = \"twilio_messaging\"\n{account}\nfrom = \"+12025550100\"\n",
        common("meta"),
        meta::PHONE,
        meta::TOKEN,
        meta::APP_SECRET,
        meta::VERIFY_TOKEN,
        common("twilio"),
    )
}

/// The first node delivers, the second only from when it is told to.
async fn pair(wait: u64) -> Option<Pair> {
    if postgres::server().is_none() {
        left_out("PostgreSQL: no initdb under /usr/lib/postgresql");
        return None;
    }
    let ports = [free_port(), free_port()];
    let place = Place::new(Engine::Postgres, format!("http://127.0.0.1:{}", ports[0])).await;
    let fake = Fake::start().await;
    fake.report_to(&place.issuer, Clock::default());
    place.apply(&declared(&fake, wait));
    let mut first = place.node(ports[0], &[LEASE]);
    first.ready().await;
    let mut second = place.node(ports[1], &[LEASE, ("outbox.deliver", "false")]);
    second.ready().await;
    let rows = Rows::at(&place.database_url).await;
    Some(Pair { place, nodes: [first, second], fake, rows })
}

impl Pair {
    /// Somebody asks for a passcode at the first node.
    async fn asks(&self) -> (Visitor, Page) {
        let mut visitor = Visitor::new(&self.place.issuer);
        let page = visitor.get(&ask(&[])).await;
        let page = visitor.submit(&page, &[("p_phone", PHONE)]).await;
        assert!(page.asks_digits(), "{}", page.text());
        (visitor, page)
    }

    /// The first is killed; another takes its place, at an address of its own.
    async fn kill(&mut self) {
        self.nodes[0].kill();
        let mut node = self.place.node(free_port(), &[LEASE]);
        node.ready().await;
        self.nodes[0] = node;
    }

    async fn states(&self) -> Vec<String> {
        self.rows.texts("SELECT channel || ' ' || state || ' ' || status FROM outbox ORDER BY created_at, id").await
    }

    async fn stands(&self, wanted: &[&str]) {
        let mut states = Vec::new();
        for _ in 0..600 {
            states = self.states().await;
            if states == wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("stands {states:?}, not {wanted:?}: {}", self.nodes[0].log());
    }

    /// The digits get them in at whichever node.
    async fn signs_in(&self, visitor: &Visitor, page: &Page, digits: &str) {
        let mut there = visitor.at(&self.nodes[0].address);
        let (action, _) = page.form("p_confirmation_code");
        let back = there.once(reqwest::Method::POST, &action, Some(&[("p_confirmation_code", digits)])).await;
        assert!(
            back.status.is_redirection() && back.location().contains("code=ac_"),
            "{}: {}",
            back.status,
            back.text()
        );
    }
}

async fn killed(way: Way) -> Option<(Pair, Visitor, Page, Vec<Message>)> {
    let mut pair = pair(60).await?;
    pair.fake.set("meta", way);
    let (visitor, page) = pair.asks().await;
    pair.fake.requests(PHONE, 1).await;
    pair.kill().await;
    pair.fake.set("meta", Way::Accept);
    // Within the lease, which is as long as the carrier may take, and a look: by SMS: whether WhatsApp has it nobody knows.
    pair.stands(&["whatsapp lost 0", "sms sent 1"]).await;
    let taken = pair.fake.taken(PHONE);
    let asked = pair.fake.asked(PHONE);
    assert_eq!(asked.iter().map(|one| one.channel).collect::<Vec<_>>(), ["whatsapp", "sms"]);
    assert!(asked.iter().all(|one| one.digits == asked[0].digits), "{asked:?}");
    Some((pair, visitor, page, taken))
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_the_carrier_says_nothing() {
    let Some((pair, visitor, page, taken)) = killed(Way::Hang).await else { return };
    let sms = taken.iter().find(|one| one.channel == "sms").expect("an SMS");
    pair.signs_in(&visitor, &page, &sms.digits).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_the_carrier_has_it() {
    let Some((pair, visitor, page, taken)) = killed(Way::TakeAndHang).await else { return };
    assert_eq!(taken.iter().map(|one| one.channel).collect::<Vec<_>>(), ["whatsapp", "sms"], "one on each rung");
    pair.signs_in(&visitor, &page, &taken[0].digits).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn word_of_what_a_dead_node_sent_is_kept() {
    let Some((pair, _, _, taken)) = killed(Way::TakeAndHang).await else { return };
    assert_eq!(pair.fake.receipt(&taken[0], Report::Delivered).post_at(&pair.nodes[1].address).await, 200);
    pair.stands(&["whatsapp lost 4", "sms sent 1"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_a_rung_waits() {
    let Some(mut pair) = pair(5).await else { return };
    let (visitor, page) = pair.asks().await;
    pair.stands(&["whatsapp sent 1"]).await;
    pair.kill().await;
    pair.stands(&["whatsapp sent 1", "sms sent 1"]).await;
    let taken = pair.fake.taken(PHONE);
    assert_eq!(taken.iter().map(|one| one.channel).collect::<Vec<_>>(), ["whatsapp", "sms"]);
    pair.signs_in(&visitor, &page, &taken[1].digits).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_reaches_any_node() {
    let Some(pair) = pair(600).await else { return };
    let (visitor, page) = pair.asks().await;
    pair.stands(&["whatsapp sent 1"]).await;
    let taken = pair.fake.taken(PHONE);
    let second = &pair.nodes[1].address;
    let unreachable = pair.fake.receipt(&taken[0], Report::Undelivered(Why::Unreachable));
    // Both nodes at once, and again: one fall, done by the node that delivers.
    let (a, b) = tokio::join!(unreachable.post_at(second), unreachable.post_at(&pair.nodes[0].address));
    assert_eq!((a, b, unreachable.post_at(second).await), (200, 200, 200));
    pair.stands(&["whatsapp sent 3", "sms sent 1"]).await;
    let taken = pair.fake.taken(PHONE);
    assert_eq!(pair.fake.receipt(&taken[1], Report::Delivered).post_at(second).await, 200);
    pair.stands(&["whatsapp sent 3", "sms sent 4"]).await;
    assert_eq!(pair.fake.asked(PHONE).len(), 2);
    pair.signs_in(&visitor, &page, &taken[1].digits).await;
}
