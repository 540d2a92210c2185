//! Attacks 13, 36, 37 and 39: fixed sessions, logouts nobody asked for, and names and paths that pretend.

use crate::harness::outside::Outside;
use crate::harness::ways::{ask, prove, signed_in};
use crate::harness::{House, Page, SHOP, Visitor, both};
use crate::told::{checked, house, shopper, sign_out};
use reqwest::Method;

const SESSION: &str = "countersign_session";

async fn still_in(visitor: &mut Visitor) -> bool {
    visitor.get(&ask(&[("prompt", "none")])).await.error().is_none()
}

both!(attack_13_a_sign_in_begun_elsewhere_is_not_continued, async |engine| {
    let house = House::open(engine).await;
    let (mut attacker, mut victim) = (house.visitor(), house.visitor());
    let begun = attacker.get(&ask(&[])).await;
    for url in [begun.url.clone(), format!("{}&method=email", begun.url), begun.url.replace("/sign-in", "/passcode")] {
        let page = victim.get(&url).await;
        assert_eq!(page.status, 403, "{url}: {}", page.text());
        assert!(!page.html.contains("p_phone") && !page.html.contains("p_confirmation_code"));
    }
    // Nor is its form taken from there.
    let (action, _) = begun.form("p_phone");
    let page = victim.post(&action, &[("p_phone", crate::harness::ways::TEST)]).await;
    assert_eq!(page.status, 403);
    assert!(!still_in(&mut attacker).await && !still_in(&mut victim).await);
    house.close().await;
});

both!(attack_13_a_sign_in_has_a_new_cookie, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    signed_in(&mut visitor, &[]).await.code();
    let before = visitor.cookies[SESSION].clone();
    let mut knows_the_old = visitor.clone();
    let page = visitor.get(&ask(&[("prompt", "login")])).await;
    prove(&mut visitor, page).await.code();
    assert_ne!(visitor.cookies[SESSION], before);
    assert!(!still_in(&mut knows_the_old).await, "whoever knew the old one knows nothing");
    // A cookie somebody set before is not taken over either.
    let mut fixed = house.visitor();
    fixed.cookies.insert(SESSION.into(), "AAAAAAAAAAAAAAAAAAAAAA".into());
    signed_in(&mut fixed, &[]).await.code();
    assert_ne!(fixed.cookies[SESSION], "AAAAAAAAAAAAAAAAAAAAAA");
    house.close().await;
});

both!(attack_37_nobody_is_signed_out_by_a_link, async |engine| {
    let outside = Outside::open().await;
    let house = house(engine, &outside, &[]).await;
    let mut visitor = house.visitor();
    let hint = shopper(&house, &mut visitor).await;
    let asks = |page: &Page| page.status == 200 && page.html.contains("id=\"confirm-logout\"");
    for query in
        ["", "confirmed=yes", "everywhere=yes", "everywhere=yes&confirmed=yes", "all_sessions=true&confirmed=yes"]
    {
        let page = visitor.get(&format!("/logout?{query}")).await;
        assert!(asks(&page) && !page.html.contains("data-auto"), "{query}");
        assert_eq!(page.headers["x-frame-options"], "DENY");
        assert!(page.headers["content-security-policy"].to_str().expect("ASCII").contains("frame-ancestors 'none'"));
        assert!(page.headers.get("access-control-allow-origin").is_none());
    }
    let cookies = visitor.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
    let headers = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site"), ("cookie", cookies.as_str())];
    for form in [&[("confirmed", "yes")][..], &[("confirmed", "yes"), ("everywhere", "yes"), ("id_token_hint", &hint)]]
    {
        house.machine().send(Method::POST, "/logout", &headers, Some(form)).await;
    }
    assert!(still_in(&mut visitor).await);
    assert!(outside.seen("/shop").is_empty());
    house.close().await;
});

