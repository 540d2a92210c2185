//! Three nodes on one PostgreSQL.

use crate::harness::rp::Rp;
use crate::harness::ways::ask;
use crate::harness::{Engine, Page, SHOP, SHOP_CALLBACK, SHOP_SECRET, Visitor, left_out, postgres};
use crate::node::{Node, Place, free_port, passcode};
use crate::rows::Rows;
use reqwest::Method;

const PHONE: &str = "+2348031234567";

/// A browser whose every request reaches another node, as behind a proxy without memory.
struct Spread<'a> {
    visitor: Visitor,
    nodes: [&'a Node; 3],
    turn: usize,
}

impl Spread<'_> {
    async fn once(&mut self, method: Method, url: &str, form: Option<&[(&str, &str)]>) -> Page {
        let node = self.nodes[self.turn % 3];
        self.turn += 1;
        let mut there = self.visitor.at(&node.address);
        let page = there.once(method, url, form).await;
        self.visitor.cookies = there.cookies;
        page
    }

    async fn get(&mut self, url: &str) -> Page {
        self.once(Method::GET, url, None).await
    }
}

/// Three nodes that start at once on a database that is empty.
async fn three() -> Option<(Place, [Node; 3])> {
    if postgres::server().is_none() {
        left_out("PostgreSQL: no initdb under /usr/lib/postgresql");
        return None;
    }
    let ports = [free_port(), free_port(), free_port()];
    let place = Place::new(Engine::Postgres, format!("http://127.0.0.1:{}", ports[0])).await;
    let mut nodes = ports.map(|port| place.node(port, &[]));
    for node in &mut nodes {
        node.ready().await;
    }
    Some((place, nodes))
}

/// Waits until every node knows what was declared.
async fn declared(nodes: &[Node], url: &str) {
    for node in nodes {
        for turn in 0.. {
            if node.machine().get(url).await.status != 400 {
                break;
            }
            assert!(turn < 200, "{} did not read anew: {}", node.address, node.log());
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_start_at_once_agree_on_one_set_of_keys() {
    for _ in 0..3 {
        let Some((place, nodes)) = three().await else { return };
        let mut sets = Vec::new();
        for node in &nodes {
            let mut keys: Vec<String> = node.machine().get("/.well-known/jwks.json").await.json()["keys"]
                .as_array()
                .expect("keys")
                .iter()
                .map(ToString::to_string)
                .collect();
            keys.sort();
            assert_eq!(keys.len(), 3, "{}", node.log());
            sets.push(keys);
            assert!(!node.log().contains("ERROR"), "{}", node.log());
        }
        assert!(sets.iter().all(|set| *set == sets[0]));
        let rows = Rows::at(&place.database_url).await;
        assert_eq!((rows.count("signing_keys").await, rows.count("installation").await), (3, 1));
        assert_eq!(rows.number("SELECT count(*) FROM installation WHERE organization LIKE 'org_%'").await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_sign_in_is_spread_over_three_nodes() {
    let Some((place, nodes)) = three().await else { return };
    let told = place.apply(SHOP);
    assert!(told.contains("+ client shop added"), "{told}");
    declared(&nodes, &ask(&[])).await;
    let shop = Rp::discover(&place.issuer, "shop", Some(SHOP_SECRET), SHOP_CALLBACK).await;
    let all = [&nodes[0], &nodes[1], &nodes[2]];
    for first in 0..3 {
        let phone = PHONE.replace('7', &first.to_string());
        let begun = shop.begin(&["openid", "phone", "offline"], &[]);
        let mut browser = Spread { visitor: Visitor::new(&place.issuer), nodes: all, turn: first };
        let sent = browser.get(&begun.url).await;
        let page = browser.get(&sent.location()).await;
        let asked = browser.once(Method::POST, &page.form("p_phone").0, Some(&[("p_phone", &phone)])).await;
        let page = browser.get(&asked.location()).await;
        let digits = passcode(&all, &phone).await;
        let back = browser
            .once(Method::POST, &page.form("p_confirmation_code").0, Some(&[("p_confirmation_code", &digits)]))
            .await;
        let back = Page { url: back.location(), ..back };
        // Its code is swapped at the issuer's address; any node gave it out.
        let tokens = shop.finish(begun, &back).await;
        assert_eq!(tokens.claims.phone_number().map(|number| number.as_str()), Some(phone.as_str()));
        // Each node knows the session, the access token and the refresh token, and each is used up everywhere.
        for node in all {
            assert_eq!(node.machine().userinfo(&tokens.access_token).await.status, 200);
            let silent = browser.get(&ask(&[("prompt", "none")])).await;
            assert!(silent.location().contains("code="), "{}", silent.location());
        }
        let mut refresh = tokens.refresh_token.expect("offline");
        for node in all {
            refresh = node.machine().refresh(&refresh, &[]).await.text("refresh_token");
        }
        assert_eq!(nodes[1].machine().redeem(&back.code(), &[]).await.refusal(), (400, "invalid_grant".into()));
        assert_eq!(nodes[2].machine().userinfo(&tokens.access_token).await.status, 401);
    }
    let mut messages = 0;
    for node in all {
        messages += node.machine().get("/dev/phone/messages").await.json().as_array().expect("a list").len();
    }
    assert_eq!(messages, 3, "one message each, whichever node sent it");
}
