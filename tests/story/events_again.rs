//! Events when something is wrong: endpoints that fail, hang, are gone or stand where they may not; nodes that go silent; events
//! told again by operators.

use crate::events::{SCOPES, SECRET, count, declare, documents, endpoint, house, settled, types};
use crate::harness::operator::Operator;
use crate::harness::outside::Outside;
use crate::harness::ways::{TEST, signed_in};
use crate::harness::{House, SHOP, both};
use countersign::domain::audit::By;
use countersign::domain::identifier::Identifier;
use countersign::flows::manage::{accounts, export};
use countersign::flows::{events, sweep};
use countersign::store;
use countersign::telemetry::Outcome;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

const BLOCKS: &str = "events = [\"subject.blocked\", \"subject.unblocked\"]";
const NOBODY_TELLS: (&str, &str) = ("outbox.deliver", "false");

/// Somebody who can be blocked: their id.
async fn somebody(house: &House, mail: &str) -> String {
    declare(house, &format!("[[person]]\nidentifiers = [\"{mail}\"]\n")).await;
    let mail = Identifier::email(mail).expect("an address");
    let (id, _) = store::subjects::find_by_identifier(&house.app.db, &mail).await.expect("finds").expect("there");
    id.as_str().to_owned()
}

async fn block(house: &House, id: &str, blocked: bool) {
    let changed =
        accounts::change(&house.app, &By::command(), id, json!({ "blocked": blocked })).await.expect("blocks");
    assert!(matches!(changed, accounts::Outcome::Done(_)), "{changed:?}");
}

async fn pending(house: &House) -> i64 {
    store::event_deliveries::count_pending(&house.app.db).await.expect("counts")
}

/// Waits until an endpoint was tried in vain so many times.
async fn retried(house: &House, times: u64) {
    let outcome = Outcome { outcome: "retried" };
    house.until("it was tried", |app| app.metrics.events.get_or_create(&outcome).get() >= times).await;
}

/// Who it is about, and whether they were blocked.
fn story(documents: &[Value]) -> Vec<(String, bool)> {
    let one = |document: &Value| {
        let subject = document["data"]["subject"].as_str().expect("a subject").to_owned();
        (subject, document["type"] == "subject.blocked")
    };
    documents.iter().map(one).collect()
}

both!(what_fails_is_tried_again_and_holds_up_only_its_own, async |engine| {
    let outside = Outside::open().await;
    let house = house(engine, &endpoint(&outside, "app", BLOCKS)).await;
    let (one, other) = (somebody(&house, "one@shop.example").await, somebody(&house, "other@shop.example").await);
    outside.answer_with("/app", &[500]);
    block(&house, &one, true).await;
    outside.heard("/app", 1).await;
    retried(&house, 1).await;
    block(&house, &one, false).await;
    block(&house, &other, true).await;
    outside.heard("/app", 2).await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    let seen = documents(&outside.seen("/app"));
    assert_eq!(story(&seen), [(one.clone(), true), (other.clone(), true)], "what comes after waits");
    assert_eq!(pending(&house).await, 2);
    // After five seconds it is tried again, with the same id, and what waited follows.
    outside.answer_with("/app", &[302]);
    house.pass(5);
    outside.heard("/app", 3).await;
    retried(&house, 2).await;
    house.pass(299);
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(outside.seen("/app").len(), 3, "five minutes are not over");
    house.pass(1);
    settled(&house).await;
    let seen = documents(&outside.seen("/app"));
    let after = [(one.clone(), true), (one.clone(), true), (one.clone(), false)];
    assert_eq!(story(&seen[2..]), after);
    assert!(seen[0]["id"] == seen[2]["id"] && seen[2]["id"] == seen[3]["id"], "{seen:?}");
    let [first, last] = [&outside.seen("/app")[0], &outside.seen("/app")[3]];
    assert_ne!(first.headers["webhook-timestamp"], last.headers["webhook-timestamp"], "signed when it is sent");
    house.close().await;
});