both!(attack_37_no_way_out_leads_where_nobody_registered, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let hint = shopper(&house, &mut visitor).await;
    for near in [
        "http://127.0.0.1:4000",
        "http://127.0.0.1:4000//",
        "http://127.0.0.1:4000/x",
        "http://127.0.0.1:4000/?x=1",
        "http://127.0.0.1:4000/#x",
        "http://127.0.0.1:40001/",
        "http://localhost:4000/",
        "https://127.0.0.1:4000/",
        "http://127.0.0.1:4000/%2e%2e/",
        "http://evil@127.0.0.1:4000/",
        "http://127.0.0.1:4000\\@evil.example/",
        "//evil.example/",
        "HTTP://127.0.0.1:4000/",
    ] {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", near), ("state", "st8st8")])
            .finish();
        let page = visitor.get(&format!("/logout?{query}")).await;
        assert_eq!(page.status, 400, "{near}");
        assert!(page.headers.get("location").is_none() && !page.html.contains("st8st8"), "{near}");
        assert!(still_in(&mut visitor).await, "{near}");
    }
    house.close().await;
});

both!(attack_37_what_the_session_gave_dies_with_it_and_nothing_else, async |engine| {
    let outside = Outside::open().await;
    let house = house(engine, &outside, &[]).await;
    let machine = house.machine();
    let offline = [("scope", "openid offline")];
    let (mut here, mut there) = (house.visitor(), house.visitor());
    let mine = machine.redeem(&signed_in(&mut here, &offline).await.code(), &[]).await;
    let other = machine.redeem(&signed_in(&mut there, &offline).await.code(), &[]).await;
    let unspent = here.get(&ask(&offline)).await.code();
    sign_out(&mut here, &format!("id_token_hint={}", mine.text("id_token")), &[]).await;
    assert_eq!(machine.userinfo(&mine.text("access_token")).await.status, 401);
    assert_eq!(machine.refresh(&mine.text("refresh_token"), &[]).await.refusal(), (400, "invalid_grant".into()));
    assert_eq!(machine.redeem(&unspent, &[]).await.refusal(), (400, "invalid_grant".into()));
    assert_eq!(machine.userinfo(&other.text("access_token")).await.status, 200);
    assert_eq!(machine.refresh(&other.text("refresh_token"), &[]).await.status, 200);
    assert!(still_in(&mut there).await);
    // One notice, about that session alone; it is no token for anything here.
    let told = outside.heard("/shop", 1).await;
    let claims = checked(&house, &told[0], "shop", jsonwebtoken::Algorithm::RS256).await;
    assert_eq!(claims["sid"], crate::harness::rp::payload(&mine.text("id_token"))["sid"]);
    let logout_token = told[0].field("logout_token").expect("a token");
    assert_eq!(machine.refresh(&logout_token, &[]).await.refusal(), (400, "invalid_grant".into()));
    assert_eq!(machine.userinfo(&logout_token).await.status, 401);
    assert_eq!(there.get(&format!("/logout?id_token_hint={logout_token}")).await.status, 400);
    house.close().await;
});

both!(attack_39_names_and_paths_that_pretend, async |engine| {
    let house = House::with(engine, SHOP, &[]).await;
    let machine = house.machine();
    for path in [
        "/oauth2/token;x",
        "/oauth2/token/",
        "/oauth2//token",
        "/oauth2/%74oken/..",
        "/..;/metrics",
        "/metrics",
        "/oauth2/register;x/y",
        "/logout;x",
        "/oauth2/auth/../../metrics",
        "/.well-known/openid-configuration;x",
    ] {
        let status = machine.get(path).await.status;
        assert!(status == 404 || status == 400, "{path}: {status}");
    }
    let issuer = house.issuer.clone();
    for headers in [
        [("host", "evil.example"), ("x-forwarded-host", "evil.example")],
        [("forwarded", "host=evil.example"), ("x-forwarded-proto", "https")],
        [("host", "evil.example."), ("x-original-url", "/metrics")],
        [("x-forwarded-prefix", "/evil"), ("x-rewrite-url", "/evil")],
    ] {
        let told = machine.send(Method::GET, "/.well-known/openid-configuration", &headers, None).await;
        assert_eq!((told.status, told.text("issuer")), (200, issuer.clone()), "{headers:?}");
        assert!(!told.body.contains("evil"), "{headers:?}");
        for path in [ask(&[]), "/logout".to_owned(), "/nothing".to_owned()] {
            let answer = machine.send(Method::GET, &path, &headers, None).await;
            let location = answer.header("location").unwrap_or_default();
            assert!(!answer.body.contains("evil.example") && !location.contains("evil"), "{headers:?} {path}");
        }
    }
    house.close().await;
});
