//! Signing out (OpenID Connect RP-Initiated Logout 1.0): opening the page ends nothing, its button does, and nobody is sent
//! anywhere a client did not register.

use crate::harness::ways::{ask, prove, signed_in};
use crate::harness::{House, Page, SHOP, Visitor, both};
use reqwest::Method;

const HOME: &str = "http://127.0.0.1:4000/";

fn logout(params: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(params).finish();
    format!("/logout?{query}")
}

async fn still_in(visitor: &mut Visitor) -> bool {
    visitor.get(&ask(&[("prompt", "none")])).await.error().is_none()
}

/// Signs in and keeps the ID token.
async fn someone(house: &House) -> (Visitor, String) {
    let mut visitor = house.visitor();
    let back = signed_in(&mut visitor, &[]).await;
    let hint = house.machine().redeem(&back.code(), &[]).await.text("id_token");
    (visitor, hint)
}

/// Presses the button of our own page.
async fn press(visitor: &mut Visitor, page: &Page) -> Page {
    visitor.submit(page, &[("confirmed", "yes")]).await
}

fn asks(page: &Page) -> bool {
    page.status == 200 && page.html.contains("id=\"confirm-logout\"")
}

fn presses_itself(page: &Page) -> bool {
    asks(page) && page.html.contains("data-auto")
}

