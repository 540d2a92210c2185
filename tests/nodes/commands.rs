//! Commands beside a running server: it picks up what they changed by itself.

use crate::harness::rp::payload;
use crate::harness::ways::{ask, signed_in};
use crate::harness::{SHOP, Visitor, both};
use crate::node::{Node, Place, free_port};
use std::time::Duration;

pub async fn running(engine: crate::harness::Engine, settings: &[(&str, &str)]) -> (Place, Node) {
    let port = free_port();
    let place = Place::new(engine, format!("http://127.0.0.1:{port}")).await;
    let mut node = place.node(port, settings);
    node.ready().await;
    (place, node)
}

/// Looks until it is so.
pub async fn until(what: &str, node: &Node, look: impl AsyncFn() -> bool) {
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

both!(what_became_of_a_sign_in_is_told, async |engine| {
    let (place, node) = running(engine, &[]).await;
    let gone = "\n[[carrier]]\nname = \"gone\"\nkind = \"webhook\"\nurl = \"http://127.0.0.1:9/\"\nallow_private = true\n\
        channels = [\"voice\"]\nsecret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\n";
    place.apply(&format!("{SHOP}{gone}"));
    until("the client is served", &node, async || node.machine().get(&ask(&[])).await.status == 303).await;
    let number = "+2348031234567";
    let command = |args: &[&str]| {
        let output = place.run(args);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    // Nothing yet.
    let (code, _, wrong) = command(&["timeline", number]);
    assert_eq!(code, Some(2), "{wrong}");
    assert_eq!(command(&["timeline", "nonsense"]).0, Some(2));
    // Asked for in a browser, told on the command line.
    let mut visitor = Visitor::new(&place.issuer);
    let page = visitor.get(&ask(&[])).await;
    let page = crate::harness::rp::identify(&mut visitor, page, number).await;
    assert!(page.asks_digits());
    until("it is handed over", &node, async || command(&["timeline", number]).1.contains("taken by phone-page")).await;
    let (code, told, _) = command(&["timeline", number]);
    assert!(
        code == Some(0) && told.contains("passcode asked for by +234••••67") && !told.contains("8031234"),
        "{told}"
    );
    let id = told.split_whitespace().next().expect("an id").to_owned();
    assert!(id.starts_with("in_") && command(&["timeline", &id]).1 == told);
    // One that works, one that nobody answers at; the doctor tells them apart.
    let (code, said, _) = command(&["carriers", "test", "phone-page", number, "--channel", "sms"]);
    assert!(code == Some(0) && said.contains("by sms: delivered"), "{said}");
    let (code, _, wrong) = command(&["carriers", "test", "gone", number]);
    assert!(code == Some(2) && wrong.contains("not_reached"), "{wrong}");
    assert_eq!(command(&["carriers", "test", "nobody", number]).0, Some(2));
    let (code, said, wrong) = command(&["doctor"]);
    assert!(code == Some(2) && said.contains("MEND the gateway is not reached"), "{said}");
    assert!(said.contains("ok   shows every message") && wrong.contains("to mend"), "{said}{wrong}");
    assert!(!said.contains("whsec_"), "no secret is printed again");
    assert_eq!(command(&["carriers", "allow", number]).1, "nothing had told us to stop\n");
    let (code, said, _) = command(&["carriers", "sync"]);
    assert!(code == Some(0) && said.contains("gone (webhook)"), "{said}");
});
