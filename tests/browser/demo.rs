//! The demo web app and the phone, as somebody meets them who has just typed `cargo run`.

use crate::chromium::{Browser, Look};
use crate::harness::{Engine, House};
use countersign::demo::{Demo, router};
use tokio::net::TcpListener;

const DECLARED: &str = r#"
[[client]]
id = "demo"
name = "Demo"
kind = "web"
secret = "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghij12"
redirect_uris = ["{base_url}/callback"]
post_logout_redirect_uris = ["{base_url}/"]
connections = ["phone", "email"]

[[connection]]
name = "phone"
kind = "phone"
ladder = ["whatsapp", "sms"]

[[connection]]
name = "email"
kind = "email"

[[carrier]]
name = "phone-page"
kind = "dev_phone"
"#;

#[tokio::test(flavor = "multi_thread")]
async fn in_and_out_again() {
    let Some(browser) = Browser::open(Look::default()).await else { return };
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base_url = format!("http://localhost:{}", listener.local_addr().expect("bound").port());
    let house = House::with(Engine::Sqlite, &DECLARED.replace("{base_url}", &base_url), &[]).await;
    let phone_url = format!("{}/dev/phone", house.issuer);
    let demo = Demo {
        issuer: house.issuer.clone(),
        base_url: base_url.clone(),
        client_id: "demo".into(),
        client_secret: "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghij12".into(),
        phone_url: phone_url.clone(),
    };
    tokio::spawn(async move { axum::serve(listener, router(demo)).await });

    browser.goto(&base_url).await;
    browser.click("a.button.main").await;
    browser.fill("#identifier", "+234 803 123 4567").await;
    browser.click("#continue").await;
    browser.at("#passcode").await;
    let passcode = house.passcode("+2348031234567").await;
    browser.fill("#passcode", &passcode).await;
    browser.arrive(&base_url).await;
    assert_eq!(browser.text("h1").await, "Hello, +2348031234567");

    browser.click("form[action='/refresh'] button").await;
    assert!(browser.text("[role=status]").await.starts_with("New tokens"));
    browser.click("a[href='/userinfo']").await;
    assert!(browser.text("main").await.contains("Fetched just now"));

    // The app proved that it asks for this very person: nobody has to press a second button.
    browser.click("form[action='/logout'] button").await;
    assert_eq!(browser.text("[role=status]").await, "You are signed out, here and at the provider.");
    browser.click("a.button.main").await;
    browser.at("#identifier").await;
    browser.assert_quiet().await;
    browser.close().await;
    house.close().await;
}

/// A message appears on the phone by itself, and its code can be copied.
#[tokio::test(flavor = "multi_thread")]
async fn the_phone_is_live() {
    let Some(scene) = crate::scene::Scene::open(Engine::Sqlite, Look::default()).await else { return };
    let Some(watcher) = Browser::open(Look { size: (390, 844), ..Look::default() }).await else { return };
    watcher.goto(&format!("{}/dev/phone", scene.house.issuer)).await;
    assert!(watcher.text(".none").await.starts_with("No messages yet."));
    let begun = scene.to_passcode(&[]).await;
    let passcode = scene.house.passcode(crate::scene::PHONE).await;
    assert!(watcher.text("article.whatsapp .bubble").await.contains(&passcode));
    assert_eq!(watcher.text("article button").await, format!("Copy {passcode}"));
    watcher.assert_quiet().await;
    watcher.close().await;
    scene.browser.fill("#passcode", &passcode).await;
    scene.land(begun).await;
    scene.close().await;
}
