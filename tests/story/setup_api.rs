//! `/api/v1`, where things are set up: a client's two secrets, and what a number would go through.

use crate::harness::clients::{JWT_BEARER, by_secret, declared};
use crate::harness::machine::Answer;
use crate::harness::operator::Operator;
use crate::harness::{House, SHOP, both};
use countersign::flows::manage::apply::{Applied, apply};
use countersign::flows::manage::audit::{Filter, list};
use countersign::flows::manage::export::export;
use reqwest::Method;
use serde_json::{Value, json};

const SCOPES: [&str; 4] = ["create:client_secrets", "delete:client_secrets", "read:clients", "read:connections"];
const FIRST: &str = "cdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234";

async fn by_post(house: &House, secret: &str) -> Answer {
    let form = [("grant_type", "client_credentials"), ("client_id", "job"), ("client_secret", secret)];
    house.machine().post("/oauth2/token", &form).await
}

async fn by_mac(house: &House, secret: &str) -> Answer {
    let assertion = by_secret(secret, &json!({"alg": "HS256"}), &house.asserts("mac", json!({})));
    let form =
        [("grant_type", "client_credentials"), ("client_assertion_type", JWT_BEARER), ("client_assertion", &assertion)];
    house.machine().post("/oauth2/token", &form).await
}

fn clients() -> String {
    let secret = format!("secret = \"{FIRST}\"");
    SHOP.to_owned()
        + &declared("job", "machine", "client_secret_post", &secret)
        + &declared("mac", "machine", "client_secret_jwt", &secret)
        + &declared("spa", "spa", "none", "redirect_uris = [\"https://a.example/cb\"]\nconnections = [\"phone\"]")
}

fn wrong() -> (u16, String) {
    (401, "invalid_client".to_owned())
}

both!(two_secrets_work_until_the_old_one_ends, async |engine| {
    let house = House::with(engine, &clients(), &[]).await;
    let operator = Operator::of(&house, &SCOPES).await;
    for id in ["job", "mac"] {
        let made = operator.post(&format!("clients/{id}/secrets"), &json!({ "old_lives_seconds": 600 })).await;
        assert_eq!((made.status, made.header("cache-control")), (201, Some("no-store")), "{}", made.body);
        let new = made.text("secret");
        let left = made.json()["old_until"].as_i64().expect("seconds") - house.app.now().secs();
        assert_eq!((new.len(), (595..=600).contains(&left)), (52, true), "{}", made.body);
        let shown = async |secret: &str| match id {
            "job" => by_post(&house, secret).await,
            _ => by_mac(&house, secret).await,
        };
        assert_eq!((shown(FIRST).await.status, shown(&new).await.status), (200, 200), "{id}");
        assert_eq!(shown(&FIRST.replace('1', "2")).await.refusal(), wrong());
        let third = operator.post(&format!("clients/{id}/secrets"), &json!({})).await;
        assert_eq!((third.status, third.text("type")), (409, "urn:countersign:problem:two-secrets".into()));
        // Exported and declared again, it stays as it is.
        let text = export(&house.app).await.expect("exports");
        let again = apply(&house.app, &text, &|_| Err("none".into()), false).await.expect("applies");
        let client = |lines: &[String]| lines.iter().any(|line| line.contains("client"));
        assert!(matches!(&again, Applied::Done(changes) if !client(&changes.lines)), "{again:?}");
        house.pass(590);
        assert_eq!((shown(FIRST).await.status, shown(&new).await.status), (200, 200), "{id}");
        house.pass(12);
        assert_eq!((shown(FIRST).await.refusal(), shown(&new).await.status), (wrong(), 200), "{id}");
        assert_eq!(operator.delete(&format!("clients/{id}/secrets/old")).await.status, 404, "it has ended");
    }
    house.close().await;
});

both!(an_old_secret_is_ended_at_once, async |engine| {
    let house = House::with(engine, &clients(), &[]).await;
    let operator = Operator::of(&house, &SCOPES).await;
    let key = [("idempotency-key", "k1")];
    let body = json!({});
    let made = operator.send(Method::POST, "clients/job/secrets", &key, Some(&body)).await;
    let again = operator.send(Method::POST, "clients/job/secrets", &key, Some(&body)).await;
    assert_eq!((made.json(), again.status), (again.json(), 201), "for whoever lost the answer");
    let other = operator.send(Method::POST, "clients/mac/secrets", &key, Some(&body)).await;
    assert_eq!((other.status, other.text("type")), (422, "urn:countersign:problem:key-reused".into()));
    let second = made.text("secret");
    assert_eq!(operator.delete("clients/job/secrets/old").await.status, 204);
    assert_eq!((by_post(&house, FIRST).await.refusal(), by_post(&house, &second).await.status), (wrong(), 200));
    let third = operator.post("clients/job/secrets", &json!({ "old_lives_seconds": 0 })).await;
    assert_eq!((third.status, third.json()["old_until"].clone()), (201, Value::Null), "{}", third.body);
    assert_eq!(by_post(&house, &second).await.refusal(), wrong());
    assert_eq!(by_post(&house, &third.text("secret")).await.status, 200);
    let book = list(&house.app, &Filter::default(), None, 10).await.expect("read");
    let told: Vec<_> = book.iter().map(|one| (one.act.as_str(), one.noun.as_str(), one.name.as_str())).collect();
    let (rotated, ended) = (("rotate_secret", "client", "job"), ("end_old_secret", "client", "job"));
    assert_eq!(told[..3], [rotated, ended, rotated]);
    assert!(book.iter().all(|one| !one.after.as_ref().is_some_and(|after| after.to_string().contains(&second))));
    house.close().await;
});

