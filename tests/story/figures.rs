//! Figures: what operators see first is what the rows say, counted once, whoever counts and however often.

use crate::harness::operator::Operator;
use crate::harness::rp::identify;
use crate::harness::ways::{ask, signed_in, wrong};
use crate::harness::{House, SHOP, both};
use crate::rows::Rows;
use countersign::domain::figures::{Size, What};
use countersign::domain::ids::InteractionId;
use countersign::domain::time::Time;
use countersign::flows::figures;
use countersign::flows::seed::{Wanted, seed};
use countersign::store;
use countersign::store::sql::sql;
use serde_json::{Value, json};
use std::collections::BTreeMap;

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
    figures::count(&house.app, figures::Pace::AtOnce).await.expect("counts")
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
    figures::count(&house.app, figures::Pace::AtOnce).await.expect("counts them as they are now");
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

/// What a direct look at the rows says, whatever figures there are: `what: count`, the same words.
async fn direct(house: &House) -> BTreeMap<&'static str, i64> {
    let rows = Rows::of(house).await;
    let asked = "SELECT count(DISTINCT interaction_id) FROM challenges";
    let arrived = "(o.status >= 4 OR (c.spent_at IS NOT NULL AND o.id = (SELECT b.id FROM outbox b WHERE b.challenge_id = c.id AND b.state = 'sent'
        ORDER BY CASE WHEN b.status >= 4 THEN 1 ELSE 0 END DESC, b.created_at DESC, b.id DESC LIMIT 1)))";
    let used = arrived.replacen("o.status >= 4 OR ", "", 1);
    let all = [
        ("begun", "SELECT count(*) FROM interactions".to_owned()),
        ("asked", asked.to_owned()),
        ("asked_in", asked.to_owned()),
        ("delivered", "SELECT count(DISTINCT c.interaction_id) FROM challenges c LEFT JOIN outbox o ON o.challenge_id = c.id AND o.state <> 'mute' WHERE c.spent_at IS NOT NULL OR o.status >= 4".to_owned()),
        ("proven", format!("{asked} WHERE spent_at IS NOT NULL")),
        ("answered", "SELECT count(*) FROM interactions WHERE finished_at IS NOT NULL".to_owned()),
        ("tried", "SELECT count(*) FROM outbox WHERE state <> 'mute'".to_owned()),
        ("arrived", format!("SELECT count(*) FROM outbox o JOIN challenges c ON c.id = o.challenge_id WHERE {arrived}")),
        ("used", format!("SELECT count(*) FROM outbox o JOIN challenges c ON c.id = o.challenge_id WHERE {used}")),
        ("cost", "SELECT CAST(coalesce(sum(cost), 0) AS BIGINT) FROM outbox".to_owned()),
        ("estimate", "SELECT CAST(coalesce(sum(estimate), 0) AS BIGINT) FROM outbox WHERE cost IS NULL AND state = 'sent'".to_owned()),
        ("refused", "SELECT count(*) FROM moments WHERE what = 'refused'".to_owned()),
        ("took", "SELECT count(*) FROM interactions i WHERE finished_at IS NOT NULL AND EXISTS (SELECT 1 FROM challenges c WHERE c.interaction_id = i.id AND c.spent_at IS NOT NULL)".to_owned()),
    ];
    let mut counted = BTreeMap::new();
    for (what, sql) in all {
        counted.insert(what, rows.number(&sql).await);
    }
    counted
}

/// The same from the figures, by buckets of this size.
async fn figured(house: &House, size: Size) -> BTreeMap<&'static str, i64> {
    let all = store::figures::list_sums(&house.app.db, size, Time(0), Time(i64::MAX)).await.expect("lists");
    let mut counted: BTreeMap<&str, i64> = BTreeMap::new();
    for (key, tally) in all {
        let money = matches!(key.what, What::Cost | What::Estimate);
        *counted.entry(key.what.as_str()).or_default() += if money { tally.sum.0 } else { tally.count };
    }
    counted.retain(|what, count| {
        *count != 0 && !["silent", "delivered_in", "proven_in", "opened", "stopped"].contains(what)
    });
    counted
}

async fn as_direct(house: &House) {
    let mut direct = direct(house).await;
    direct.retain(|_, count| *count != 0);
    for size in Size::ALL {
        assert_eq!(figured(house, size).await, direct, "by {size:?}");
    }
}

const SEEDED: Wanted = Wanted { people: 60, sign_ins: 1_500, days: 1, seed: 11 };

both!(figures_are_what_the_rows_say, async |engine| {
    // A second node on the same database counts as well, and neither counts what the other did.
    let house = House::open(engine).await;
    let other = House::on(Some(house.database_url.clone()), "", &[]).await;
    seed(&house.app, SEEDED, |_, _, _| {}).await.expect("seeds");
    house.pass(11);
    other.pass(11);
    let (one, two) = tokio::join!(
        figures::count(&house.app, figures::Pace::AtOnce),
        figures::count(&other.app, figures::Pace::AtOnce)
    );
    one.expect("counts");
    two.expect("counts");
    settle(&house).await;
    as_direct(&house).await;
    // People go on meanwhile; then their time is over, and a receipt comes late.
    signed_in(&mut house.visitor(), &[]).await.code();
    house.visitor().get(&ask(&[])).await;
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&[])).await;
    identify(&mut visitor, page, NUMBER).await;
    house.passcode(NUMBER).await;
    house.settle().await;
    for seconds in [11, 600, 900, 1_800, 3_600] {
        house.pass(seconds);
        other.pass(seconds);
        let (one, two) = tokio::join!(
            figures::count(&house.app, figures::Pace::AtOnce),
            figures::count(&other.app, figures::Pace::Resting)
        );
        one.expect("counts");
        two.expect("counts");
    }
    settle(&house).await;
    as_direct(&house).await;
    other.close_anyway().await;
    house.close().await;
});

