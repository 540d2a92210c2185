//! Around the page that asks: skipping it, answering it for somebody else, using it to skip what comes before.

use crate::consent::{GUEST_SECRET, allow, asks, house};
use crate::harness::House;
use crate::harness::rp::payload;
use crate::harness::ways::{ask, prove, signed_in};
use crate::harness::{Page, both};

async fn auth_time(house: &House, back: &Page) -> i64 {
    let form =
        [("client_id", "guest"), ("client_secret", GUEST_SECRET), ("redirect_uri", "http://127.0.0.1:4300/callback")];
    let tokens = house.machine().redeem(&back.code(), &form).await;
    payload(&tokens.text("id_token"))["auth_time"].as_i64().expect("auth_time")
}

// 10: the step of consent answers no request that wants a fresh proof.
both!(a10_consent_is_no_way_around_a_fresh_proof, async |engine| {
    let house = house(engine).await;
    let mut visitor = house.visitor();
    signed_in(&mut visitor, &[]).await.code();
    house.pass(100);
    for (fresh, scope) in
        [(("prompt", "login"), "openid"), (("max_age", "50"), "openid phone"), (("prompt", "login consent"), "openid")]
    {
        let page = visitor.get(&asks(&[fresh, ("scope", scope)])).await;
        assert!(page.asks_who(), "{fresh:?}");
        // Straight to the later page, by GET and by POST, with the session there is.
        let consent = page.url.replace("/sign-in", "/consent");
        assert!(visitor.get(&consent).await.asks_who(), "{fresh:?}");
        let other = visitor.get(&asks(&[("prompt", "consent")])).await;
        let sid = other.form("p_session").1.iter().find(|(name, _)| name == "p_session").expect("sid").1.clone();
        let forced = visitor.post(&consent, &[("p_decision", "allow"), ("p_session", &sid)]).await;
        assert!(forced.asks_who(), "{fresh:?}: {}", forced.url);
        // A fresh proof for another request is not one for this; a proof for this one is.
        let asked_at = house.app.now().secs();
        let page = prove(&mut visitor, page).await;
        assert!(page.asks_consent(), "{}", page.text());
        assert!(auth_time(&house, &allow(&mut visitor, &page).await).await >= asked_at);
        house.pass(100);
    }
    house.close().await;
});

// 10: a page that waited too long for its answer asks who it is again.
both!(a10_max_age_counts_while_the_page_waits, async |engine| {
    let house = house(engine).await;
    let mut visitor = house.visitor();
    signed_in(&mut visitor, &[]).await.code();
    let page = visitor.get(&asks(&[("max_age", "50")])).await;
    assert!(page.asks_consent());
    house.pass(60);
    let late = allow(&mut visitor, &page).await;
    assert!(late.asks_who(), "{}", late.url);
    // The proof made for this very request does not grow old on its way.
    let page = prove(&mut visitor, late).await;
    assert!(page.asks_consent());
    house.pass(60);
    allow(&mut visitor, &page).await.code();
    house.close().await;
});

// 13: who begins and who allows are one browser.
both!(a13_another_browser_answers_nothing, async |engine| {
    let house = house(engine).await;
    let (mut attacker, mut victim) = (house.visitor(), house.visitor());
    signed_in(&mut victim, &[]).await.code();
    let page = attacker.get(&asks(&[])).await;
    let page = prove(&mut attacker, page).await;
    assert!(page.asks_consent());
    let seen = victim.get(&page.url).await;
    assert_eq!(seen.status, 403);
    assert!(seen.text().contains("This sign-in began elsewhere"), "{}", seen.text());
    let posted = victim.submit(&page, &[("p_decision", "allow")]).await;
    assert_eq!(posted.status, 403);
    assert!(victim.get(&asks(&[])).await.asks_consent(), "nothing was allowed");
    // Nor does whoever only knows the session's name.
    let mut bare = house.visitor();
    let (action, hidden) = page.form("p_session");
    let fields: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(bare.post(&action, &[&fields[..], &[("p_decision", "allow")]].concat()).await.status, 403);
    allow(&mut attacker, &page).await.code();
    house.close().await;
});

// 13: a page drawn for one person allows nothing for the next in the same browser.
both!(a13_a_page_of_who_was_signed_in_before, async |engine| {
    let house = house(engine).await;
    let mut visitor = house.visitor();
    signed_in(&mut visitor, &[]).await.code();
    let old = visitor.get(&asks(&[])).await;
    let page = visitor.get(&ask(&[("prompt", "login")])).await;
    let page = crate::harness::rp::identify(&mut visitor, page, "+2348031234567").await;
    let code = house.passcode("+2348031234567").await;
    visitor.submit(&page, &[("p_confirmation_code", &code)]).await.code();
    let redrawn = allow(&mut visitor, &old).await;
    assert!(redrawn.asks_consent(), "asked anew, as who it is now: {}", redrawn.url);
    assert_ne!(redrawn.form("p_session").1, old.form("p_session").1);
    allow(&mut visitor, &redrawn).await.code();
    house.close().await;
});

// 14: more than was allowed is asked again; the form comes from our page alone; nothing frames it.
both!(a14_consent_is_not_skipped, async |engine| {
    let house = house(engine).await;
    let mut visitor = house.visitor();
    signed_in(&mut visitor, &[]).await.code();
    let page = visitor.get(&asks(&[])).await;
    for (header, value) in [("x-frame-options", "DENY"), ("cache-control", "no-store")] {
        assert_eq!(page.headers.get(header).map(|found| found.as_bytes()), Some(value.as_bytes()));
    }
    let policy = page.headers["content-security-policy"].to_str().expect("ASCII");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    // Posted from another site, with every cookie.
    let (action, hidden) = page.form("p_session");
    let cookies = visitor.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
    let form: Vec<(&str, &str)> =
        hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain([("p_decision", "allow")]).collect();
    for headers in [
        [("cookie", cookies.as_str()), ("sec-fetch-site", "cross-site")],
        [("cookie", cookies.as_str()), ("origin", "https://evil.example")],
    ] {
        for path in [action.clone(), action.replace("/consent", "/cancel")] {
            let answer = house.machine().send(reqwest::Method::POST, &path, &headers, Some(&form)).await;
            assert_eq!(answer.status, 403, "{}", answer.body);
        }
    }
    // Anything but a decision decides nothing; a GET least of all.
    for decision in ["", "yes", "ALLOW"] {
        assert!(visitor.submit(&page, &[("p_decision", decision)]).await.asks_consent(), "{decision}");
    }
    assert!(visitor.post(&action, &[("p_decision", "allow")]).await.asks_consent(), "allowed for nobody");
    assert!(visitor.get(&format!("{action}&p_decision=allow")).await.asks_consent());
    // Two clicks: one code.
    let mut twice = visitor.clone();
    let (one, other) = tokio::join!(allow(&mut visitor, &page), allow(&mut twice, &page));
    let codes = [&one, &other].into_iter().filter(|back| back.url.contains("code=")).count();
    assert_eq!(codes, 1, "{} {}", one.url, other.url);
    // New scopes, and the same scopes for another API, are new questions.
    for wider in
        [("scope", "openid email profile"), ("scope", "openid email offline"), ("audience", "https://orders.example")]
    {
        assert!(visitor.get(&asks(&[wider])).await.asks_consent(), "{wider:?}");
        assert_eq!(visitor.get(&asks(&[wider, ("prompt", "none")])).await.error().as_deref(), Some("consent_required"));
    }
    house.close().await;
});
