//! The book of what operators did: whoever has the database alone cannot change it unseen.

use crate::harness::operator::Operator;
use crate::harness::{House, both};
use countersign::flows::manage::audit::{self, Verified};
use countersign::store::sql::sql;
use serde_json::json;

async fn kept(house: &House) -> i64 {
    match audit::verify(&house.app).await.expect("verifies") {
        Verified::Whole(count) => count,
        other => panic!("{other:?}"),
    }
}

async fn tamper(house: &House, text: &'static str) {
    assert!(sql(text).execute(&house.app.db).await.expect("runs") > 0, "{text} did nothing");
}

both!(a_changed_entry_shows, async |engine| {
    for text in [
        "UPDATE audit SET actor = 'client:somebody' WHERE seq = 3",
        "UPDATE audit SET after = '{}' WHERE seq = 3",
        "UPDATE audit SET before = '{}' WHERE seq = 3",
        "UPDATE audit SET at = at + 1000 WHERE seq = 3",
        "UPDATE audit SET name = 'x' WHERE seq = 3",
        "UPDATE audit SET address = '192.0.2.1' WHERE seq = 3",
        "UPDATE audit SET mac = (SELECT mac FROM audit WHERE seq = 2) WHERE seq = 3",
    ] {
        let house = House::open(engine).await;
        assert!(kept(&house).await > 3);
        tamper(&house, text).await;
        assert_eq!(audit::verify(&house.app).await.expect("verifies"), Verified::Broken(3), "{text}");
        house.close().await;
    }
});

both!(a_missing_entry_shows, async |engine| {
    let house = House::open(engine).await;
    let count = kept(&house).await;
    tamper(&house, "DELETE FROM audit WHERE seq = 3").await;
    assert_eq!(audit::verify(&house.app).await.expect("verifies"), Verified::Broken(4), "the next says so");
    house.close().await;
    // At the end nothing follows: the head says so.
    let house = House::open(engine).await;
    tamper(&house, "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)").await;
    assert_eq!(audit::verify(&house.app).await.expect("verifies"), Verified::Cut(count - 1));
    house.close().await;
});

both!(writers_at_once_keep_one_order, async |engine| {
    let house = House::open(engine).await;
    let scopes = ["create:resources", "read:resources"];
    let operator = std::sync::Arc::new(Operator::of(&house, &scopes).await);
    let before = kept(&house).await;
    let adding = (0..40).map(|n| {
        let operator = operator.clone();
        let body = json!({ "uri": format!("https://{n}.example"), "name": "API" });
        tokio::spawn(async move { operator.post("resources", &body).await.status })
    });
    for added in adding.collect::<Vec<_>>() {
        assert_eq!(added.await.expect("answers"), 201);
    }
    assert_eq!(kept(&house).await, before + 40);
    house.close().await;
});

both!(a_new_secret_is_written_down_without_it, async |engine| {
    let house = House::open(engine).await;
    let carrier = "[[carrier]]\nname = \"mail\"\nkind = \"smtp\"\nhost = \"mail.example\"\nusername = \"shop\"\npassword = \"correct horse battery\"\nfrom = \"no-reply@shop.example\"\n";
    for text in [carrier.to_owned(), carrier.replace("correct", "another")] {
        let none = |_: &str| Err("none".to_owned());
        countersign::flows::manage::apply::apply(&house.app, &text, &none, false).await.expect("applies");
    }
    let mut told = Vec::new();
    audit::read(&house.app, |entry| {
        told.extend((entry.name == "mail").then(|| serde_json::to_value(entry).expect("JSON")))
    })
    .await
    .expect("reads");
    assert_eq!(told.len(), 2, "{told:?}");
    let (before, after) = (&told[1]["before"]["password"], &told[1]["after"]["password"]);
    assert!(before["fingerprint"].is_string() && before != after, "{before} {after}");
    assert!(told.iter().all(|entry| !entry.to_string().contains("horse")));
    house.close().await;
});
