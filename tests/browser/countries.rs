//! The list of countries: found by any name or code, and overruled by a typed plus.

use crate::chromium::Look;
use crate::harness::Engine;
use crate::scene::{PHONE, Scene};
use fantoccini::key::Key;

#[tokio::test(flavor = "multi_thread")]
async fn found_by_name_code_and_number() {
    let look = Look { language: "de", ..Look::default() };
    let Some(scene) = Scene::open(Engine::Sqlite, look).await else { return };
    let browser = &scene.browser;
    scene.begin(&[]).await;
    // In the page's language, in English, by ISO code, by dialling code.
    for (typed, found) in [("indien", "IN"), ("brazil", "BR"), ("GB", "GB"), ("62", "ID"), ("+254", "KE")] {
        browser.click("#pick").await;
        browser.at(".panel input").await;
        browser.keys(typed).await;
        let first = format!("#list li:first-child[data-iso={found}]");
        browser.at(&first).await;
        browser.press(&[Key::Enter.into()]).await;
        assert_eq!(browser.property("#country", "value").await, found, "{typed}");
        assert!(browser.run("return document.activeElement.id == 'pick'").await == true, "focus is back");
    }
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_typed_plus_overrules_it() {
    let Some(scene) = Scene::open(Engine::Sqlite, Look::default()).await else { return };
    let browser = &scene.browser;
    let begun = scene.begin(&[]).await;
    browser.fill("#identifier", "+44 7911").await;
    browser.at("#pick").await;
    let script = "const done = arguments[0]; const look = () => document.getElementById('country').value == 'GB' ? done(true) : setTimeout(look, 50); look()";
    assert!(browser.run_async(script).await == true);
    scene.give_phone(PHONE).await;
    assert_eq!(browser.text("#sent .to").await, "+234 803 123 4567");
    let passcode = scene.house.passcode(PHONE).await;
    browser.fill("#passcode", &passcode).await;
    scene.land(begun).await;
    scene.close().await;
}
