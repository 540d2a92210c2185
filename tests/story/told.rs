//! Applications are told of a sign-out: back-channel by a signed notice, front-channel by frames in the page; and signing out
//! everywhere ends what other browsers have.

use crate::harness::machine::over;
use crate::harness::outside::{Outside, Seen};
use crate::harness::rp::payload;
use crate::harness::ways::{ask, asking, prove, signed_in};
use crate::harness::{Engine, House, Page, SHOP, SHOP_CALLBACK, Visitor, both};
use countersign::flows::notify;
use countersign::store;
use countersign::telemetry::Outcome;
use serde_json::{Value, json};

pub const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
const HOME: &str = "http://127.0.0.1:4000/";
const REACH: (&str, &str) = ("web.allow_private", "true");
const NOBODY_TELLS: (&str, &str) = ("outbox.deliver", "false");

/// `shop` and `members` hear of sign-outs at `/shop` and `/members`; `members` knows people, not sessions.
pub fn telling(outside: &Outside) -> String {
    let url = &outside.url;
    SHOP.replace(
        "id = \"shop\"",
        &format!("id = \"shop\"\nbackchannel_logout_uri = \"{url}/shop?x=1\"\nfrontchannel_logout_uri = \"{url}/front?a=%2F\""),
    )
    .replace(
        "id = \"members\"",
        &format!("id = \"members\"\nalgorithm = \"ES256\"\nbackchannel_logout_uri = \"{url}/members\"\nbackchannel_logout_session_required = false"),
    )
}

pub async fn house(engine: Engine, outside: &Outside, settings: &[(&str, &str)]) -> House {
    House::with(engine, &telling(outside), &[&[REACH], settings].concat()).await
}

/// Signs in at `shop`; the ID token.
pub async fn shopper(house: &House, visitor: &mut Visitor) -> String {
    let back = signed_in(visitor, &[]).await;
    house.machine().redeem(&back.code(), &[]).await.text("id_token")
}

/// The same person at `members`, without being asked again.
async fn also_at_members(visitor: &mut Visitor) {
    let usual = [("response_type", "code"), ("scope", "openid"), ("state", "s")];
    let there = [("client_id", "members"), ("redirect_uri", "http://127.0.0.1:4200/callback")];
    visitor.get(&asking(&over(&usual, &there))).await.code();
}

pub async fn sign_out(visitor: &mut Visitor, query: &str, more: &[(&str, &str)]) -> Page {
    let page = visitor.get(&format!("/logout?{query}")).await;
    visitor.submit(&page, &[&[("confirmed", "yes")], more].concat()).await
}

async fn still_in(visitor: &mut Visitor) -> bool {
    visitor.get(&ask(&[("prompt", "none")])).await.error().is_none()
}

fn token(seen: &Seen) -> String {
    assert_eq!((seen.method.as_str(), seen.content_type.as_str()), ("POST", "application/x-www-form-urlencoded"));
    seen.field("logout_token").expect("a logout token")
}

fn header(token: &str) -> Value {
    use base64::Engine;
    let part = token.split('.').next().expect("a header");
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).expect("base64url"))
        .expect("JSON")
}

/// Checks a logout token as a careful client does, by the published keys; its claims.
pub async fn checked(house: &House, seen: &Seen, audience: &str, algorithm: jsonwebtoken::Algorithm) -> Value {
    let token = token(seen);
    let header = header(&token);
    assert_eq!(header["typ"], "logout+jwt");
    let keys = house.machine().get("/.well-known/jwks.json").await.json();
    let key = keys["keys"].as_array().expect("keys").iter().find(|key| key["kid"] == header["kid"]).expect("its key");
    let jwk: jsonwebtoken::jwk::Jwk = serde_json::from_value(key.clone()).expect("a JWK");
    let mut rules = jsonwebtoken::Validation::new(algorithm);
    rules.set_audience(&[audience]);
    rules.set_issuer(&[&house.issuer]);
    rules.validate_exp = false;
    let key = jsonwebtoken::DecodingKey::from_jwk(&jwk).expect("a key");
    let claims = jsonwebtoken::decode::<Value>(&token, &key, &rules).expect("a good logout token").claims;
    assert!(claims.get("nonce").is_none());
    assert_eq!(claims["events"], json!({ EVENT: {} }));
    assert!(claims["jti"].as_str().is_some_and(|jti| jti.len() >= 16));
    let (iat, exp) = (claims["iat"].as_i64().expect("iat"), claims["exp"].as_i64().expect("exp"));
    assert!((1..=120).contains(&(exp - iat)), "{iat} {exp}");
    claims
}

