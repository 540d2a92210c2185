//! The rules that break apps if missed, one story each.

use super::claims::peopled;
use crate::harness::machine::Machine;
use crate::harness::rp::payload;
use crate::harness::{House, SHOP, SHOP_CALLBACK, SHOP_SECRET, Visitor, both};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use countersign::crypto::hash::s256;
use reqwest::Method;
use serde_json::{Value, json};

pub const VERIFIER: &str = "0123456789abcdef0123456789abcdef0123456789a";

/// A sign-in as an app's SDK begins it: the query as it is, back with the code.
pub async fn code(house: &House, visitor: &mut Visitor, query: &str, number: &str) -> String {
    let page = visitor.get(&format!("/oauth2/auth?{query}")).await;
    let page = visitor.submit(&page, &[("p_phone", number)]).await;
    let passcode = house.passcode(number).await;
    visitor.submit(&page, &[("p_confirmation_code", &passcode)]).await.code()
}

/// As kinde-auth-nextjs sends it: no PKCE, no nonce.
pub const NEXT: &str = "state=a1b2&client_id=shop&redirect_uri=http%3A%2F%2F127.0.0.1%3A4000%2Fcallback&response_type=code&post_login_redirect_url=%2Fdash&supports_reauth=true&scope=openid%20profile%20email%20offline";

async fn tokens(house: &House, number: &str) -> Value {
    let code = code(house, &mut house.visitor(), NEXT, number).await;
    let answer = house.machine().redeem(&code, &[]).await;
    assert_eq!(answer.status, 200, "exactly 200 (rule 18): {}", answer.body);
    answer.json()
}

both!(rule_01_the_issuer_is_byte_equal_without_a_slash, async |engine| {
    let house = House::open(engine).await;
    let told = tokens(&house, "+2348031234567").await;
    for token in ["access_token", "id_token"] {
        let claims = payload(told[token].as_str().expect("a token"));
        assert_eq!(claims["iss"], house.issuer.as_str());
    }
    assert!(!house.issuer.ends_with('/'));
    let document = house.machine().get("/.well-known/openid-configuration").await.json();
    assert_eq!(document["issuer"], house.issuer.as_str());
    house.close().await;
});

both!(rule_02_03_04_keys_and_headers_are_what_the_validator_reads, async |engine| {
    let house = House::open(engine).await;
    let told = tokens(&house, "+2348031234567").await;
    let (long, short) =
        (house.machine().get("/.well-known/jwks.json").await, house.machine().get("/.well-known/jwks").await);
    assert_eq!((long.status, &long.body), (200, &short.body));
    for token in ["access_token", "id_token"] {
        let encoded = told[token].as_str().and_then(|token| token.split('.').next()).expect("a header");
        assert!(!encoded.contains(['-', '_']), "bare atob reads it: {encoded}");
        let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(encoded).expect("base64")).expect("JSON");
        assert_eq!(header["alg"], "RS256");
        let keys = long.json()["keys"].as_array().expect("keys").clone();
        let key = keys.iter().find(|key| key["kid"] == header["kid"]).expect("its key");
        assert_eq!((&key["kty"], &key["use"]), (&json!("RSA"), &json!("sig")));
        assert!(key["n"].is_string() && key["e"].is_string());
    }
    house.close().await;
});