both!(who_has_no_secret_gets_none, async |engine| {
    let house = House::with(engine, &clients(), &[]).await;
    let operator = Operator::of(&house, &SCOPES).await;
    let told = operator.post("clients/spa/secrets", &json!({})).await;
    assert_eq!((told.status, told.text("type")), (409, "urn:countersign:problem:no-secret".into()));
    assert_eq!(operator.post("clients/nobody/secrets", &json!({})).await.status, 404);
    assert_eq!(operator.delete("clients/job/secrets/old").await.status, 404);
    for body in [json!({ "old_lives_seconds": -1 }), json!({ "old_lives_seconds": 1e9 }), json!({ "lives": 1 })] {
        let told = operator.post("clients/job/secrets", &body).await;
        assert_eq!((told.status, told.json()["errors"][0]["field"].clone()), (422, json!("old_lives_seconds")));
    }
    let reader = Operator::called(&house, "reader", &["read:clients", "update:clients"]).await;
    assert_eq!(reader.post("clients/job/secrets", &json!({})).await.status, 403);
    assert_eq!(by_post(&house, FIRST).await.status, 200, "nothing was changed");
    house.close().await;
});

const WAYS: &str = r#"
[[carrier]]
name = "gateway"
kind = "webhook"
url = "http://127.0.0.1:9/send"
secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
allow_private = true
channels = ["sms"]
[[carrier.price]]
channel = "sms"
prefix = "+234"
amount = "0.0079"
[[carrier.price]]
channel = "sms"
prefix = ""
amount = "0.05"

[[connection]]
name = "ways"
kind = "phone"
countries = ["NG", "KE", "GH"]
ladder = ["whatsapp", "sms", "voice"]
[[connection.rung]]
channel = "whatsapp"
closed_in = ["NG"]
[[connection.rung]]
channel = "sms"
wait_seconds = 30
carriers = ["phone-page", "gateway"]
[[connection.rung.route]]
countries = ["NG"]
carriers = [{ carrier = "gateway", sender = "Shop" }]
[[connection.override]]
clients = ["kiosk"]
countries = ["KE"]
ladder = ["sms"]

[[cap]]
country = "NG"
per = "hour"
most = "0.50"
"#;

both!(what_a_number_would_go_through_is_told, async |engine| {
    let house = House::with(engine, &format!("{SHOP}{WAYS}"), &[]).await;
    let operator = Operator::of(&house, &SCOPES).await;
    let told = operator.get("connections/ways/preview?country=NG").await;
    assert_eq!(told.status, 200, "{}", told.body);
    let (told, sms) = (told.json(), |told: &Value| told["rungs"][1].clone());
    assert_eq!((told["offered"].clone(), told["currency"].clone()), (json!(true), json!("USD")));
    assert_eq!(told["rungs"][0]["closed"], "It is closed in NG.");
    let gateway = json!({ "carrier": "gateway", "sender": "Shop", "region": null, "price": "0.0079", "out": null });
    assert_eq!(sms(&told), json!({ "channel": "sms", "closed": null, "wait_seconds": 30, "carriers": [gateway] }));
    assert_eq!(
        told["caps"],
        json!([{ "cap": "country NG per hour", "most": "0.50", "spent": "0.00", "reached": false }])
    );
    let told = operator.get("connections/ways/preview?country=GH").await.json();
    let names: Vec<_> =
        sms(&told)["carriers"].as_array().expect("a list").iter().map(|one| one["carrier"].clone()).collect();
    assert_eq!((names, told["caps"].clone()), (vec![json!("phone-page"), json!("gateway")], json!([])));
    assert_eq!(sms(&told)["carriers"][1]["price"], "0.05");
    let told = operator.get("connections/ways/preview?country=KE&client=kiosk").await.json();
    assert_eq!((told["rungs"].as_array().map(Vec::len), told["rungs"][0]["channel"].clone()), (Some(1), json!("sms")));
    assert_eq!(told["not_offered"], json!(["The application kiosk does not offer this connection."]));
    let told = operator.get("connections/ways/preview?country=US&client=nobody").await.json();
    assert_eq!((told["offered"].clone(), told["not_offered"].as_array().map(Vec::len)), (json!(false), Some(2)));
    assert_eq!(operator.get("connections/ways/preview?country=Nigeria").await.status, 400);
    assert_eq!(operator.get("connections/nowhere/preview").await.status, 404);
    house.close().await;
});
