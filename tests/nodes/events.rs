//! `countersign events` beside a running server, which tells what the command wrote.

use crate::commands::{running, until};
use crate::harness::both;
use crate::harness::outside::Outside;

both!(what_happened_is_listed_and_told_again, async |engine| {
    let outside = Outside::open().await;
    let (place, node) = running(engine, &[]).await;
    let endpoint = format!(
        "[[event_endpoint]]\nname = \"app\"\nurl = \"{}/app\"\nallow_private = true\nevents = [\"subject.*\"]\n",
        outside.url
    );
    let said = place.apply(&endpoint);
    let secret = said.split("secret of event endpoint app, shown this once: ").nth(1).expect("a secret").trim();
    assert!(secret.starts_with("whsec_"), "{said}");
    assert_eq!(place.apply(&endpoint), "nothing to change\n");
    place.apply("[[person]]\nidentifiers = [\"ada@shop.example\"]\n");
    outside.heard("/app", 2).await;
    let command = |args: &[&str]| {
        let output = place.run(&[&["events"], args].concat());
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let (code, told, _) = command(&["list", "--type", "subject.created"]);
    assert!(code == Some(0) && told.contains("a•••@•••.example") && !told.contains("ada@"), "{told}");
    let id = told.split_whitespace().find(|word| word.starts_with("event_")).expect("an id").to_owned();
    assert!(outside.seen("/app").iter().any(|seen| seen.headers["webhook-id"] == id));
    until("it is delivered", &node, async || command(&["deliveries", "--state", "delivered"]).1.contains(&id)).await;
    let (code, again, wrong) = command(&["replay", &id, "--endpoint", "app"]);
    assert!(code == Some(0) && again.contains("app pending"), "{again}{wrong}");
    assert_eq!(outside.heard("/app", 3).await[2].headers["webhook-id"], id);
    let (code, tried, _) = command(&["test", "app"]);
    assert!(code == Some(0) && tried.contains("endpoint.test"), "{tried}");
    outside.heard("/app", 4).await;
    for wrong in [&["replay", "event_none"][..], &["replay", &id, "--endpoint", "none"], &["test", "none"]] {
        assert_eq!(command(wrong).0, Some(2), "{wrong:?}");
    }
});
