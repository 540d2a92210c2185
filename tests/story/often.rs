//! What clients may have kept for them only so often, and by whom it is counted.

use crate::harness::machine::Answer;
use crate::harness::{House, SHOP, SHOP_CALLBACK, SHOP_SECRET, both};
use crate::registration::{POLICIES, TOKEN, metadata, register};
use reqwest::Method;
use serde_json::json;

const PROXY: (&str, &str) = ("proxy.trusted", "127.0.0.0/8");

fn is_too_often(answer: &Answer) -> bool {
    if answer.status != 429 {
        return false;
    }
    assert_eq!(answer.text("error"), "temporarily_unavailable");
    assert!(
        answer
            .header("retry-after")
            .and_then(|wait| wait.parse().ok())
            .is_some_and(|wait: u64| (1..=60).contains(&wait))
    );
    true
}

both!(pushed_requests_are_counted_for_a_client_and_an_address, async |engine| {
    let house = House::with(engine, SHOP, &[PROXY, ("clients.kept_per_minute", "3")]).await;
    let push = async |from: &str, extra: &[(&str, &str)]| {
        house.machine().push_with(&[("x-forwarded-for", from.to_owned())], extra).await
    };
    for turn in 1..=5 {
        assert_eq!(is_too_often(&push("192.0.2.1", &[]).await), turn > 3, "{turn}");
    }
    // Elsewhere, or another client, is another count; whoever cannot show who it is counts for nobody.
    assert_eq!(push("192.0.2.2", &[]).await.status, 201);
    let members = [
        ("client_id", "members"),
        ("client_secret", "bcdefghijabcdefghijabcdefghijabcdefghijabcdefghij123"),
        ("redirect_uri", "http://127.0.0.1:4200/callback"),
    ];
    assert_eq!(push("192.0.2.1", &members).await.status, 201);
    for _ in 0..5 {
        assert_eq!(push("192.0.2.3", &[("client_secret", "wrong")]).await.refusal(), (401, "invalid_client".into()));
    }
    assert_eq!(push("192.0.2.3", &[]).await.status, 201);
    house.pass(61);
    assert_eq!(push("192.0.2.1", &[]).await.status, 201);
    house.close().await;
});

both!(where_no_address_can_be_known_a_client_is_counted_whole, async |engine| {
    let house = House::with(engine, SHOP, &[("clients.kept_per_minute", "2")]).await;
    for (turn, from) in [(1, "192.0.2.1"), (2, "192.0.2.2"), (3, "192.0.2.3")] {
        let answer = house.machine().push_with(&[("x-forwarded-for", from.to_owned())], &[]).await;
        assert_eq!(is_too_often(&answer), turn > 2, "a stranger's word on addresses is none");
    }
    house.close().await;
});

both!(codes_of_devices_are_counted_the_same_way, async |engine| {
    let tv = "\n[[client]]\nid = \"tv\"\nname = \"Television\"\nkind = \"native\"\ngrant_types = [\"device_code\"]\nconnections = [\"phone\"]\n";
    let house = House::with(engine, &format!("{SHOP}{tv}"), &[PROXY, ("clients.kept_per_minute", "2")]).await;
    let form = [("client_id", "tv"), ("scope", "openid")];
    for (from, good) in [("192.0.2.1", true), ("192.0.2.1", true), ("192.0.2.1", false), ("192.0.2.2", true)] {
        let headers = [("x-forwarded-for", from)];
        let answer = house.machine().send(Method::POST, "/oauth2/device/auth", &headers, Some(&form)).await;
        assert_eq!(is_too_often(&answer), !good, "{from}: {}", answer.body);
    }
    house.close().await;
});

both!(registrations_are_counted_by_the_address_a_proxy_tells, async |engine| {
    let house = House::with(engine, &format!("{SHOP}{POLICIES}"), &[PROXY]).await;
    let register = async |from: &str| {
        let headers = [("content-type", "application/json"), ("x-forwarded-for", from)];
        house.machine().raw("/oauth2/register", &headers, metadata(json!({})).to_string().into_bytes()).await.status
    };
    for turn in 1..=7 {
        assert_eq!(register("203.0.113.9, 192.0.2.1").await, if turn <= 5 { 201 } else { 429 }, "{turn}");
    }
    assert_eq!(register("192.0.2.1, 192.0.2.2").await, 201, "the last word is the proxy's");
    for turn in 1..=6 {
        let from = format!("2001:db8:1:2::{turn}");
        assert_eq!(register(&from).await, if turn <= 5 { 201 } else { 429 }, "a network is one address: {turn}");
    }
    house.close().await;
});

both!(a_policy_never_has_more_clients_than_it_may, async |engine| {
    let declared = format!("{SHOP}{}", POLICIES.replace("most_clients = 20", "most_clients = 4"));
    let house = House::with(engine, &declared, &[]).await;
    let machine = house.machine();
    let wanted = metadata(json!({ "grant_types": ["authorization_code"] }));
    let all = futures_util::future::join_all((0..12).map(|_| register(&machine, TOKEN, &wanted))).await;
    let came: Vec<&Answer> = all.iter().filter(|answer| answer.status == 201).collect();
    assert_eq!(came.len(), 4);
    assert!(all.iter().filter(|answer| answer.status != 201).all(|answer| answer.status == 429));
    // Each is known here at once, and one taken back makes room.
    let live = house.app.live();
    assert_eq!(live.catalog.registered_by("partners"), 4);
    assert!(came.iter().all(|answer| live.catalog.client(&answer.text("client_id")).is_some()));
    let place = crate::registration::place(&house, came[0]);
    let gone = machine.json(Method::DELETE, &place, &came[0].text("registration_access_token"), None).await;
    assert_eq!(gone.status, 204);
    assert!(house.app.live().catalog.client(&came[0].text("client_id")).is_none());
    assert_eq!(register(&machine, TOKEN, &wanted).await.status, 201);
    // What this node took over is what another reads.
    house.app.reload().await.expect("reads");
    assert_eq!(house.app.live().catalog.registered_by("partners"), 4);
    let form = [("client_id", "shop"), ("client_secret", SHOP_SECRET), ("redirect_uri", SHOP_CALLBACK)];
    assert_eq!(machine.push(&form).await.status, 201, "and nobody else was lost");
    house.close().await;
});
