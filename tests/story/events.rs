//! Events out: endpoints hear of what happens, signed, in order, at least once; and operators see who was told.

use crate::harness::operator::Operator;
use crate::harness::outside::{Outside, Seen};
use crate::harness::ways::{TEST, ask, signed_in};
use crate::harness::{Engine, House, SHOP, both};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign::flows::manage::apply::{Applied, apply};
use countersign::store;
use countersign::store::sql::sql;
use serde_json::{Value, json};

pub const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
pub const SCOPES: [&str; 9] = [
    "read:events",
    "update:events",
    "read:event_endpoints",
    "create:event_endpoints",
    "update:event_endpoints",
    "delete:event_endpoints",
    "read:people",
    "update:people",
    "delete:people",
];

/// An endpoint called like its path.
pub fn endpoint(outside: &Outside, name: &str, lines: &str) -> String {
    let url = &outside.url;
    format!(
        "\n[[event_endpoint]]\nname = \"{name}\"\nurl = \"{url}/{name}\"\nsecret = \"{SECRET}\"\nallow_private = true\n{lines}\n"
    )
}

pub async fn house(engine: Engine, declared: &str) -> House {
    House::with(engine, &format!("{SHOP}{declared}"), &[]).await
}

pub async fn settled(house: &House) {
    house.settle().await;
    for _ in 0..800 {
        if store::event_deliveries::count_pending(&house.app.db).await.expect("counts") == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("endpoints are left to be told");
}

/// As a careful receiver does: the signature first, over the bytes.
pub fn verified(seen: &Seen, secret: &str) -> bool {
    let header = |name: &str| seen.headers.get(name).map_or("", String::as_str);
    let said = format!("{}.{}.{}", header("webhook-id"), header("webhook-timestamp"), seen.body);
    let key = STANDARD.decode(secret.trim_start_matches("whsec_")).expect("base64");
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, &key);
    header("webhook-signature").strip_prefix("v1,").is_some_and(|tag| {
        let tag = STANDARD.decode(tag).expect("base64");
        aws_lc_rs::hmac::verify(&key, said.as_bytes(), &tag).is_ok()
    })
}

pub fn documents(seen: &[Seen]) -> Vec<Value> {
    let read = |seen: &Seen| {
        assert!(verified(seen, SECRET), "{seen:?}");
        assert_eq!(seen.content_type, "application/json");
        let document: Value = serde_json::from_str(&seen.body).expect("JSON");
        assert_eq!(seen.headers["webhook-id"], document["id"]);
        document
    };
    seen.iter().map(read).collect()
}

pub fn types(documents: &[Value]) -> Vec<&str> {
    documents.iter().map(|document| document["type"].as_str().expect("a type")).collect()
}

pub async fn count(house: &House, text: &'static str) -> i64 {
    let row: Option<(i64,)> = sql(text).optional(&house.app.db).await.expect("counts");
    row.expect("a row").0
}

pub async fn declare(house: &House, text: &str) {
    let applied = apply(&house.app, text, &|_| Err("none".into()), false).await.expect("applies");
    assert!(matches!(applied, Applied::Done(_)), "{applied:?}");
}

both!(a_sign_in_is_told_in_order_and_signed, async |engine| {
    let outside = Outside::open().await;
    let whole = endpoint(&outside, "whole", "identifiers = true");
    let house = house(engine, &[whole, endpoint(&outside, "masked", "")].concat()).await;
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&[])).await;
    let page = crate::harness::rp::identify(&mut visitor, page, "+2348031234567").await;
    let code = house.passcode("+2348031234567").await;
    house.settle().await;
    visitor.submit(&page, &[("p_confirmation_code", &code)]).await.code();
    settled(&house).await;
    for (path, number) in [("/whole", "+2348031234567"), ("/masked", "+234••••67")] {
        let seen = documents(&outside.seen(path));
        let of = |key: &str| -> Vec<&Value> { seen.iter().filter(|one| one["data"].get(key).is_some()).collect() };
        // What one sign-in did comes in order, and so does what became of one account.
        let of_sign_in: Vec<&str> = of("sign_in").iter().map(|one| one["type"].as_str().expect("a type")).collect();
        let sign_in = ["challenge.issued", "delivery.accepted", "delivery.delivered", "challenge.completed"];
        assert_eq!(of_sign_in, sign_in, "{path}");
        let of_account: Vec<&str> =
            types(&seen).into_iter().filter(|kind| kind.starts_with("s") && !kind.is_empty()).collect();
        assert_eq!(of_account, ["subject.created", "session.started"], "{path}");
        assert_eq!(seen.len(), 6, "{path}: {seen:?}");
        let find = |kind: &str| seen.iter().find(|one| one["type"] == kind).expect("one");
        let identifier = json!({ "kind": "phone", "value": number });
        assert_eq!(find("challenge.issued")["data"]["identifier"], identifier);
        assert_eq!(find("subject.created")["data"]["identifiers"], json!([identifier]));
        let accepted = &find("delivery.accepted")["data"];
        assert_eq!((&accepted["channel"], &accepted["carrier"]), (&json!("whatsapp"), &json!("phone-page")));
        assert_eq!(find("challenge.completed")["data"]["subject"], find("session.started")["data"]["subject"]);
        let at = time::OffsetDateTime::parse(
            find("session.started")["timestamp"].as_str().expect("a moment"),
            &time::format_description::well_known::Rfc3339,
        );
        assert_eq!(at.expect("RFC 3339").unix_timestamp(), house.app.now().secs());
        let all = format!("{:?}", outside.seen(path));
        assert!(!all.contains(&code), "a passcode is nobody's to hear");
    }
    assert!(!verified(&outside.seen("/whole")[0], "whsec_QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="));
    house.close().await;
});

