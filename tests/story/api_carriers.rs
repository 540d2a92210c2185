//! `/api/v1`, where carriers are looked after: looked at before they are saved and after, synced, tried by a message that is followed.

use crate::harness::operator::Operator;
use crate::harness::outside::Outside;
use crate::harness::{House, SHOP, both};
use crate::setup_portal::{SECRET, report};
use reqwest::Method;
use serde_json::{Value, json};

const SCOPES: [&str; 4] = ["read:carriers", "create:carriers", "update:carriers", "read:audit"];

fn gateway(url: &str) -> Value {
    json!({
        "name": "gateway", "kind": "webhook", "url": url, "secret": SECRET, "allow_private": true, "receipts": true,
        "channels": ["sms"],
    })
}

both!(a_carrier_is_looked_at_before_it_is_made_and_after, async |engine| {
    let house = House::open(engine).await;
    let outside = Outside::open().await;
    let operator = Operator::of(&house, &SCOPES).await;
    let url = format!("{}/send", outside.url);
    outside.answer_with("/send", &[401]);
    let told = operator.post("carrier_checks", &gateway(&url)).await;
    assert_eq!((told.status, &told.json()["good"]), (200, &json!(false)), "{}", told.body);
    assert!(told.body.contains("refuses our signature") && !told.body.contains(SECRET), "{}", told.body);
    let told = operator.post("carrier_checks", &gateway(&url)).await;
    assert!(told.body.contains("takes our signature"), "{}", told.body);
    assert!(house.app.live().carrier("gateway").is_none(), "nothing is kept");
    let told =
        operator.post("carrier_checks", &json!({ "name": "gateway", "kind": "webhook", "url": "nowhere" })).await;
    assert_eq!((told.status, told.text("type")), (422, "urn:countersign:problem:wrong".into()), "{}", told.body);
    let fields: Vec<Value> =
        told.json()["errors"].as_array().expect("errors").iter().map(|one| one["field"].clone()).collect();
    assert!(fields.contains(&json!("url")), "{}", told.body);

    assert_eq!(operator.post("carriers", &gateway(&url)).await.status, 201);
    // As it is, without a body; and with another secret than the one it has.
    let as_it_is = operator.send(Method::POST, "carriers/gateway/check", &[], None).await;
    assert!(as_it_is.body.contains("takes our signature") && as_it_is.body.contains("receipts:"), "{}", as_it_is.body);
    let heard = outside.seen("/send").len();
    let told = operator.post("carriers/gateway/check", &json!({ "url": "nowhere" })).await;
    assert_eq!((told.status, outside.seen("/send").len()), (422, heard), "{}", told.body);
    let told = operator.post("carriers/gateway/check", &json!({ "timeout_seconds": 3 })).await;
    assert_eq!((told.status, outside.seen("/send").len()), (200, heard + 1), "{}", told.body);
    let synced = operator.send(Method::POST, "carriers/gateway/sync", &[], None).await;
    assert_eq!((synced.status, synced.body.contains("nothing to make")), (200, true), "{}", synced.body);
    for act in ["check", "sync"] {
        assert_eq!(operator.send(Method::POST, &format!("carriers/nowhere/{act}"), &[], None).await.status, 404);
    }
    let book = operator.get("audit?noun=carrier").await.json();
    let acts: Vec<(Value, Value)> = book["data"]
        .as_array()
        .expect("entries")
        .iter()
        .map(|entry| (entry["act"].clone(), entry["actor"].clone()))
        .take(4)
        .collect();
    let by = |act: &str| (json!(act), json!("client:operator"));
    assert_eq!(acts, [by("sync"), by("check"), by("check"), by("create")]);
    house.close().await;
});