async fn told(house: &House) {
    for _ in 0..800 {
        if store::notices::count_open(&house.app.db).await.expect("counts") == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("notices are left");
}

fn counted(house: &House, outcome: &'static str) -> u64 {
    house.app.metrics.notices.get_or_create(&Outcome { outcome }).get()
}

both!(each_client_of_the_session_is_told_once, async |engine| {
    let outside = Outside::open().await;
    let house = house(engine, &outside, &[]).await;
    let mut visitor = house.visitor();
    let hint = shopper(&house, &mut visitor).await;
    visitor.get(&ask(&[("prompt", "none")])).await.code();
    also_at_members(&mut visitor).await;
    sign_out(&mut visitor, &format!("id_token_hint={hint}"), &[]).await;
    let claims = payload(&hint);
    let at_shop = outside.heard("/shop", 1).await;
    let told_shop = checked(&house, &at_shop[0], "shop", jsonwebtoken::Algorithm::RS256).await;
    assert_eq!((&told_shop["sub"], &told_shop["sid"]), (&claims["sub"], &claims["sid"]));
    let at_members = outside.heard("/members", 1).await;
    let told_members = checked(&house, &at_members[0], "members", jsonwebtoken::Algorithm::ES256).await;
    assert_eq!((&told_members["sub"], told_members.get("sid")), (&claims["sub"], None), "it does not know sessions");
    told(&house).await;
    // A logout token is no ID token, no access token and no hint.
    let logout_token = at_shop[0].field("logout_token").expect("a token");
    assert_eq!(house.machine().userinfo(&logout_token).await.status, 401);
    assert_eq!(visitor.get(&format!("/logout?id_token_hint={logout_token}")).await.status, 400);
    // Signing out again, with nobody signed in, tells nobody.
    sign_in_elsewhere_and_leave(&house).await;
    told(&house).await;
    assert_eq!((outside.seen("/shop").len(), outside.seen("/members").len()), (2, 1), "only who got something");
    assert_eq!(counted(&house, "sent"), 3);
    house.close().await;
});

/// Another browser, at `shop` alone.
async fn sign_in_elsewhere_and_leave(house: &House) {
    let mut other = house.visitor();
    shopper(house, &mut other).await;
    sign_out(&mut other, "", &[]).await;
}

both!(failures_are_tried_again_and_a_refusal_is_final, async |engine| {
    let outside = Outside::open().await;
    let house = house(engine, &outside, &[]).await;
    outside.answer_with("/shop", &[503, 302, 404]);
    outside.answer_with("/members", &[400]);
    let mut visitor = house.visitor();
    shopper(&house, &mut visitor).await;
    also_at_members(&mut visitor).await;
    sign_out(&mut visitor, "", &[]).await;
    outside.heard("/members", 1).await;
    for (tries, wait) in [(1, 5), (2, 30), (3, 120)] {
        outside.heard("/shop", tries).await;
        house
            .until("it is put off", |app| {
                app.metrics.notices.get_or_create(&Outcome { outcome: "retried" }).get() == tries as u64
            })
            .await;
        // Not before its time.
        assert_eq!(notify::claim(&house.app).await.expect("claims").len(), 0);
        house.pass(wait);
    }
    let all = outside.heard("/shop", 4).await;
    told(&house).await;
    let jtis: std::collections::BTreeSet<String> =
        all.iter().map(|seen| payload(&token(seen))["jti"].to_string()).collect();
    assert_eq!(jtis.len(), 4, "each try is a token of its own");
    // Made when it is sent: the last one is as fresh as the first.
    checked(&house, &all[3], "shop", jsonwebtoken::Algorithm::RS256).await;
    house.pass(7200);
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    assert_eq!((outside.seen("/shop").len(), outside.seen("/members").len()), (4, 1));
    assert_eq!((counted(&house, "sent"), counted(&house, "refused")), (1, 1));
    house.close().await;
});

both!(after_a_day_it_is_given_up, async |engine| {
    let outside = Outside::open().await;
    let house = house(engine, &outside, &[NOBODY_TELLS]).await;
    outside.answer_with("/shop", &[500; 99]);
    let mut visitor = house.visitor();
    shopper(&house, &mut visitor).await;
    sign_out(&mut visitor, "", &[]).await;
    let places = notify::Places::default();
    for _ in 0..40 {
        for notice in notify::claim(&house.app).await.expect("claims") {
            notify::tell(&house.app, &places, notice).await.expect("tells");
        }
        house.pass(3600);
    }
    let tries = outside.seen("/shop").len();
    assert!((20..32).contains(&tries), "{tries} tries");
    assert_eq!(store::notices::count_open(&house.app.db).await.expect("counts"), 0);
    assert_eq!(counted(&house, "expired"), 1);
    house.close_anyway().await;
});

both!(nothing_is_lost_over_a_crash, async |engine| {
    let outside = Outside::open().await;
    let house = house(engine, &outside, &[NOBODY_TELLS]).await;
    let mut visitor = house.visitor();
    shopper(&house, &mut visitor).await;
    sign_out(&mut visitor, "", &[]).await;
    // Written, and its node gone before anybody looked; then a node that takes it and goes silent.
    let taken = notify::claim(&house.app).await.expect("claims");
    assert_eq!((taken.len(), outside.seen("/shop").len()), (1, 0));
    assert_eq!(notify::claim(&house.app).await.expect("claims").len(), 0, "its lease holds");
    house.pass(61);
    let next = House::on(Some(house.database_url.clone()), "", &[REACH]).await;
    next.pass(61);
    outside.heard("/shop", 1).await;
    told(&next).await;
    // The silent one wakes up: what is done is done, and it is not in the queue again.
    store::notices::change_queued(&house.app.db, &taken[0], 1, house.app.now(), "late").await.expect("changes nothing");
    next.pass(100_000);
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    assert_eq!(outside.seen("/shop").len(), 1);
    next.close().await;
    house.close_anyway().await;
});

both!(one_that_hangs_holds_up_nobody, async |engine| {
    let outside = Outside::open().await;
    let house = house(engine, &outside, &[]).await;
    outside.hang("/shop");
    for _ in 0..20 {
        let mut visitor = house.visitor();
        shopper(&house, &mut visitor).await;
        sign_out(&mut visitor, "", &[]).await;
    }
    let mut visitor = house.visitor();
    shopper(&house, &mut visitor).await;
    also_at_members(&mut visitor).await;
    sign_out(&mut visitor, "", &[]).await;
    // Well before the others have had their time.
    let soon = std::time::Duration::from_secs(4);
    tokio::time::timeout(soon, outside.heard("/members", 1)).await.expect("is told at once");
    // Those whose time was over made room for others.
    let asked = outside.seen("/shop").len();
    let over = house.app.metrics.notices.get_or_create(&Outcome { outcome: "retried" }).get();
    assert!(asked as u64 <= 16 + over, "at one client at once: {asked}, {over} over");
    house.close_anyway().await;
});

both!(private_addresses_are_not_called, async |engine| {
    // Attack 36: who may register could have us knock at doors inside.
    let outside = Outside::open().await;
    let house = House::with(engine, &telling(&outside), &[]).await;
    let mut visitor = house.visitor();
    shopper(&house, &mut visitor).await;
    sign_out(&mut visitor, "", &[]).await;
    house
        .until("it was tried", |app| app.metrics.notices.get_or_create(&Outcome { outcome: "retried" }).get() > 0)
        .await;
    assert_eq!(outside.seen("/shop").len(), 0);
    house.close_anyway().await;
});

both!(the_signed_out_page_frames_whoever_asked_for_it, async |engine| {
    let outside = Outside::open().await;
    let house = house(engine, &outside, &[]).await;
    let mut visitor = house.visitor();
    let hint = shopper(&house, &mut visitor).await;
    also_at_members(&mut visitor).await;
    let sid = payload(&hint)["sid"].as_str().expect("a sid").to_owned();
    let query = format!("id_token_hint={hint}&post_logout_redirect_uri={HOME}&state=a%26b");
    let page = sign_out(&mut visitor, &query, &[]).await;
    assert_eq!(page.status, 200);
    let frames: Vec<&str> = page.html.split("<iframe").skip(1).collect();
    assert_eq!(frames.len(), 1, "{}", page.html);
    let iss: String = url::form_urlencoded::byte_serialize(house.issuer.as_bytes()).collect();
    let src = format!("src=\"{}/front?a=%2F&#38;iss={iss}&#38;sid={sid}\"", outside.url);
    assert!(frames[0].contains(&src) && frames[0].contains("hidden"), "{} in {}", src, frames[0]);
    let policy = page.headers["content-security-policy"].to_str().expect("ASCII");
    assert!(policy.contains(&format!("frame-src {};", outside.url)), "{policy}");
    assert!(page.text().contains("You are signed out"));
    assert_eq!(page.link("back"), format!("{HOME}?state=a%26b"));
    assert!(page.html.contains("data-onward"));
    assert!(!still_in(&mut visitor).await);
    // Without a place to go the page stays.
    let mut visitor = house.visitor();
    shopper(&house, &mut visitor).await;
    let page = sign_out(&mut visitor, "", &[]).await;
    assert!(page.html.contains("<iframe") && !page.html.contains("data-onward"));
    // No frames anywhere else, and none without such a client.
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&[])).await;
    assert!(!page.headers["content-security-policy"].to_str().expect("ASCII").contains("frame-src"));
    house.close().await;
});

