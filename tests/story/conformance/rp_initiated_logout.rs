//! oidcc-rp-initiated-logout-certification-test-plan. The suite registers one place to come back to, and clicks the button.

use crate::harness::ways::{ask, signed_in};
use crate::harness::{Engine, House, Page, Visitor, both};

const BACK: &str = "http://127.0.0.1:4000/";

/// Somebody signed in at `shop`, with the ID token.
async fn signed(engine: Engine) -> (House, Visitor, String) {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let back = signed_in(&mut visitor, &[("nonce", "n")]).await;
    let hint = house.machine().redeem(&back.code(), &[]).await.text("id_token");
    (house, visitor, hint)
}

fn state() -> String {
    ('!'..='~').cycle().take(128).collect()
}

/// Opens the endpoint, and presses the button where there is one.
async fn logout(visitor: &mut Visitor, params: &[(&str, &str)]) -> Page {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(params).finish();
    let page = visitor.get(&format!("/logout?{query}")).await;
    if !page.html.contains("id=\"confirm-logout\"") {
        return page;
    }
    visitor.submit(&page, &[("confirmed", "yes")]).await
}

async fn prompt_none_errors(visitor: &mut Visitor) -> bool {
    visitor.get(&ask(&[("prompt", "none")])).await.error().as_deref() == Some("login_required")
}

/// Neither redirected nor told that all is well.
fn is_error_page(page: &Page) -> bool {
    page.status == 400 && page.headers.get("location").is_none()
}

fn says_signed_out(page: &Page) -> bool {
    page.status == 200 && page.text().contains("signed out")
}

both!(oidcc_rp_initiated_logout_discovery_endpoint_verification, async |engine| {
    let house = House::open(engine).await;
    let told = house.machine().get("/.well-known/openid-configuration").await;
    assert_eq!(told.text("end_session_endpoint"), format!("{}/logout", house.issuer));
    house.close().await;
});

both!(oidcc_rp_initiated_logout, async |engine| {
    let (house, mut visitor, hint) = signed(engine).await;
    let state = state();
    let params = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", BACK), ("state", &state)];
    let back = logout(&mut visitor, &params).await;
    assert!(back.url.starts_with(BACK), "{}", back.url);
    let url = url::Url::parse(&back.url).expect("a URL");
    assert_eq!(url.query_pairs().map(|(name, _)| name.into_owned()).collect::<Vec<_>>(), ["state"]);
    assert_eq!(back.param("state"), Some(state));
    assert!(prompt_none_errors(&mut visitor).await);
    house.close().await;
});

both!(oidcc_rp_initiated_logout_bad_post_logout_redirect_uri, async |engine| {
    let (house, mut visitor, hint) = signed(engine).await;
    let bad = format!("{BACK}bad");
    let page =
        logout(&mut visitor, &[("id_token_hint", &hint), ("post_logout_redirect_uri", &bad), ("state", "s")]).await;
    assert!(is_error_page(&page));
    house.close().await;
});

both!(oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri, async |engine| {
    let (house, mut visitor, hint) = signed(engine).await;
    let bad = format!("{BACK}?foo=bar");
    let page =
        logout(&mut visitor, &[("id_token_hint", &hint), ("post_logout_redirect_uri", &bad), ("state", "s")]).await;
    assert!(is_error_page(&page));
    house.close().await;
});

both!(oidcc_rp_initiated_logout_modified_id_token_hint, async |engine| {
    let (house, mut visitor, hint) = signed(engine).await;
    let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", hint.split('.').nth(1).expect("claims"));
    let page = logout(&mut visitor, &[("id_token_hint", &unsigned), ("post_logout_redirect_uri", BACK)]).await;
    assert!(is_error_page(&page));
    house.close().await;
});

both!(oidcc_rp_initiated_logout_bad_id_token_hint, async |engine| {
    let (house, mut visitor, hint) = signed(engine).await;
    // Signed by a key of somebody else's, issuer and audience the other way round.
    let somebody = crate::harness::prover::Prover::new("RS256");
    let claims = crate::harness::rp::payload(&hint);
    let swapped = serde_json::json!({ "iss": "shop", "aud": house.issuer, "azp": "shop", "sub": claims["sub"], "exp": claims["exp"] });
    for header in [
        serde_json::json!({ "alg": "RS256", "typ": "JWT" }),
        serde_json::json!({ "alg": "RS256", "typ": "JWT", "kid": "theirs" }),
    ] {
        let forged = somebody.sign(&header, &swapped);
        let page = logout(&mut visitor, &[("id_token_hint", &forged), ("post_logout_redirect_uri", BACK)]).await;
        assert!(is_error_page(&page) || says_signed_out(&page), "no redirect: {}", page.url);
    }
    house.close().await;
});

both!(oidcc_rp_initiated_logout_no_id_token_hint, async |engine| {
    let (house, mut visitor, _) = signed(engine).await;
    let page = logout(&mut visitor, &[("post_logout_redirect_uri", BACK), ("state", "s")]).await;
    assert!(is_error_page(&page));
    house.close().await;
});

both!(oidcc_rp_initiated_logout_no_params, async |engine| {
    let (house, mut visitor, _) = signed(engine).await;
    assert!(says_signed_out(&logout(&mut visitor, &[]).await));
    assert!(prompt_none_errors(&mut visitor).await);
    house.close().await;
});

both!(oidcc_rp_initiated_logout_only_state, async |engine| {
    let (house, mut visitor, _) = signed(engine).await;
    let page = logout(&mut visitor, &[("state", &state())]).await;
    assert!(says_signed_out(&page) && !page.url.contains("state"));
    assert!(prompt_none_errors(&mut visitor).await);
    house.close().await;
});

both!(oidcc_rp_initiated_logout_no_post_logout_redirect_uri, async |engine| {
    let (house, mut visitor, hint) = signed(engine).await;
    assert!(says_signed_out(&logout(&mut visitor, &[("id_token_hint", &hint), ("state", "s")]).await));
    assert!(prompt_none_errors(&mut visitor).await);
    house.close().await;
});

both!(oidcc_rp_initiated_logout_no_state, async |engine| {
    let (house, mut visitor, hint) = signed(engine).await;
    let back = logout(&mut visitor, &[("id_token_hint", &hint), ("post_logout_redirect_uri", BACK)]).await;
    assert_eq!(back.url, BACK);
    assert!(prompt_none_errors(&mut visitor).await);
    house.close().await;
});
