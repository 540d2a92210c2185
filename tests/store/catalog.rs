//! What operators declared, browsers' rows, counters.

use crate::harness::both;
use crate::{Store, at};
use countersign::domain::carrier::{Carrier, CarrierKind, Smtp};
use countersign::domain::catalog::TestIdentifier;
use countersign::domain::client::{Algorithm, Branding, Client, ClientKind, Lifetimes};
use countersign::domain::connection::{Connection, ConnectionKind};
use countersign::domain::delivery::{Cap, Channel, Micros, Per, Scope};
use countersign::domain::identifier::{Identifier, Kind};
use countersign::domain::ids::{ClientId, ConnectionId};
use countersign::domain::limit::Limit;
use countersign::domain::resource::{ByLanguage, Resource};
use countersign::store::{browsers, catalog, counters, keys};
use std::time::Duration;

fn client(name: &str) -> Client {
    Client {
        secret_hash: Some("hash".into()),
        redirect_uris: vec!["https://a.example/cb".into()],
        connections: vec!["phone".into()],
        require_pkce: true,
        algorithm: Algorithm::EdDSA,
        sign_up: false,
        lifetimes: Lifetimes { access: 1, id: 2, refresh: 3 },
        branding: Branding { color: Some("#112233".into()), ..Branding::default() },
        ..Client::new(ClientId::new("shop"), name, ClientKind::Web)
    }
}

fn connection(name: &str, enabled: bool) -> Connection {
    Connection {
        id: ConnectionId::new(format!("conn_{name}")),
        name: name.into(),
        kind: ConnectionKind::Phone,
        enabled,
        default_country: Some("NG".into()),
        countries: vec!["NG".into(), "KE".into()],
        ladder: vec![Channel::Whatsapp, Channel::Sms],
        rungs: vec![],
        overrides: vec![],
    }
}

fn carrier(name: &str, kind: CarrierKind) -> Carrier {
    Carrier::new(name, kind)
}

both!(a_declaration_reads_back_as_written, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    assert_eq!(catalog::find_revision(db).await.expect("finds"), (0, String::new()));
    let mut tx = db.begin().await.expect("begins");
    catalog::hold(&mut tx).await.expect("holds");
    catalog::change_client(&mut tx, &client("Shop")).await.expect("adds");
    catalog::change_connection(&mut tx, &connection("sms", true)).await.expect("adds");
    catalog::change_connection(&mut tx, &connection("phone", true)).await.expect("adds");
    let orders = Resource {
        uri: "https://api.example/orders".into(),
        name: ByLanguage::from([("en".into(), "Orders".into())]),
        scopes: vec!["orders:read".into()],
        servers: vec!["orders".into()],
    };
    catalog::change_declared(&mut tx, "resource", &orders.uri, &orders).await.expect("adds");
    let smtp = CarrierKind::Smtp(Smtp {
        host: "mail.example".into(),
        port: Some(465),
        username: Some("shop".into()),
        from: "no-reply@shop.example".into(),
        ..Smtp::default()
    });
    catalog::change_carrier(&mut tx, &carrier("mail", smtp.clone()), Some(vec![0, 255, 7]), 1).await.expect("adds");
    catalog::change_carrier(&mut tx, &carrier("zphone", CarrierKind::DevPhone), None, 0).await.expect("adds");
    let test = TestIdentifier {
        identifier: Identifier::stored(Kind::Phone, "+12025550143".into()),
        passcode: "000000".into(),
    };
    catalog::change_test_identifier(&mut tx, &test).await.expect("adds");
    let cap = Cap { scope: Scope::Country("NG".into()), per: Per::Day, most: Micros(5) };
    catalog::change_cap(&mut tx, &cap).await.expect("adds");
    catalog::name_organization(&mut tx, "org_1").await.expect("names");
    catalog::raise_revision(&mut tx).await.expect("raises");
    tx.commit().await.expect("commits");

    let mut tx = db.begin().await.expect("begins");
    let read = catalog::list(&mut tx).await.expect("lists");
    drop(tx);
    assert_eq!((read.revision, read.organization.as_str()), (1, "org_1"));
    assert_eq!(read.resource(&orders.uri), Some(&orders));
    assert!(read.knows_scope("orders:read") && read.knows_scope("openid") && !read.knows_scope("orders:write"));
    assert_eq!(read.client("shop").map(|client| &**client), Some(&client("Shop")));
    assert_eq!(read.connections, [connection("phone", true), connection("sms", true)]);
    assert_eq!(read.carriers.iter().map(|sealed| sealed.carrier.name.as_str()).collect::<Vec<_>>(), ["zphone", "mail"]);
    assert_eq!(read.carriers[1].carrier, carrier("mail", smtp));
    assert_eq!(read.carriers[1].credentials, Some(vec![0, 255, 7]));
    assert_eq!(read.test_identifiers, std::slice::from_ref(&test));
    assert_eq!(read.caps, [cap]);

    // Declared again: changed in place. An organization is named once.
    catalog::change_client(db, &client("Boutique")).await.expect("changes");
    catalog::change_connection(db, &connection("sms", false)).await.expect("changes");
    catalog::change_carrier(db, &carrier("mail", CarrierKind::DevPhone), None, 0).await.expect("changes");
    let test = TestIdentifier { passcode: "111111".into(), ..test };
    catalog::change_test_identifier(db, &test).await.expect("changes");
    catalog::name_organization(db, "org_2").await.expect("leaves it");
    let mut tx = db.begin().await.expect("begins");
    let read = catalog::list(&mut tx).await.expect("lists");
    assert_eq!((read.clients.len(), read.connections.len(), read.carriers.len()), (1, 2, 2));
    assert_eq!(read.organization, "org_1");
    assert_eq!(read.client("shop").map(|client| client.name.as_str()), Some("Boutique"));
    assert!(!read.connection("sms").expect("there").enabled);
    assert_eq!(read.carriers[0].credentials, None);
    assert_eq!(read.test_identifiers, [test]);
});

