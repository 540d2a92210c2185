//! Attack 38: reading across origins what is not one's own.

use crate::harness::{House, both};
use crate::kinde::rules::{NEXT, code};
use reqwest::Method;

const EVIL: &str = "https://evil.example";
const KIOSK: &str = "http://127.0.0.1:4100";
const SHOP: &str = "http://127.0.0.1:4000";

both!(attack_38_pages_are_read_by_nobody, async |engine| {
    let house = House::open(engine).await;
    for path in ["/oauth2/auth?client_id=shop", "/logout", "/sign-in", "/passcode", "/signed-out", "/account"] {
        for origin in [EVIL, SHOP, KIOSK, "null"] {
            let answer = house.machine().send(Method::GET, path, &[("origin", origin)], None).await;
            let told: Vec<_> =
                answer.headers.keys().filter(|name| name.as_str().starts_with("access-control")).collect();
            assert!(told.is_empty(), "{path} for {origin}: {told:?}");
        }
    }
    house.close().await;
});

both!(attack_38_answers_are_read_by_their_own_client_alone, async |engine| {
    let house = House::open(engine).await;
    let code = code(&house, &mut house.visitor(), NEXT, "+2348031234567").await;
    let token = house.machine().redeem(&code, &[]).await.text("access_token");
    let bearer = format!("Bearer {token}");
    for path in ["/account_api/v1/permissions", "/oauth2/user_profile", "/oauth2/v2/user_profile", "/oauth2/userinfo"] {
        for (origin, may) in [(SHOP, true), (KIOSK, false), (EVIL, false), ("null", false)] {
            let headers = [("authorization", bearer.as_str()), ("origin", origin)];
            let answer = house.machine().send(Method::GET, path, &headers, None).await;
            assert_eq!(answer.status, 200);
            let allowed = answer.header("access-control-allow-origin");
            assert_eq!(allowed, may.then_some(origin), "{path} for {origin}");
            assert_ne!(allowed, Some("*"));
            assert!(answer.header("vary").is_some_and(|vary| vary.to_lowercase().contains("origin")), "{path}");
        }
    }
    // The origin is never taken from a token nobody verified.
    let forged =
        "Bearer eyJhbGciOiJub25lIn0.eyJhenAiOiJzaG9wIiwiYWxsb3dlZC1vcmlnaW5zIjpbImh0dHBzOi8vZXZpbC5leGFtcGxlIl19.";
    let headers = [("authorization", forged), ("origin", EVIL)];
    let answer = house.machine().send(Method::GET, "/account_api/v1/permissions", &headers, None).await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (401, None));
    house.close().await;
});