both!(opening_the_page_changes_nothing, async |engine| {
    let house = House::open(engine).await;
    let (mut visitor, hint) = someone(&house).await;
    let all = [
        logout(&[]),
        logout(&[("state", "x")]),
        logout(&[("id_token_hint", &hint)]),
        logout(&[("id_token_hint", &hint), ("post_logout_redirect_uri", HOME), ("state", "x")]),
        logout(&[("redirect", HOME)]),
        logout(&[("confirmed", "yes")]),
    ];
    for url in &all {
        for _ in 0..2 {
            assert!(asks(&visitor.get(url).await), "{url}");
            assert!(still_in(&mut visitor).await, "{url}");
        }
    }
    // Another site's form opens the same page: it cannot press our button.
    let http = house.machine();
    let cookies = visitor.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
    for headers in [
        [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")],
        [("origin", "null"), ("sec-fetch-site", "cross-site")],
        [("origin", "http://127.0.0.1:4000"), ("sec-fetch-site", "same-site")],
    ] {
        let headers = [&headers[..], &[("cookie", cookies.as_str())]].concat();
        let answer = http.send(Method::POST, "/logout", &headers, Some(&[("confirmed", "yes")])).await;
        assert!(answer.body.contains("confirm-logout"), "{headers:?}");
        assert!(still_in(&mut visitor).await);
    }
    // An application's form is allowed, and asks as well.
    let page = visitor.once(Method::POST, "/logout", Some(&[("id_token_hint", &hint)])).await;
    assert!(presses_itself(&page) && still_in(&mut visitor).await);
    house.close().await;
});

both!(the_button_signs_out, async |engine| {
    let house = House::open(engine).await;
    for params in [vec![], vec![("state", "x")]] {
        let (mut visitor, _) = someone(&house).await;
        let page = visitor.get(&logout(&params)).await;
        assert!(asks(&page) && !presses_itself(&page), "nobody proved who asks: the person does");
        let page = press(&mut visitor, &page).await;
        assert!(page.text().contains("You are signed out"), "{}", page.text());
        assert!(!still_in(&mut visitor).await);
    }
    // A hint without a place to go.
    let (mut visitor, hint) = someone(&house).await;
    let page = visitor.get(&logout(&[("id_token_hint", &hint)])).await;
    assert!(presses_itself(&page));
    assert!(press(&mut visitor, &page).await.text().contains("You are signed out"));
    assert!(!still_in(&mut visitor).await);
    // Signing out twice is no error, nor is a copy of the old cookie a session.
    assert!(visitor.get("/logout").await.text().contains("You are signed out"));
    let page = visitor.get(&ask(&[])).await;
    assert!(page.asks_who());
    prove(&mut visitor, page).await.code();
    house.close().await;
});

both!(a_copied_cookie_is_worth_nothing_afterwards, async |engine| {
    let house = House::open(engine).await;
    let (mut visitor, _) = someone(&house).await;
    let mut thief = visitor.clone();
    assert!(still_in(&mut thief).await);
    let page = visitor.get("/logout").await;
    press(&mut visitor, &page).await;
    assert!(!still_in(&mut thief).await);
    house.close().await;
});

both!(with_a_hint_the_way_leads_back, async |engine| {
    let house = House::open(engine).await;
    let state: String = ('!'..='~').cycle().take(128).collect();
    for (state, expired) in [(Some(state.as_str()), false), (None, false), (Some("x"), true)] {
        let (mut visitor, hint) = someone(&house).await;
        if expired {
            house.pass(3 * 24 * 3600);
        }
        let mut params = vec![("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", HOME)];
        params.extend(state.map(|state| ("state", state)));
        let page = visitor.get(&logout(&params)).await;
        assert!(presses_itself(&page), "{}", page.text());
        let policy = page.headers["content-security-policy"].to_str().expect("ASCII");
        assert!(policy.contains("form-action 'self' http://127.0.0.1:4000;"), "{policy}");
        let back = press(&mut visitor, &page).await;
        let url = url::Url::parse(&back.url).expect("a URL");
        let sent: Vec<(String, String)> =
            url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        assert!(back.url.starts_with(HOME), "{}", back.url);
        assert_eq!(
            sent,
            state.map(|state| ("state".to_owned(), state.to_owned())).into_iter().collect::<Vec<_>>(),
            "and nothing else"
        );
        assert!(!still_in(&mut visitor).await);
        // Asked again by somebody signed out, it still leads back.
        assert!(visitor.get(&logout(&params)).await.url.starts_with(HOME));
    }
    // `client_id` instead of a hint: the person is asked.
    let (mut visitor, hint) = someone(&house).await;
    let page = visitor.get(&logout(&[("client_id", "shop"), ("post_logout_redirect_uri", HOME)])).await;
    assert!(asks(&page) && !presses_itself(&page));
    let page = visitor
        .get(&logout(&[("client_id", "shop"), ("id_token_hint", &hint), ("post_logout_redirect_uri", HOME)]))
        .await;
    assert!(press(&mut visitor, &page).await.url.starts_with(HOME));
    house.close().await;
});

both!(nobody_is_sent_where_no_client_registered, async |engine| {
    let declaration =
        SHOP.replace("sign_up = false", "sign_up = false\npost_logout_redirect_uris = [\"http://127.0.0.1:4200/bye\"]");
    let house = House::with(engine, &declaration, &[]).await;
    let (mut visitor, hint) = someone(&house).await;
    let access = {
        let code = visitor.get(&ask(&[])).await.code();
        house.machine().redeem(&code, &[]).await.text("access_token")
    };
    let (head, tail) = hint.rsplit_once('.').expect("a JWT");
    let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", head.split('.').nth(1).expect("claims"));
    let resigned = format!("{head}.{}", tail.chars().rev().collect::<String>());
    let refused = [
        // Not registered, or registered by somebody else.
        vec![("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", "https://evil.example/")],
        vec![("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", "http://127.0.0.1:4000/?foo=bar")],
        vec![("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", "http://127.0.0.1:4000.evil.example/")],
        vec![("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", "http://127.0.0.1:4200/bye")],
        vec![("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", "javascript:alert(1)")],
        // A hint that is none.
        vec![("id_token_hint", unsigned.as_str()), ("post_logout_redirect_uri", HOME)],
        vec![("id_token_hint", resigned.as_str()), ("post_logout_redirect_uri", HOME)],
        vec![("id_token_hint", access.as_str()), ("post_logout_redirect_uri", HOME)],
        vec![("id_token_hint", "x"), ("post_logout_redirect_uri", HOME)],
        // A place, and nobody who owns it.
        vec![("post_logout_redirect_uri", HOME)],
        vec![("post_logout_redirect_uri", HOME), ("client_id", "nobody")],
        vec![("post_logout_redirect_uri", HOME), ("client_id", "members")],
        // A hint for one client in the name of another.
        vec![
            ("id_token_hint", hint.as_str()),
            ("client_id", "members"),
            ("post_logout_redirect_uri", "http://127.0.0.1:4200/bye"),
        ],
        // Twice.
        vec![
            ("id_token_hint", hint.as_str()),
            ("post_logout_redirect_uri", HOME),
            ("post_logout_redirect_uri", "https://evil.example/"),
        ],
    ];
    for params in &refused {
        let page = visitor.get(&logout(params)).await;
        assert_eq!(page.status, 400, "{params:?}");
        assert!(page.headers.get("location").is_none() && !asks(&page), "{params:?}");
        assert!(still_in(&mut visitor).await, "{params:?}");
    }
    house.close().await;
});

both!(a_hint_of_somebody_else_signs_nobody_out_by_itself, async |engine| {
    let house = House::open(engine).await;
    let (mut visitor, _) = someone(&house).await;
    let mut other = house.visitor();
    let page = other.get(&ask(&[])).await;
    let page = crate::harness::rp::identify(&mut other, page, "eve@example.com").await;
    let digits = house.passcode("eve@example.com").await;
    let back = other.submit(&page, &[("p_confirmation_code", &digits)]).await;
    let foreign = house.machine().redeem(&back.code(), &[]).await.text("id_token");
    let page = visitor.get(&logout(&[("id_token_hint", &foreign), ("post_logout_redirect_uri", HOME)])).await;
    assert!(asks(&page) && !presses_itself(&page), "the person decides");
    assert!(still_in(&mut visitor).await);
    house.close().await;
});

both!(kindes_redirect_is_followed_where_it_is_registered, async |engine| {
    let house = House::open(engine).await;
    for (name, to) in [("redirect", HOME), ("redirect_uri", HOME)] {
        let (mut visitor, _) = someone(&house).await;
        let page = visitor.get(&logout(&[(name, to)])).await;
        let back = press(&mut visitor, &page).await;
        assert_eq!(back.url, to, "{name}");
        assert!(!still_in(&mut visitor).await);
    }
    for (name, to) in [
        ("redirect", "https://evil.example/"),
        ("redirect", "//evil.example"),
        ("redirect_uri", "javascript:alert(1)"),
        ("redirect", ""),
    ] {
        let (mut visitor, _) = someone(&house).await;
        let page = visitor.get(&logout(&[(name, to)])).await;
        assert!(asks(&page) && !presses_itself(&page), "{to}");
        let page = press(&mut visitor, &page).await;
        assert!(page.text().contains("You are signed out"), "{to}: {}", page.url);
        assert!(!still_in(&mut visitor).await);
    }
    house.close().await;
});
