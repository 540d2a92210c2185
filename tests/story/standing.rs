//! Back buttons, second tabs, double clicks, other browsers, yesterday's links: each finds a page that says where things stand,
//! and none of it costs a second message.

use crate::harness::rp::identify;
use crate::harness::ways::{TEST, TEST_PASSCODE, ask, prove, signed_in};
use crate::harness::{House, Page, Visitor, both};
use reqwest::Method;

const PHONE: &str = "+2348031234567";

/// From the app's button to the passcode page; the identifier page is kept for who goes back.
async fn halfway(visitor: &mut Visitor, identifier: &str) -> (Page, Page) {
    let first = visitor.get(&ask(&[])).await;
    let second = identify(visitor, first.clone(), identifier).await;
    assert!(second.asks_digits(), "{}", second.text());
    (first, second)
}

/// Sends the form of a page as it was, however old.
async fn replay(visitor: &mut Visitor, page: &Page, fields: &[(&str, &str)]) -> Page {
    visitor.submit(page, fields).await
}

both!(an_expired_sign_in_begins_again, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let (first, second) = halfway(&mut visitor, PHONE).await;
    let digits = house.passcode(PHONE).await;
    house.pass(3_601);
    let pages = [
        visitor.get(&first.url).await,
        visitor.get(&second.url).await,
        replay(&mut visitor, &first, &[("p_phone", PHONE)]).await,
        replay(&mut visitor, &second, &[("p_confirmation_code", &digits)]).await,
        visitor.post(&second.url.replace("/passcode", "/passcode/resend"), &[]).await,
    ];
    for page in pages {
        assert_eq!(page.status, 410, "{}", page.text());
        assert!(page.text().contains("This sign-in took too long") && page.text().contains("Shop"), "{}", page.text());
        // The same request, begun anew.
        let page = visitor.get(&page.link("onward")).await;
        assert!(page.asks_who());
        let back = prove(&mut visitor.clone(), page).await;
        assert_eq!(back.param("state").as_deref(), Some("st8"));
    }
    assert_eq!(house.sent(PHONE).await, 1);
    house.close().await;
});

both!(a_foreign_browser_sees_nothing_of_it, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let (first, second) = halfway(&mut visitor, PHONE).await;
    let digits = house.passcode(PHONE).await;
    let mut stranger = house.visitor();
    stranger.get(&ask(&[])).await;
    for mut other in [house.visitor(), stranger] {
        let pages = [
            other.get(&first.url).await,
            other.get(&second.url).await,
            replay(&mut other, &first, &[("p_phone", PHONE)]).await,
            replay(&mut other, &second, &[("p_confirmation_code", &digits)]).await,
            other.post(&second.url.replace("/passcode", "/passcode/resend"), &[]).await,
        ];
        for page in pages {
            assert_eq!(page.status, 403, "{}", page.text());
            assert!(page.text().contains("This sign-in began elsewhere"));
            assert!(
                !page.html.contains("8031234567")
                    && !page.text().contains("803 123")
                    && !page.html.contains("st8")
                    && !page.html.contains("Shop"),
                "{}",
                page.html
            );
        }
        assert_eq!(other.get(&ask(&[("prompt", "none")])).await.error().as_deref(), Some("login_required"));
    }
    assert_eq!(house.sent(PHONE).await, 1);
    // Whose it is goes on undisturbed.
    visitor.submit(&second, &[("p_confirmation_code", &digits)]).await.code();
    house.close().await;
});

both!(a_finished_sign_in_says_so, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let (first, second) = halfway(&mut visitor, PHONE).await;
    let digits = house.passcode(PHONE).await;
    let back = visitor.submit(&second, &[("p_confirmation_code", &digits)]).await;
    let pages = [
        visitor.get(&first.url).await,
        visitor.get(&second.url).await,
        replay(&mut visitor, &first, &[("p_phone", PHONE)]).await,
        replay(&mut visitor, &first, &[("p_phone", "+2348031234568")]).await,
        replay(&mut visitor, &second, &[("p_confirmation_code", &digits)]).await,
        replay(&mut visitor, &second, &[("p_confirmation_code", "123456")]).await,
        visitor.post(&second.url.replace("/passcode", "/passcode/resend"), &[]).await,
    ];
    for page in pages {
        assert_eq!(page.status, 200);
        assert!(page.text().contains("This sign-in is done"), "{}", page.text());
        assert!(!page.html.contains(&back.code()), "the code went to the app and nowhere else");
        let onward = visitor.get(&page.link("onward")).await;
        assert_ne!(onward.code(), back.code(), "on to the app, signed in already");
    }
    assert_eq!((house.sent(PHONE).await, house.sent("+2348031234568").await), (1, 0));
    house.close().await;
});

both!(the_back_button_finds_what_was_typed, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let (first, second) = halfway(&mut visitor, PHONE).await;
    // Back, and forward again by the same form: the passcode that is on its way still counts.
    let page = visitor.get(&first.url).await;
    assert!(page.asks_who() && page.html.contains("value=\"+234 803 123 4567\""), "{}", page.text());
    for _ in 0..3 {
        let page = replay(&mut visitor, &first, &[("p_phone", PHONE)]).await;
        assert!(page.asks_digits());
    }
    assert_eq!(house.sent(PHONE).await, 1);
    let digits = house.passcode(PHONE).await;
    visitor.submit(&second, &[("p_confirmation_code", &digits)]).await.code();
    house.close().await;
});

both!(the_passcode_page_of_nothing_leads_to_the_first, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let first = visitor.get(&ask(&[])).await;
    let there = first.url.replace("/sign-in", "/passcode");
    assert!(visitor.get(&there).await.asks_who());
    assert!(visitor.post(&there, &[("p_confirmation_code", TEST_PASSCODE)]).await.asks_who());
    assert!(visitor.post(&there.replace("/passcode", "/passcode/resend"), &[]).await.asks_who());
    assert!(house.app.phone.messages(None).is_empty());
    house.close().await;
});

