//! The one field for the digits: pasted, typed, sent by itself once, and never after a mistake.

use crate::chromium::Look;
use crate::harness::Engine;
use crate::scene::{PHONE, Scene};
use fantoccini::key::Key;
use std::time::Duration;

/// `Your code is 123 456!` from the clipboard, by keyboard.
#[tokio::test(flavor = "multi_thread")]
async fn a_whole_sentence_can_be_pasted() {
    let Some(scene) = Scene::open(Engine::Sqlite, Look::default()).await else { return };
    let begun = scene.to_passcode(&[]).await;
    copy(&scene).await;
    scene.browser.click("#passcode").await;
    scene.browser.press_with(Key::Control.into(), 'v').await;
    scene.land(begun).await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_the_paste_button() {
    let Some(scene) = Scene::open(Engine::Sqlite, Look::default()).await else { return };
    let begun = scene.to_passcode(&[]).await;
    copy(&scene).await;
    scene.browser.click("button.paste").await;
    scene.land(begun).await;
    scene.close().await;
}

async fn copy(scene: &Scene) {
    let passcode = scene.house.passcode(PHONE).await;
    let sentence = format!("Your code is {} {}!", &passcode[..3], &passcode[3..]);
    scene.browser.allow_clipboard().await;
    let script = format!(
        "const done = arguments[0]; navigator.clipboard.writeText('{sentence}').then(() => done('copied'), (error) => done(String(error)))"
    );
    assert_eq!(scene.browser.run_async(&script).await, "copied");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_digit_sends_it_once() {
    let Some(scene) = Scene::open(Engine::Sqlite, Look::default()).await else { return };
    let begun = scene.to_passcode(&[]).await;
    let passcode = scene.house.passcode(PHONE).await;
    scene.browser.fill("#passcode", &passcode[..5]).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(scene.browser.url().await.path(), "/passcode");
    scene.browser.keys(&passcode[5..]).await;
    scene.land(begun).await;
    scene.close().await;
}

/// After a mistake a person decides themselves when to send: nothing is spent by itself.
#[tokio::test(flavor = "multi_thread")]
async fn after_a_mistake_nothing_is_sent_by_itself() {
    let Some(scene) = Scene::open(Engine::Sqlite, Look::default()).await else { return };
    let browser = &scene.browser;
    let begun = scene.to_passcode(&[]).await;
    let wrong = scene.wrong(PHONE).await;
    browser.fill("#passcode", &wrong).await;
    assert_eq!(browser.text("#wrong").await, "That code isn’t right. Check our newest message.");
    assert!(browser.run("return document.activeElement.matches('.alert')").await == true, "the summary has the focus");
    assert!(browser.title().await.starts_with("Error: "));
    let passcode = scene.house.passcode(PHONE).await;
    browser.fill("#passcode", &passcode).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(browser.url().await.path(), "/passcode");
    browser.press(&[Key::Enter.into()]).await;
    scene.land(begun).await;
    scene.close().await;
}

/// Digits as an Arabic keyboard types them.
#[tokio::test(flavor = "multi_thread")]
async fn digits_of_another_script() {
    let look = Look { language: "ar", ..Look::default() };
    let Some(scene) = Scene::open(Engine::Sqlite, look).await else { return };
    let begun = scene.to_passcode(&[]).await;
    let passcode = scene.house.passcode(PHONE).await;
    let arabic: String = passcode.chars().filter_map(|digit| char::from_u32(0x660 + digit.to_digit(10)?)).collect();
    scene.browser.fill("#passcode", &arabic).await;
    scene.land(begun).await;
    scene.close().await;
}