both!(rule_05_secrets_made_here_have_the_form_the_sdks_check, async |engine| {
    let house = House::open(engine).await;
    let text = "[[client]]\nid = \"new\"\nname = \"New\"\nkind = \"web\"\nredirect_uris = [\"https://a.example/cb\"]\nconnections = [\"phone\"]";
    let applied = countersign::flows::manage::apply::apply(&house.app, text, &|_| Err(String::new()), false).await;
    let countersign::flows::manage::apply::Applied::Done(changes) = applied.expect("applies") else {
        panic!("wrong");
    };
    let secret = &changes.made_secrets[0].1;
    assert!((40..=60).contains(&secret.len()) && secret.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    house.close().await;
});

both!(rule_06_17_18_an_exchange_returns_everything_in_cookie_sized_text, async |engine| {
    let house = peopled(engine, "roles_in_tokens = true").await;
    let told = tokens(&house, "+2348031234567").await;
    for token in ["access_token", "id_token", "refresh_token"] {
        let text = told[token].as_str().expect("a token");
        assert!(text.len() < 3_000, "{token}: {}", text.len());
        assert!(serde_json::from_str::<Value>(text).is_err(), "{token} is no JSON, and no number");
    }
    assert_eq!(told["expires_in"], 86_400);
    let again = house.machine().refresh(told["refresh_token"].as_str().expect("one"), &[]).await;
    assert_eq!(again.status, 200);
    for token in ["access_token", "id_token", "refresh_token"] {
        assert!(again.json()[token].is_string(), "a refresh returns {token} as well");
    }
    // Rejections are OAuth JSON with 400 or 401.
    assert_eq!(house.machine().redeem("ac_none", &[]).await.refusal(), (400, "invalid_grant".into()));
    let wrong = house.machine().redeem("ac_none", &[("client_secret", "x")]).await;
    assert_eq!(wrong.refusal(), (401, "invalid_client".into()));
    house.close().await;
});

both!(rule_07_offline_and_its_alias_give_a_refresh_token, async |engine| {
    let house = House::open(engine).await;
    for (scope, number, refreshes) in [
        ("openid offline", "+2348031234561", true),
        ("openid offline_access", "+2348031234562", true),
        ("openid profile email", "+2348031234563", false),
    ] {
        let query = NEXT.replace("openid%20profile%20email%20offline", &scope.replace(' ', "%20"));
        let code = code(&house, &mut house.visitor(), &query, number).await;
        let told = house.machine().redeem(&code, &[]).await.json();
        assert_eq!(told["refresh_token"].is_string(), refreshes, "{scope}");
        assert!(told["access_token"].is_string() && told["id_token"].is_string(), "{scope}");
    }
    house.close().await;
});

both!(rule_08_a_secret_alone_or_beside_a_verifier, async |engine| {
    let house = House::open(engine).await;
    tokens(&house, "+2348031234561").await;
    // Python sends both.
    let query = format!("{NEXT}&code_challenge={}&code_challenge_method=S256&nonce=n-1", s256(VERIFIER));
    let code = code(&house, &mut house.visitor(), &query, "+2348031234562").await;
    let told = house.machine().redeem(&code, &[("code_verifier", VERIFIER)]).await.json();
    assert_eq!(payload(told["id_token"].as_str().expect("one"))["nonce"], "n-1");
    // A browser app never goes without.
    let kiosk =
        "client_id=kiosk&redirect_uri=http%3A%2F%2F127.0.0.1%3A4100%2Fcallback&response_type=code&scope=openid&state=s";
    let page = house.visitor().get(&format!("/oauth2/auth?{kiosk}")).await;
    assert_eq!(page.param("error").as_deref(), Some("invalid_request"));
    house.close().await;
});

both!(rule_09_one_trailing_slash_is_forgiven_in_the_profile_compat, async |engine| {
    let compat = SHOP.replacen("name = \"Shop\"\n", "name = \"Shop\"\nprofile = \"compat\"\n", 1);
    let house = House::with(engine, &compat, &[]).await;
    let with_slash = format!("{SHOP_CALLBACK}/");
    // Stripped in the request, raw at the token endpoint; and registered without, asked with.
    let plain = code(&house, &mut house.visitor(), NEXT, "+2348031234561").await;
    assert_eq!(house.machine().redeem(&plain, &[("redirect_uri", &with_slash)]).await.status, 200);
    let query = NEXT.replace("%2Fcallback", "%2Fcallback%2F");
    let slashed = code(&house, &mut house.visitor(), &query, "+2348031234562").await;
    assert_eq!(house.machine().redeem(&slashed, &[]).await.status, 200);
    let query = NEXT.replace("%2Fcallback", "%2Fcallback%2F%2F");
    assert_eq!(house.visitor().get(&format!("/oauth2/auth?{query}")).await.status, 400);
    house.close().await;
    // Elsewhere it is another address.
    let house = House::open(engine).await;
    let plain = code(&house, &mut house.visitor(), NEXT, "+2348031234561").await;
    let refused = house.machine().redeem(&plain, &[("redirect_uri", &with_slash)]).await;
    assert_eq!(refused.refusal(), (400, "invalid_grant".into()));
    house.close().await;
});

both!(rule_11_four_refreshes_at_once_all_succeed, async |engine| {
    let house = House::open(engine).await;
    let told = tokens(&house, "+2348031234567").await;
    let token = told["refresh_token"].as_str().expect("one").to_owned();
    let all = (0..4).map(|_| {
        let (machine, token) = (Machine::new(&house.issuer), token.clone());
        tokio::spawn(async move { machine.refresh(&token, &[]).await.status })
    });
    for one in all.collect::<Vec<_>>() {
        assert_eq!(one.await.expect("runs"), 200);
    }
    house.close().await;
});

both!(rule_12_what_breaks_on_our_side_is_no_json, async |engine| {
    let house = House::open(engine).await;
    let told = tokens(&house, "+2348031234567").await;
    house.app.db.close().await;
    let answer = house.machine().refresh(told["refresh_token"].as_str().expect("one"), &[]).await;
    assert!(answer.status >= 500, "{}", answer.status);
    assert!(answer.header("content-type").is_some_and(|kind| kind.starts_with("text/plain")), "{:?}", answer.headers);
    assert!(serde_json::from_str::<Value>(&answer.body).is_err());
    house.close_anyway().await;
});

both!(rule_13_an_unproven_redirect_is_our_page, async |engine| {
    let house = House::open(engine).await;
    let query = NEXT.replace("4000", "4001");
    let page = house.visitor().get(&format!("/oauth2/auth?{query}")).await;
    assert_eq!(page.status, 400);
    assert!(page.html.contains("redirect_uri"));
    house.close().await;
});

both!(rule_14_15_16_empty_and_unknown_parameters_and_a_constant_state, async |engine| {
    let house = House::open(engine).await;
    // React: base64url JSON, the same each time, with an empty audience.
    let state = URL_SAFE_NO_PAD.encode(r#"{"kinde":{"event":"login"}}"#);
    let query = NEXT.replace("state=a1b2", &format!("state={state}"));
    let query = format!(
        "{query}&audience=&login_hint=&connection_id=&plan_interest=pro&utm_source=x&pages_mode=preview&state2="
    );
    let mut visitor = house.visitor();
    let page = visitor.get(&format!("/oauth2/auth?{query}")).await;
    let page = visitor.submit(&page, &[("p_phone", "+2348031234567")]).await;
    let passcode = house.passcode("+2348031234567").await;
    let back = visitor.submit(&page, &[("p_confirmation_code", &passcode)]).await;
    assert_eq!(back.param("state").as_deref(), Some(state.as_str()));
    assert_eq!(back.param("scope").as_deref(), Some("openid profile email offline"));
    let told = house.machine().redeem(&back.code(), &[]).await.json();
    assert_eq!(payload(told["access_token"].as_str().expect("one"))["aud"], json!([house.issuer]));
    // The same state again, from the same browser: straight back.
    let again = visitor.get(&format!("/oauth2/auth?{query}")).await;
    assert_eq!(again.param("state").as_deref(), Some(state.as_str()));
    // A slash too much in the issuer's URL doubles it in every path.
    let doubled = visitor.get(&format!("//oauth2/auth?{query}")).await;
    assert_eq!(doubled.param("state").as_deref(), Some(state.as_str()), "{} {}", doubled.status, doubled.text());
    let basic = STANDARD.encode(format!("shop:{SHOP_SECRET}"));
    let form = [("grant_type", "authorization_code"), ("code", "ac_x"), ("redirect_uri", SHOP_CALLBACK)];
    let headers = [("authorization", format!("Basic {basic}"))];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = house.machine().send(Method::POST, "//oauth2/token", &headers, Some(&form)).await;
    assert_eq!(answer.refusal(), (400, "invalid_grant".into()));
    house.close().await;
});