both!(two_tabs_do_not_mind_each_other, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let (first_of_one, one) = halfway(&mut visitor, TEST).await;
    let (first_of_two, two) = halfway(&mut visitor, TEST).await;
    assert_ne!(first_of_one.url, first_of_two.url);
    visitor.submit(&one, &[("p_confirmation_code", TEST_PASSCODE)]).await.code();
    // The other tab is still open, and signed in by now: its first page leads straight on, its second still works.
    visitor.get(&first_of_two.url).await.code();
    visitor.submit(&two, &[("p_confirmation_code", TEST_PASSCODE)]).await.code();
    house.close().await;
});

both!(a_double_click_on_the_passcode_signs_in_once, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let (_, page) = halfway(&mut visitor, PHONE).await;
    let digits = house.passcode(PHONE).await;
    let (mut left, mut right) = (visitor.clone(), visitor.clone());
    let digits = [("p_confirmation_code", digits.as_str())];
    let clicks = tokio::join!(left.submit(&page, &digits), right.submit(&page, &digits));
    let clicks = [clicks.0, clicks.1];
    assert_eq!(
        clicks.iter().filter(|page| page.url.contains("code=")).count(),
        1,
        "one code: {:?}",
        clicks.each_ref().map(|page| &page.url)
    );
    let other = clicks.iter().find(|page| !page.url.contains("code=")).expect("the slower click");
    assert!(other.text().contains("This sign-in is done"), "{}", other.text());
    house.close().await;
});

both!(what_never_was_is_told_calmly, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    signed_in(&mut visitor, &[]).await.code();
    let long = "x".repeat(6_000);
    for id in [
        "in_0123456789abcdef0123456789abcdef",
        "",
        "x",
        "%00",
        "in_%00",
        "%F0%9F%98%80",
        "..%2F..%2Fetc",
        "'%20OR%201=1%20--",
        "%FF%FE",
        long.as_str(),
    ] {
        for path in ["/sign-in", "/passcode"] {
            let page = visitor.get(&format!("{path}?interaction={id}")).await;
            assert_eq!(page.status, 404, "{path} {id}: {}", page.text());
            assert!(page.text().contains("We don’t know this sign-in"), "{path} {id}");
        }
        for (path, form) in [
            ("/sign-in", ("p_phone", PHONE)),
            ("/passcode", ("p_confirmation_code", "123456")),
            ("/passcode/resend", ("x", "y")),
        ] {
            let page = visitor.once(Method::POST, &format!("{path}?interaction={id}"), Some(&[form])).await;
            assert_eq!(page.status, 404, "{path} {id}: {}", page.text());
        }
    }
    for path in
        ["/sign-in", "/passcode", "/sign-in?interaction=a&interaction=b", "/nothing", "/oauth2", "/passcode/resend"]
    {
        assert!(visitor.once(Method::GET, path, None).await.status.is_client_error(), "{path}");
    }
    assert_eq!(house.sent(PHONE).await, 0);
    house.close().await;
});

both!(odd_forms_are_never_our_fault, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let (first, second) = halfway(&mut visitor, PHONE).await;
    let long = "9".repeat(20_000);
    for odd in [
        "",
        " ",
        "\u{0}",
        "+\u{0}2348031234567",
        "<script>",
        "😀",
        "+999999999999",
        "12",
        &long,
        "-1",
        "NaN",
        "+2348031234567\r\nBcc: x@y.example",
    ] {
        let page = visitor.submit(&first, &[("p_phone", odd), ("p_country", odd)]).await;
        assert_eq!(page.status, 422, "{odd:?}: {}", page.text());
        assert!(page.asks_who() && page.html.contains("aria-invalid"), "{odd:?}");
        let page = visitor.post(&format!("{}&method=email", first.url), &[("p_email", odd)]).await;
        assert_eq!(page.status, 422, "{odd:?}: {}", page.text());
        let page = visitor.submit(&second, &[("p_confirmation_code", odd)]).await;
        assert_eq!(page.status, 422, "{odd:?}: {}", page.text());
    }
    // Not the form we drew at all.
    for (name, value) in [("p_phone[]", "x"), ("x", "y")] {
        assert!(visitor.post(&first.url, &[(name, value)]).await.status.is_client_error());
        assert!(visitor.post(&second.url, &[(name, value)]).await.status.is_client_error());
    }
    // Twice the same field: the first counts, and it was asked for already.
    assert!(!visitor.post(&first.url, &[("p_phone", PHONE), ("p_phone", "+12")]).await.status.is_server_error());
    assert_eq!(house.sent(PHONE).await, 1);
    house.close().await;
});

both!(another_site_cannot_post_our_forms, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let (first, second) = halfway(&mut visitor, PHONE).await;
    let digits = house.passcode(PHONE).await;
    let cookies = visitor.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
    let http = house.machine();
    let headers = [("cookie", cookies.as_str()), ("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")];
    for (url, form) in
        [(&first.url, ("p_phone", "+2348031234568")), (&second.url, ("p_confirmation_code", digits.as_str()))]
    {
        let answer = http.send(Method::POST, url, &headers, Some(&[form])).await;
        assert_eq!(answer.status, 403, "{url}");
        assert_eq!(answer.header("location"), None);
    }
    let resend = second.url.replace("/passcode", "/passcode/resend");
    house.pass(31);
    assert_eq!(http.send(Method::POST, &resend, &headers, Some(&[])).await.status, 403);
    assert_eq!((house.sent(PHONE).await, house.sent("+2348031234568").await), (1, 0));
    house.close().await;
});
