//! Figures: what operators see first is what the rows say, counted once, whoever counts and however often.

use crate::harness::operator::Operator;
use crate::harness::rp::identify;
use crate::harness::ways::{ask, signed_in, wrong};
use crate::harness::{House, SHOP, both};
use countersign::flows::figures;
use serde_json::{Value, json};

pub const SCOPES: [&str; 2] = ["read:overview", "read:sign_ins"];
const NUMBER: &str = "+2348031234567";

async fn overview(operator: &Operator, window: &str) -> Value {
    let told = operator.get(&format!("overview?window={window}")).await;
    assert_eq!(told.status, 200, "{}", told.body);
    told.json()
}

/// Counts everything that is due, the newest too: ten seconds later it is due again.
async fn count(house: &House) -> usize {
    house.pass(11);
    figures::count(&house.app).await.expect("counts")
}

both!(an_empty_house_has_an_overview, async |engine| {
    let house = House::open(engine).await;
    let operator = Operator::of(&house, &SCOPES).await;
    for (window, points) in [("hour", 12), ("day", 24), ("month", 30)] {
        let told = overview(&operator, window).await;
        assert_eq!(told["window"], window);
        assert_eq!(told["course"].as_array().expect("a course").len(), points);
        let none = json!({ "begun": 0, "asked": 0, "delivered": 0, "proven": 0, "answered": 0 });
        assert_eq!((&told["sign_ins"], &told["before"], &told["counted_at"]), (&none, &none, &Value::Null));
        assert_eq!(told["took_ms"], json!({ "median": null, "p95": null }));
        for list in ["clients", "countries", "channels", "carriers", "ways", "spent", "caps", "attention"] {
            assert_eq!(told[list], json!([]), "{list}");
        }
    }
    assert_eq!(operator.get("overview").await.json()["window"], "day");
    let wrong = operator.get("overview?window=year").await;
    assert_eq!((wrong.status, wrong.text("type")), (400, "urn:countersign:problem:bad-window".into()));
    let other = Operator::called(&house, "other", &["read:sign_ins"]).await;
    assert_eq!(other.get("overview").await.status, 403);
    assert_eq!(count(&house).await, 0);
    house.close().await;
});

both!(sign_ins_are_counted_as_far_as_they_came, async |engine| {
    let house = House::open(engine).await;
    let operator = Operator::of(&house, &SCOPES).await;
    // One only looks, one asks and leaves, one is asked and mistypes, one goes all the way, one needs no message.
    house.visitor().get(&ask(&[])).await;
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&[])).await;
    identify(&mut visitor, page, "ada@example.com").await;
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&[])).await;
    let page = identify(&mut visitor, page, NUMBER).await;
    let passcode = house.passcode(NUMBER).await;
    house.settle().await;
    figures::count(&house.app).await.expect("counts them as they are now");
    house.pass(30);
    let page = visitor.submit(&page, &[("p_confirmation_code", &wrong(&passcode))]).await;
    visitor.submit(&page, &[("p_confirmation_code", &passcode)]).await.code();
    signed_in(&mut house.visitor(), &[]).await.code();
    assert!(count(&house).await > 0);
    let told = overview(&operator, "hour").await;
    let all = json!({ "begun": 4, "asked": 3, "delivered": 3, "proven": 2, "answered": 2 });
    assert_eq!(told["sign_ins"], all);
    assert_eq!(told["clients"], json!([{ "client": "shop", "sign_ins": all }]));
    let of = |asked: i64, delivered: i64, proven: i64| {
        let percent = (asked > 0).then(|| proven * 100 / asked);
        json!({ "asked": asked, "delivered": delivered, "proven": proven, "percent": percent })
    };
    let none = of(0, 0, 0);
    let mut countries = told["countries"].as_array().expect("countries").clone();
    countries.sort_by_key(|one| one["country"].to_string());
    let expected = [("", of(1, 1, 0)), ("NG", of(1, 1, 1)), ("US", of(1, 1, 1))];
    let expected = expected.map(|(country, now)| json!({ "country": country, "now": now, "before": none }));
    assert_eq!(countries, expected);
    assert_eq!(told["carriers"], json!([{ "carrier": "phone-page", "now": of(2, 2, 1), "before": none }]));
    let ways = json!([
        { "channel": "whatsapp", "country": "NG", "carrier": "phone-page", "now": of(1, 1, 1) },
        { "channel": "email", "country": "", "carrier": "phone-page", "now": of(1, 1, 0) },
    ]);
    assert_eq!(told["ways"], ways, "nothing is sent to a test identifier");
    let median = told["took_ms"]["p95"].as_i64().expect("a time");
    assert!((24_000..=42_000).contains(&median), "thirty seconds, in slots of a fifth: {median}");
    // The same in hours and days, and the same again however often it is counted.
    for _ in 0..3 {
        for window in ["hour", "day", "month"] {
            let again = overview(&operator, window).await;
            assert_eq!(again["sign_ins"], all, "{window}");
            let course = again["course"].as_array().expect("a course");
            let begun: i64 = course.iter().map(|one| one["sign_ins"]["begun"].as_i64().expect("a number")).sum();
            assert_eq!(begun, 4);
        }
        count(&house).await;
    }
    house.close().await;
});

