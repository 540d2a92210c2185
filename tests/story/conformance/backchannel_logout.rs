//! oidcc-backchannel-rp-initiated-logout-certification-test-plan.

use crate::harness::outside::Outside;
use crate::harness::ways::ask;
use crate::harness::{House, both};
use crate::told::{EVENT, checked, house, shopper, sign_out};
use serde_json::json;

both!(oidcc_backchannel_logout_discovery_endpoint_verification, async |engine| {
    let house = House::open(engine).await;
    let told = house.machine().get("/.well-known/openid-configuration").await.json();
    assert_eq!(
        (&told["backchannel_logout_supported"], &told["backchannel_logout_session_supported"]),
        (&json!(true), &json!(true))
    );
    house.close().await;
});

both!(oidcc_backchannel_rp_initiated_logout, async |engine| {
    let outside = Outside::open().await;
    let house = house(engine, &outside, &[]).await;
    let mut visitor = house.visitor();
    let hint = shopper(&house, &mut visitor).await;
    let query = format!("id_token_hint={hint}&post_logout_redirect_uri=http://127.0.0.1:4000/&state=s");
    sign_out(&mut visitor, &query, &[]).await;
    let posted = outside.heard("/shop", 1).await;
    let claims = checked(&house, &posted[0], "shop", jsonwebtoken::Algorithm::RS256).await;
    let id_token = crate::harness::rp::payload(&hint);
    assert_eq!((&claims["sub"], &claims["sid"]), (&id_token["sub"], &id_token["sid"]));
    assert_eq!(claims["events"], json!({ EVENT: {} }));
    assert!(claims.get("nonce").is_none());
    let page = visitor.get(&ask(&[("prompt", "none")])).await;
    assert_eq!(page.error().as_deref(), Some("login_required"));
    house.close().await;
});