both!(browsers_rows_live_until_they_end, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let data = "{\"sid\":\"sid_1 – ünïcode 🦀\"}";
    assert!(browsers::add(db, "a", data, at(100)).await.expect("adds"));
    assert!(!browsers::add(db, "a", "{}", at(100)).await.expect("is told it is taken"));
    let found = browsers::find(db, "a", at(99)).await.expect("finds").expect("a row");
    assert_eq!((found.data.as_str(), found.expires_at), (data, 100_000));
    assert!(browsers::find(db, "a", at(100)).await.expect("finds").is_none());
    browsers::change(db, "a", "{}", at(200)).await.expect("changes");
    browsers::change(db, "b", "{}", at(50)).await.expect("adds what is missing");
    assert_eq!(browsers::find(db, "a", at(100)).await.expect("finds").expect("a row").data, "{}");
    assert_eq!(browsers::forget_expired(db, at(60)).await.expect("forgets"), 1);
    browsers::forget(db, "a").await.expect("forgets");
    assert!(browsers::find(db, "a", at(1)).await.expect("finds").is_none());
});

both!(counters_count_in_windows, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let limit = |key: &str, seconds| Limit { key: key.into(), most: 2, window: Duration::from_secs(seconds) };
    let (short, long) = (limit("z", 10), limit("a", 100));
    for turn in 1..=3 {
        let counts = counters::raise(db, [&short, &long], at(turn)).await.expect("raises");
        let mut told: Vec<_> = counts.iter().map(|count| (count.key.as_str(), count.count, count.ends_at)).collect();
        told.sort();
        assert_eq!(told, [("a", turn, at(101)), ("z", turn, at(11))]);
        assert_eq!(short.exceeded(&counts).is_some(), turn > 2);
    }
    // The short window ended: it begins anew, the long one goes on.
    let counts = counters::raise(db, [&long, &short], at(11)).await.expect("raises");
    let mut told: Vec<_> = counts.iter().map(|count| (count.key.as_str(), count.count, count.ends_at)).collect();
    told.sort();
    assert_eq!(told, [("a", 4, at(101)), ("z", 1, at(21))]);
    // Rolled back, nothing was counted.
    let mut tx = db.begin().await.expect("begins");
    counters::raise(&mut tx, [&long, &short], at(12)).await.expect("raises");
    drop(tx);
    let mut tx = db.begin().await.expect("begins");
    let counts = counters::raise(&mut tx, [&long, &short], at(12)).await.expect("raises");
    tx.commit().await.expect("commits");
    assert!(counts.iter().any(|count| count.key == "z" && count.count == 2));
    assert_eq!(counters::forget_ended(db, "a", at(21)).await.expect("forgets"), 1);
    assert_eq!(counters::forget_ended(db, "", at(101)).await.expect("forgets"), 1);
});

