//! People and sign-ins through the API: found, blocked, signed out, and why a code did not arrive.

use crate::harness::operator::Operator;
use crate::harness::ways::{ask, signed_in};
use crate::harness::{House, both};
use countersign::store::sql::sql;
use reqwest::Method;
use serde_json::{Value, json};

const SCOPES: [&str; 5] = ["read:people", "update:people", "delete:people", "read:sign_ins", "read:audit"];
/// The number `signed_in` signs in with.
const NUMBER: &str = "+12025550143";

async fn person(operator: &Operator) -> Value {
    let found = operator.get(&format!("people?identifier={}", NUMBER.replace('+', "%2B"))).await;
    assert_eq!(found.status, 200, "{}", found.body);
    found.json()["data"][0].clone()
}

both!(who_is_blocked_is_out_everywhere_until_let_in_again, async |engine| {
    let house = House::open(engine).await;
    let operator = Operator::of(&house, &SCOPES).await;
    let mut visitor = house.visitor();
    let back = signed_in(&mut visitor, &[]).await;
    let tokens = house.machine().redeem(&back.code(), &[]).await.json();
    let (access, refresh) = (tokens["access_token"].as_str().expect("one"), tokens["refresh_token"].as_str());
    let known = person(&operator).await;
    assert_eq!(known["identifiers"], json!([{ "kind": "phone", "value": NUMBER }]));
    let path = format!("people/{}", known["id"].as_str().expect("an id"));
    assert_eq!(operator.get(&path).await.json(), known);
    let blocked = operator.send(Method::PATCH, &path, &[], Some(&json!({ "blocked": true }))).await;
    assert_eq!((blocked.status, blocked.json()["blocked"].clone()), (200, json!(true)), "{}", blocked.body);
    assert_eq!(house.machine().userinfo(access).await.status, 401);
    if let Some(refresh) = refresh {
        assert_eq!(house.machine().refresh(refresh, &[]).await.refusal(), (400, "invalid_grant".into()));
    }
    // Neither the browser's session nor a passcode lets them in.
    let silent = visitor.get(&ask(&[("prompt", "none")])).await;
    assert!(silent.location().contains("login_required"), "{}", silent.location());
    let again = operator.send(Method::PATCH, &path, &[], Some(&json!({ "blocked": true }))).await;
    assert_eq!(again.status, 200, "so already");
    let let_in = operator.send(Method::PATCH, &path, &[], Some(&json!({ "blocked": false }))).await;
    assert_eq!(let_in.json()["blocked"], false);
    signed_in(&mut house.visitor(), &[]).await.code();
    let book = operator.get("audit?noun=person").await.json();
    let acts: Vec<&str> =
        book["data"].as_array().expect("data").iter().filter_map(|entry| entry["act"].as_str()).collect();
    assert_eq!(acts, ["unblock", "block"], "what changes nothing is not written down");
    assert!(!book.to_string().contains("2025550143"), "the book names nobody's number");
    for wrong in [json!({}), json!({ "blocked": "yes" }), json!({ "blocked": true, "name": "x" })] {
        assert_eq!(operator.send(Method::PATCH, &path, &[], Some(&wrong)).await.status, 422, "{wrong}");
    }
    assert_eq!(
        operator.send(Method::PATCH, "people/kp_none", &[], Some(&json!({ "blocked": true }))).await.status,
        404
    );
    house.close().await;
});

both!(who_is_signed_out_everywhere_may_come_again, async |engine| {
    let house = House::open(engine).await;
    let operator = Operator::of(&house, &SCOPES).await;
    let (mut one, mut other) = (house.visitor(), house.visitor());
    signed_in(&mut one, &[]).await;
    let back = signed_in(&mut other, &[]).await;
    let access = house.machine().redeem(&back.code(), &[]).await.text("access_token");
    let path = format!("people/{}/sessions", person(&operator).await["id"].as_str().expect("an id"));
    assert_eq!(operator.send(Method::DELETE, &path, &[], None).await.status, 204);
    for visitor in [&mut one, &mut other] {
        assert!(visitor.get(&ask(&[("prompt", "none")])).await.location().contains("login_required"));
    }
    assert_eq!(house.machine().userinfo(&access).await.status, 401);
    signed_in(&mut one, &[]).await.code();
    assert_eq!(operator.get("audit?noun=person").await.json()["data"][0]["after"]["sessions"], 2);
    assert_eq!(operator.send(Method::DELETE, "people/kp_none/sessions", &[], None).await.status, 404);
    house.close().await;
});

both!(people_are_listed_newest_first, async |engine| {
    let house = House::open(engine).await;
    let operator = Operator::of(&house, &SCOPES).await;
    for n in 0..5 {
        let text = format!("[[person]]\nidentifiers = [\"p{n}@shop.example\"]\n");
        countersign::flows::manage::apply::apply(&house.app, &text, &|_| Err(String::new()), false)
            .await
            .expect("applies");
        house.pass(1);
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = operator.get(&format!("people?limit=2{cursor}")).await.json();
        seen.extend(
            page["data"]
                .as_array()
                .expect("data")
                .iter()
                .map(|one| one["identifiers"][0]["value"].as_str().expect("text").to_owned()),
        );
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, (0..5).rev().map(|n| format!("p{n}@shop.example")).collect::<Vec<_>>());
    for bad in ["people?cursor=x", "people?identifier=nobody", "sign_ins?cursor=x"] {
        assert_eq!(operator.get(bad).await.status, 400, "{bad}");
    }
    house.close().await;
});

