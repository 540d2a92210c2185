//! `countersign export`: an installation as a file. Declared again it changes nothing, and elsewhere it makes the same.

use crate::harness::{House, both};
use countersign::flows::manage::apply::{Applied, Changes, apply};
use countersign::flows::manage::export::export;

/// Every noun, and of each every key at another value than its usual one.
const EVERYTHING: &str = include_str!("../fixtures/everything.toml");

async fn declare(house: &House, text: &str) -> Result<Changes, String> {
    let file = |name: &str| Err(format!("no file {name}"));
    match apply(&house.app, text, &file, false).await.expect("applies") {
        Applied::Done(changes) => Ok(changes),
        Applied::Wrong(faults) => Err(faults.join("\n")),
    }
}

both!(declared_again_an_export_changes_nothing, async |engine| {
    let house = House::with(engine, "", &[]).await;
    declare(&house, EVERYTHING).await.expect("good");
    let text = export(&house.app).await.expect("exports");
    assert_eq!(declare(&house, &text).await, Ok(Changes::default()), "{text}");
    assert_eq!(export(&house.app).await.expect("exports"), text, "twice the same");
    house.close().await;
});

both!(an_export_holds_every_key_and_no_secret, async |engine| {
    let house = House::with(engine, "", &[]).await;
    declare(&house, EVERYTHING).await.expect("good");
    let text = export(&house.app).await.expect("exports");
    for secret in [
        "correct horse battery",
        "abcdefghijabcdefghijabcdefghijabcdefghij",
        "tokentokentokentokentokentokentokentoken",
    ] {
        assert!(EVERYTHING.contains(secret) && !text.contains(secret), "{secret} in {text}");
    }
    let (wanted, found): (toml::Table, toml::Table) =
        (toml::from_str(EVERYTHING).expect("TOML"), toml::from_str(&text).expect("TOML"));
    for (noun, items) in &wanted {
        if noun == "person" {
            assert!(found.get(noun).is_none(), "people are no part of it");
            continue;
        }
        let keys = |items: &toml::Value| -> std::collections::BTreeSet<String> {
            let items = items.as_array().into_iter().flatten();
            items.flat_map(|item| item.as_table().into_iter().flat_map(toml::Table::keys).cloned()).collect()
        };
        let found = keys(&found[noun]);
        for key in keys(items) {
            let stands_for = match (noun.as_str(), key.as_str()) {
                ("client", "secret") => "secret_sha256",
                ("registration", "token") => "token_sha256",
                (_, other) => other,
            };
            assert!(found.contains(stands_for), "{noun}.{key} in {text}");
        }
    }
    house.close().await;
});

both!(elsewhere_it_makes_the_same, async |engine| {
    let house = House::with(engine, "", &[]).await;
    declare(&house, EVERYTHING).await.expect("good");
    let text = export(&house.app).await.expect("exports");
    let other = House::with(engine, "", &[]).await;
    let told = declare(&other, &text).await.expect_err("its carriers' secrets are not here");
    for secret in ["carrier[0] \"mail\": password", "carrier[1] \"gateway\": secret"] {
        assert!(told.contains(&format!("{secret}: {{ kept = true }} keeps what is here already")), "{told}");
    }
    // Given those, apps notice nothing: ids and secrets are what they were.
    let mut given: toml::Table = toml::from_str(&text).expect("TOML");
    given["carrier"][0]["password"] = "correct horse battery".into();
    given["carrier"][1]["secret"] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into();
    let text = toml::to_string(&given).expect("TOML");
    let changes = declare(&other, &text).await.expect("good");
    assert_eq!(changes.made_secrets, [], "none is made anew");
    assert_eq!(export(&other.app).await.expect("exports"), export(&house.app).await.expect("exports"));
    house.close().await;
    other.close().await;
});

both!(a_connection_keeps_the_id_apps_know, async |engine| {
    let house = House::open(engine).await;
    let id = house.app.live().catalog.connection("phone").expect("declared").id.as_str().to_owned();
    let text = "[[connection]]\nname = \"phone\"\nkind = \"phone\"\nid = \"conn_00000000000000000000000000000000\"\n";
    let told = declare(&house, text).await.expect_err("another id");
    assert!(told.contains("connection \"phone\": id: "), "{told}");
    let taken = format!("[[connection]]\nname = \"other\"\nkind = \"phone\"\nid = \"{id}\"\n");
    assert!(declare(&house, &taken).await.is_err(), "another's id");
    assert!(declare(&house, &taken.replace(&id, "conn_x")).await.expect_err("no id").contains("32 hex"));
    house.close().await;
});