both!(everywhere_is_every_browser, async |engine| {
    let outside = Outside::open().await;
    let house = house(engine, &outside, &[]).await;
    for (query, button) in [("", true), ("all_sessions=true", false)] {
        let before = outside.seen("/shop").len();
        let (mut here, mut there, mut device) = (house.visitor(), house.visitor(), house.visitor());
        let offline = |visitor: &mut Visitor| {
            let mut visitor = visitor.clone();
            let machine = house.machine();
            async move {
                let back = signed_in(&mut visitor, &[("scope", "openid offline")]).await;
                let tokens = machine.redeem(&back.code(), &[]).await;
                (visitor, tokens)
            }
        };
        let (visitor, tokens) = offline(&mut there).await;
        there = visitor;
        shopper(&house, &mut here).await;
        shopper(&house, &mut device).await;
        let page = here.get(&format!("/logout?{query}")).await;
        assert!(page.html.contains("id=\"confirm-logout\""));
        assert_eq!(page.html.contains("id=\"everywhere\""), button);
        // One who pressed the plain button keeps the others.
        if button {
            here.submit(&page, &[("confirmed", "yes")]).await;
            assert!(!still_in(&mut here).await && still_in(&mut there).await && still_in(&mut device).await);
            shopper(&house, &mut here).await;
            let page = here.get("/logout").await;
            here.submit(&page, &[("confirmed", "yes"), ("everywhere", "yes")]).await;
            outside.heard("/shop", before + 4).await;
        } else {
            here.submit(&page, &[("confirmed", "yes")]).await;
            outside.heard("/shop", before + 3).await;
        }
        for visitor in [&mut here, &mut there, &mut device] {
            assert!(!still_in(visitor).await);
        }
        assert_eq!(house.machine().refresh(&tokens.text("refresh_token"), &[]).await.refusal().1, "invalid_grant");
        assert_eq!(house.machine().userinfo(&tokens.text("access_token")).await.status, 401);
    }
    told(&house).await;
    let sids: Vec<String> = outside.seen("/shop").iter().map(|seen| payload(&token(seen))["sid"].to_string()).collect();
    let different: std::collections::BTreeSet<&String> = sids.iter().collect();
    assert_eq!((sids.len(), different.len()), (7, 7), "each session by its name, once");
    house.close().await;
});

