//! oidcc-3rdparty-init-login-certification-test-plan.

use crate::harness::both;
use crate::registration::{TOKEN, house, metadata, place, register};
use reqwest::Method;
use serde_json::json;

both!(oidcc_3rdparty_init_login, async |engine| {
    let house = house(engine, &[]).await;
    let machine = house.machine();
    let uri = "https://app.example/begin";
    let registered = register(&machine, TOKEN, &metadata(json!({ "initiate_login_uri": uri }))).await;
    assert_eq!((registered.status, registered.text("initiate_login_uri")), (201, uri.to_owned()));
    let token = registered.text("registration_access_token");
    let read = machine.json(Method::GET, &place(&house, &registered), &token, None).await;
    assert_eq!((read.status, read.text("initiate_login_uri")), (200, uri.to_owned()));
    assert_eq!(read.header("content-type"), Some("application/json"));
    house.close().await;
});

both!(oidcc_3rdparty_init_login_nohttps, async |engine| {
    let house = house(engine, &[]).await;
    let body = metadata(json!({ "initiate_login_uri": "http://app.example/begin" }));
    let answer = register(&house.machine(), TOKEN, &body).await;
    assert_eq!(answer.refusal(), (400, "invalid_client_metadata".into()));
    house.close().await;
});
