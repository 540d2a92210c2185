//! Browser apps: a reload stays signed in by a cookie only its own app can use, and only apps of ours may read answers.

use super::rules::{NEXT, VERIFIER, code};
use crate::harness::machine::Answer;
use crate::harness::{House, SHOP, both};
use countersign::crypto::hash::s256;
use reqwest::Method;
use std::collections::BTreeMap;

pub const HOME: &str = "http://127.0.0.1:4100";
const CALLBACK: &str = "http://127.0.0.1:4100/callback";

pub fn react() -> String {
    format!(
        "client_id=kiosk&response_type=code&redirect_uri=http%3A%2F%2F127.0.0.1%3A4100%2Fcallback&audience=&scope=email%20profile%20openid%20offline&supports_reauth=true&state=s&nonce=0123456789abcdef&code_challenge={}&code_challenge_method=S256",
        s256(VERIFIER)
    )
}

/// Cookies an answer sets, by name, each with its attributes.
pub fn cookies(answer: &Answer) -> BTreeMap<String, String> {
    let set = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().expect("ASCII"));
    set.map(|text| text.split_once('=').expect("a cookie")).map(|(name, rest)| (name.into(), rest.into())).collect()
}

/// The exchange as js-utils posts it from `origin`.
async fn exchange(house: &House, origin: &str, number: &str) -> Answer {
    let code = code(house, &mut house.visitor(), &react(), number).await;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("client_id", "kiosk"),
        ("code_verifier", VERIFIER),
    ];
    house.machine().send(Method::POST, "/oauth2/token", &[("origin", origin)], Some(&form)).await
}

async fn refresh(house: &House, headers: &[(&str, &str)], extra: &[(&str, &str)]) -> Answer {
    let mut form = vec![("grant_type", "refresh_token"), ("client_id", "kiosk")];
    form.extend(extra);
    house.machine().send(Method::POST, "/oauth2/token", headers, Some(&form)).await
}

both!(a_reload_refreshes_by_cookie, async |engine| {
    let house = House::open(engine).await;
    let answer = exchange(&house, HOME, "+2348031234567").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("access-control-allow-origin"), Some(HOME));
    assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
    let token = answer.text("refresh_token");
    let set = cookies(&answer);
    let life = "SameSite=Lax; Max-Age=1296000";
    assert_eq!(set["refresh_token_kiosk"], format!("{token}; Path=/oauth2/token; HttpOnly; {life}"));
    assert_eq!(set["refresh_token"], set["refresh_token_kiosk"]);
    assert_eq!(set["_kbrte"], format!("1; Path=/; {life}"), "scripts may read it, and that it is there is all it says");
    // The reload: no token in the body.
    let cookie = format!("_kbrte=1; refresh_token=of-another; refresh_token_kiosk={token}");
    let again = refresh(&house, &[("origin", HOME), ("cookie", &cookie)], &[]).await;
    assert_eq!(again.status, 200, "{}", again.body);
    let newer = again.text("refresh_token");
    assert!(cookies(&again)["refresh_token_kiosk"].starts_with(&newer) && newer != token, "rotated, and kept");
    // The SDK's own refresh sends both: the body wins.
    let cookie = "refresh_token_kiosk=stale; refresh_token=stale";
    let both = refresh(&house, &[("origin", HOME), ("cookie", cookie)], &[("refresh_token", &newer)]).await;
    assert_eq!(both.status, 200, "{}", both.body);
    // One that opens nothing any more is taken back, so that the app stops trying.
    let stale = refresh(&house, &[("origin", HOME), ("cookie", cookie)], &[]).await;
    assert_eq!(stale.refusal(), (400, "invalid_grant".into()));
    let set = cookies(&stale);
    for name in ["refresh_token", "refresh_token_kiosk", "_kbrte"] {
        assert!(set[name].starts_with("; Path=/") && set[name].contains("Max-Age=0"), "{name}: {}", set[name]);
    }
    house.close().await;
});