both!(a_sign_in_tells_its_story_with_identifiers_masked, async |engine| {
    let house = House::open(engine).await;
    let operator = Operator::of(&house, &SCOPES).await;
    house.visitor().get(&ask(&[])).await;
    house.pass(1);
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&[])).await;
    crate::harness::rp::identify(&mut visitor, page, "+2348031234567").await;
    house.settle().await;
    house.pass(1);
    signed_in(&mut house.visitor(), &[]).await;
    let list = operator.get("sign_ins").await.json();
    let states: Vec<(String, Value)> = list["data"]
        .as_array()
        .expect("data")
        .iter()
        .map(|one| (one["state"].as_str().expect("a state").to_owned(), one["identifier"].clone()))
        .collect();
    let masked = [
        ("answered".to_owned(), json!("+120••••43")),
        ("asked".to_owned(), json!("+234••••67")),
        ("begun".to_owned(), Value::Null),
    ];
    assert_eq!(states, masked);
    let first = operator.get("sign_ins?limit=1").await.json();
    let next = operator.get(&format!("sign_ins?limit=1&cursor={}", first["next"].as_str().expect("more"))).await.json();
    assert_eq!(next["data"][0], list["data"][1]);
    assert_eq!(operator.get("sign_ins?client=kiosk").await.json()["data"], json!([]));
    let id = list["data"][1]["id"].as_str().expect("an id");
    let story = operator.get(&format!("sign_ins/{id}")).await.json();
    let told = story["timeline"].to_string();
    for line in [
        "sign-in page shown for shop",
        "passcode asked for by +234••••67",
        "to be sent by whatsapp",
        "taken by phone-page",
    ] {
        assert!(told.contains(line), "{line} in {told}");
    }
    assert!(!told.contains("8031234567"));
    assert_eq!(operator.get("sign_ins/in_none").await.status, 404);
    house.close().await;
});

both!(who_is_forgotten_leaves_nothing_behind_but_an_id_in_the_book, async |engine| {
    let house = House::open(engine).await;
    let operator = Operator::of(&house, &SCOPES).await;
    let mut visitor = house.visitor();
    let back = signed_in(&mut visitor, &[]).await;
    let access = house.machine().redeem(&back.code(), &[]).await.text("access_token");
    // Somebody else's stays.
    let mut other = house.visitor();
    let page = other.get(&ask(&[])).await;
    crate::harness::rp::identify(&mut other, page, "+2348031234567").await;
    house.settle().await;
    let id = person(&operator).await["id"].as_str().expect("an id").to_owned();
    assert_eq!(operator.send(Method::DELETE, &format!("people/{id}"), &[], None).await.status, 204);
    assert_eq!(operator.get(&format!("people/{id}")).await.status, 404);
    assert_eq!(operator.send(Method::DELETE, &format!("people/{id}"), &[], None).await.status, 404);
    assert_eq!(house.machine().userinfo(&access).await.status, 401);
    assert!(visitor.get(&ask(&[("prompt", "none")])).await.location().contains("login_required"));
    // Every row of every table of the house, but what the operator declared: neither number nor id, but in the book.
    for table in ["subjects", "identifiers", "memberships", "sessions", "grants", "consents"] {
        assert_eq!(count(&house, table).await, 0, "{table}");
    }
    for text in [
        "SELECT count(*) FROM challenges WHERE value = $1",
        "SELECT count(*) FROM outbox WHERE job LIKE '%' || $1 || '%'",
    ] {
        let row: Option<(i64,)> = sql(text).bind(NUMBER).optional(&house.app.db).await.expect("counts");
        assert_eq!(row, Some((0,)), "{text}");
    }
    let told = operator.get("audit?noun=person").await.json();
    assert_eq!((told["data"][0]["act"].clone(), told["data"][0]["name"].clone()), (json!("erase"), json!(id)));
    let others: Option<(i64,)> = sql("SELECT count(*) FROM challenges").optional(&house.app.db).await.expect("counts");
    assert_eq!(others, Some((1,)));
    // Who comes again is somebody new.
    signed_in(&mut house.visitor(), &[]).await.code();
    assert_ne!(person(&operator).await["id"].as_str(), Some(id.as_str()));
    house.close().await;
});

async fn count(house: &House, table: &str) -> i64 {
    let text = match table {
        "subjects" => "SELECT count(*) FROM subjects",
        "identifiers" => "SELECT count(*) FROM identifiers",
        "memberships" => "SELECT count(*) FROM memberships",
        "sessions" => "SELECT count(*) FROM sessions",
        "grants" => "SELECT count(*) FROM grants",
        _ => "SELECT count(*) FROM consents",
    };
    let row: Option<(i64,)> = sql(text).optional(&house.app.db).await.expect("counts");
    row.map_or(-1, |(count,)| count)
}
