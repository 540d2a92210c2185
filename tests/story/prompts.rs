//! What a client may ask of a sign-in: silence, a fresh proof, this very person, a language (OpenID Connect Core §3.1.2.1).

use crate::harness::machine::Machine;
use crate::harness::rp::{identify, payload};
use crate::harness::ways::{TEST, TEST_PASSCODE, ask, prove, signed_in};
use crate::harness::{House, Page, SHOP, Visitor, both};
use serde_json::{Map, Value};

/// The claims of the ID token a call back leads to, and the token itself.
async fn swap(machine: &Machine, back: &Page) -> (Map<String, Value>, String) {
    let token = machine.redeem(&back.code(), &[]).await.text("id_token");
    (payload(&token), token)
}

/// Whether this request shows a person a page, then what the page's sign-in leads to.
async fn asks_again(visitor: &mut Visitor, extra: &[(&str, &str)]) -> Page {
    let page = visitor.get(&ask(extra)).await;
    assert!(page.asks_who(), "{extra:?} was answered without asking: {}", page.url);
    prove(visitor, page).await
}

both!(none_without_a_session_is_login_required, async |engine| {
    let house = House::open(engine).await;
    let state: String = ('!'..='~').cycle().take(128).collect();
    let back = house.visitor().get(&ask(&[("prompt", "none"), ("state", &state)])).await;
    assert!(back.url.starts_with("http://127.0.0.1:4000/callback?"), "{}", back.url);
    assert_eq!(back.error().as_deref(), Some("login_required"));
    assert_eq!(back.param("state"), Some(state), "byte for byte");
    assert_eq!(back.param("iss").as_deref(), Some(house.issuer.as_str()));
    assert_eq!(back.param("code"), None);
    // A session elsewhere is no session here; nor is an unknown cookie.
    signed_in(&mut house.visitor(), &[]).await.code();
    let mut forger = house.visitor();
    forger.cookies.insert("countersign_session".into(), "AAAAAAAAAAAAAAAAAAAAAA".into());
    assert_eq!(forger.get(&ask(&[("prompt", "none")])).await.error().as_deref(), Some("login_required"));
    // `none` stands alone.
    let back = house.visitor().get(&ask(&[("prompt", "none login")])).await;
    assert_eq!(back.error().as_deref(), Some("invalid_request"));
    house.close().await;
});

both!(none_with_a_session_is_silent, async |engine| {
    let house = House::open(engine).await;
    let (machine, mut visitor) = (house.machine(), house.visitor());
    let first = swap(&machine, &signed_in(&mut visitor, &[]).await).await.0;
    house.pass(3);
    let back = visitor.get(&ask(&[("prompt", "none")])).await;
    let second = swap(&machine, &back).await.0;
    for lasting in ["sub", "auth_time", "sid", "iss", "aud", "amr", "acr"] {
        assert_eq!(first[lasting], second[lasting], "{lasting}");
    }
    assert_ne!(first["jti"], second["jti"]);
    // Without any prompt it is as silent.
    visitor.get(&ask(&[])).await.code();
    // A session ends by itself.
    house.pass(31 * 24 * 3600);
    assert_eq!(visitor.get(&ask(&[("prompt", "none")])).await.error().as_deref(), Some("login_required"));
    house.close().await;
});

both!(login_and_its_like_want_a_fresh_proof, async |engine| {
    let house = House::open(engine).await;
    let (machine, mut visitor) = (house.machine(), house.visitor());
    let mut last = swap(&machine, &signed_in(&mut visitor, &[]).await).await.0;
    for prompt in ["login", "create", "select_account", "login consent"] {
        house.pass(2);
        let claims = swap(&machine, &asks_again(&mut visitor, &[("prompt", prompt)]).await).await.0;
        assert!(claims["auth_time"].as_i64() > last["auth_time"].as_i64(), "{prompt}");
        assert_eq!(claims["sub"], last["sub"], "{prompt}: the same person, not another account");
        assert_ne!(claims["sid"], last["sid"], "{prompt}");
        last = claims;
    }
    // Our own application asks nobody for consent; a value nobody knows changes nothing.
    visitor.get(&ask(&[("prompt", "consent")])).await.code();
    visitor.get(&ask(&[("prompt", "whatever")])).await.code();
    house.close().await;
});