/// What one node has claimed another may still be at.
async fn settle(house: &House) {
    for _ in 0..200 {
        house.pass(1);
        figures::count(&house.app, figures::Pace::AtOnce).await.expect("counts");
        let open = Rows::of(house).await.number("SELECT count(*) FROM figure_buckets WHERE counted_at = 0").await;
        if open == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("buckets are left uncounted");
}

both!(a_count_that_was_cut_off_is_taken_up_again, async |engine| {
    let house = House::open(engine).await;
    seed(&house.app, SEEDED, |_, _, _| {}).await.expect("seeds");
    // One node claims some, and dies before it ends; another is cut off in the midst of all.
    let db = &house.app.db;
    drop(
        tokio::time::timeout(std::time::Duration::from_millis(60), figures::count(&house.app, figures::Pace::AtOnce))
            .await,
    );
    for bucket in store::figures::list_due(db, house.app.now()).await.expect("lists").iter().take(5) {
        let until = house.app.now().plus(std::time::Duration::from_secs(600));
        store::figures::claim(db, bucket, until).await.expect("claims");
    }
    drop(
        tokio::time::timeout(std::time::Duration::from_millis(60), figures::count(&house.app, figures::Pace::AtOnce))
            .await,
    );
    house.pass(601);
    figures::count(&house.app, figures::Pace::AtOnce).await.expect("counts");
    settle(&house).await;
    as_direct(&house).await;
    house.close().await;
});

both!(late_news_is_counted_where_it_belongs, async |engine| {
    let house = House::open(engine).await;
    seed(&house.app, SEEDED, |_, _, _| {}).await.expect("seeds");
    settle(&house).await;
    let before = figured(&house, Size::Hour).await;
    // A message of hours ago was delivered after all, and cost something.
    let id = Rows::of(&house).await.texts("SELECT interaction_id FROM outbox o WHERE state = 'sent' AND status < 4 AND currency IS NULL AND channel = 'sms' AND NOT EXISTS (SELECT 1 FROM challenges c WHERE c.id = o.challenge_id AND c.spent_at IS NOT NULL) ORDER BY id LIMIT 1").await.remove(0);
    let set = sql(
        "UPDATE outbox SET status = 4, reported_at = $2, cost = 5000, currency = 'EUR' WHERE interaction_id = $1 AND channel = 'sms'",
    );
    let changed = set.bind(&id).bind(house.app.now()).execute(&house.app.db).await.expect("changes");
    assert!(changed > 0);
    figures::changed(&house.app, &InteractionId::new(id)).await.expect("is told");
    house.pass(61);
    settle(&house).await;
    as_direct(&house).await;
    let after = figured(&house, Size::Hour).await;
    assert!(after["arrived"] > before["arrived"] && after["cost"] > before["cost"]);
    // What is old enough is forgotten: small buckets first.
    house.pass(4 * 24 * 3600);
    figures::sweep(&house.app).await.expect("sweeps");
    assert!(figured(&house, Size::FiveMinutes).await.is_empty());
    assert_eq!(figured(&house, Size::Day).await, after);
    figures::count(&house.app, figures::Pace::AtOnce).await.expect("counts nothing anew");
    assert_eq!(figured(&house, Size::Day).await, after);
    house.close().await;
});

both!(the_same_seed_makes_the_same, async |engine| {
    let house = House::open(engine).await;
    let mut told = Vec::new();
    let wanted = Wanted { people: 3_000, sign_ins: 2_500, days: 30, seed: 5 };
    seed(&house.app, wanted, |what, done, of| told.push((what.to_owned(), done, of))).await.expect("seeds");
    assert_eq!(told.last(), Some(&("sign-ins".to_owned(), 2_500, 2_500)));
    let rows = Rows::of(&house).await;
    assert_eq!((rows.count("subjects").await, rows.count("interactions").await), (3_000, 2_500));
    let identifiers = "SELECT value FROM identifiers ORDER BY kind, value";
    let first = rows.texts(identifiers).await;
    assert!(first.len() > 3_000, "some have two");
    for (channel, least) in [("whatsapp", 700), ("sms", 300), ("voice", 20), ("email", 300)] {
        let sent = rows.number(&format!("SELECT count(*) FROM outbox WHERE channel = '{channel}'")).await;
        assert!(sent > least, "{channel}: {sent}");
    }
    let id =
        rows.texts("SELECT id FROM interactions WHERE finished_at IS NOT NULL ORDER BY id LIMIT 1").await.remove(0);
    let story = countersign::flows::timeline::of_interaction(&house.app, &id).await.expect("tells").expect("there");
    assert!(story.lines.iter().any(|line| line.text.starts_with("passcode typed, right")));
    // Again, it adds nobody: the same people have the same numbers.
    let again = Wanted { sign_ins: 0, ..wanted };
    seed(&house.app, again, |_, _, _| {}).await.expect("seeds");
    assert_eq!(rows.texts(identifiers).await, first);
    house.close().await;
});
