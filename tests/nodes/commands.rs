//! Commands beside a running server: it picks up what they changed by itself.

use crate::harness::rp::payload;
use crate::harness::ways::{ask, signed_in};
use crate::harness::{SHOP, Visitor, both};
use crate::node::{Node, Place, free_port};
use std::time::Duration;

async fn running(engine: crate::harness::Engine, settings: &[(&str, &str)]) -> (Place, Node) {
    let port = free_port();
    let place = Place::new(engine, format!("http://127.0.0.1:{port}")).await;
    let mut node = place.node(port, settings);
    node.ready().await;
    (place, node)
}

/// Looks until it is so.
async fn until(what: &str, node: &Node, look: impl AsyncFn() -> bool) {
    for _ in 0..200 {
        if look().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what}: {}", node.log());
}

both!(what_is_applied_is_served, async |engine| {
    let (place, node) = running(engine, &[]).await;
    let machine = node.machine();
    assert_eq!(machine.get(&ask(&[])).await.status, 400);
    let file = place.file("shop.toml", SHOP);
    let file = file.to_str().expect("UTF-8");
    // Said, and not done.
    let dry = place.run(&["apply", "--dry-run", file]);
    let said = String::from_utf8_lossy(&dry.stdout).into_owned();
    assert!(
        dry.status.success() && said.contains("+ client shop added") && said.contains("dry run: nothing was changed"),
        "{said}"
    );
    assert_eq!(place.run(&["apply", "--dry-run", file]).stdout.len(), dry.stdout.len());
    assert!(place.apply(SHOP).contains("+ client shop added"));
    until("the client is served", &node, async || machine.get(&ask(&[])).await.status == 303).await;
    assert_eq!(place.apply(SHOP), "nothing to change\n");
    // One wrong line, and nothing changes at all.
    let wrong = format!(
        "{}\n[[client]]\nid = \"second\"\nname = \"Second\"\nkind = \"web\"\nredirect_uris = [\"http://evil.example/\"]\nconnections = [\"fax\"]\n",
        SHOP.replace("name = \"Shop\"", "name = \"Renamed\"")
    );
    let wrong = place.file("wrong.toml", &wrong);
    let output = place.run(&["apply", wrong.to_str().expect("UTF-8")]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said.contains("http://evil.example/") && said.contains("\"fax\"") && said.contains("nothing was changed"),
        "{said}"
    );
    let renamed = SHOP.replace("name = \"Shop\"", "name = \"Renamed\"");
    assert_eq!(place.apply(&renamed), "~ client shop changed: name\n");
    until("its new name shows", &node, async || {
        Visitor::new(&place.issuer).get(&ask(&[])).await.text().contains("Renamed")
    })
    .await;
    // A secret that is made is shown once.
    let machine_client = "[[client]]\nid = \"robot\"\nname = \"Robot\"\nkind = \"machine\"\n";
    let said = place.apply(machine_client);
    let secret = said.split("secret of robot, shown this once: ").nth(1).expect("a secret").trim();
    assert!((40..=60).contains(&secret.len()) && secret.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{said}");
    assert_eq!(place.apply(machine_client), "nothing to change\n");
});

both!(new_keys_are_published_before_they_sign, async |engine| {
    let (place, node) = running(engine, &[("keys.lead", "3s")]).await;
    place.apply(SHOP);
    let machine = node.machine();
    let kids = async || {
        let keys = machine.get("/.well-known/jwks.json").await.json();
        keys["keys"]
            .as_array()
            .expect("keys")
            .iter()
            .map(|key| key["kid"].as_str().expect("a kid").to_owned())
            .collect::<Vec<_>>()
    };
    until("the client is served", &node, async || machine.get(&ask(&[])).await.status == 303).await;
    let old = kids().await;
    assert_eq!(old.len(), 3);
    let mut visitor = Visitor::new(&place.issuer);
    let first = signed_in(&mut visitor, &[]).await;
    let before = machine.redeem(&first.code(), &[]).await.text("id_token");
    let rotated = place.run(&["keys", "rotate"]);
    assert!(rotated.status.success(), "{}", String::from_utf8_lossy(&rotated.stderr));
    until("new keys are published", &node, async || kids().await.len() == 6).await;
    assert!(old.iter().all(|kid| !kid.is_empty()));
    let all = kids().await;
    assert!(old.iter().all(|kid| all.contains(kid)), "old keys stay published");
    // Within the hour that the command's own lead is, the old key goes on signing.
    let silent = visitor.get(&ask(&[("prompt", "none")])).await;
    let after = machine.redeem(&silent.code(), &[]).await.text("id_token");
    assert_eq!(header(&before)["kid"], header(&after)["kid"]);
    assert!(old.contains(&header(&after)["kid"].as_str().expect("a kid").to_owned()));
    assert_eq!(payload(&before)["sub"], payload(&after)["sub"]);
});

fn header(jwt: &str) -> serde_json::Value {
    use base64::Engine;
    let part = jwt.split('.').next().expect("a header");
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).expect("base64url"))
        .expect("JSON")
}
