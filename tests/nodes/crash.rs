//! Killed at any moment, a node loses no message it promised and repeats none.

use crate::harness::ways::ask;
use crate::harness::{Engine, SHOP, Visitor, both};
use crate::node::{Place, client, free_port, passcode};
use crate::rows::Rows;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const PHONE: &str = "+2348031234567";

async fn place(engine: Engine) -> (Place, u16) {
    let port = free_port();
    let place = Place::new(engine, format!("http://127.0.0.1:{port}")).await;
    place.apply(SHOP);
    (place, port)
}

both!(between_commit_and_send, async |engine| {
    let (place, port) = place(engine).await;
    let mut node = place.node(port, &[("outbox.deliver", "false")]);
    node.ready().await;
    let mut visitor = Visitor::new(&place.issuer);
    let page = visitor.get(&ask(&[])).await;
    let page = visitor.submit(&page, &[("p_phone", PHONE)]).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(node.messages(PHONE).await.is_empty());
    node.kill();

    let mut node = place.node(port, &[]);
    node.ready().await;
    let digits = passcode(&[&node], PHONE).await;
    let back = visitor.submit(&page, &[("p_confirmation_code", &digits)]).await;
    assert!(back.param("code").is_some(), "{}", back.text());
    empty(&Rows::at(&place.database_url).await).await;
    assert_eq!(node.messages(PHONE).await.len(), 1);
});

/// Waits until nothing is left to send.
async fn empty(rows: &Rows) {
    for _ in 0..600 {
        if rows.number("SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')").await == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("messages are left: {:?}", rows.texts("SELECT job || ' ' || state FROM outbox").await);
}

/// What was seen from outside.
#[derive(Default)]
struct Seen {
    /// Identifiers whose post was answered with the passcode page.
    accepted: Mutex<BTreeSet<String>>,
    /// Attempts shown on the phone, by identifier.
    shown: Mutex<BTreeMap<String, BTreeSet<String>>>,
    next: AtomicUsize,
}

/// Posts one new number after another until the node is gone.
async fn post(http: reqwest::Client, issuer: String, seen: Arc<Seen>) {
    loop {
        let phone = format!("+2348031{:06}", seen.next.fetch_add(1, Ordering::Relaxed));
        if accepted(&http, &issuer, &phone).await.is_none() {
            return;
        }
        seen.accepted.lock().expect("a lock").insert(phone);
    }
}

async fn accepted(http: &reqwest::Client, issuer: &str, phone: &str) -> Option<()> {
    let begun = http.get(format!("{issuer}{}", ask(&[]))).send().await.ok()?;
    let cookie = begun.headers()["set-cookie"].to_str().ok()?.split(';').next()?.to_owned();
    let page = begun.headers()["location"].to_str().ok()?.to_owned();
    let request = http.post(format!("{issuer}{page}")).header("cookie", cookie).form(&[("p_phone", phone)]);
    let answer = request.send().await.ok()?;
    assert_eq!(answer.status(), 303, "{}", answer.text().await.unwrap_or_default());
    Some(())
}

/// Looks at the phone again and again until the node is gone.
async fn watch(http: reqwest::Client, issuer: String, seen: Arc<Seen>) {
    while let Ok(answer) = http.get(format!("{issuer}/dev/phone/messages")).send().await {
        let Ok(messages) = answer.json::<Vec<Value>>().await else { return };
        for message in messages {
            let text = |name: &str| message[name].as_str().expect("text").to_owned();
            seen.shown.lock().expect("a lock").entry(text("to")).or_default().insert(text("id"));
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

both!(at_any_moment, async |engine| {
    let (place, port) = place(engine).await;
    let seen = Arc::new(Seen::default());
    let (http, settings) = (client(), [("outbox.lease", "1s")]);
    for (round, pause) in [90, 370, 180, 460, 230, 310].into_iter().cycle().take(36).enumerate() {
        // On a busy machine little goes through in one life: more lives, then.
        if round >= 6 && seen.accepted.lock().expect("a lock").len() > 20 {
            break;
        }
        let mut node = place.node(port, &settings);
        node.ready().await;
        let mut around = vec![tokio::spawn(watch(http.clone(), place.issuer.clone(), seen.clone()))];
        around.extend((0..4).map(|_| tokio::spawn(post(http.clone(), place.issuer.clone(), seen.clone()))));
        tokio::time::sleep(Duration::from_millis(pause)).await;
        node.kill();
        for task in around {
            task.await.expect("no panic");
        }
    }
    let mut node = place.node(port, &settings);
    node.ready().await;
    let watching = tokio::spawn(watch(http.clone(), place.issuer.clone(), seen.clone()));
    let rows = Rows::at(&place.database_url).await;
    empty(&rows).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    node.kill();
    watching.await.expect("no panic");

    // One attempt an identifier, at its end `sent`, and never another id on the phone.
    let mut attempts: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for row in rows.texts("SELECT id || '|' || state || '|' || job FROM outbox").await {
        let mut parts = row.splitn(3, '|');
        let mut part = || parts.next().expect("three parts").to_owned();
        let (id, state, job) = (part(), part(), part());
        let job: Value = serde_json::from_str(&job).expect("JSON");
        attempts.entry(job["to"].as_str().expect("a number").to_owned()).or_default().push((id, state));
    }
    let (accepted, shown) = (seen.accepted.lock().expect("a lock"), seen.shown.lock().expect("a lock"));
    assert!(accepted.len() > 20, "only {} posts went through", accepted.len());
    for phone in accepted.iter() {
        assert_eq!(attempts.get(phone).map(Vec::len), Some(1), "{phone}");
    }
    for (phone, attempts) in &attempts {
        let [(id, state)] = attempts.as_slice() else { panic!("{phone}: {attempts:?}") };
        assert_eq!(state, "sent", "{phone}");
        assert!(shown.get(phone).is_none_or(|shown| shown.len() == 1 && shown.contains(id)), "{phone}");
    }
    assert!(shown.keys().all(|phone| attempts.contains_key(phone)));
    // What the last node delivered was seen by somebody who looked.
    assert!(!shown.is_empty());
});