both!(a_test_is_sent_and_followed_by_a_program, async |engine| {
    let outside = Outside::open().await;
    let house = House::with(engine, SHOP, &[]).await;
    let operator = Operator::of(&house, &SCOPES).await;
    assert_eq!(operator.post("carriers", &gateway(&format!("{}/send", outside.url))).await.status, 201);
    for (body, field) in [
        (json!({}), "to"),
        (json!({ "to": "nobody" }), "to"),
        (json!({ "to": "+2348031234567", "channel": "pigeon" }), "channel"),
        (json!({ "to": "+2348031234567", "by": "sms" }), "by"),
        (json!({ "to": "ada@mail.example" }), "to"),
    ] {
        let told = operator.post("carriers/gateway/test", &body).await;
        assert_eq!((told.status, &told.json()["errors"][0]["field"]), (422, &json!(field)), "{body}: {}", told.body);
    }
    assert_eq!(operator.post("carriers/nowhere/test", &json!({ "to": "+2348031234567" })).await.status, 404);
    assert_eq!(outside.seen("/send").len(), 0);
    let made = operator.post("carriers/gateway/test", &json!({ "to": "+2348031234567", "channel": "sms" })).await;
    assert_eq!((made.status, &made.json()["taken"]), (201, &json!(true)), "{}", made.body);
    let place = format!("/api/v1/carriers/gateway/tests/{}", made.text("id"));
    assert_eq!(made.header("location"), Some(place.as_str()));
    let path = place.strip_prefix("/api/v1/").expect("ours");
    let followed = operator.get(path).await;
    assert_eq!((followed.status, followed.text("state")), (200, "sent".into()), "{}", followed.body);
    let sent = outside.seen("/send").pop().expect("sent");
    let sent: Value = serde_json::from_str(&sent.body).expect("JSON");
    assert!(!followed.body.contains(sent["code"].as_str().expect("digits")), "a code is told nowhere");
    assert!(!followed.body.contains("8031234567"), "{}", followed.body);
    assert_eq!(report(&house, &json!({ "attempt": sent["attempt"], "status": "delivered" })).await, 200);
    let followed = operator.get(path).await.json();
    assert_eq!((&followed["state"], &followed["over"]), (&json!("delivered"), &json!(true)), "{followed}");
    assert!(followed["timeline"].to_string().contains("sms delivered, says gateway"), "{followed}");
    outside.answer_with("/send", &[401]);
    let refused = operator.post("carriers/gateway/test", &json!({ "to": "+2348031234567" })).await;
    assert_eq!((refused.status, &refused.json()["taken"]), (201, &json!(false)), "{}", refused.body);
    let followed = operator.get(&format!("carriers/gateway/tests/{}", refused.text("id"))).await.json();
    assert_eq!((&followed["state"], &followed["over"]), (&json!("refused"), &json!(true)), "{followed}");
    for gone in [path.replace("gateway", "phone-page"), "carriers/gateway/tests/test_x'--".to_owned()] {
        assert_eq!(operator.get(&gone).await.status, 404, "{gone}");
    }
    // With a key, the same request again sends nothing, whatever became of the first.
    for (key, taken, status) in [("k1", true, 200), ("k2", false, 401)] {
        outside.answer_with("/send", &[status]);
        let key = [("idempotency-key", key), ("content-type", "application/json")];
        let (body, other) = (json!({ "to": "+2348031234567" }), json!({ "to": "+2348031234568" }));
        let heard = outside.seen("/send").len();
        let first = operator.send(Method::POST, "carriers/gateway/test", &key, Some(&body)).await;
        let again = operator.send(Method::POST, "carriers/gateway/test", &key, Some(&body)).await;
        assert_eq!((first.status, again.status, &first.json()["taken"]), (201, 201, &json!(taken)), "{}", first.body);
        let same = |field: &str| assert_eq!(first.json()[field], again.json()[field], "{field}");
        same("id");
        same("taken");
        assert_eq!(outside.seen("/send").len(), heard + 1);
        let other = operator.send(Method::POST, "carriers/gateway/test", &key, Some(&other)).await;
        assert_eq!((other.status, other.text("type")), (422, "urn:countersign:problem:key-reused".into()));
        assert_eq!(outside.seen("/send").len(), heard + 1);
    }
    let book = operator.get("audit?noun=carrier&name=gateway").await;
    assert!(book.body.contains("\"act\":\"test\"") && !book.body.contains("8031234567"), "{}", book.body);
    let health = operator.get("carriers/gateway/health").await.json();
    assert_eq!(health["receipts_url"], json!(format!("{}/carriers/gateway/receipts", house.issuer)));
    assert_eq!((&health["channels"], &health["unusable"]), (&json!(["sms"]), &Value::Null), "{health}");
    assert_eq!(operator.patch("carriers/gateway", "*", &json!({ "enabled": false })).await.status, 200);
    assert!(operator.get("carriers/gateway/health").await.json()["unusable"].is_string());
    assert_eq!(operator.get("carriers/nowhere/health").await.status, 404);
    // Whoever reads does nothing.
    let reader = Operator::called(&house, "reader", &["read:carriers"]).await;
    assert_eq!(reader.get("carriers/gateway/health").await.status, 200);
    for act in ["check", "sync", "test"] {
        let told = reader.post(&format!("carriers/gateway/{act}"), &json!({ "to": "+2348031234567" })).await;
        assert_eq!(told.status, 403, "{act}: {}", told.body);
    }
    assert_eq!(reader.post("carrier_checks", &json!({})).await.status, 403);
    house.close().await;
});
