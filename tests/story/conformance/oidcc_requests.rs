//! oidcc-basic (and single modules of oidcc-dynamic): what concerns the authorization request.

use crate::harness::machine::{Machine, over};
use crate::harness::rp::payload;
use crate::harness::ways::{TEST, ask, asking, prove, signed_in};
use crate::harness::{House, Page, SHOP, SHOP_CALLBACK, both};
use serde_json::{Map, Value};

async fn id_token(machine: &Machine, back: &Page) -> (Map<String, Value>, String) {
    let token = machine.redeem(&back.code(), &[]).await.text("id_token");
    (payload(&token), token)
}

/// A page of ours, for people: the suite takes a picture of it.
fn shows_an_error(page: &Page, says: &str) {
    assert_eq!((page.status.as_u16(), page.headers.get("location")), (400, None), "{}", page.url);
    assert!(page.text().contains(says), "{}", page.text());
}

both!(oidcc_response_type_missing, async |engine| {
    let house = House::open(engine).await;
    let back = house.visitor().get(&ask(&[("response_type", "")])).await;
    assert_eq!((back.error().as_deref(), back.param("state").as_deref()), (Some("invalid_request"), Some("st8")));
    house.close().await;
});

both!(oidcc_ensure_request_without_nonce_succeeds_for_code_flow, async |engine| {
    let house = House::open(engine).await;
    let (claims, _) = id_token(&house.machine(), &signed_in(&mut house.visitor(), &[]).await).await;
    assert!(!claims.contains_key("nonce"));
    house.close().await;
});

both!(oidcc_ensure_request_with_unknown_parameter_succeeds, async |engine| {
    let house = House::open(engine).await;
    signed_in(&mut house.visitor(), &[("extra", "foobar")]).await.code();
    house.close().await;
});

both!(oidcc_display_page_popup_and_locales, async |engine| {
    let house = House::open(engine).await;
    for extra in [
        ("display", "page"),
        ("display", "popup"),
        ("ui_locales", "se"),
        ("claims_locales", "se"),
        ("login_hint", "buffy@localhost"),
        ("login_hint", TEST),
    ] {
        signed_in(&mut house.visitor(), &[extra]).await.code();
    }
    house.close().await;
});

both!(oidcc_ensure_request_with_acr_values_succeeds, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let told = machine.get("/.well-known/openid-configuration").await.json();
    let supported: Vec<&str> =
        told["acr_values_supported"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    let (claims, _) =
        id_token(&machine, &signed_in(&mut house.visitor(), &[("acr_values", &supported.join(" "))]).await).await;
    assert!(supported.contains(&claims["acr"].as_str().expect("a non-empty string")));
    house.close().await;
});

both!(oidcc_claims_essential, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let mut visitor = house.visitor();
    let claims = r#"{"userinfo":{"name":{"essential":true}}}"#;
    let tokens =
        machine.redeem(&signed_in(&mut visitor, &[("scope", "openid"), ("claims", claims)]).await.code(), &[]).await;
    let told = payload(&tokens.text("id_token"));
    assert!(!told.contains_key("name"), "asked for at userinfo");
    // Nobody knows a name of theirs: no error.
    assert_eq!(machine.userinfo(&tokens.text("access_token")).await.status, 200);
    // What we know is told, where it was asked for and nowhere else.
    let claims = r#"{"userinfo":{"phone_number":{"essential":true}},"id_token":{"phone_number_verified":null,"auth_time":{"essential":true}}}"#;
    let tokens = machine.redeem(&visitor.get(&ask(&[("scope", "openid"), ("claims", claims)])).await.code(), &[]).await;
    let told = payload(&tokens.text("id_token"));
    assert_eq!(told["phone_number_verified"], true);
    assert!(told["auth_time"].is_number() && !told.contains_key("phone_number"));
    let told = machine.userinfo(&tokens.text("access_token")).await.json();
    assert_eq!(told["phone_number"], TEST);
    assert!(told.get("phone_number_verified").is_none() && told.get("email").is_none());
    house.close().await;
});

both!(oidcc_prompt_login, async |engine| {
    let house = House::open(engine).await;
    let (machine, mut visitor) = (house.machine(), house.visitor());
    let (first, _) = id_token(&machine, &signed_in(&mut visitor, &[]).await).await;
    house.pass(2);
    let page = visitor.get(&ask(&[("prompt", "login")])).await;
    assert!(page.asks_who() && page.text().contains("Sign in"));
    let (second, _) = id_token(&machine, &prove(&mut visitor, page).await).await;
    assert!(second["auth_time"].as_i64() > first["auth_time"].as_i64() && second["sub"] == first["sub"]);
    house.close().await;
});

both!(oidcc_prompt_none_not_logged_in, async |engine| {
    let house = House::open(engine).await;
    let state = "s".repeat(128);
    let back = house.visitor().get(&ask(&[("prompt", "none"), ("state", &state)])).await;
    assert_eq!((back.error().as_deref(), back.param("state")), (Some("login_required"), Some(state)));
    house.close().await;
});

both!(oidcc_prompt_none_logged_in, async |engine| {
    let house = House::open(engine).await;
    let (machine, mut visitor) = (house.machine(), house.visitor());
    let (first, hint) = id_token(&machine, &signed_in(&mut visitor, &[]).await).await;
    house.pass(2);
    for extra in [&[("prompt", "none")][..], &[("prompt", "none"), ("id_token_hint", &hint)]] {
        let (second, _) = id_token(&machine, &visitor.get(&ask(extra)).await).await;
        assert_eq!((&first["sub"], &first["auth_time"]), (&second["sub"], &second["auth_time"]));
    }
    house.close().await;
});