both!(where_nobody_listens_nothing_is_written, async |engine| {
    let outside = Outside::open().await;
    let declared = endpoint(&outside, "off", "enabled = false");
    let other = endpoint(&outside, "other", "events = [\"client.*\"]");
    let house = house(engine, &[declared, other].concat()).await;
    signed_in(&mut house.visitor(), &[]).await.code();
    house.settle().await;
    assert_eq!(count(&house, "SELECT count(*) FROM events").await, 0);
    assert_eq!(count(&house, "SELECT count(*) FROM event_deliveries").await, 0);
    house.close().await;
});

both!(what_was_declared_and_who_was_blocked_is_told, async |engine| {
    let outside = Outside::open().await;
    let lines = "events = [\"client.*\", \"connection.*\", \"carrier.*\", \"subject.*\", \"session.ended\"]";
    let house = house(engine, &endpoint(&outside, "ledger", lines)).await;
    let operator = Operator::of(&house, &SCOPES).await;
    declare(&house, "[[connection]]\nname = \"mail\"\nkind = \"email\"\n").await;
    declare(&house, "[[connection]]\nname = \"mail\"\nkind = \"email\"\nenabled = false\n").await;
    signed_in(&mut house.visitor(), &[]).await.code();
    let person = operator.get(&format!("people?identifier={}", TEST.replace('+', "%2B"))).await;
    let id = person.json()["data"][0]["id"].as_str().expect("an id").to_owned();
    let path = format!("people/{id}");
    operator.send(reqwest::Method::PATCH, &path, &[], Some(&json!({ "blocked": true }))).await;
    operator.send(reqwest::Method::PATCH, &path, &[], Some(&json!({ "blocked": false }))).await;
    settled(&house).await;
    let seen = documents(&outside.seen("/ledger"));
    let of = |about: &str| -> Vec<(String, Value)> {
        let its = seen.iter().filter(|one| one["data"].to_string().contains(about));
        its.map(|one| (one["type"].as_str().expect("a type").to_owned(), one["data"]["changed"].clone())).collect()
    };
    assert_eq!(of("\"operator\""), [("client.created".to_owned(), Value::Null)]);
    let mail = [("connection.created".to_owned(), Value::Null), ("connection.updated".to_owned(), json!(["enabled"]))];
    assert_eq!(of("\"mail\""), mail);
    let of_person: Vec<String> = of(&id).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(of_person, ["subject.created", "session.ended", "subject.blocked", "subject.unblocked"]);
    house.close().await;
});

/// The claims of a JWT, as `@kinde/webhooks` finds them: by the keys that are published, and nothing else.
async fn decoded(house: &House, token: &str) -> Option<Value> {
    let header = jsonwebtoken::decode_header(token).ok()?;
    assert_eq!((header.typ.as_deref(), header.alg), (Some("event+jwt"), jsonwebtoken::Algorithm::RS256));
    let keys = house.machine().get("/.well-known/jwks.json").await.json();
    let key = keys["keys"].as_array()?.iter().find(|key| key["kid"].as_str() == header.kid.as_deref())?.clone();
    let key = jsonwebtoken::DecodingKey::from_jwk(&serde_json::from_value(key).ok()?).ok()?;
    let mut rules = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
    rules.required_spec_claims.clear();
    rules.validate_exp = false;
    rules.set_issuer(&[&house.issuer]);
    jsonwebtoken::decode::<Value>(token, &key, &rules).ok().map(|decoded| decoded.claims)
}

both!(the_same_comes_as_a_jwt_by_our_keys, async |engine| {
    let outside = Outside::open().await;
    let declared = endpoint(&outside, "kinde", "form = \"jwt\"\nevents = [\"subject.created\", \"session.*\"]");
    let house = house(engine, &declared).await;
    signed_in(&mut house.visitor(), &[]).await.code();
    settled(&house).await;
    let seen = outside.seen("/kinde");
    assert_eq!(seen.len(), 2);
    for (seen, kind) in seen.iter().zip(["subject.created", "session.started"]) {
        assert_eq!(seen.content_type, "application/jwt");
        let claims = decoded(&house, &seen.body).await.expect("a good one");
        assert_eq!((&claims["type"], &claims["source"]), (&json!(kind), &json!("user")));
        assert_eq!(claims["event_id"], seen.headers["webhook-id"]);
        assert!(claims["timestamp"].is_string() && claims["timestamp"] == claims["event_timestamp"]);
        assert!(claims["data"]["subject"].as_str().is_some_and(|id| id.starts_with("kp_")));
        assert!(verified(seen, SECRET), "signed as the other form is, too");
        // It is nothing else that we sign.
        assert_eq!(house.machine().userinfo(&seen.body).await.status, 401);
        let hinted = house.visitor().get(&format!("/logout?id_token_hint={}", seen.body)).await;
        assert_eq!(hinted.status, 400);
        let (kept, signature) = seen.body.rsplit_once('.').expect("a JWT");
        let other: String = signature.chars().rev().collect();
        assert_eq!(decoded(&house, &format!("{kept}.{other}")).await, None);
    }
    let created = decoded(&house, &seen[0].body).await.expect("a good one");
    assert_eq!(created["data"]["identifiers"], json!([{ "kind": "phone", "value": "+120••••43" }]));
    house.close().await;
});