// The guard against other sites: a cookie alone is no proof of who asks.
both!(another_site_cannot_refresh_with_the_cookie, async |engine| {
    let other = "\n[[client]]\nid = \"other\"\nname = \"Other\"\nkind = \"spa\"\nredirect_uris = [\"http://127.0.0.1:4300/callback\"]\nconnections = [\"phone\"]\n";
    let house = House::with(engine, &format!("{SHOP}{other}"), &[]).await;
    let token = exchange(&house, HOME, "+2348031234567").await.text("refresh_token");
    let cookie = format!("refresh_token={token}; refresh_token_kiosk={token}");
    for origin in
        ["https://evil.example", "null", "http://127.0.0.1:4000", "http://127.0.0.1:4300", "http://127.0.0.1:4100.evil"]
    {
        let answer = refresh(&house, &[("origin", origin), ("cookie", &cookie)], &[]).await;
        assert_eq!(answer.refusal(), (400, "invalid_request".into()), "{origin}");
        assert_eq!(answer.header("access-control-allow-origin"), None, "{origin} reads nothing of this client");
        assert!(cookies(&answer).is_empty());
    }
    assert_eq!(refresh(&house, &[("cookie", &cookie)], &[]).await.status, 400, "without an Origin as well");
    // Another client, at its own home, with this one's cookie: not its token.
    let form = [("grant_type", "refresh_token"), ("client_id", "other")];
    let headers = [("origin", "http://127.0.0.1:4300"), ("cookie", cookie.as_str())];
    let answer = house.machine().send(Method::POST, "/oauth2/token", &headers, Some(&form)).await;
    assert_eq!(answer.refusal(), (400, "invalid_grant".into()));
    // Nothing of this hurt: its own app still refreshes.
    assert_eq!(refresh(&house, &[("origin", HOME), ("cookie", &cookie)], &[]).await.status, 200);
    house.close().await;
});

both!(whoever_is_no_browser_gets_no_cookie, async |engine| {
    let house = House::open(engine).await;
    let code = code(&house, &mut house.visitor(), NEXT, "+2348031234567").await;
    let answer = house.machine().redeem(&code, &[]).await;
    assert!(answer.status == 200 && cookies(&answer).is_empty(), "a server keeps its own");
    let answer = exchange(&house, "https://evil.example", "+2348031234568").await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, None), "redeemed, and unreadable");
    assert!(cookies(&answer).is_empty());
    house.close().await;
});

both!(signing_out_and_revoking_take_the_cookies_back, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let code = code(&house, &mut visitor, &react(), "+2348031234567").await;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("client_id", "kiosk"),
        ("code_verifier", VERIFIER),
    ];
    let token = house
        .machine()
        .send(Method::POST, "/oauth2/token", &[("origin", HOME)], Some(&form))
        .await
        .text("refresh_token");
    visitor.cookies.insert("_kbrte".into(), "1".into());
    let page = visitor.get("/logout").await;
    let page = visitor.submit(&page, &[("confirmed", "yes")]).await;
    assert!(page.html.contains("signed out"));
    assert!(!visitor.cookies.contains_key("_kbrte"), "the app need not try");
    let answer = refresh(&house, &[("origin", HOME), ("cookie", &format!("refresh_token={token}"))], &[]).await;
    assert_eq!(answer.refusal(), (400, "invalid_grant".into()));
    // React revokes without a secret.
    let token = exchange(&house, HOME, "+2348031234568").await.text("refresh_token");
    let form = [("token", token.as_str()), ("client_id", "kiosk"), ("token_type_hint", "refresh_token")];
    let answer = house.machine().send(Method::POST, "/oauth2/revoke", &[("origin", HOME)], Some(&form)).await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, Some(HOME)));
    assert!(cookies(&answer)["refresh_token_kiosk"].contains("Max-Age=0"));
    let answer = refresh(&house, &[("origin", HOME)], &[("refresh_token", &token)]).await;
    assert_eq!(answer.refusal(), (400, "invalid_grant".into()));
    house.close().await;
});

both!(rule_10_preflights_allow_what_the_sdks_send, async |engine| {
    let house = House::open(engine).await;
    let ask = |path: &'static str, origin: &'static str| {
        let machine = house.machine();
        async move {
            let headers = [
                ("origin", origin),
                ("access-control-request-method", "POST"),
                ("access-control-request-headers", "authorization,content-type,kinde-sdk"),
            ];
            machine.send(Method::OPTIONS, path, &headers, None).await
        }
    };
    for path in [
        "/oauth2/token",
        "/oauth2/revoke",
        "/oauth2/userinfo",
        "/oauth2/v2/user_profile",
        "/oauth2/user_profile",
        "/account_api/v1/permissions",
        "/account_api/v1/permission/x",
        "/account_api/v1/portal_link",
    ] {
        let answer = ask(path, HOME).await;
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (204, Some(HOME)), "{path}");
        assert_eq!(answer.header("access-control-allow-credentials"), Some("true"), "{path}");
        let allowed = answer.header("access-control-allow-headers").expect("named");
        for header in ["kinde-sdk", "content-type", "authorization", "dpop"] {
            assert!(allowed.split(", ").any(|name| name == header), "{path}: {header}");
        }
        let foreign = ask(path, "https://evil.example").await;
        assert_eq!(foreign.header("access-control-allow-origin"), None, "{path}");
    }
    for path in ["/.well-known/jwks.json", "/.well-known/jwks", "/.well-known/openid-configuration"] {
        let answer = ask(path, "https://anybody.example").await;
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{path}");
        assert!(answer.header("access-control-allow-headers").is_some_and(|allowed| allowed.contains("kinde-sdk")));
        assert_eq!(answer.header("access-control-allow-credentials"), None, "{path}: never beside a wildcard");
    }
    house.close().await;
});