both!(oidcc_max_age, async |engine| {
    let house = House::open(engine).await;
    let (machine, mut visitor) = (house.machine(), house.visitor());
    let (first, _) = id_token(&machine, &signed_in(&mut visitor, &[("max_age", "15000")]).await).await;
    assert!(first["auth_time"].is_i64());
    let (silent, _) = id_token(&machine, &visitor.get(&ask(&[("max_age", "10000")])).await).await;
    assert_eq!((&first["sub"], &first["auth_time"]), (&silent["sub"], &silent["auth_time"]));
    house.pass(2);
    let page = visitor.get(&ask(&[("max_age", "1")])).await;
    assert!(page.asks_who());
    let (again, _) = id_token(&machine, &prove(&mut visitor, page).await).await;
    assert!(again["auth_time"].as_i64() > first["auth_time"].as_i64());
    house.close().await;
});

both!(oidcc_ensure_registered_redirect_uri, async |engine| {
    let house = House::open(engine).await;
    shows_an_error(
        &house.visitor().get(&ask(&[("redirect_uri", "http://127.0.0.1:4000/callback/other")])).await,
        "redirect_uri",
    );
    house.close().await;
});

both!(oidcc_ensure_redirect_uri_in_authorization_request, async |engine| {
    let two = "\n[[client]]\nid = \"two\"\nname = \"Two\"\nkind = \"web\"\nredirect_uris = [\"http://127.0.0.1:4700/a\", \"http://127.0.0.1:4700/b?x=%2F&y\"]\nconnections = [\"phone\"]\n";
    let house = House::with(engine, &[SHOP, two].concat(), &[]).await;
    let its = |uri: &'static str| ask(&[("client_id", "two"), ("redirect_uri", uri)]);
    shows_an_error(&house.visitor().get(&its("")).await, "redirect_uri");
    // oidcc-redirect-uri-query-OK, -mismatch, -added.
    let mut visitor = house.visitor();
    let page = visitor.get(&its("http://127.0.0.1:4700/b?x=%2F&y")).await;
    let back = prove(&mut visitor, page).await;
    assert!(back.url.starts_with("http://127.0.0.1:4700/b?x=%2F&y&code="), "{}", back.url);
    for other in [
        "http://127.0.0.1:4700/b",
        "http://127.0.0.1:4700/b?x=/&y",
        "http://127.0.0.1:4700/b?x=%2F&y&z",
        "http://127.0.0.1:4700/a?x",
        "http://127.0.0.1:4700/b?y&x=%2F",
    ] {
        shows_an_error(&visitor.get(&its(other)).await, "redirect_uri");
    }
    house.close().await;
});

both!(oidcc_redirect_uri_regfrag, async |engine| {
    use countersign::flows::manage::apply::{Applied, apply};
    let house = House::open(engine).await;
    let declared = "[[client]]\nid = \"frag\"\nname = \"Frag\"\nkind = \"web\"\nredirect_uris = [\"https://rp.example/cb#x\"]\nconnections = [\"phone\"]\n";
    let applied = apply(&house.app, declared, &|_| Err("none".into()), false).await.expect("answers");
    assert!(matches!(applied, Applied::Wrong(faults) if faults.iter().any(|fault| fault.contains("fragment"))));
    house.close().await;
});

both!(oidcc_ensure_post_request_succeeds, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let form = [
        ("client_id", "shop"),
        ("redirect_uri", SHOP_CALLBACK),
        ("response_type", "code"),
        ("scope", "openid"),
        ("state", "posted"),
    ];
    let page = visitor.post("/oauth2/auth", &form).await;
    let back = prove(&mut visitor, page).await;
    assert_eq!(back.param("state").as_deref(), Some("posted"));
    back.code();
    house.close().await;
});

both!(oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported, async |engine| {
    let house = House::open(engine).await;
    let told = house.machine().get("/.well-known/openid-configuration").await.json();
    let algorithms = told["request_object_signing_alg_values_supported"].as_array().expect("a list");
    assert!(
        algorithms.iter().any(|one| one == "RS256") && algorithms.iter().all(|one| one != "none"),
        "so it is skipped"
    );
    for object in ["eyJhbGciOiJub25lIn0.eyJzdGF0ZSI6InMifQ.", "x"] {
        let back = house.visitor().get(&ask(&[("request", object)])).await;
        assert_eq!((back.error().as_deref(), back.param("code")), (Some("invalid_request_object"), None));
    }
    house.close().await;
});

both!(oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported, async |engine| {
    let house = House::open(engine).await;
    let told = house.machine().get("/.well-known/openid-configuration").await.json();
    assert_eq!(told["request_uri_parameter_supported"], false);
    let back = house.visitor().get(&ask(&[("request_uri", "https://rp.example/request.jwt")])).await;
    assert_eq!(back.error().as_deref(), Some("request_uri_not_supported"));
    house.close().await;
});

both!(oidcc_ensure_request_with_valid_pkce_succeeds, async |engine| {
    let house = House::open(engine).await;
    let challenge =
        [("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), ("code_challenge_method", "S256")];
    let back = signed_in(&mut house.visitor(), &challenge).await;
    let verifier = [("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")];
    assert_eq!(house.machine().redeem(&back.code(), &verifier).await.status, 200);
    house.close().await;
});

both!(oidcc_alternate_happy_flow, async |engine| {
    let house = House::open(engine).await;
    let mut params = over(
        &[
            ("client_id", "shop"),
            ("redirect_uri", SHOP_CALLBACK),
            ("response_type", "code"),
            ("scope", "email phone openid"),
            ("state", "st8"),
        ],
        &[],
    );
    params.reverse();
    let mut visitor = house.visitor();
    let page = visitor.get(&asking(&params)).await;
    prove(&mut visitor, page).await.code();
    house.close().await;
});