both!(three_days_of_trouble_are_given_up_and_told_to_the_operator, async |engine| {
    let outside = Outside::open().await;
    let house = house(engine, &endpoint(&outside, "app", BLOCKS)).await;
    let one = somebody(&house, "one@shop.example").await;
    outside.answer_with("/app", &[500; 10]);
    block(&house, &one, true).await;
    block(&house, &one, false).await;
    for (tries, wait) in (1..).zip([5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]) {
        outside.heard("/app", tries).await;
        retried(&house, tries as u64).await;
        house.pass(wait);
    }
    settled(&house).await;
    let seen = documents(&outside.seen("/app"));
    assert_eq!(seen.len(), 11);
    assert_eq!(seen[10]["type"], "subject.unblocked", "the next of its line follows");
    let operator = Operator::of(&house, &SCOPES).await;
    let failed = operator.get("event_deliveries?endpoint=app&state=failed").await.json();
    let told = &failed["data"][0];
    assert_eq!(
        (&told["tries"], &told["status"], &told["detail"]),
        (&json!(10), &json!(500), &json!("it answered 500"))
    );
    let alerts = house.app.alerts.fresh(house.app.now());
    assert!(alerts.iter().any(|(kind, about, _)| *kind == "event_endpoint" && about == "app"), "{alerts:?}");
    house.close().await;
});

both!(an_endpoint_says_when_to_come_back_or_never, async |engine| {
    let outside = Outside::open().await;
    let house = house(engine, &endpoint(&outside, "app", BLOCKS)).await;
    let one = somebody(&house, "one@shop.example").await;
    outside.answer_with("/app", &[429]);
    outside.ask_back("/app", "120");
    block(&house, &one, true).await;
    retried(&house, 1).await;
    house.pass(100);
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(outside.seen("/app").len(), 1, "it asked for two minutes");
    outside.answer_with("/app", &[410]);
    house.pass(20);
    outside.heard("/app", 2).await;
    settled(&house).await;
    assert_eq!(outside.seen("/app").len(), 2, "gone is gone");
    block(&house, &one, false).await;
    settled(&house).await;
    assert_eq!(types(&documents(&outside.seen("/app")))[2], "subject.unblocked", "the next is told all the same");
    house.close().await;
});

both!(a_node_that_goes_silent_loses_nothing, async |engine| {
    let outside = Outside::open().await;
    let declared = format!("{SHOP}{}", endpoint(&outside, "app", BLOCKS));
    let house = House::with(engine, &declared, &[NOBODY_TELLS]).await;
    let (one, other) = (somebody(&house, "one@shop.example").await, somebody(&house, "other@shop.example").await);
    for id in [&one, &other] {
        block(&house, id, true).await;
        block(&house, id, false).await;
    }
    let claim = async || {
        let mut places = events::Places::default();
        events::claim(&house.app, &mut places).await.expect("claims").0
    };
    let lost = claim().await;
    assert_eq!(lost.len(), 2, "of each line the first");
    assert!(claim().await.is_empty(), "they are somebody's");
    house.pass(61);
    // Another takes over; and the silent one, late, still tells what it had: twice is allowed, never is not.
    let mut tried = claim().await;
    assert_eq!(tried.len(), 2);
    tried.extend(lost);
    loop {
        for (delivery, _place) in tried {
            events::tell(&house.app, delivery).await.expect("tells");
        }
        tried = claim().await;
        if tried.is_empty() {
            break;
        }
    }
    assert_eq!(pending(&house).await, 0);
    let seen = documents(&outside.seen("/app"));
    let mut once: Vec<&Value> = Vec::new();
    for document in &seen {
        if !once.iter().any(|known| known["id"] == document["id"]) {
            once.push(document);
        }
    }
    assert_eq!((seen.len(), once.len()), (6, 4));
    for id in [&one, &other] {
        let its: Vec<bool> = story(&once.iter().map(|one| (*one).clone()).collect::<Vec<_>>())
            .into_iter()
            .filter(|(of, _)| of == id)
            .map(|(_, blocked)| blocked)
            .collect();
        assert_eq!(its, [true, false]);
    }
    house.close().await;
});

