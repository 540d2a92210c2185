//! Attacks on what apps written for Kinde use: reading across origins, telling who has an account, making one address another.

use crate::harness::rp::{identify, payload};
use crate::harness::{House, both};
use crate::kinde::claims::{PEOPLE, peopled};
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

/// A page's words without who was asked and the letters that mark each message.
fn bare(page: &crate::harness::Page, typed: &str) -> (u16, String) {
    // How far the message is is a matter of milliseconds.
    let text = page.text().replace(typed, "X");
    let text = text
        .replace("Delivered by e-mail.", "Sending it by e-mail…")
        .replace("Sent by e-mail.", "Sending it by e-mail…");
    let text = match text.split_once("marked ") {
        Some((before, after)) => format!("{before}{}", after.chars().skip(2).collect::<String>()),
        None => text,
    };
    (page.status.as_u16(), text)
}

// Whether an address is known here, or blocked, is nobody's business: not by the page, by `prompt=none`, nor by asking to sign up.
both!(a45_known_and_unknown_look_alike, async |engine| {
    let bob = "\n[[person]]\nidentifiers = [\"bob@example.com\"]\n";
    let house = House::with(engine, &format!("{}{PEOPLE}{bob}", crate::harness::SHOP), &[]).await;
    let blocked = "UPDATE subjects SET blocked_at = 1 WHERE id IN (SELECT subject_id FROM identifiers WHERE value = 'bob@example.com')";
    crate::attacks::device::execute(&house, blocked).await;
    let closed = NEXT.replace("client_id=shop", "client_id=members").replace("4000", "4200");
    for query in
        [NEXT.to_owned(), closed.clone(), format!("{closed}&prompt=create"), format!("{NEXT}&org_code=org_acme")]
    {
        let mut seen = Vec::new();
        for address in ["ada@example.com", "eve@example.com", "bob@example.com"] {
            let mut visitor = house.visitor();
            let silent = query.replace("&prompt=create", "");
            let hinted = visitor.get(&format!("/oauth2/auth?{silent}&prompt=none&login_hint={address}")).await;
            let error = (hinted.param("error"), hinted.param("error_description"));
            let page = visitor.get(&format!("/oauth2/auth?{query}")).await;
            let page = identify(&mut visitor, page, address).await;
            let wrong = visitor.submit(&page, &[("p_confirmation_code", "999999")]).await;
            seen.push((error, bare(&page, address), bare(&wrong, address)));
        }
        assert_eq!(seen[0], seen[1], "{query}");
        assert_eq!(seen[0], seen[2], "{query}, blocked");
    }
    house.close().await;
});

// One person's address is one text, however it is written, and nobody else's is ever taken for it.
both!(a47_no_trick_makes_one_address_another, async |engine| {
    let house = peopled(engine, "").await;
    for (same, to) in [(" ADA@Example.COM ", "ada@example.com"), ("00234 803 123-4567", "+2348031234567")] {
        let mut visitor = house.visitor();
        let page = visitor.get(&format!("/oauth2/auth?{NEXT}")).await;
        let page = identify(&mut visitor, page, same).await;
        let passcode = house.passcode(to).await;
        let code = visitor.submit(&page, &[("p_confirmation_code", &passcode)]).await.code();
        let told = house.machine().redeem(&code, &[]).await;
        assert_eq!(payload(&told.text("id_token"))["given_name"], "Ada", "{same}");
    }
    let before = house.sent("ada@example.com").await;
    for trick in [
        "\u{430}da@example.com",
        "ada@ex\u{430}mple.com",
        "ada+eve@example.com",
        "a.da@example.com",
        "ada@example.com.",
        "ada@example.com,eve@evil.example",
        "ada@example.com eve@evil.example",
        "ada@example.com\r\nBcc: eve@evil.example",
        "ada@example.com%0d%0aBcc:eve@evil.example",
        "\"ada@example.com\"@evil.example",
        "Ada <ada@example.com>",
        "ada@[127.0.0.1]",
        "ada\0@example.com",
    ] {
        let mut visitor = house.visitor();
        let page = visitor.get(&format!("/oauth2/auth?{NEXT}")).await;
        let page = identify(&mut visitor, page, trick).await;
        assert!([200, 422].contains(&page.status.as_u16()), "{trick}: {}", page.status);
        assert_eq!(house.sent("ada@example.com").await, before, "{trick} reached her");
    }
    let to: Vec<String> = house.app.phone.messages(None).into_iter().map(|message| message.to).collect();
    assert!(to.iter().all(|to| !to.contains(['\r', '\n', ' ', ',', '<', '\0'])), "{to:?}");
    house.close().await;
});
