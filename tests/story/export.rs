//! `countersign export`: an installation as a file. Declared again it changes nothing, and elsewhere it makes the same.

use crate::harness::{House, both};
use countersign::domain::audit::By;
use countersign::flows::manage::apply::{Applied, Changes, How, apply, apply_so};
use countersign::flows::manage::export::export;

/// Every noun, and of each every key at another value than its usual one.
const EVERYTHING: &str = include_str!("../fixtures/everything.toml");

async fn declare(house: &House, text: &str) -> Result<Changes, String> {
    let file = |name: &str| Err(format!("no file {name}"));
    match apply(&house.app, text, &file, false).await.expect("applies") {
        Applied::Done(changes) => Ok(changes),
        Applied::Wrong(faults) => Err(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
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

both!(what_was_never_declared_is_no_change_either, async |engine| {
    let house = House::open(engine).await;
    let text = export(&house.app).await.expect("exports");
    assert_eq!(declare(&house, &text).await, Ok(Changes::default()), "{text}");
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
        "whsec_QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo=",
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
    for secret in
        ["carrier[0] \"mail\": password", "carrier[1] \"gateway\": secret", "event_endpoint[0] \"ledger\": secret"]
    {
        assert!(told.contains(&format!("{secret}: {{ kept = true }} keeps what is here already")), "{told}");
    }
    // Given those, apps notice nothing: ids and secrets are what they were.
    let mut given: toml::Table = toml::from_str(&text).expect("TOML");
    given["carrier"][0]["password"] = "correct horse battery".into();
    given["carrier"][1]["secret"] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into();
    given["event_endpoint"][0]["secret"] = "whsec_QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo=".into();
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

async fn prune(house: &House, text: &str, dry_run: bool) -> Result<Changes, String> {
    let file = |name: &str| Err(format!("no file {name}"));
    match apply_so(&house.app, &By::command(), text, &file, How { dry_run, prune: true }).await.expect("applies") {
        Applied::Done(changes) => Ok(changes),
        Applied::Wrong(faults) => Err(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
    }
}

both!(pruned_an_installation_is_what_the_file_says, async |engine| {
    let house = House::with(engine, "", &[]).await;
    declare(&house, EVERYTHING).await.expect("good");
    let all = export(&house.app).await.expect("exports");
    assert_eq!(prune(&house, &all, false).await, Ok(Changes::default()), "it names everything");
    let mut less: toml::Table = toml::from_str(&all).expect("TOML");
    for (noun, key) in
        [("client", "bank"), ("cap", ""), ("test_identifier", ""), ("feature_flag", "limits"), ("organization", "")]
    {
        let keep = |item: &toml::Value| {
            !key.is_empty() && !["id", "key"].iter().any(|name| item.get(name).and_then(|v| v.as_str()) == Some(key))
        };
        less[noun].as_array_mut().expect("a list").retain(keep);
    }
    let text = toml::to_string(&less).expect("TOML");
    let dry = prune(&house, &text, true).await.expect("good");
    assert_eq!(export(&house.app).await.expect("exports"), all, "a dry run changes nothing");
    let told = prune(&house, &text, false).await.expect("good");
    assert_eq!(told.lines, dry.lines);
    let lines = told.lines.join("\n");
    for line in [
        "- client bank removed",
        "- cap country-NG-hour removed",
        "- test identifier +120••••43 removed",
        "- feature flag limits removed",
    ] {
        assert!(lines.contains(line), "{line} in {lines}");
    }
    let now = export(&house.app).await.expect("exports");
    assert!(now.contains("org_acme") && !now.contains("[[cap]]") && !now.contains("bank.example"), "{now}");
    assert!(house.app.live().catalog.client("bank").is_none(), "at once");
    house.close().await;
});

both!(what_is_needed_is_not_pruned, async |engine| {
    let house = House::with(engine, "", &[]).await;
    declare(&house, EVERYTHING).await.expect("good");
    let all = export(&house.app).await.expect("exports");
    let mut less: toml::Table = toml::from_str(&all).expect("TOML");
    less.remove("connection");
    less.remove("carrier");
    let told = prune(&house, &toml::to_string(&less).expect("TOML"), false).await.expect_err("clients need them");
    assert!(told.contains("there is no connection \"phone\""), "{told}");
    assert_eq!(export(&house.app).await.expect("exports"), all, "nothing was changed");
    // What people hold is needed by them.
    let held = "[[role]]\nkey = \"boss\"\nname = \"Boss\"\n[[person]]\nidentifiers = [\"a@b.example\"]\n[[person.organization]]\ncode = \"default\"\nroles = [\"boss\"]\n";
    declare(&house, held).await.expect("good");
    let told = prune(&house, &all, false).await.expect_err("somebody has it");
    assert!(told.contains("role \"boss\": people have it: 1"), "{told}");
    house.close().await;
});