both!(counters_that_ended_are_forgotten_a_stretch_at_a_time, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let limit = |n: i64, seconds| Limit { key: format!("k{n:04}"), most: 2, window: Duration::from_secs(seconds) };
    let mut tx = db.begin().await.expect("begins");
    for n in 0..1_250 {
        counters::raise(&mut tx, [&limit(2 * n, 10), &limit(2 * n + 1, 100)], at(1)).await.expect("raises");
    }
    tx.commit().await.expect("commits");
    let (mut after, mut forgotten) = (String::new(), vec![]);
    loop {
        let end = counters::find_end(db, &after).await.expect("finds");
        forgotten.push(counters::forget_ended(db, &after, at(50)).await.expect("forgets"));
        let Some(end) = end else { break };
        after = end;
    }
    assert_eq!(forgotten, [500, 500, 250]);
    assert_eq!(counters::find(db, "k0001", at(50)).await.expect("finds"), 1);
    assert_eq!(counters::find_end(db, "k1").await.expect("finds"), None);
});

both!(counters_lose_nothing_in_parallel, async |engine| {
    let store = Store::open(engine).await;
    let limit = |key: &str| Limit { key: key.into(), most: 2, window: Duration::from_secs(10) };
    let tasks: Vec<_> = (0..200)
        .map(|turn| {
            let db = store.db.clone();
            // Named in either order: neither waits for the other for ever.
            let pair = if turn % 2 == 0 { [limit("a"), limit("b")] } else { [limit("b"), limit("a")] };
            tokio::spawn(async move { counters::raise(&db, [&pair[0], &pair[1]], at(1)).await.expect("raises") })
        })
        .collect();
    let mut seen = Vec::new();
    for task in tasks {
        seen.extend(
            task.await.expect("no panic").into_iter().filter(|count| count.key == "a").map(|count| count.count),
        );
    }
    seen.sort();
    assert_eq!(seen, (1..=200).collect::<Vec<_>>(), "each saw a count of its own");
});

both!(keys_are_added_replaced_and_forgotten, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let key = |kid: &str, algorithm: &str, signs_at| keys::StoredKey {
        kid: kid.into(),
        algorithm: algorithm.into(),
        sealed: vec![1, 0, 255],
        signs_at,
        leaves_at: None,
    };
    keys::add(db, &key("new", "RS256", 20), at(1)).await.expect("adds");
    keys::add(db, &key("old", "RS256", 10), at(1)).await.expect("adds");
    keys::add(db, &key("other", "ES256", 15), at(1)).await.expect("adds");
    assert!(matches!(keys::add(db, &key("old", "ES256", 1), at(1)).await, Err(countersign::store::StoreError::Taken)));
    assert_eq!(keys::change_leaving(db, "RS256", "new", at(50)).await.expect("changes"), 1);
    assert_eq!(keys::change_leaving(db, "RS256", "new", at(60)).await.expect("changes nothing twice"), 0);
    let listed = keys::list(db).await.expect("lists");
    let told: Vec<_> = listed.iter().map(|key| (key.kid.as_str(), key.leaves_at)).collect();
    assert_eq!(told, [("old", Some(50_000)), ("other", None), ("new", None)]);
    assert_eq!(listed[0].sealed, [1, 0, 255]);
    assert_eq!(keys::forget_left(db, at(49)).await.expect("forgets"), 0);
    assert_eq!(keys::forget_left(db, at(50)).await.expect("forgets"), 1);
});
