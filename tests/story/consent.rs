//! Somebody else's application: people are asked before it gets anything, once for each thing, and may say no.

use crate::harness::machine::over;
use crate::harness::rp::identify;
use crate::harness::ways::{TEST, TEST_PASSCODE, ask, asking, prove, signed_in};
use crate::harness::{Engine, House, Page, SHOP, Visitor, both};
use countersign::domain::ids::{ClientId, SubjectId};
use countersign::flows::consent;

pub const GUEST_SECRET: &str = "cdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234";
const GUEST: &str = r#"
[[client]]
id = "guest"
name = "Guest & Co"
kind = "web"
secret = "cdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234"
redirect_uris = ["http://127.0.0.1:4300/callback"]
connections = ["phone", "email"]
third_party = true
client_uri = "https://guest.example/about"
terms_url = "https://guest.example/terms"

[[scope]]
name = "orders:read"
description.en = "Read your orders"
description.de = "Ihre Bestellungen lesen"

[[resource]]
uri = "https://orders.example"
name.en = "the order service"
scopes = ["orders:read"]
"#;

pub async fn house(engine: Engine) -> House {
    House::with(engine, &format!("{SHOP}{GUEST}"), &[]).await
}

/// An authorization request of `guest`.
pub fn asks(extra: &[(&str, &str)]) -> String {
    let usual = [
        ("client_id", "guest"),
        ("redirect_uri", "http://127.0.0.1:4300/callback"),
        ("response_type", "code"),
        ("scope", "openid email"),
        ("state", "st8"),
    ];
    asking(&over(&usual, extra))
}

impl Page {
    /// Whether this is the page that asks what an application may have.
    pub fn asks_consent(&self) -> bool {
        self.html.contains("id=\"allow\"") && self.html.contains("id=\"deny\"")
    }
}

pub async fn allow(visitor: &mut Visitor, page: &Page) -> Page {
    visitor.submit(page, &[("p_decision", "allow")]).await
}

async fn swap(house: &House, back: &Page) -> crate::harness::machine::Answer {
    let form =
        [("client_id", "guest"), ("client_secret", GUEST_SECRET), ("redirect_uri", "http://127.0.0.1:4300/callback")];
    house.machine().redeem(&back.code(), &form).await
}