both!(only_a_hint_ends_other_browsers_by_itself, async |engine| {
    let outside = Outside::open().await;
    let house = house(engine, &outside, &[]).await;
    let mut visitor = house.visitor();
    let hint = shopper(&house, &mut visitor).await;
    let automatic = |page: &Page| page.html.contains("data-auto");
    assert!(automatic(&visitor.get(&format!("/logout?redirect={HOME}")).await));
    assert!(!automatic(&visitor.get(&format!("/logout?redirect={HOME}&all_sessions=true")).await));
    let page = visitor.get(&format!("/logout?redirect={HOME}&all_sessions=true&id_token_hint={hint}")).await;
    assert!(automatic(&page));
    // Opening it ended nothing, here or elsewhere.
    assert!(still_in(&mut visitor).await);
    assert_eq!(visitor.submit(&page, &[("confirmed", "yes")]).await.link("back"), HOME);
    house.close().await;
});

both!(a_hint_outlives_the_key_that_signed_it, async |engine| {
    let house = House::with(engine, SHOP, &[("session.life", "90d")]).await;
    let mut visitor = house.visitor();
    let hint = shopper(&house, &mut visitor).await;
    countersign::flows::keys::rotate(&house.app, &countersign::domain::audit::By::command()).await.expect("rotates");
    house.pass(20 * 24 * 3600);
    countersign::flows::sweep::sweep(&house.app).await.expect("sweeps");
    house.app.reload().await.expect("reloads");
    assert!(house.app.live().keys.published(house.app.now()).count() == 3, "the old ones are gone from the page");
    let query = format!("id_token_hint={hint}&post_logout_redirect_uri={HOME}");
    let page = visitor.get(&format!("/logout?{query}")).await;
    assert!(page.html.contains("data-auto"), "{}", page.text());
    assert_eq!(visitor.submit(&page, &[("confirmed", "yes")]).await.url, HOME);
    // Of a key nobody knows any more: the person may still sign out, and is sent nowhere.
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&[])).await;
    prove(&mut visitor, page).await.code();
    let (header, rest) = hint.split_once('.').expect("a JWT");
    let kid = self::header(&hint)["kid"].as_str().expect("a kid").to_owned();
    let unknown = String::from_utf8({
        use base64::Engine;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(header).expect("base64url")
    })
    .expect("text")
    .replace(&kid, &"0".repeat(32));
    let unknown = {
        use base64::Engine;
        format!("{}.{rest}", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(unknown))
    };
    let page = visitor.get(&format!("/logout?id_token_hint={unknown}&post_logout_redirect_uri={HOME}")).await;
    assert!(page.html.contains("confirm-logout") && !page.html.contains("data-auto"), "{}", page.text());
    assert!(visitor.submit(&page, &[("confirmed", "yes")]).await.text().contains("You are signed out"));
    assert!(!still_in(&mut visitor).await);
    assert_eq!(SHOP_CALLBACK, "http://127.0.0.1:4000/callback");
    house.close().await;
});
