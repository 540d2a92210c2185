//! oidcc-frontchannel-rp-initiated-logout-certification-test-plan.

use crate::harness::outside::Outside;
use crate::harness::ways::ask;
use crate::harness::{House, both};
use crate::told::{house, shopper, sign_out};
use serde_json::json;

both!(oidcc_frontchannel_logout_discovery_endpoint_verification, async |engine| {
    let house = House::open(engine).await;
    let told = house.machine().get("/.well-known/openid-configuration").await.json();
    assert_eq!(
        (&told["frontchannel_logout_supported"], &told["frontchannel_logout_session_supported"]),
        (&json!(true), &json!(true))
    );
    house.close().await;
});

both!(oidcc_frontchannel_rp_initiated_logout, async |engine| {
    let outside = Outside::open().await;
    let house = house(engine, &outside, &[]).await;
    let mut visitor = house.visitor();
    let hint = shopper(&house, &mut visitor).await;
    let sid = crate::harness::rp::payload(&hint)["sid"].as_str().expect("a sid").to_owned();
    let query = format!("id_token_hint={hint}&post_logout_redirect_uri=http://127.0.0.1:4000/&state=s");
    let page = sign_out(&mut visitor, &query, &[]).await;
    let src = page.html.split("<iframe").nth(1).and_then(|tag| tag.split("src=\"").nth(1)).expect("a frame");
    let src = src.split('"').next().expect("an end").replace("&#38;", "&").replace("&amp;", "&");
    let url = url::Url::parse(&src).expect("a URL");
    let sent: Vec<(String, String)> = url.query_pairs().map(|(name, value)| (name.into(), value.into())).collect();
    // The first is the address's own.
    assert_eq!(sent[1..], [("iss".to_owned(), house.issuer.clone()), ("sid".to_owned(), sid)]);
    assert_eq!(page.link("back"), "http://127.0.0.1:4000/?state=s");
    let page = visitor.get(&ask(&[("prompt", "none")])).await;
    assert_eq!(page.error().as_deref(), Some("login_required"));
    house.close().await;
});
