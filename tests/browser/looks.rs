//! Narrow, Arabic, dark: and on every page nothing for axe to object to.

use crate::axe;
use crate::chromium::Look;
use crate::harness::Engine;
use crate::scene::{EMAIL, PHONE, Scene};
use serde_json::Value;

/// Every page, one after the other; `look` is shown each, by name.
async fn tour(scene: &Scene, look: impl AsyncFn(&str)) {
    let (browser, issuer) = (&scene.browser, &scene.house.issuer);
    scene.begin(&[]).await;
    look("identifier, phone").await;
    scene.give_phone("12").await;
    browser.at("#wrong").await;
    look("identifier, phone, an error").await;
    browser.follow("method=email").await;
    browser.at("[name=p_email]").await;
    look("identifier, e-mail").await;
    scene.give_email("a.rather.long.address.of.somebody@a-rather-long-domain.example").await;
    browser.at("#passcode").await;
    look("passcode, by e-mail").await;
    scene.begin(&[("login_hint", PHONE), ("connection_id", "phone")]).await;
    look("identifier, confirmed").await;
    browser.click("#continue").await;
    browser.at("#passcode").await;
    look("passcode").await;
    let page = browser.url().await.to_string();
    let wrong = scene.wrong(PHONE).await;
    browser.fill("#passcode", &wrong).await;
    if !scene.look.javascript {
        browser.click("#verify").await;
    }
    browser.at("#wrong").await;
    look("passcode, an error").await;
    let passcode = scene.house.passcode(PHONE).await;
    browser.fill("#passcode", &passcode).await;
    let moved = browser.run("return document.getElementById('passcode').scrollLeft").await;
    assert_eq!(moved, 0, "the digits stand where they are drawn for");
    browser.click("#verify").await;
    browser.arrive(&scene.app.callback()).await;
    if scene.look.javascript {
        browser.back().await;
    } else {
        // Here the browser itself asks whether to send the form with the mistake again.
        browser.goto(&page).await;
    }
    browser.at("#onward").await;
    look("a sign-in that is done").await;
    browser.goto(&format!("{issuer}/passcode?interaction=unknown")).await;
    look("a sign-in nobody knows").await;
    browser.goto(&format!("{issuer}/oauth2/auth?client_id=nobody")).await;
    look("a request from nobody").await;
    browser.goto(&format!("{issuer}/nowhere")).await;
    look("nothing here").await;
    browser.goto(&format!("{issuer}/logout")).await;
    look("signing out").await;
    browser.click("#confirm-logout").await;
    browser.arrive(&format!("{issuer}/signed-out")).await;
    look("signed out").await;
    browser.goto(&format!("{issuer}/dev/phone")).await;
    browser.at("article").await;
    look("the phone").await;
    assert!(scene.house.sent(EMAIL).await == 0);
}

async fn axe_finds_nothing(language: &'static str, direction: &str) {
    let Some(scene) = Scene::open(Engine::Sqlite, Look { language, ..Look::default() }).await else { return };
    if !axe::installed() {
        return;
    }
    tour(&scene, async |page| {
        if page != "the phone" {
            let html = scene.browser.run("return [document.documentElement.lang, document.documentElement.dir]").await;
            assert_eq!((html[0].as_str(), html[1].as_str()), (Some(language), Some(direction)), "{page}");
        }
        axe::check(&scene.browser, page).await;
    })
    .await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_in_english() {
    axe_finds_nothing("en", "ltr").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_in_arabic() {
    axe_finds_nothing("ar", "rtl").await;
}

async fn fits(language: &'static str, javascript: bool) {
    let look = Look { language, javascript, size: (320, 640), ..Look::default() };
    let Some(scene) = Scene::open(Engine::Sqlite, look).await else { return };
    tour(&scene, async |page| scene.browser.assert_fits(&format!("{page}, {language}")).await).await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_fits_on_320_pixels() {
    fits("en", true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_fits_on_320_pixels_without_javascript() {
    fits("en", false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_fits_on_320_pixels_in_german() {
    fits("de", true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_fits_on_320_pixels_in_arabic() {
    fits("ar", true).await;
}

/// In the dark the ground is dark and the letters are light, and the page says so to the browser's own controls.
#[tokio::test(flavor = "multi_thread")]
async fn dark() {
    let look = Look { dark: true, size: (390, 844), ..Look::default() };
    let Some(scene) = Scene::open(Engine::Sqlite, look).await else { return };
    tour(&scene, async |page| {
        let colors = scene
            .browser
            .run("const style = getComputedStyle(document.body); return [style.backgroundColor, style.color]")
            .await;
        let (ground, letters) = (brightness(&colors[0]), brightness(&colors[1]));
        assert!(ground < 60.0 && letters > 180.0, "{page}: {letters} on {ground}");
    })
    .await;
    scene.close().await;
}

/// Of `rgb(16, 18, 21)`, from 0 to 255.
fn brightness(color: &Value) -> f64 {
    let text = color.as_str().expect("a colour");
    let parts = text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse::<f64>().ok());
    let parts: Vec<f64> = parts.collect();
    assert_eq!(parts.len(), 3, "an opaque colour: {text}");
    parts.iter().sum::<f64>() / 3.0
}

/// In Arabic the page is mirrored; numbers and digits still run from left to right.
#[tokio::test(flavor = "multi_thread")]
async fn arabic_is_mirrored() {
    let look = Look { language: "ar", size: (390, 844), ..Look::default() };
    let Some(scene) = Scene::open(Engine::Sqlite, look).await else { return };
    let browser = &scene.browser;
    let begun = scene.begin(&[]).await;
    let sides =
        "const mark = document.querySelector('.mark').getBoundingClientRect(); return mark.left > innerWidth / 2";
    assert!(browser.run(sides).await == true, "the mark is on the right");
    scene.give_phone(PHONE).await;
    let number =
        "const at = document.querySelector('#sent .to'); return [at.textContent, getComputedStyle(at).direction]";
    browser.at("#passcode").await;
    let number = browser.run(number).await;
    assert_eq!((number[0].as_str(), number[1].as_str()), (Some("+234 803 123 4567"), Some("ltr")));
    let field = browser.run("return getComputedStyle(document.getElementById('passcode')).direction").await;
    assert_eq!(field, "ltr");
    let passcode = scene.house.passcode(PHONE).await;
    browser.fill("#passcode", &passcode).await;
    scene.land(begun).await;
    scene.close().await;
}
