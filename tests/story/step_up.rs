//! An API asks for a fresher or stronger sign-in (RFC 9470), and the app sends the person back with what it said.

use crate::harness::machine::{Answer, over};
use crate::harness::rp::payload;
use crate::harness::ways::{ask, prove, signed_in};
use crate::harness::{House, Page, both};
use crate::machines::{introspect, open};

const FOR_ORDERS: [(&str, &str); 2] = [("scope", "openid orders:read"), ("resource", "https://orders.example")];

async fn redeemed(house: &House, back: &Page) -> Answer {
    house.machine().redeem(&back.code(), &[]).await
}

/// What the API finds of a token: how many minutes old its sign-in is, and how it was done.
async fn seen(house: &House, tokens: &Answer) -> (i64, String) {
    let access = tokens.text("access_token");
    let (told, claims) = (introspect(&house.machine(), "orders", &access).await, payload(&access));
    assert_eq!(
        (&told["auth_time"], &told["acr"]),
        (&claims["auth_time"], &claims["acr"]),
        "§6.1 and §6.2 tell the same"
    );
    let age = house.now() - told["auth_time"].as_i64().expect("a time");
    (age / 60, told["acr"].as_str().expect("one").to_owned())
}

both!(a_challenge_for_a_fresher_sign_in_leads_to_the_page_that_gives_one, async |engine| {
    let house = open(engine).await;
    let mut visitor = house.visitor();
    let tokens = redeemed(&house, &signed_in(&mut visitor, &FOR_ORDERS).await).await;
    assert_eq!(seen(&house, &tokens).await, (0, "aal1".to_owned()));
    house.pass(600);
    assert_eq!(seen(&house, &tokens).await.0, 10);
    // The session alone would answer; with what the challenge says it does not.
    let silent = redeemed(&house, &visitor.get(&ask(&FOR_ORDERS)).await).await;
    assert_eq!(seen(&house, &silent).await.0, 10, "a new token of an old sign-in");
    let challenge = over(&FOR_ORDERS, &[("max_age", "300"), ("acr_values", "aal1")]);
    let back = visitor.get(&ask(&over(&challenge, &[("prompt", "none")]))).await;
    assert_eq!((back.error().as_deref(), back.param("code")), (Some("login_required"), None));
    let page = visitor.get(&ask(&challenge)).await;
    assert!(page.asks_who(), "{}: {}", page.url, page.text());
    let fresh = redeemed(&house, &prove(&mut visitor, page).await).await;
    assert_eq!(seen(&house, &fresh).await, (0, "aal1".to_owned()));
    // From then on that sign-in answers, until it is too old as well.
    visitor.get(&ask(&challenge)).await.code();
    house.pass(301);
    assert!(visitor.get(&ask(&challenge)).await.asks_who());
    house.close().await;
});

both!(what_is_out_of_reach_is_said_to_be, async |engine| {
    let house = open(engine).await;
    let told = house.machine().get("/.well-known/openid-configuration").await.json();
    assert_eq!(told["acr_values_supported"], serde_json::json!(["aal1"]), "what may be asked for");
    // Insisted on, it is an error (OpenID Connect Core §5.5.1.1); wished for, the token says what there was instead.
    let insists = r#"{"id_token":{"acr":{"essential":true,"values":["aal3"]}}}"#;
    let back = house.visitor().get(&ask(&over(&FOR_ORDERS, &[("claims", insists)]))).await;
    assert_eq!(back.error().as_deref(), Some("unmet_authentication_requirements"));
    let wished = over(&FOR_ORDERS, &[("acr_values", "aal3")]);
    let tokens = redeemed(&house, &signed_in(&mut house.visitor(), &wished).await).await;
    assert_eq!(seen(&house, &tokens).await.1, "aal1", "never more than the truth");
    house.close().await;
});
