//! Kinde's SDKs for single-page apps, `@kinde-oss/kinde-auth-react` and `@kinde-oss/kinde-auth-pkce-js`, in a real browser. The app and the
//! issuer are on one site, as Kinde asks for with a domain of one's own: only then does the browser keep the refresh cookie.

use crate::chromium::{Browser, Look};
use crate::harness::digits;
use crate::kinde_next::Scene;
use crate::kinde_rights::ACME;
use countersign::domain::audit::By;
use countersign::flows::manage::invitations::{Asked, invite};
use serde_json::{Value, json};
use std::time::Duration;

const ADA: &str = "+2348031234567";

async fn open(host: &str, page: &str) -> Option<(Scene, Browser)> {
    let scene = Scene::on(host, "", ACME).await?;
    let browser = Browser::open(Look::default()).await?;
    browser.goto(&scene.at(page)).await;
    Some((scene, browser))
}

/// Who the page says is there, once it knows.
async fn who(browser: &Browser) -> String {
    for _ in 0..400 {
        let said = browser.text("#who").await;
        if said != "…" {
            return said;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the app never knew: {:?}", browser.complaints().await);
}

/// What a call of the SDK comes to, made in the page.
async fn call(browser: &Browser, what: &str) -> Value {
    let script = format!(
        "const done = arguments[arguments.length - 1];\n\
         (async () => {what})().then((told) => done({{ told: told ?? null }}), (error) => done({{ failed: String(error) }}));"
    );
    let said = browser.run_async(&script).await;
    assert!(said["failed"].is_null(), "{what}: {}", said["failed"]);
    said["told"].clone()
}

/// The same, asked until it is so: the app goes to us and comes back in between.
async fn comes_to(browser: &Browser, who_is_there: &str, what: &str, so: impl Fn(&Value) -> bool) {
    let mut told = Value::Null;
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        if browser.has("#who").await && who(browser).await == who_is_there {
            told = call(browser, what).await;
            if so(&told) {
                return;
            }
        }
    }
    panic!("{what} is {told} at {}", browser.url().await);
}

async fn prove(scene: &Scene, browser: &Browser) {
    let before = scene.house.sent(ADA).await;
    browser.fill("#identifier[name=p_phone]", ADA).await;
    browser.click("#continue").await;
    browser.at("#passcode").await;
    let newest = scene.house.messages(ADA, before + 1).await;
    browser.fill("#passcode", &digits(&newest[0].text)).await;
}

async fn cookies(browser: &Browser) -> String {
    browser.run("return document.cookie").await.as_str().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn react() {
    let Some((scene, browser)) = open("localhost", "/react").await else { return };
    assert_eq!(who(&browser).await, "nobody");
    browser.click("#login").await;
    prove(&scene, &browser).await;
    browser.arrive(&scene.at("/react")).await;
    let ada = who(&browser).await;
    assert!(ada.starts_with("kp_"), "{ada}");
    assert!(cookies(&browser).await.contains("_kbrte="), "the app may see that there is a session");
    assert!(!cookies(&browser).await.contains("refresh_token"), "and not what keeps it");
    // Everything but the cookie is forgotten.
    browser.goto(&scene.at("/react")).await;
    assert_eq!(who(&browser).await, ada);
    // In body and cookie at once.
    let given = format!("{{ domain: '{}', clientId: 'kiosk' }}", scene.house.issuer);
    let refreshed = call(&browser, &format!("kinde.refreshToken({given})")).await;
    assert_eq!(refreshed["success"], true, "{refreshed}");

    let organization = call(&browser, "kinde.getOrganization()").await;
    assert!(organization["orgCode"].as_str().or(organization.as_str()).is_some_and(|code| code.starts_with("org_")));
    // Into another organization, without a page.
    browser.run("kinde.switchOrg('org_acme')").await;
    let wanted = json!({ "orgCode": "org_acme", "permissions": ["create:orders"] });
    comes_to(&browser, &ada, "kinde.getPermissions()", |told| *told == wanted).await;
    assert_eq!(call(&browser, "kinde.getRoles()").await[0]["key"], "clerk");
    assert_eq!(call(&browser, "kinde.getFlag('seats')").await, json!(20));
    let portal =
        call(&browser, "(await kinde.generatePortalUrl({ subNav: 'profile' , returnUrl: location.href })).url.href")
            .await;
    assert!(portal.as_str().is_some_and(|url| url.starts_with(&scene.house.issuer)), "{portal}");

    browser.click("#logout").await;
    browser.arrive(&scene.at("/react")).await;
    assert_eq!(who(&browser).await, "nobody");
    assert!(!cookies(&browser).await.contains("_kbrte="));
    browser.goto(&scene.at("/react")).await;
    assert_eq!(who(&browser).await, "nobody");
    browser.click("#login").await;
    browser.at("#identifier").await;
    browser.close().await;
    scene.house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn react_registers() {
    let Some((scene, browser)) = open("localhost", "/react").await else { return };
    assert_eq!(who(&browser).await, "nobody");
    browser.click("#register").await;
    prove(&scene, &browser).await;
    browser.arrive(&scene.at("/react")).await;
    assert!(who(&browser).await.starts_with("kp_"));
    browser.close().await;
    scene.house.close().await;
}

/// "Everywhere" is asked about, and ends what another browser has.
#[tokio::test(flavor = "multi_thread")]
async fn react_signs_out_everywhere() {
    let Some((scene, browser)) = open("localhost", "/react").await else { return };
    let elsewhere = scene.signed_in().await;
    let token = elsewhere.0.cookies["access_token"].clone();
    assert_eq!(scene.house.machine().userinfo(&token).await.status, 200);
    scene.house.pass(120);
    assert_eq!(who(&browser).await, "nobody");
    browser.click("#login").await;
    prove(&scene, &browser).await;
    browser.arrive(&scene.at("/react")).await;
    assert!(who(&browser).await.starts_with("kp_"));
    browser.run("kinde.logout({ redirectUrl: location.origin + '/react', allSessions: true })").await;
    browser.click("#confirm-logout").await;
    browser.arrive(&scene.at("/react")).await;
    assert_eq!(who(&browser).await, "nobody");
    assert_eq!(scene.house.machine().userinfo(&token).await.status, 401);
    browser.close().await;
    scene.house.close().await;
}

/// An invitation leads to the app, and the SDK by itself to us.
#[tokio::test(flavor = "multi_thread")]
async fn react_takes_an_invitation() {
    let Some((scene, browser)) = open("localhost", "/react").await else { return };
    let asked = Asked { email: "bola@example.com", client: "kiosk", ..Asked::default() };
    let link = invite(&scene.house.app, &By::command(), &asked).await.expect("answers").expect("a link");
    browser.goto(&link).await;
    browser.arrive(&scene.house.issuer).await;
    browser.at("#continue").await;
    assert!(browser.text("body").await.contains("bola@example.com"));
    browser.click("#continue").await;
    browser.at("#passcode").await;
    let passcode = scene.house.passcode("bola@example.com").await;
    browser.fill("#passcode", &passcode).await;
    browser.arrive(&scene.at("/react")).await;
    assert!(who(&browser).await.starts_with("kp_"));
    browser.close().await;
    scene.house.close().await;
}

/// On another site than the issuer the browser keeps no cookie of ours for the app, which may keep the token itself.
#[tokio::test(flavor = "multi_thread")]
async fn react_on_another_site() {
    let Some((scene, browser)) = open("127.0.0.1", "/react?insecure").await else { return };
    assert_eq!(who(&browser).await, "nobody");
    browser.click("#login").await;
    prove(&scene, &browser).await;
    browser.arrive(&scene.at("/react")).await;
    let ada = who(&browser).await;
    assert!(ada.starts_with("kp_"), "{ada}");
    browser.goto(&scene.at("/react?insecure")).await;
    assert_eq!(who(&browser).await, ada);
    browser.goto(&scene.at("/react")).await;
    assert_eq!(who(&browser).await, "nobody", "without that, a reload forgets");
    browser.close().await;
    scene.house.close().await;
}

/// Left on our page for too long: back to the app, whose SDK begins anew with what was known.
#[tokio::test(flavor = "multi_thread")]
async fn both_begin_anew_what_was_left_too_long() {
    let Some((scene, browser)) = open("localhost", "/react").await else { return };
    let by = "({ loginHint: 'phone:+2348031234567:ng', connectionId: 'phone', lang: 'fr' })";
    for page in ["/react", "/pkce"] {
        browser.goto(&scene.at(page)).await;
        assert_eq!(who(&browser).await, "nobody");
        browser.run(&format!("kinde.login{by}")).await;
        browser.arrive(&scene.house.issuer).await;
        browser.at("#continue").await;
        scene.house.pass(60 * 60 + 1);
        let left = browser.url().await;
        browser.goto(left.as_str()).await;
        let mut said = String::new();
        for _ in 0..200 {
            let url = browser.url().await;
            if url.as_str().starts_with(&scene.house.issuer) && url != left && browser.has("#continue").await {
                said = browser.text("body").await;
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert!(said.contains("803 123 4567"), "{page}: {} {said}", browser.url().await);
        assert_eq!(browser.run("return document.documentElement.lang").await, "fr", "{page}");
    }
    browser.close().await;
    scene.house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pkce_js() {
    let Some((scene, browser)) = open("localhost", "/pkce").await else { return };
    assert_eq!(who(&browser).await, "nobody");
    browser.run("kinde.login({ app_state: { from: 'here' } })").await;
    prove(&scene, &browser).await;
    browser.arrive(&scene.at("/pkce")).await;
    let ada = who(&browser).await;
    assert!(ada.starts_with("kp_"), "{ada}: {}", browser.run("return window.failed ?? null").await);
    assert_eq!(call(&browser, "window.came.id").await, json!(ada));
    // On a machine of one's own the refresh token is kept beside the app.
    browser.goto(&scene.at("/pkce")).await;
    assert_eq!(who(&browser).await, ada);
    let before = call(&browser, "kinde.getAccessToken()").await;
    assert!(before.is_string());
    // What it still has of its first version checks iss, azp, aud and the algorithm.
    assert!(call(&browser, "kinde.getToken({ isForceRefresh: true })").await.is_string());
    assert_eq!(call(&browser, "(await kinde.getClaim('azp')).value").await, "kiosk");
    assert_eq!(call(&browser, "kinde.getPermissions()").await["permissions"], json!([]));
    browser.run("kinde.login({ authUrlParams: { org_code: 'org_acme' } })").await;
    comes_to(&browser, &ada, "kinde.getOrganization()", |told| told.to_string().contains("org_acme")).await;
    assert_eq!(call(&browser, "(await kinde.getFlag('seats', 1, 'i')).value").await, json!(20));
    browser.run("kinde.portal({ subNav: 'profile' })").await;
    browser.arrive(&scene.house.issuer).await;
    browser.goto(&scene.at("/pkce")).await;
    assert_eq!(who(&browser).await, ada);
    // Which is signing up: it asks who it is.
    scene.house.pass(120);
    browser.run("kinde.createOrg({ org_name: 'Ada Co' })").await;
    prove(&scene, &browser).await;
    browser.arrive(&scene.at("/pkce")).await;
    let of_three = |told: &Value| told["orgCodes"].as_array().is_some_and(|codes| codes.len() == 3);
    comes_to(&browser, &ada, "kinde.getUserOrganizations()", of_three).await;
    browser.run("kinde.logout()").await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    browser.arrive(&scene.at("/pkce")).await;
    assert_eq!(who(&browser).await, "nobody");
    browser.run("kinde.register()").await;
    browser.at("#identifier").await;
    browser.close().await;
    scene.house.close().await;
}