both!(people_are_asked_after_they_proved_who_they_are, async |engine| {
    let house = house(engine).await;
    let mut visitor = house.visitor();
    let page = visitor.get(&asks(&[("scope", "openid email orders:read offline")])).await;
    let page = prove(&mut visitor, page).await;
    assert!(page.url.starts_with("/consent?interaction="), "{}", page.url);
    let text = page.text();
    for told in [
        "Give Guest & Co access to your account?",
        "You are signed in as",
        "Recognize you when you come back",
        "See your e-mail address",
        "Read your orders",
        "Keep this access while you are away",
        "You’ll go on to 127.0.0.1",
        "About this app",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert!(!text.contains("143") || !text.contains(TEST), "masked: {text}");
    assert!(page.html.contains("href=\"https://guest.example/terms\""));
    // Looking again asks the same, and gives nothing.
    assert!(visitor.get(&page.url).await.asks_consent());
    let back = allow(&mut visitor, &page).await;
    assert_eq!((back.param("state").as_deref(), back.param("iss")), (Some("st8"), Some(house.issuer.clone())));
    let tokens = swap(&house, &back).await;
    assert_eq!((tokens.status, tokens.text("scope").as_str()), (200, "openid email orders:read offline"));
    // Back again: that sign-in is done.
    assert!(visitor.get(&page.url).await.text().contains("This sign-in is done"));
    house.close().await;
});

both!(what_was_allowed_is_not_asked_again, async |engine| {
    let house = house(engine).await;
    let mut visitor = house.visitor();
    let page = visitor.get(&asks(&[])).await;
    let page = prove(&mut visitor, page).await;
    allow(&mut visitor, &page).await.code();
    for silent in [&[][..], &[("prompt", "none")], &[("scope", "openid")]] {
        visitor.get(&asks(silent)).await.code();
    }
    // In another browser the passcode alone is enough.
    let mut elsewhere = house.visitor();
    let page = elsewhere.get(&asks(&[])).await;
    prove(&mut elsewhere, page).await.code();
    // First-party applications never ask, whatever they send.
    visitor.get(&ask(&[("prompt", "consent"), ("scope", "openid email phone offline")])).await.code();
    house.close().await;
});

// A signed-in browser goes to the page directly, and says yes there.
both!(a_session_is_asked_what_is_new, async |engine| {
    let house = house(engine).await;
    let mut visitor = house.visitor();
    signed_in(&mut visitor, &[]).await.code();
    let page = visitor.get(&asks(&[])).await;
    assert!(page.asks_consent() && page.url.starts_with("/consent"), "{}", page.url);
    allow(&mut visitor, &page).await.code();
    for wider in [("scope", "openid email phone"), ("prompt", "consent"), ("audience", "https://orders.example")] {
        let page = visitor.get(&asks(&[wider])).await;
        assert!(page.asks_consent(), "{wider:?}: {}", page.text());
        if wider.0 == "audience" {
            assert!(page.text().contains("Use the order service for you"), "{}", page.text());
        }
        allow(&mut visitor, &page).await.code();
    }
    house.close().await;
});

both!(nobody_can_be_asked_in_silence, async |engine| {
    let house = house(engine).await;
    let mut visitor = house.visitor();
    assert_eq!(visitor.get(&asks(&[("prompt", "none")])).await.error().as_deref(), Some("login_required"));
    signed_in(&mut visitor, &[]).await.code();
    let back = visitor.get(&asks(&[("prompt", "none")])).await;
    assert_eq!(back.error().as_deref(), Some("consent_required"));
    assert_eq!((back.param("state").as_deref(), back.param("code")), (Some("st8"), None));
    house.close().await;
});

both!(no_is_an_answer, async |engine| {
    let house = house(engine).await;
    let mut visitor = house.visitor();
    let page = visitor.get(&asks(&[])).await;
    let page = prove(&mut visitor, page).await;
    let back = visitor.submit(&page, &[("p_decision", "deny")]).await;
    assert_eq!(back.error().as_deref(), Some("access_denied"));
    assert_eq!((back.param("state").as_deref(), back.param("iss")), (Some("st8"), Some(house.issuer.clone())));
    // It is final for that page, remembered nowhere, and asked again next time.
    let again = visitor.submit(&page, &[("p_decision", "allow")]).await;
    assert!(again.text().contains("This sign-in is done"), "{}", again.text());
    assert!(visitor.get(&asks(&[])).await.asks_consent());
    house.close().await;
});

// A button of the same id on both pages before, for first-party applications as well.
both!(a_sign_in_is_called_off_on_every_page, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    for form_post in [false, true] {
        let mode: &[(&str, &str)] = if form_post { &[("response_mode", "form_post")] } else { &[] };
        let page = visitor.get(&ask(mode)).await;
        assert!(page.text().contains("Cancel and go back to Shop"), "{}", page.text());
        let back = visitor.submit(&page, &[("deny", "")]).await;
        if form_post {
            assert!(back.html.contains("value=\"access_denied\"") && back.html.contains("value=\"st8\""));
        } else {
            assert_eq!((back.error().as_deref(), back.param("state").as_deref()), (Some("access_denied"), Some("st8")));
        }
    }
    let page = visitor.get(&ask(&[])).await;
    let page = identify(&mut visitor, page, TEST).await;
    assert!(page.asks_digits());
    let back = visitor.submit(&page, &[("deny", "")]).await;
    assert_eq!(back.error().as_deref(), Some("access_denied"));
    // The passcode opens nothing now.
    let late = visitor.submit(&page, &[("p_confirmation_code", TEST_PASSCODE)]).await;
    assert!(late.text().contains("This sign-in is done"), "{}", late.text());
    // Pressed twice, or in another browser, it changes nothing.
    assert!(visitor.submit(&page, &[("deny", "")]).await.text().contains("This sign-in is done"));
    let page = visitor.get(&ask(&[])).await;
    let stranger = house.visitor().submit(&page, &[("deny", "")]).await;
    assert_eq!(stranger.status, 403);
    prove(&mut visitor, page).await.code();
    house.close().await;
});

both!(the_operators_words_are_told_in_the_persons_language, async |engine| {
    let house = house(engine).await;
    let mut visitor = house.visitor();
    signed_in(&mut visitor, &[]).await.code();
    visitor.language = "de-AT".into();
    let page = visitor.get(&asks(&[("scope", "openid orders:read"), ("audience", "https://orders.example")])).await;
    let text = page.text();
    assert!(text.contains("Ihre Bestellungen lesen") && text.contains("Nicht erlauben"), "{text}");
    assert!(text.contains("the order service"), "English where there is no German: {text}");
    house.close().await;
});