both!(whatever_fails_each_line_comes_in_order, async |engine| {
    let outside = Outside::open().await;
    let house = house(engine, &endpoint(&outside, "app", BLOCKS)).await;
    let mut people = Vec::new();
    for n in 0..6 {
        people.push(somebody(&house, &format!("p{n}@shop.example")).await);
    }
    // Every third answer is a refusal of some kind.
    let answers: Vec<u16> = (0..60).map(|n| if n % 3 == 1 { [500, 503, 404, 301][n % 4] } else { 200 }).collect();
    outside.answer_with("/app", &answers);
    for round in 0..6 {
        for id in &people {
            block(&house, id, round % 2 == 0).await;
        }
    }
    for _ in 0..200 {
        if pending(&house).await == 0 {
            break;
        }
        house.pass(301);
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    assert_eq!(pending(&house).await, 0);
    let told = story(&documents(&outside.seen("/app")));
    for id in &people {
        let mut its: Vec<bool> = told.iter().filter(|(of, _)| of == id).map(|(_, blocked)| *blocked).collect();
        // Told twice in a row is told again.
        its.dedup();
        assert_eq!(its, [true, false, true, false, true, false]);
    }
    house.close().await;
});

both!(a_slow_endpoint_holds_up_nobody_else, async |engine| {
    let outside = Outside::open().await;
    outside.hang("/slow");
    let declared = [endpoint(&outside, "slow", BLOCKS), endpoint(&outside, "quick", BLOCKS)].concat();
    let house = house(engine, &declared).await;
    for n in 0..20 {
        block(&house, &somebody(&house, &format!("p{n}@shop.example")).await, true).await;
    }
    let soon = Duration::from_secs(8);
    tokio::time::timeout(soon, outside.heard("/quick", 20)).await.expect("all of them, at once");
    assert!(outside.seen("/slow").len() <= 16, "at one endpoint at once");
    house.close_anyway().await;
});

both!(private_addresses_are_not_called, async |engine| {
    let outside = Outside::open().await;
    let port = outside.url.rsplit(':').next().expect("a port").to_owned();
    let inside = format!("https://127.0.0.1:{port}/app");
    let declared = format!("\n[[event_endpoint]]\nname = \"app\"\nurl = \"{inside}\"\n{BLOCKS}\n");
    let house = house(engine, &declared).await;
    let operator = Operator::of(&house, &SCOPES).await;
    block(&house, &somebody(&house, "one@shop.example").await, true).await;
    retried(&house, 1).await;
    assert_eq!(outside.seen("/app").len(), 0);
    let told = operator.get("event_deliveries").await.json()["data"][0].clone();
    assert!(told["detail"].as_str().is_some_and(|detail| detail.contains("allow_private = true")), "{told}");
    assert_eq!((&told["state"], &told["status"]), (&json!("pending"), &Value::Null));
    // Plain http is not even declared.
    let plain = json!({ "name": "plain", "url": "http://shop.example/events" });
    let refused = operator.post("event_endpoints", &plain).await;
    assert_eq!((refused.status, &refused.json()["errors"][0]["field"]), (422, &json!("url")));
    house.close_anyway().await;
});

both!(a_secret_is_shown_once, async |engine| {
    let outside = Outside::open().await;
    let house = House::open(engine).await;
    let operator = Operator::of(&house, &SCOPES).await;
    let body = json!({ "name": "app", "url": format!("{}/app", outside.url), "allow_private": true });
    let made = operator.post("event_endpoints", &body).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let secret = made.text("secret");
    assert!(secret.starts_with("whsec_") && secret.len() == 50, "{secret}");
    let read = operator.get("event_endpoints/app").await;
    assert_eq!(read.json()["secret"], json!({ "kept": true }));
    assert_eq!(read.json()["events"], json!(["*"]));
    let mut same = read.json();
    same["identifiers"] = json!(true);
    let etag = read.header("etag").expect("a tag").to_owned();
    let changed = operator.patch("event_endpoints/app", &etag, &same).await;
    assert_eq!((changed.status, changed.json()["secret"].clone()), (200, json!({ "kept": true })), "{}", changed.body);
    let tested = operator.send(Method::POST, "event_endpoints/app/test", &[], None).await;
    assert_eq!(tested.status, 202, "{}", tested.body);
    let seen = outside.heard("/app", 1).await;
    assert!(crate::events::verified(&seen[0], &secret), "it is still the one that was shown");
    settled(&house).await;
    // Another, given.
    let other = operator.patch("event_endpoints/app", "*", &json!({ "secret": SECRET })).await;
    assert_eq!((other.status, other.json()["secret"].clone()), (200, json!({ "kept": true })));
    assert_ne!(other.header("etag"), changed.header("etag"), "that it is another shows");
    operator.send(Method::POST, "event_endpoints/app/test", &[], None).await;
    let seen = outside.heard("/app", 2).await;
    assert!(crate::events::verified(&seen[1], SECRET) && !crate::events::verified(&seen[1], &secret));
    settled(&house).await;
    for bad in ["whsec_c2hvcnQ=", "plain", ""] {
        assert_eq!(operator.patch("event_endpoints/app", "*", &json!({ "secret": bad })).await.status, 422, "{bad}");
    }
    let none = json!({ "name": "new", "url": "https://shop.example/", "secret": { "kept": true } });
    assert_eq!(operator.post("event_endpoints", &none).await.status, 422);
    let wrong = json!({ "name": "new", "url": "https://shop.example/", "events": ["user.created"], "form": "xml" });
    let wrong = operator.post("event_endpoints", &wrong).await;
    let fields: Vec<Value> =
        wrong.json()["errors"].as_array().expect("errors").iter().map(|one| one["field"].clone()).collect();
    assert_eq!(fields, ["events", "form"], "{}", wrong.body);
    let told =
        [export::export(&house.app).await.expect("exports"), operator.get("event_endpoints").await.body].concat();
    assert!(!told.contains("whsec_"), "{told}");
    house.close().await;
});

both!(operators_see_who_was_told_and_tell_again, async |engine| {
    let outside = Outside::open().await;
    let lines = format!("{BLOCKS}\nidentifiers = true");
    let declared = [endpoint(&outside, "app", &lines), endpoint(&outside, "late", "events = [\"client.*\"]")].concat();
    let house = house(engine, &declared).await;
    let operator = Operator::of(&house, &[&SCOPES[..], &["read:audit"]].concat()).await;
    let one = somebody(&house, "one@shop.example").await;
    block(&house, &one, true).await;
    house.pass(10);
    block(&house, &one, false).await;
    settled(&house).await;
    let list = operator.get(&format!("events?subject={one}")).await.json();
    let [second, first] = list["data"].as_array().expect("data").as_slice() else { panic!("two: {list}") };
    assert_eq!((&first["type"], &second["type"]), (&json!("subject.blocked"), &json!("subject.unblocked")));
    assert_eq!((&first["source"], &first["subject"]), (&json!("admin"), &json!(one)));
    let since = first["at"].as_i64().expect("a moment") + 1;
    for (query, ids) in [
        ("type=subject.blocked".to_owned(), vec![&first["id"]]),
        (format!("subject={one}&since={since}"), vec![&second["id"]]),
        (
            format!(
                "subject={one}&limit=1&cursor={}",
                operator.get(&format!("events?subject={one}&limit=1")).await.text("next")
            ),
            vec![&first["id"]],
        ),
        ("subject=kp_none".to_owned(), vec![]),
    ] {
        let found = operator.get(&format!("events?{query}")).await.json();
        let found: Vec<&Value> = found["data"].as_array().expect("data").iter().map(|event| &event["id"]).collect();
        assert_eq!(found, ids, "{query}");
    }
    for bad in ["events?type=user.created", "events?since=x", "event_deliveries?state=lost", "events?cursor=x"] {
        assert_eq!(operator.get(bad).await.status, 400, "{bad}");
    }
    let id = first["id"].as_str().expect("an id");
    let whole = operator.get(&format!("events/{id}")).await.json();
    let told = whole["deliveries"].as_array().expect("deliveries");
    assert_eq!(told.len(), 1);
    assert_eq!(
        (&told[0]["endpoint"], &told[0]["state"], &told[0]["status"]),
        (&json!("app"), &json!("delivered"), &json!(200))
    );
    // Again, to whom it went before; and to one that never heard of it.
    let replay = format!("events/{id}/replay");
    assert_eq!(operator.send(Method::POST, &replay, &[], None).await.status, 202);
    outside.heard("/app", 3).await;
    assert_eq!(operator.post(&replay, &json!({ "endpoint": "late" })).await.status, 202);
    outside.heard("/late", 1).await;
    settled(&house).await;
    let seen = [outside.seen("/app")[2].clone(), outside.seen("/late").pop().expect("one")];
    for document in documents(&seen) {
        assert_eq!((&document["id"], &document["type"]), (&json!(id), &json!("subject.blocked")));
    }
    let told = operator.get(&format!("events/{id}")).await.json();
    assert_eq!(told["deliveries"].as_array().expect("deliveries").len(), 3, "each time by itself");
    for (path, body, status) in [
        (replay.as_str(), json!({ "endpoint": "none" }), 422),
        (&replay, json!({ "endpoint": 7 }), 422),
        (&replay, json!({ "to": "app" }), 422),
        ("events/event_none/replay", json!({}), 404),
        ("event_endpoints/none/test", json!({}), 404),
    ] {
        assert_eq!(operator.post(path, &body).await.status, status, "{path} {body}");
    }
    assert_eq!(operator.get("events/event_none").await.status, 404);
    let book = operator.get(&format!("audit?noun=event&name={id}")).await.json();
    let acts: Vec<&Value> = book["data"].as_array().expect("data").iter().map(|entry| &entry["act"]).collect();
    assert_eq!(acts, ["replay", "replay"]);
    let reader = Operator::called(&house, "reader", &["read:events", "read:event_endpoints"]).await;
    assert_eq!(reader.post(&replay, &json!({})).await.status, 403);
    assert_eq!(reader.post("event_endpoints/app/test", &json!({})).await.status, 403);
    house.close().await;
});

both!(who_is_forgotten_is_forgotten_here_too, async |engine| {
    let outside = Outside::open().await;
    let house = house(engine, &endpoint(&outside, "app", "")).await;
    let operator = Operator::of(&house, &SCOPES).await;
    signed_in(&mut house.visitor(), &[]).await.code();
    signed_in(&mut house.visitor(), &[("login_hint", TEST)]).await.code();
    settled(&house).await;
    let found = operator.get(&format!("people?identifier={}", TEST.replace('+', "%2B"))).await;
    let id = found.json()["data"][0]["id"].as_str().expect("an id").to_owned();
    assert!(count(&house, "SELECT count(*) FROM events WHERE data LIKE '%2025550143%'").await > 2);
    assert_eq!(operator.send(Method::DELETE, &format!("people/{id}"), &[], None).await.status, 204);
    settled(&house).await;
    assert_eq!(count(&house, "SELECT count(*) FROM events WHERE data LIKE '%2025550143%'").await, 0);
    let left = operator.get(&format!("events?subject={id}")).await.json();
    let left: Vec<&Value> = left["data"].as_array().expect("data").iter().map(|event| &event["type"]).collect();
    assert_eq!(left, ["subject.erased"]);
    assert_eq!(types(&documents(&outside.seen("/app"))).last(), Some(&"subject.erased"));
    house.close().await;
});

both!(an_endpoint_that_is_paused_hears_later_and_one_that_is_gone_never, async |engine| {
    let outside = Outside::open().await;
    let house = house(engine, &endpoint(&outside, "app", BLOCKS)).await;
    let operator = Operator::of(&house, &SCOPES).await;
    let one = somebody(&house, "one@shop.example").await;
    outside.answer_with("/app", &[500]);
    block(&house, &one, true).await;
    retried(&house, 1).await;
    operator.patch("event_endpoints/app", "*", &json!({ "enabled": false })).await;
    house.pass(5);
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!((outside.seen("/app").len(), pending(&house).await), (1, 1));
    operator.patch("event_endpoints/app", "*", &json!({ "enabled": true })).await;
    outside.heard("/app", 2).await;
    settled(&house).await;
    outside.answer_with("/app", &[500]);
    block(&house, &one, false).await;
    retried(&house, 2).await;
    assert_eq!(operator.delete("event_endpoints/app").await.status, 204);
    assert_eq!(pending(&house).await, 0);
    let told = operator.get("event_deliveries?state=failed").await.json();
    assert_eq!(told["data"][0]["detail"], "the endpoint was taken away");
    house.close().await;
});

both!(events_are_kept_for_a_while, async |engine| {
    let outside = Outside::open().await;
    let house = house(engine, &endpoint(&outside, "app", BLOCKS)).await;
    let one = somebody(&house, "one@shop.example").await;
    block(&house, &one, true).await;
    settled(&house).await;
    house.pass(29 * 24 * 3600);
    sweep::sweep(&house.app).await.expect("sweeps");
    assert_eq!(count(&house, "SELECT count(*) FROM events").await, 1);
    house.pass(2 * 24 * 3600);
    sweep::sweep(&house.app).await.expect("sweeps");
    assert_eq!(count(&house, "SELECT count(*) FROM events").await, 0);
    assert_eq!(count(&house, "SELECT count(*) FROM event_deliveries").await, 0);
    house.close().await;
});