both!(a_passcode_typed_wrong_too_often_and_messages_nobody_takes_are_told, async |engine| {
    let outside = Outside::open().await;
    let lines = "events = [\"challenge.*\", \"delivery.*\"]";
    let nobody = SHOP.replace("kind = \"dev_phone\"", "kind = \"dev_phone\"\nenabled = false");
    let house = House::with(engine, &format!("{nobody}{}", endpoint(&outside, "app", lines)), &[]).await;
    let mut visitor = house.visitor();
    let page = crate::harness::ways::waiting(&mut visitor, "+2348031234567").await;
    house.settle().await;
    for _ in 0..5 {
        crate::harness::ways::typed(&mut visitor, &page, "135790").await;
    }
    settled(&house).await;
    let seen = documents(&outside.seen("/app"));
    let failed = "delivery.failed";
    assert_eq!(types(&seen), ["challenge.issued", failed, failed, "challenge.exhausted"]);
    let told = |at: usize| ["channel", "class", "code"].map(|name| seen[at]["data"][name].clone());
    assert_eq!(told(1), ["whatsapp", "misconfigured", "no_carrier"]);
    assert_eq!(told(2), ["sms", "misconfigured", "no_carrier"]);
    assert_eq!(seen[0]["data"]["challenge"], seen[3]["data"]["challenge"]);
    house.close_anyway().await;
});

both!(a_sign_in_costs_what_it_costs_without, async |engine| {
    let outside = Outside::open().await;
    let settings = [("outbox.deliver", "false")];
    let other = endpoint(&outside, "other", "events = [\"client.*\", \"carrier.*\"]");
    let mut costs = Vec::new();
    for declared in [SHOP.to_owned(), format!("{SHOP}{other}")] {
        let house = House::with(engine, &declared, &settings).await;
        signed_in(&mut house.visitor(), &[]).await.code();
        let mut least = (u64::MAX, u64::MAX);
        // Whoever looks whether the catalog changed, once a second, adds a statement to one or another.
        for _ in 0..5 {
            let counted = || {
                let counted = house.app.db.counted();
                let read = |count: &std::sync::atomic::AtomicU64| count.load(std::sync::atomic::Ordering::Relaxed);
                (read(&counted.statements), read(&counted.transactions))
            };
            let before = counted();
            signed_in(&mut house.visitor(), &[]).await.code();
            let after = counted();
            least = least.min((after.0 - before.0, after.1 - before.1));
        }
        costs.push(least);
        house.close().await;
    }
    assert_eq!(costs[0], costs[1]);
});

both!(accounts_that_become_one_are_told_as_such_and_not_as_erased, async |engine| {
    let outside = Outside::open().await;
    let house = house(engine, &endpoint(&outside, "app", "events = [\"subject.*\"]")).await;
    let operator = Operator::of(&house, &SCOPES).await;
    // One person, in one browser.
    let mut visitor = house.visitor();
    let mut ids = Vec::new();
    for identifier in ["ada@shop.example", "+2348031234567"] {
        let page = visitor.get(&ask(&[("prompt", "login")])).await;
        let page = crate::harness::rp::identify(&mut visitor, page, identifier).await;
        let code = house.passcode(identifier).await;
        visitor.submit(&page, &[("p_confirmation_code", &code)]).await.code();
        let found = operator.get(&format!("people?identifier={}", identifier.replace('+', "%2B"))).await.json();
        ids.push(found["data"][0]["id"].as_str().expect("an id").to_owned());
    }
    let merged = operator.post(&format!("people/{}/merge", ids[0]), &json!({ "from": ids[1] })).await;
    assert_eq!(merged.status, 200, "{}", merged.body);
    settled(&house).await;
    let seen = documents(&outside.seen("/app"));
    let of = |id: &String| -> Vec<&Value> { seen.iter().filter(|one| one["data"]["subject"] == json!(id)).collect() };
    assert_eq!(of(&ids[0])[1]["type"], "subject.updated");
    let gone = of(&ids[1]);
    assert_eq!((gone.len(), &gone[1]["type"]), (2, &json!("subject.merged")));
    assert_eq!(gone[1]["data"], json!({ "subject": ids[1], "into": ids[0] }));
    house.close().await;
});
