//! Without a mouse: every step by Tab, Enter and typing, and one always sees where one is.

use crate::chromium::Look;
use crate::harness::Engine;
use crate::scene::{PHONE, Scene};
use fantoccini::key::Key;

const VISIBLE: &str = r"
    const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
    return [at.id || at.className || at.textContent.trim(), at.matches(':focus-visible') && style.outlineStyle != 'none' && parseFloat(style.outlineWidth) >= 2,
        box.width > 0 && box.top >= 0 && box.bottom <= innerHeight];
";

impl Scene {
    /// Tab by Tab until the element is reached; every stop on the way is seen.
    pub async fn tab_to(&self, css: &str) -> Vec<String> {
        let mut stops = Vec::new();
        for _ in 0..20 {
            self.browser.press(&[Key::Tab.into()]).await;
            let seen = self.browser.run(VISIBLE).await;
            assert!(seen[1] == true, "the focus can be seen: {seen}");
            assert!(seen[2] == true, "the focus is on the screen: {seen}");
            stops.push(seen[0].as_str().unwrap_or_default().to_owned());
            if self.browser.run(&format!("return document.activeElement.matches('{css}')")).await == true {
                return stops;
            }
        }
        panic!("{css} cannot be reached: {stops:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_pages_by_keyboard_alone() {
    let Some(scene) = Scene::open(Engine::Sqlite, Look::default()).await else { return };
    let browser = &scene.browser;
    let begun = scene.begin(&[]).await;
    // The list of countries opens, is searched and closes again.
    scene.tab_to("#pick").await;
    browser.press(&[Key::Enter.into()]).await;
    browser.keys("kenya").await;
    browser.at("#list li:first-child[data-iso=KE]").await;
    browser.press(&[Key::Enter.into()]).await;
    assert_eq!(browser.property("#country", "value").await, "KE");
    browser.press(&[Key::Enter.into()]).await;
    browser.press(&[Key::Escape.into()]).await;
    assert!(browser.run("return document.querySelector('.panel').hidden").await == true);
    let stops = scene.tab_to("#identifier").await;
    assert_eq!(stops, ["identifier"]);
    // Nothing typed: the mistake is told where the focus is, and leads to the field.
    browser.press(&[Key::Enter.into()]).await;
    assert_eq!(browser.text("#wrong").await, "Enter your mobile number.");
    scene.tab_to(".alert a").await;
    browser.press(&[Key::Enter.into()]).await;
    assert!(browser.run("return document.activeElement.id == 'identifier'").await == true);
    browser.keys("+234 803 123 4567").await;
    scene.tab_to("#continue").await;
    browser.press(&[Key::Enter.into()]).await;
    browser.at("#passcode").await;
    assert!(browser.run("return document.activeElement.id == 'passcode'").await == true, "ready to type");
    // Everything else on the page can be reached as well.
    scene.tab_to(".more .ways li:last-child a").await;
    // And back again.
    while browser.run("return document.activeElement.id != 'passcode'").await == true {
        browser.press_with(Key::Shift.into(), Key::Tab.into()).await;
    }
    let passcode = scene.house.passcode(PHONE).await;
    browser.keys(&passcode).await;
    scene.land(begun).await;
    scene.close().await;
}