both!(create_says_so, async |engine| {
    let house = House::open(engine).await;
    for extra in [("prompt", "create"), ("start_page", "registration")] {
        let page = house.visitor().get(&ask(&[extra])).await;
        assert!(page.text().contains("Create your account"), "{extra:?}: {}", page.text());
    }
    for extra in [("start_page", "login"), ("start_page", "anything"), ("prompt", "login")] {
        assert!(house.visitor().get(&ask(&[extra])).await.text().contains("Sign in"), "{extra:?}");
    }
    house.close().await;
});

both!(max_age_bounds_how_old_a_proof_may_be, async |engine| {
    let house = House::open(engine).await;
    let (machine, mut visitor) = (house.machine(), house.visitor());
    let first = swap(&machine, &signed_in(&mut visitor, &[("max_age", "15000")]).await).await.0;
    assert!(first["auth_time"].is_i64());
    house.pass(2);
    let silent = swap(&machine, &visitor.get(&ask(&[("max_age", "10000")])).await).await.0;
    assert_eq!((&silent["auth_time"], &silent["sub"]), (&first["auth_time"], &first["sub"]));
    let again = swap(&machine, &asks_again(&mut visitor, &[("max_age", "1")]).await).await.0;
    assert!(again["auth_time"].as_i64() > first["auth_time"].as_i64());
    // 0 is `prompt=login`, even in the very second of the last proof.
    for _ in 0..3 {
        asks_again(&mut visitor, &[("max_age", "0")]).await.code();
        let back = visitor.get(&ask(&[("max_age", "0"), ("prompt", "none")])).await;
        assert_eq!(back.error().as_deref(), Some("login_required"));
    }
    house.pass(10_001);
    let back = visitor.get(&ask(&[("max_age", "10000"), ("prompt", "none")])).await;
    assert_eq!(back.error().as_deref(), Some("login_required"));
    for wrong in ["-1", "soon", "1.5", "99999999999999999999"] {
        assert_eq!(
            visitor.get(&ask(&[("max_age", wrong)])).await.error().as_deref(),
            Some("invalid_request"),
            "{wrong}"
        );
    }
    house.close().await;
});

both!(id_token_hint_means_this_very_person, async |engine| {
    let house = House::open(engine).await;
    let (machine, mut visitor) = (house.machine(), house.visitor());
    let (own, hint) = swap(&machine, &signed_in(&mut visitor, &[]).await).await;
    let mut stranger = house.visitor();
    let page = stranger.get(&ask(&[])).await;
    let page = identify(&mut stranger, page, "eve@example.com").await;
    let digits = house.passcode("eve@example.com").await;
    let (other, foreign) = swap(&machine, &stranger.submit(&page, &[("p_confirmation_code", &digits)]).await).await;
    assert_ne!(own["sub"], other["sub"]);

    let none = |hint: &str| ask(&[("prompt", "none"), ("id_token_hint", hint)]);
    let same = swap(&machine, &visitor.get(&none(&hint)).await).await.0;
    assert_eq!(same["sub"], own["sub"]);
    assert_eq!(visitor.get(&none(&foreign)).await.error().as_deref(), Some("login_required"));

    // Forged in every way at hand.
    let access = machine.redeem(&visitor.get(&ask(&[])).await.code(), &[]).await.text("access_token");
    let (head, tail) = hint.rsplit_once('.').expect("a JWT");
    let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", head.split('.').nth(1).expect("claims"));
    let swapped =
        format!("{}.{}.{tail}", head.split('.').next().expect("a header"), foreign.split('.').nth(1).expect("claims"));
    for forged in [format!("{head}."), format!("{head}.AAAA"), unsigned, swapped, "x".into(), access] {
        assert_eq!(visitor.get(&none(&forged)).await.error().as_deref(), Some("login_required"), "{forged}");
    }

    // Expired long ago, and still a hint.
    house.pass(20 * 24 * 3600);
    visitor.get(&none(&hint)).await.code();

    // Somebody else's hint asks; a proof of another person is not theirs.
    let page = visitor.get(&ask(&[("id_token_hint", &foreign)])).await;
    assert!(page.asks_who());
    let back = prove(&mut visitor, page).await;
    assert_eq!(back.param("code"), None, "{}", back.url);
    assert_eq!(back.error().as_deref(), Some("login_required"));
    house.close().await;
});

