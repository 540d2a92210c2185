//! Refreshing: each token once, with an overlap for tabs that race; a token that comes back late ends its family.

use crate::harness::machine::{Answer, Machine};
use crate::harness::rp::payload;
use crate::harness::ways::signed_in;
use crate::harness::{House, SHOP, SHOP_SECRET, both};
use serde_json::json;

const SCOPE: (&str, &str) = ("scope", "openid phone email offline");

async fn tokens(house: &House, machine: &Machine) -> Answer {
    let back = signed_in(&mut house.visitor(), &[SCOPE]).await;
    machine.redeem(&back.code(), &[]).await
}

fn refused() -> (u16, String) {
    (400, "invalid_grant".to_owned())
}

both!(each_refresh_brings_a_new_token, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let first = tokens(&house, &machine).await;
    house.pass(100);
    let second = machine.refresh(&first.text("refresh_token"), &[]).await;
    assert_eq!((second.status, second.header("cache-control")), (200, Some("no-store")));
    assert_eq!(
        (second.json()["token_type"].clone(), second.json()["expires_in"].clone()),
        (json!("Bearer"), json!(86_400))
    );
    assert_ne!(first.text("refresh_token"), second.text("refresh_token"));
    let (before, after) = (payload(&first.text("id_token")), payload(&second.text("id_token")));
    for lasting in ["iss", "sub", "aud", "auth_time", "azp", "sid", "amr", "acr"] {
        assert_eq!(before[lasting], after[lasting], "{lasting}");
    }
    assert!(after["iat"].as_i64() > before["iat"].as_i64());
    assert_eq!(machine.userinfo(&second.text("access_token")).await.json()["sub"], after["sub"]);
    let third = machine.refresh(&second.text("refresh_token"), &[]).await;
    assert_eq!(third.status, 200);
    // The library real apps use agrees.
    let (shop, mut visitor) = (house.shop().await, house.visitor());
    let signed_in =
        crate::harness::rp::sign_in(&house, &shop, &mut visitor, &["openid", "offline_access"], "+2348031234567").await;
    let refreshed =
        shop.refresh(&signed_in.refresh_token.expect("offline_access is offline")).await.expect("refreshes");
    assert_eq!(refreshed.claims.subject(), signed_in.claims.subject());
    house.close().await;
});

both!(within_the_overlap_the_same_token_gives_the_same_successor, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let first = tokens(&house, &machine).await.text("refresh_token");
    let racing = tokio::join!(
        machine.refresh(&first, &[]),
        machine.refresh(&first, &[]),
        machine.refresh(&first, &[]),
        machine.refresh(&first, &[])
    );
    let racing = [racing.0, racing.1, racing.2, racing.3];
    for answer in &racing {
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.text("refresh_token"), racing[0].text("refresh_token"));
        assert_eq!(machine.userinfo(&answer.text("access_token")).await.status, 200);
    }
    house.pass(40);
    let late = machine.refresh(&first, &[]).await;
    assert_eq!((late.status, late.text("refresh_token")), (200, racing[0].text("refresh_token")));
    assert_eq!(machine.refresh(&late.text("refresh_token"), &[]).await.status, 200);
    house.close().await;
});

both!(late_reuse_ends_the_family, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let stolen = tokens(&house, &machine).await.text("refresh_token");
    let successor = machine.refresh(&stolen, &[]).await;
    house.pass(61);
    assert_eq!(machine.refresh(&stolen, &[]).await.refusal(), refused());
    assert_eq!(
        machine.refresh(&successor.text("refresh_token"), &[]).await.refusal(),
        refused(),
        "nobody knows who holds the newest"
    );
    assert_eq!(machine.userinfo(&successor.text("access_token")).await.status, 401);

    // Two generations back is reuse even within the overlap: the holder already has its successor.
    let first = tokens(&house, &machine).await.text("refresh_token");
    let second = machine.refresh(&first, &[]).await.text("refresh_token");
    let third = machine.refresh(&second, &[]).await.text("refresh_token");
    assert_eq!(machine.refresh(&first, &[]).await.refusal(), refused());
    assert_eq!(machine.refresh(&third, &[]).await.refusal(), refused());
    house.close().await;
});

both!(another_client_cannot_use_it, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let token = tokens(&house, &machine).await.text("refresh_token");
    let members = [("client_id", "members"), ("client_secret", "bcdefghijabcdefghijabcdefghijabcdefghijabcdefghij123")];
    assert_eq!(machine.refresh(&token, &members).await.refusal(), refused());
    assert_eq!(machine.refresh(&token, &[("client_id", "kiosk"), ("client_secret", "")]).await.refusal(), refused());
    assert_eq!(machine.refresh(&token, &[("client_secret", "")]).await.refusal(), (401, "invalid_client".into()));
    assert_eq!(
        machine.refresh(&token, &[("client_secret", &SHOP_SECRET.replace('a', "b"))]).await.refusal(),
        (401, "invalid_client".into())
    );
    // None of this hurt the one it belongs to.
    assert_eq!(machine.refresh(&token, &[]).await.status, 200);
    house.close().await;
});