both!(what_needs_somebody_is_told_worst_first, async |engine| {
    let caps = "\n[[cap]]\nper = \"hour\"\nmost = \"5\"\n\n[[cap]]\nper = \"day\"\ncountry = \"*\"\nmost = \"1\"\n";
    let declared = SHOP.to_owned() + caps;
    let house = House::with(engine, &declared, &[]).await;
    let operator = Operator::of(&house, &SCOPES).await;
    let limit = |key: &str| countersign::domain::limit::Limit {
        key: key.into(),
        most: 0,
        window: std::time::Duration::from_secs(3600),
    };
    for (key, by) in [("spend:hour:installation", 4_100_000), ("spend:day:country:NG", 1_000_000)] {
        countersign::store::counters::raise_by(&house.app.db, &limit(key), by, house.app.now()).await.expect("spends");
    }
    for _ in 0..5 {
        let now = house.app.now();
        let took = std::time::Duration::ZERO;
        house.app.health.saw("phone-page", countersign::domain::delivery::Channel::Sms, "NG", now, took, true);
    }
    house.app.health.refused("phone-page", Some("401 wrong token"));
    let told = overview(&operator, "hour").await;
    let attention = told["attention"].as_array().expect("a list");
    let kinds: Vec<_> = attention
        .iter()
        .map(|one| {
            (
                one["grave"].as_str().expect("text"),
                one["kind"].as_str().expect("text"),
                one["of"].as_str().expect("text"),
            )
        })
        .collect();
    let expected = [
        ("stops", "carrier-refuses", "phone-page"),
        ("stops", "cap-reached", "country-*-day"),
        ("threatens", "circuit-open", "phone-page"),
        ("threatens", "cap-near", "installation-hour"),
    ];
    assert_eq!(kinds, expected);
    assert!(attention.iter().all(|one| !one["mend"].as_str().expect("text").is_empty()));
    assert_eq!(attention[1]["what"], "1.00 of 1.00 USD spent by NG");
    assert_eq!(
        told["caps"][1],
        json!({ "name": "installation-hour", "of": "", "most": "5.00", "spent": "4.10", "currency": "USD", "percent": 82 })
    );
    // Without a carrier nobody gets a passcode.
    let gone = declared.replace("kind = \"dev_phone\"", "kind = \"dev_phone\"\nenabled = false");
    let gone = countersign::flows::manage::apply::apply(&house.app, &gone, &|_| Err(String::new()), false).await;
    assert!(gone.is_ok());
    house.app.health.refused("phone-page", None);
    let told = overview(&operator, "hour").await;
    let first = &told["attention"][0];
    assert_eq!((&first["grave"], &first["kind"]), (&json!("stops"), &json!("no-carrier")), "{told}");
    house.close().await;
});