// Taken back, it is asked anew, and what was given before is worth nothing.
both!(what_is_taken_back_ends, async |engine| {
    let house = house(engine).await;
    let mut visitor = house.visitor();
    let page = visitor.get(&asks(&[("scope", "openid email offline")])).await;
    let page = prove(&mut visitor, page).await;
    let tokens = swap(&house, &allow(&mut visitor, &page).await).await;
    let own = signed_in(&mut visitor, &[("prompt", "login")]).await;
    let own = house.machine().redeem(&own.code(), &[]).await.text("access_token");
    let subject = crate::harness::rp::payload(&tokens.text("access_token"))["sub"].as_str().expect("sub").to_owned();
    let taken = consent::forget(&house.app, &SubjectId::new(subject), &ClientId::new("guest")).await.expect("forgets");
    assert!(taken);
    assert_eq!(house.machine().userinfo(&tokens.text("access_token")).await.status, 401);
    let refreshed = house
        .machine()
        .refresh(&tokens.text("refresh_token"), &[("client_id", "guest"), ("client_secret", GUEST_SECRET)])
        .await;
    assert_eq!(refreshed.refusal(), (400, "invalid_grant".into()));
    assert_eq!(house.machine().userinfo(&own).await.status, 200, "nobody else loses anything");
    assert!(visitor.get(&asks(&[("scope", "openid email offline")])).await.asks_consent());
    house.close().await;
});

// Kinde's `has_success_page`: a page of ours before the redirect, where a person took part and it went well.
both!(a_success_page_comes_before_the_redirect, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    for name in ["has_success_page", "is_use_auth_success_page"] {
        let page = visitor.get(&ask(&[(name, "true"), ("prompt", "login")])).await;
        let done = prove(&mut visitor, page).await;
        assert_eq!(done.status, 200);
        assert!(
            done.text().contains("You are signed in") && done.text().contains("Go back to Shop"),
            "{}",
            done.text()
        );
        assert_eq!(done.headers["cache-control"], "no-store");
        let back = Page { url: done.link("continue"), ..done };
        assert_eq!(back.param("state").as_deref(), Some("st8"));
        assert_eq!(house.machine().redeem(&back.code(), &[]).await.status, 200);
    }
    // What did not go well, and what nobody took part in, goes straight back.
    let page = visitor.get(&ask(&[("has_success_page", "true"), ("prompt", "login")])).await;
    assert_eq!(visitor.submit(&page, &[("deny", "")]).await.error().as_deref(), Some("access_denied"));
    for silent in [("prompt", "none"), ("state", "st8")] {
        visitor.get(&ask(&[("has_success_page", "true"), silent])).await.code();
    }
    for other in ["false", "1", ""] {
        let page = visitor.get(&ask(&[("has_success_page", other), ("prompt", "login")])).await;
        prove(&mut visitor, page).await.code();
    }
    house.close().await;
});

// What scripts of conformance suites look for, in English.
both!(pages_have_the_names_that_suites_look_for, async |engine| {
    let house = house(engine).await;
    let mut visitor = house.visitor();
    let has = |page: &Page, names: &[&str]| {
        for name in names {
            assert!(page.html.contains(name), "{name}: {}", page.html);
        }
    };
    let page = visitor.get(&asks(&[])).await;
    has(&page, &["Sign in", "id=\"identifier\"", "id=\"continue\"", "id=\"deny\""]);
    let page = identify(&mut visitor, page, TEST).await;
    has(&page, &["id=\"passcode\"", "id=\"verify\"", "id=\"deny\""]);
    let page = visitor.submit(&page, &[("p_confirmation_code", TEST_PASSCODE)]).await;
    has(&page, &["id=\"allow\"", "id=\"deny\""]);
    let page = visitor.get(&ask(&[("redirect_uri", "https://evil.example/")])).await;
    has(&page, &["redirect_uri"]);
    let page = visitor.get("/logout").await;
    has(&page, &["id=\"confirm-logout\""]);
    let page = visitor.submit(&page, &[("confirmed", "yes")]).await;
    has(&page, &["signed out"]);
    house.close().await;
});