both!(what_is_not_a_refresh_token_is_not_one, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let answer = tokens(&house, &machine).await;
    let token = answer.text("refresh_token");
    let forged = [
        token.replacen('.', ".1", 1),
        token.replace(".1.", ".2."),
        format!("{token}x"),
        token[..token.len() - 4].to_owned(),
        "rt_".into(),
        "0".into(),
        answer.text("access_token"),
        answer.text("id_token"),
    ];
    for forged in forged {
        assert_eq!(machine.refresh(&forged, &[]).await.refusal(), refused(), "{forged}");
    }
    assert_eq!(machine.refresh("", &[]).await.refusal(), (400, "invalid_request".into()));
    assert!(token.starts_with("rt_") && token.len() < 3000, "cookies of apps hold it, and do not read it as a number");
    assert_eq!(machine.refresh(&token, &[]).await.status, 200);
    // Without `offline` there is none.
    let back = signed_in(&mut house.visitor(), &[]).await;
    assert!(machine.redeem(&back.code(), &[]).await.json().get("refresh_token").is_none());
    house.close().await;
});

both!(a_refresh_may_narrow_and_never_widen, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let back = signed_in(&mut house.visitor(), &[("scope", "openid phone offline")]).await;
    let mut token = machine.redeem(&back.code(), &[]).await.text("refresh_token");
    for wider in ["openid phone email offline", "openid admin"] {
        assert_eq!(
            machine.refresh(&token, &[("scope", wider)]).await.refusal(),
            (400, "invalid_scope".into()),
            "{wider}"
        );
    }
    // A refused request used nothing up, however long ago it was.
    house.pass(300);
    let narrow = machine.refresh(&token, &[("scope", "openid")]).await;
    assert_eq!((narrow.status, narrow.text("scope")), (200, "openid".into()));
    assert!(!payload(&narrow.text("id_token")).contains_key("phone_number"));
    assert!(machine.userinfo(&narrow.text("access_token")).await.json().get("phone_number").is_none());
    token = narrow.text("refresh_token");
    let whole = machine.refresh(&token, &[]).await;
    assert_eq!(whole.text("scope"), "openid phone offline");
    assert!(
        machine.userinfo(&whole.text("access_token")).await.json()["phone_number_verified"]
            .as_bool()
            .is_some_and(|verified| verified)
    );
    house.close().await;
});

both!(a_refresh_token_ends, async |engine| {
    let house = House::with(
        engine,
        &SHOP.replacen("kind = \"web\"", "kind = \"web\"\nrefresh_token_seconds = 3600\naccess_token_seconds = 600", 1),
        &[],
    )
    .await;
    let machine = house.machine();
    let first = tokens(&house, &machine).await;
    assert_eq!(first.json()["expires_in"], 600);
    house.pass(601);
    assert_eq!(machine.userinfo(&first.text("access_token")).await.status, 401, "expired");
    house.pass(2_900);
    // Used, it lives on.
    let second = machine.refresh(&first.text("refresh_token"), &[]).await;
    assert_eq!(machine.userinfo(&second.text("access_token")).await.status, 200);
    house.pass(3_500);
    let third = machine.refresh(&second.text("refresh_token"), &[]).await;
    assert_eq!(third.status, 200);
    house.pass(3_601);
    assert_eq!(machine.refresh(&third.text("refresh_token"), &[]).await.refusal(), refused());
    house.close().await;
});

both!(a_sign_out_ends_it, async |engine| {
    let house = House::open(engine).await;
    let (machine, mut visitor, mut elsewhere) = (house.machine(), house.visitor(), house.visitor());
    let here = machine.redeem(&signed_in(&mut visitor, &[SCOPE]).await.code(), &[]).await;
    let there = machine.redeem(&signed_in(&mut elsewhere, &[SCOPE]).await.code(), &[]).await;
    let page = visitor.get("/logout").await;
    visitor.submit(&page, &[("confirmed", "yes")]).await;
    assert_eq!(machine.refresh(&here.text("refresh_token"), &[]).await.refusal(), refused());
    assert_eq!(machine.userinfo(&here.text("access_token")).await.status, 401);
    // The same person's other browser goes on.
    assert_eq!(machine.refresh(&there.text("refresh_token"), &[]).await.status, 200);
    house.close().await;
});

both!(however_often_it_is_used_it_ends_after_a_year, async |engine| {
    let lasting = SHOP.replacen("kind = \"web\"", "kind = \"web\"\nrefresh_token_seconds = 31536000", 1);
    let house = House::with(engine, &lasting, &[]).await;
    let machine = house.machine();
    let mut token = tokens(&house, &machine).await.text("refresh_token");
    for _ in 0..2 {
        house.pass(150 * 86_400);
        token = machine.refresh(&token, &[]).await.text("refresh_token");
    }
    house.pass(64 * 86_400);
    token = machine.refresh(&token, &[]).await.text("refresh_token");
    house.pass(2 * 86_400);
    assert_eq!(machine.refresh(&token, &[]).await.refusal(), refused());
    house.close().await;
});