both!(what_we_do_not_know_is_ignored, async |engine| {
    let house = House::open(engine).await;
    let (machine, mut visitor) = (house.machine(), house.visitor());
    let extras: [(&str, &str); 13] = [
        ("extra", "foobar"),
        ("post_login_redirect_url", "https://evil.example/"),
        ("supports_reauth", "true"),
        ("display", "popup"),
        ("acr_values", "aal1"),
        ("claims_locales", "se"),
        ("ui_locales", "se"),
        ("plan_interest", "pro"),
        ("claims", "{\"userinfo\":{\"name\":{\"essential\":true}}}"),
        ("audience", ""),
        ("lang", ""),
        ("login_hint", ""),
        ("nonce", ""),
    ];
    for extra in extras {
        let claims = swap(&machine, &signed_in(&mut house.visitor(), &[extra]).await).await.0;
        assert_eq!(claims["acr"], "aal1", "{extra:?}");
        assert!(!claims.contains_key("nonce"), "absent when not sent");
    }
    let claims =
        swap(&machine, &signed_in(&mut visitor, &[("acr_values", "1 2 aal1"), ("prompt", "login")]).await).await.0;
    assert_eq!(claims["acr"], "aal1");
    // The order of parameters and scopes is nobody's business.
    let url = format!(
        "/oauth2/auth?{}",
        ask(&[("scope", "email phone openid")])
            .split_once('?')
            .expect("a query")
            .1
            .split('&')
            .rev()
            .collect::<Vec<_>>()
            .join("&")
    );
    visitor.get(&url).await.code();
    house.close().await;
});

both!(audience_may_repeat, async |engine| {
    let declared = ["https://a.example", "https://b.example"]
        .map(|uri| format!("\n[[resource]]\nuri = \"{uri}\"\nname = \"An API\"\n"));
    let house = House::with(engine, &[SHOP, &declared.concat()].concat(), &[]).await;
    let machine = house.machine();
    for (extra, audience) in [
        (
            vec![("audience", "https://a.example"), ("audience", "https://b.example")],
            vec!["https://a.example", "https://b.example"],
        ),
        (vec![("audience", "https://a.example https://b.example")], vec!["https://a.example", "https://b.example"]),
        (vec![("audience", "")], vec![house.issuer.as_str()]),
    ] {
        let mut params = vec![
            ("client_id", "shop"),
            ("redirect_uri", crate::harness::SHOP_CALLBACK),
            ("response_type", "code"),
            ("scope", "openid"),
        ];
        params.extend(extra.iter().copied());
        let mut visitor = house.visitor();
        let page = visitor.get(&crate::harness::ways::asking(&params)).await;
        let tokens = machine.redeem(&prove(&mut visitor, page).await.code(), &[]).await;
        let claims = payload(&tokens.text("access_token"));
        assert_eq!(claims["aud"], serde_json::json!(audience), "{extra:?}");
        assert_eq!(
            payload(&tokens.text("id_token"))["aud"],
            serde_json::json!(["shop"]),
            "the ID token is for the client alone"
        );
    }
    house.close().await;
});

both!(form_post_carries_success_and_error, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let state = "\"><script>alert(1)</script>&'";
    let page = visitor.get(&ask(&[("response_mode", "form_post"), ("prompt", "none"), ("state", state)])).await;
    assert_eq!(page.status, 200);
    let (action, fields) = page.form("continue");
    let field = |fields: &[(String, String)], name: &str| {
        fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
    };
    assert_eq!(action, crate::harness::SHOP_CALLBACK);
    assert_eq!(field(&fields, "error").as_deref(), Some("login_required"));
    assert_eq!(field(&fields, "state").as_deref(), Some(state));
    assert_eq!(field(&fields, "iss").as_deref(), Some(house.issuer.as_str()));
    assert!(!page.html.contains("<script>alert"), "escaped");
    let policy = page.headers["content-security-policy"].to_str().expect("ASCII");
    assert!(policy.contains("form-action 'self' http://127.0.0.1:4000;"), "{policy}");
    assert_eq!(page.headers["cache-control"], "no-store");

    let page = visitor.get(&ask(&[("response_mode", "form_post")])).await;
    let page = identify(&mut visitor, page, TEST).await;
    let page = visitor.submit(&page, &[("p_confirmation_code", TEST_PASSCODE)]).await;
    let (action, fields) = page.form("continue");
    assert_eq!(action, crate::harness::SHOP_CALLBACK);
    assert_eq!(field(&fields, "error"), None);
    let code = field(&fields, "code").expect("a code");
    assert_eq!(house.machine().redeem(&code, &[]).await.status, 200);

    let back = visitor.get(&ask(&[("response_mode", "fragment")])).await;
    assert_eq!(back.error().as_deref(), Some("invalid_request"));
    house.close().await;
});
