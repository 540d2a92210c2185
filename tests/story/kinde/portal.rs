//! A person's own page, and the link an app leads there by.

use super::account::{ask, token};
use super::claims::peopled;
use super::rules::{NEXT, code};
use crate::harness::rp::payload;
use crate::harness::{House, both};

const ADA: &str = "+2348031234567";

/// The link an app gets, as a path of ours.
async fn link(house: &House, token: &str, query: &str) -> String {
    let told = ask(house, &format!("/account_api/v1/portal_link{query}"), token).await;
    assert_eq!(told.status, 200, "{}", told.body);
    told.text("url").strip_prefix(&house.issuer).expect("absolute, and ours").to_owned()
}

both!(a_link_opens_the_page_once_for_whom_it_was_made, async |engine| {
    let house = peopled(engine, "").await;
    let access = token(&house, "", ADA).await;
    let path = link(&house, &access, "?subnav=profile&return_url=http%3A%2F%2F127.0.0.1%3A4000%2Fhome").await;
    let mut visitor = house.visitor();
    // Opening it spends nothing: scanners and prefetchers open links too.
    let page = visitor.get(&path).await;
    let page_again = house.visitor().get(&path).await;
    assert_eq!((page.status.as_u16(), page_again.status.as_u16()), (200, 200));
    assert!(!page.html.contains("ada@example.com"));
    let shown = visitor.submit(&page, &[("link", path.split("link=").nth(1).expect("a link"))]).await;
    assert_eq!((shown.status.as_u16(), shown.url.as_str()), (200, "/account"));
    for part in
        ["ada@example.com", "+234 803 123 4567", "Ada Obi", "Acme", "Clerk", "Shop", "http://127.0.0.1:4000/home"]
    {
        assert!(shown.html.contains(part), "{part}: {}", shown.text());
    }
    assert!(visitor.get("/account").await.html.contains("ada@example.com"), "it stays open here");
    // Anybody else with the same link sees nothing.
    let mut other = house.visitor();
    let page = other.get(&path).await;
    let again = other.submit(&page, &[("link", path.split("link=").nth(1).expect("a link"))]).await;
    assert_eq!(again.status.as_u16(), 410);
    assert!(!again.html.contains("ada@example.com"));
    assert_eq!(other.get("/account").await.status.as_u16(), 410);
    // And five minutes later nobody.
    let late = link(&house, &access, "").await;
    house.pass(301);
    let page = other.get(&late).await;
    let over = other.submit(&page, &[("link", late.split("link=").nth(1).expect("a link"))]).await;
    assert_eq!(over.status.as_u16(), 410);
    house.close().await;
});

both!(it_leads_back_only_to_its_own_app, async |engine| {
    let house = peopled(engine, "").await;
    let access = token(&house, "", ADA).await;
    for evil in [
        "https://evil.example/",
        "javascript:alert(1)",
        "//evil.example",
        "http://127.0.0.1:4000.evil/",
        "http://127.0.0.1:4100/",
    ] {
        let encoded: String = url::form_urlencoded::byte_serialize(evil.as_bytes()).collect();
        let path = link(&house, &access, &format!("?sub_nav=profile&return_url={encoded}")).await;
        let mut visitor = house.visitor();
        let page = visitor.get(&path).await;
        let shown = visitor.submit(&page, &[("link", path.split("link=").nth(1).expect("a link"))]).await;
        assert!(shown.html.contains("ada@example.com") && !shown.html.contains("id=\"back\""), "{evil}");
    }
    house.close().await;
});

both!(access_is_taken_back_and_everything_ended, async |engine| {
    let house = peopled(engine, "").await;
    let mut visitor = house.visitor();
    let first = code(&house, &mut visitor, NEXT, ADA).await;
    let told = house.machine().redeem(&first, &[]).await;
    // Signed in here, no link is needed.
    let page = visitor.get("/account").await;
    assert!(page.html.contains("This browser"), "{}", page.text());
    let page = visitor.submit(&page, &[("client", "shop")]).await;
    assert!(page.html.contains("No app has access"), "{}", page.text());
    let refused = house.machine().refresh(&told.text("refresh_token"), &[]).await;
    assert_eq!(refused.refusal(), (400, "invalid_grant".into()));
    // Still signed in: the next request answers at once.
    let back = visitor.get(&format!("/oauth2/auth?{NEXT}")).await;
    let told = house.machine().redeem(&back.code(), &[]).await;
    assert!(payload(&told.text("id_token")).contains_key("sub"));
    let page = visitor.post("/account/sign-out-everywhere", &[]).await;
    assert!(page.html.contains("signed out"), "{}", page.text());
    let refused = house.machine().refresh(&told.text("refresh_token"), &[]).await;
    assert_eq!(refused.refusal(), (400, "invalid_grant".into()));
    assert_eq!(visitor.get("/account").await.status.as_u16(), 410);
    house.close().await;
});

// Attack 50: what changes an account asks for more than an old session, and nothing here hands out tokens or secrets.
both!(attack_50_the_page_changes_no_identifier_and_tells_no_secret, async |engine| {
    let house = peopled(engine, "").await;
    let mut visitor = house.visitor();
    let first = code(&house, &mut visitor, NEXT, ADA).await;
    let told = house.machine().redeem(&first, &[]).await;
    let page = visitor.get("/account").await;
    for token in ["access_token", "refresh_token", "id_token"] {
        assert!(!page.html.contains(&told.text(token)), "{token}");
    }
    assert!(!page.html.contains("p_email") && !page.html.contains("p_phone"), "nothing to change one by");
    assert!(!page.html.contains("sid_"), "not even names of sessions");
    // Posted from elsewhere: refused before anything is read.
    let cookie = visitor.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
    for path in ["/account/take-back", "/account/sign-out-everywhere", "/account/open"] {
        let headers =
            [("cookie", cookie.as_str()), ("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")];
        let form = [("client", "shop")];
        let answer = house.machine().send(reqwest::Method::POST, path, &headers, Some(&form)).await;
        assert_eq!(answer.status, 403, "{path}");
        let nobody = house.machine().post(path, &form).await;
        assert_eq!(nobody.status, 410, "{path}: nobody's page");
    }
    assert_eq!(house.machine().refresh(&told.text("refresh_token"), &[]).await.status, 200, "nothing was taken back");
    house.close().await;
});
