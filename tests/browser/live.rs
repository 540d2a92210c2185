//! The line that tells how the passcode fares: live with JavaScript, after a reload without, and only to whom it concerns.

use crate::app::App;
use crate::axe;
use crate::chromium::{Browser, Look};
use crate::gateway::Gateway;
use crate::harness::rp::Rp;
use crate::harness::{Engine, House, SHOP, SHOP_SECRET};
use crate::scene::{ALL, EMAIL, PHONE, Scene};
use axum::http::StatusCode;
use countersign::domain::delivery::Status;
use countersign::store;
use serde_json::json;

const PLAIN: Look = Look { language: "en", javascript: false, dark: false, size: (1024, 768) };

/// A scene whose WhatsApp and text messages go through a gateway that answers when it is told to; the phone stands in for it.
async fn scene(look: Look) -> Option<(Scene, Gateway)> {
    let browser = Browser::open(look).await?;
    let (app, gateway) = (App::open().await, Gateway::open().await);
    let declaration = SHOP.replace("http://127.0.0.1:4000", &app.url).replace("[[carrier]]\n", &gateway.declared());
    let house = House::with(Engine::Sqlite, &declaration, &[]).await;
    let rp = Rp::discover(&house.issuer, "shop", Some(SHOP_SECRET), &app.callback()).await;
    Some((Scene { house, app, rp, browser, look }, gateway))
}

