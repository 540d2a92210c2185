//! The basic plan's modules about tokens and userinfo, by their names.

use crate::harness::rp::payload;
use crate::harness::ways::{TEST, signed_in};
use crate::harness::{House, both};
use reqwest::Method;
use serde_json::json;

async fn tokens(house: &House, scope: &str) -> crate::harness::machine::Answer {
    let code = signed_in(&mut house.visitor(), &[("scope", scope)]).await.code();
    house.machine().redeem(&code, &[]).await
}

both!(oidcc_server, async |engine| {
    let house = House::open(engine).await;
    let back = signed_in(&mut house.visitor(), &[("nonce", "n-0S6_WzA2Mj"), ("state", &"s".repeat(128))]).await;
    assert_eq!(back.param("state"), Some("s".repeat(128)));
    let answer = house.machine().redeem(&back.code(), &[]).await;
    let told = answer.json();
    assert!(told["expires_in"].is_i64() && told["token_type"] == "Bearer");
    let id = payload(&answer.text("id_token"));
    let now = house.now();
    assert_eq!(
        (&id["iss"], &id["nonce"], &id["aud"]),
        (&json!(house.issuer), &json!("n-0S6_WzA2Mj"), &json!(["shop"]))
    );
    assert!(id["iat"].as_i64().is_some_and(|iat| (now - 300..=now + 300).contains(&iat)));
    assert!(id["exp"].as_i64().is_some_and(|exp| exp > now) && id["auth_time"].is_i64());
    assert!(id["sub"].as_str().is_some_and(|sub| sub.is_ascii() && sub.len() <= 255));
    assert!(id["acr"].as_str().is_some_and(|acr| !acr.is_empty()));
    let userinfo = house.machine().userinfo(&answer.text("access_token")).await.json();
    assert_eq!(userinfo["sub"], id["sub"]);
    house.close().await;
});

both!(oidcc_userinfo_get_post_header_post_body, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let access = tokens(&house, "openid").await.text("access_token");
    let bearer = format!("Bearer {access}");
    let header = [("authorization", bearer.as_str())];
    for answer in [
        machine.send(Method::GET, "/oauth2/userinfo", &header, None).await,
        machine.send(Method::POST, "/oauth2/userinfo", &header, None).await,
        machine.post("/oauth2/userinfo", &[("access_token", &access)]).await,
    ] {
        assert_eq!(answer.status, 200);
        assert!(answer.header("content-type").is_some_and(|kind| kind.starts_with("application/json")));
        assert!(answer.json()["sub"].is_string());
    }
    house.close().await;
});

both!(oidcc_ensure_request_without_nonce_succeeds_for_code_flow, async |engine| {
    let house = House::open(engine).await;
    assert!(!payload(&tokens(&house, "openid").await.text("id_token")).contains_key("nonce"));
    house.close().await;
});

both!(oidcc_scope_phone, async |engine| {
    let house = House::open(engine).await;
    let told = house.machine().userinfo(&tokens(&house, "openid phone").await.text("access_token")).await.json();
    assert_eq!((&told["phone_number"], &told["phone_number_verified"]), (&json!(TEST), &json!(true)));
    assert!(told.get("name").is_none() && told.get("email").is_none());
    house.close().await;
});

both!(oidcc_codereuse, async |engine| {
    let house = House::open(engine).await;
    let code = signed_in(&mut house.visitor(), &[]).await.code();
    assert_eq!(house.machine().redeem(&code, &[]).await.status, 200);
    assert_eq!(house.machine().redeem(&code, &[]).await.refusal(), (400, "invalid_grant".into()));
    house.close().await;
});

both!(oidcc_codereuse_30seconds, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let code = signed_in(&mut house.visitor(), &[]).await.code();
    let access = machine.redeem(&code, &[]).await.text("access_token");
    house.pass(30);
    assert_eq!(machine.redeem(&code, &[]).await.refusal(), (400, "invalid_grant".into()));
    assert_eq!(machine.userinfo(&access).await.refusal(), (401, "invalid_token".into()));
    house.close().await;
});

both!(oidcc_refresh_token, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let first = tokens(&house, "openid phone offline_access").await;
    house.pass(5);
    let second = machine.refresh(&first.text("refresh_token"), &[]).await;
    assert_eq!((second.status, second.header("cache-control")), (200, Some("no-store")));
    assert_eq!(second.text("token_type"), "Bearer");
    let (before, after) = (payload(&first.text("id_token")), payload(&second.text("id_token")));
    for same in ["iss", "sub", "aud", "auth_time", "azp"] {
        assert_eq!(before[same], after[same], "{same}");
    }
    assert!(after["iat"].as_i64() > before["iat"].as_i64());
    let other = [("client_id", "members"), ("client_secret", "bcdefghijabcdefghijabcdefghijabcdefghijabcdefghij123")];
    let answer = machine.refresh(&second.text("refresh_token"), &other).await;
    assert_eq!(answer.refusal(), (400, "invalid_grant".into()));
    house.close().await;
});
