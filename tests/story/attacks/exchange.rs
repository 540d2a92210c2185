//! Attack 29: tokens swapped for what they are not worth.

use crate::harness::{SHOP_SECRET, both};
use crate::machines::{exchange, for_orders, open, own, revoke};
use reqwest::Method;

fn refused(error: &str) -> (u16, String) {
    (400, error.to_owned())
}

both!(attack_29_a_swap_reaches_no_further_and_outlives_nothing, async |engine| {
    let house = open(engine).await;
    let machine = house.machine();
    let (tokens, others) = (for_orders(&house).await, for_orders(&house).await);
    let access = tokens.text("access_token");
    // Wider: another audience, another scope.
    for (extra, error) in [
        ([("audience", "https://elsewhere.example")], "invalid_target"),
        ([("resource", "https://stock.example/")], "invalid_target"),
        ([("scope", "orders:write")], "invalid_scope"),
        ([("scope", "openid orders:read admin")], "invalid_scope"),
    ] {
        assert_eq!(exchange(&machine, "orders", &access, &extra).await.refusal(), refused(error), "{extra:?}");
    }
    // Another's: shown neither to this client nor for an API of its.
    let own_token = own(&machine, "sealed", &[]).await.text("access_token");
    for token in [own_token.as_str(), &tokens.text("id_token"), &tokens.text("refresh_token"), "x"] {
        assert_eq!(exchange(&machine, "orders", token, &[]).await.refusal(), refused("invalid_request"), "{token}");
    }
    // Nobody swaps who cannot, or may not.
    assert_eq!(exchange(&machine, "shop", &access, &[]).await.refusal(), refused("unauthorized_client"));
    let wrong = [("client_secret", SHOP_SECRET)];
    assert_eq!(exchange(&machine, "orders", &access, &wrong).await.refusal(), (401, "invalid_client".into()));
    // Revoked, and what came of it with it.
    let swapped = exchange(&machine, "orders", &access, &[]).await.text("access_token");
    revoke(&machine, "shop", &tokens.text("refresh_token")).await;
    assert_eq!(exchange(&machine, "orders", &access, &[]).await.refusal(), refused("invalid_request"));
    assert_eq!(exchange(&machine, "orders", &swapped, &[]).await.refusal(), refused("invalid_request"));
    // Expired.
    house.pass(86_401);
    let late = others.text("access_token");
    assert_eq!(exchange(&machine, "orders", &late, &[]).await.refusal(), refused("invalid_request"));
    // By GET, and with the token in the address: no endpoint at all.
    let answer = machine.send(Method::GET, "/oauth2/token?grant_type=x&subject_token=y", &[], None).await;
    assert_eq!(answer.status, 405);
    house.close().await;
});