/// Waits until the line says this, on the page as it was opened: nothing is loaded anew.
async fn says(scene: &Scene, sentence: &str) {
    for _ in 0..200 {
        if scene.browser.text("#progress").await == sentence {
            assert!(scene.browser.run("return window.opened").await == true, "the same page");
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("never \"{sentence}\" but \"{}\"", scene.browser.text("#progress").await);
}

async fn waiting(scene: &Scene) -> String {
    scene.to_passcode(&[]).await;
    scene.browser.run("window.opened = true").await;
    let url = scene.browser.url().await;
    url.query_pairs().find(|(name, _)| name == "interaction").expect("an interaction").1.into_owned()
}

/// What its carrier reports of the newest message.
async fn report(scene: &Scene, interaction: &str, status: Status) {
    let app = &scene.house.app;
    let found = store::interactions::find(&app.db, interaction).await.expect("reads").expect("an interaction");
    let challenge = found.challenge.expect("a challenge").id;
    let newest = found.attempts.last().expect("an attempt");
    let raised = store::outbox::change_status(&app.db, &newest.id, "gateway", status.rank(), None, app.now()).await;
    assert!(raised.expect("writes"));
    app.tell(&challenge);
}

#[tokio::test(flavor = "multi_thread")]
async fn from_sending_to_delivered() {
    let Some((scene, gateway)) = scene(Look::default()).await else { return };
    let interaction = waiting(&scene).await;
    says(&scene, "Sending it on WhatsApp…").await;
    gateway.answers("whatsapp", StatusCode::OK, json!({ "status": "sent" }));
    says(&scene, "Sent on WhatsApp.").await;
    report(&scene, &interaction, Status::Delivered).await;
    says(&scene, "Delivered on WhatsApp.").await;
    assert_eq!(scene.browser.property("#progress", "className").await, "good");
    scene.house.until("nobody listens for more", |app| app.news.count() == 0).await;
    scene.close().await;
}

/// The gateway is down: the phone takes the message, and says at once that it arrived.
#[tokio::test(flavor = "multi_thread")]
async fn another_carrier_of_the_same_channel() {
    let Some((scene, gateway)) = scene(Look::default()).await else { return };
    let begun = scene.to_passcode(&[]).await;
    scene.browser.run("window.opened = true").await;
    says(&scene, "Sending it on WhatsApp…").await;
    gateway.answers("whatsapp", StatusCode::SERVICE_UNAVAILABLE, json!({}));
    says(&scene, "Delivered on WhatsApp.").await;
    let passcode = scene.house.passcode(PHONE).await;
    scene.browser.fill("#passcode", &passcode).await;
    scene.land(begun).await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fall_is_told_and_the_page_speaks_of_the_other_channel() {
    let Some((scene, gateway)) = scene(Look { size: (320, 640), ..Look::default() }).await else { return };
    let browser = &scene.browser;
    waiting(&scene).await;
    says(&scene, "Sending it on WhatsApp…").await;
    assert!(browser.text("#sent").await.starts_with("We sent a code on WhatsApp to +234 803 123 4567."));
    let field = async || {
        let top = "return document.getElementById('passcode').getBoundingClientRect().top + scrollY";
        browser.run(top).await.as_f64().expect("a number")
    };
    let shown = "return [...document.querySelectorAll('[name=by]:not([hidden])')].map((button) => button.value)";
    assert_eq!(browser.run(shown).await, json!(["sms"]));
    browser.keys("12").await;
    let before = field().await;
    gateway.answers("whatsapp", StatusCode::OK, json!({ "status": "undelivered", "class": "unreachable" }));
    says(&scene, "WhatsApp hasn’t delivered it. The same code is on its way by text message.").await;
    assert_eq!(browser.text("#sent").await, "We sent a code by text message to +234 803 123 4567.");
    assert_eq!(browser.run(shown).await, json!(["whatsapp"]), "the other channels are the others");
    assert_eq!(browser.property("#passcode", "value").await, "12", "what was typed stays");
    browser.assert_fits("a fall").await;
    assert!((field().await - before).abs() < 2.0, "the field stays where someone types");
    gateway.answers("sms", StatusCode::SERVICE_UNAVAILABLE, json!({}));
    says(&scene, "Delivered by text message.").await;
    assert!((field().await - before).abs() < 2.0);
    browser.goto(browser.url().await.as_str()).await;
    assert_eq!(browser.text("#progress").await, "Delivered by text message.");
    assert!(browser.text("#sent").await.starts_with("We sent a code by text message"));
    assert!(browser.has("[name=by][value=whatsapp]").await && !browser.has("[name=by][value=sms]").await);
    scene.close().await;
}

/// No rung helps: said calmly, and nothing objectionable in it.
#[tokio::test(flavor = "multi_thread")]
async fn trouble_is_told() {
    for (language, sentence) in
        [("en", "That number doesn’t seem to exist. Check it."), ("ar", "يبدو أن هذا الرقم غير موجود. راجعه.")]
    {
        let Some((scene, gateway)) = scene(Look { language, size: (320, 640), ..Look::default() }).await else {
            return;
        };
        waiting(&scene).await;
        gateway.answers("whatsapp", StatusCode::OK, json!({ "status": "undelivered", "class": "bad_number" }));
        says(&scene, sentence).await;
        assert_eq!(scene.browser.property("#progress", "className").await, "trouble");
        scene.browser.assert_fits("trouble").await;
        if axe::installed() {
            axe::check(&scene.browser, "trouble").await;
        }
        scene.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_javascript_a_reload_tells() {
    let Some((scene, gateway)) = scene(PLAIN).await else { return };
    let browser = &scene.browser;
    scene.to_passcode(&[]).await;
    assert_eq!(browser.text("#progress").await, "Sending it on WhatsApp…");
    gateway.answers("whatsapp", StatusCode::SERVICE_UNAVAILABLE, json!({}));
    scene.house.settle().await;
    assert_eq!(browser.text("#progress").await, "Sending it on WhatsApp…");
    browser.goto(browser.url().await.as_str()).await;
    assert_eq!(browser.text("#progress").await, "Delivered on WhatsApp.");
    scene.close().await;
}

/// Where sign-up is closed the line would say who has an account: there is none, for nobody.
#[tokio::test(flavor = "multi_thread")]
async fn where_sign_up_is_closed_nothing_is_told() {
    let Some(scene) = Scene::open(Engine::Sqlite, Look::default()).await else { return };
    let (browser, issuer) = (&scene.browser, &scene.house.issuer);
    let secret = "bcdefghijabcdefghijabcdefghijabcdefghijabcdefghij123";
    let members = Rp::discover(issuer, "members", Some(secret), "http://127.0.0.1:4200/callback").await;
    browser.goto(&format!("{issuer}{}", members.begin(&ALL, &[]).url)).await;
    scene.give_phone(PHONE).await;
    browser.at("#passcode").await;
    assert!(!browser.has("#progress").await);
    assert_eq!(asked(browser).await, 204);
    assert_eq!(scene.house.app.news.count(), 0);
    scene.close().await;
}

/// The status with which this browser is answered for the page it is on.
async fn asked(browser: &Browser) -> serde_json::Value {
    let script =
        "const done = arguments[0]; fetch('/passcode/live' + location.search).then((said) => done(said.status))";
    browser.run_async(script).await
}

#[tokio::test(flavor = "multi_thread")]
async fn another_browser_hears_nothing() {
    let Some((scene, gateway)) = scene(Look::default()).await else { return };
    let interaction = waiting(&scene).await;
    says(&scene, "Sending it on WhatsApp…").await;
    let house = &scene.house;
    house.until("the page listens", |app| app.news.count() == 1).await;
    let mut other = house.visitor();
    for of in [interaction.as_str(), "in_unknown", "", "%00"] {
        let told = other.get(&format!("/passcode/live?interaction={of}")).await;
        assert_eq!((told.status, told.html.as_str()), (StatusCode::NO_CONTENT, ""), "{of}");
    }
    assert_eq!(house.app.news.count(), 1);
    // Whoever leaves is forgotten.
    scene.browser.goto(&format!("{}/health/live", house.issuer)).await;
    house.until("nobody listens", |app| app.news.count() == 0).await;
    gateway.answers("whatsapp", StatusCode::SERVICE_UNAVAILABLE, json!({}));
    scene.close().await;
}

/// By mail as well; and a passcode that was used is told of no more.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_over_is_told_no_more() {
    let Some(scene) = Scene::open(Engine::Sqlite, Look::default()).await else { return };
    let browser = &scene.browser;
    let begun = scene.begin(&[]).await;
    scene.give_email(EMAIL).await;
    browser.at("#passcode").await;
    let passcode = scene.house.passcode(EMAIL).await;
    browser.run("window.opened = true").await;
    says(&scene, "Delivered by e-mail.").await;
    let page = browser.url().await;
    browser.fill("#passcode", &passcode).await;
    scene.land(begun).await;
    browser.goto(page.as_str()).await;
    assert_eq!(asked(browser).await, 204);
    scene.close().await;
}
