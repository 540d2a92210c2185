//! The way from the app's button back to the app: with JavaScript and without, by redirect and by form, and Back again.

use crate::chromium::Look;
use crate::harness::{Engine, both};
use crate::scene::{EMAIL, PHONE, Scene};

const PLAIN: Look = Look { language: "en", javascript: false, dark: false, size: (1024, 768) };

both!(by_phone, async |engine| {
    let Some(scene) = Scene::open(engine, Look::default()).await else { return };
    let begun = scene.begin(&[]).await;
    assert_eq!(scene.browser.title().await, "Sign in – Shop");
    scene.give_phone("0803 123 4567").await;
    assert_eq!(scene.browser.text("#sent .to").await, "+234 803 123 4567");
    let passcode = scene.house.passcode(PHONE).await;
    scene.browser.fill("#passcode", &passcode).await;
    let tokens = scene.land(begun).await;
    assert_eq!(tokens.claims.phone_number().map(|number| number.as_str()), Some(PHONE));
    scene.close().await;
});

#[tokio::test(flavor = "multi_thread")]
async fn by_email() {
    let Some(scene) = Scene::open(Engine::Sqlite, Look::default()).await else { return };
    let begun = scene.begin(&[]).await;
    scene.give_email("Ada@Example.com").await;
    assert_eq!(scene.browser.text("#sent .to").await, "ada@example.com");
    let passcode = scene.house.passcode(EMAIL).await;
    scene.browser.fill("#passcode", &passcode).await;
    let tokens = scene.land(begun).await;
    assert_eq!(tokens.claims.email().map(|email| email.as_str()), Some(EMAIL));
    scene.close().await;
}

/// Mistakes on the way, a look at the other page, and every step by a button.
#[tokio::test(flavor = "multi_thread")]
async fn by_phone_without_javascript() {
    let Some(scene) = Scene::open(Engine::Sqlite, PLAIN).await else { return };
    let browser = &scene.browser;
    let begun = scene.begin(&[]).await;
    assert!(!browser.has(".pick").await, "no script runs");
    browser.choose("#country", "GB").await;
    scene.give_phone("12").await;
    assert_eq!(browser.text("#wrong").await, "That number can’t be right. Check its digits and the country.");
    assert_eq!(browser.property("#identifier", "value").await, "12");
    assert_eq!(browser.property("#country", "value").await, "GB");
    assert!(browser.title().await.starts_with("Error: "));
    browser.choose("#country", "NG").await;
    scene.give_phone("0803 123 4567").await;
    let passcode = scene.house.passcode(PHONE).await;
    let wrong = scene.wrong(PHONE).await;
    browser.fill("#passcode", &wrong).await;
    browser.click("#verify").await;
    assert_eq!(browser.text("#wrong").await, "That code isn’t right. Check our newest message.");
    browser.fill("#passcode", &format!("{} {}", &passcode[..3], &passcode[3..])).await;
    assert!(browser.url().await.path() == "/passcode", "nothing is sent by itself");
    browser.click("#verify").await;
    let tokens = scene.land(begun).await;
    assert_eq!(tokens.claims.phone_number().map(|number| number.as_str()), Some(PHONE));
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_email_without_javascript() {
    let Some(scene) = Scene::open(Engine::Sqlite, PLAIN).await else { return };
    let begun = scene.begin(&[]).await;
    scene.give_email("nobody").await;
    assert_eq!(scene.browser.text("#wrong").await, "Enter an e-mail address like name@example.com.");
    scene.give_email(EMAIL).await;
    scene.browser.at("#passcode").await;
    let passcode = scene.house.passcode(EMAIL).await;
    scene.browser.fill("#passcode", &passcode).await;
    scene.browser.click("#verify").await;
    scene.land(begun).await;
    scene.close().await;
}

/// Asked too soon, then in time: the same digits, and one message more.
#[tokio::test(flavor = "multi_thread")]
async fn again_without_javascript() {
    let Some(scene) = Scene::open(Engine::Sqlite, PLAIN).await else { return };
    let browser = &scene.browser;
    let begun = scene.to_passcode(&[]).await;
    browser.click("#resend").await;
    assert!(browser.text("#wrong").await.starts_with("That was quick."));
    assert_eq!(scene.house.sent(PHONE).await, 1);
    scene.house.time.pass(std::time::Duration::from_secs(40));
    browser.click("#resend").await;
    assert_eq!(browser.text(".notice").await, "We sent the same code again. Any of our messages works.");
    let both = scene.house.messages(PHONE, 2).await;
    let digits = crate::harness::digits;
    assert_eq!(digits(&both[0].text), digits(&both[1].text));
    browser.fill("#passcode", &digits(&both[0].text)).await;
    browser.click("#verify").await;
    scene.land(begun).await;
    scene.close().await;
}

/// With JavaScript the wait is told as a clock, and the button waits with it.
#[tokio::test(flavor = "multi_thread")]
async fn the_wait_is_told() {
    let Some(scene) = Scene::open(Engine::Sqlite, Look::default()).await else { return };
    let begun = scene.to_passcode(&[]).await;
    assert!(scene.browser.text("#wait").await.starts_with("You can ask again in 0:"));
    assert_eq!(scene.browser.property("#resend", "disabled").await, "true");
    scene.house.time.pass(std::time::Duration::from_secs(40));
    scene.browser.goto(scene.browser.url().await.as_str()).await;
    assert_eq!(scene.browser.property("#resend", "disabled").await, "false");
    scene.browser.click("#resend").await;
    scene.browser.at(".notice").await;
    let passcode = scene.house.passcode(PHONE).await;
    scene.browser.fill("#passcode", &passcode).await;
    scene.land(begun).await;
    scene.close().await;
}

/// The page's policy lets the answer through to the app, and to nobody else.
#[tokio::test(flavor = "multi_thread")]
async fn the_answer_as_a_form() {
    let Some(scene) = Scene::open(Engine::Sqlite, Look::default()).await else { return };
    let begun = scene.to_passcode(&[("response_mode", "form_post")]).await;
    let passcode = scene.house.passcode(PHONE).await;
    scene.browser.fill("#passcode", &passcode).await;
    posted(&scene, &begun.state).await;
    // Signed in already: the next answer comes by the same way at once.
    scene.begin(&[("response_mode", "form_post")]).await;
    scene.browser.arrive(&scene.app.callback()).await;
    assert_eq!(scene.app.arrived().len(), 2);
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_as_a_form_without_javascript() {
    let Some(scene) = Scene::open(Engine::Sqlite, PLAIN).await else { return };
    let begun = scene.to_passcode(&[("response_mode", "form_post")]).await;
    let passcode = scene.house.passcode(PHONE).await;
    scene.browser.fill("#passcode", &passcode).await;
    scene.browser.click("#verify").await;
    scene.browser.click("#answer #continue").await;
    posted(&scene, &begun.state).await;
    scene.close().await;
}

async fn posted(scene: &Scene, state: &openidconnect::CsrfToken) {
    scene.browser.arrive(&scene.app.callback()).await;
    assert_eq!(scene.browser.text("#app").await, "You are in the app");
    let arrived = scene.app.arrived();
    assert_eq!((arrived.len(), arrived[0].method), (1, "POST"), "{arrived:#?}");
    assert_eq!(arrived[0].answer.get("state"), Some(state.secret()));
    assert_eq!(arrived[0].answer.get("iss"), Some(&scene.house.issuer));
}

/// Back from the app: the page knows that this sign-in is done, and leads on without a second message.
#[tokio::test(flavor = "multi_thread")]
async fn back_after_signing_in() {
    let Some(scene) = Scene::open(Engine::Sqlite, Look::default()).await else { return };
    let browser = &scene.browser;
    let begun = scene.to_passcode(&[]).await;
    let passcode = scene.house.passcode(PHONE).await;
    browser.fill("#passcode", &passcode).await;
    scene.land(begun).await;
    browser.back().await;
    browser.arrive(&format!("{}/passcode", scene.house.issuer)).await;
    assert_eq!(browser.text("h1").await, "This sign-in is done");
    browser.back().await;
    assert_eq!(browser.text("h1").await, "This sign-in is done");
    browser.click("#onward").await;
    browser.arrive(&scene.app.callback()).await;
    assert_eq!(browser.text("#app").await, "You are in the app");
    assert_eq!((scene.app.arrived().len(), scene.house.sent(PHONE).await), (2, 1));
    scene.close().await;
}

/// Out again: the page asks, the button ends it, and the next sign-in asks for a number.
#[tokio::test(flavor = "multi_thread")]
async fn signing_out() {
    let Some(scene) = Scene::open(Engine::Sqlite, Look::default()).await else { return };
    let browser = &scene.browser;
    let begun = scene.to_passcode(&[]).await;
    let passcode = scene.house.passcode(PHONE).await;
    browser.fill("#passcode", &passcode).await;
    scene.land(begun).await;
    browser.goto(&format!("{}/logout", scene.house.issuer)).await;
    assert_eq!(browser.text("h1").await, "Sign out?");
    browser.click("#confirm-logout").await;
    browser.arrive(&format!("{}/signed-out", scene.house.issuer)).await;
    assert_eq!(browser.text("h1").await, "You are signed out");
    scene.begin(&[]).await;
    browser.at("#identifier").await;
    scene.close().await;
}

/// A number that the app knows is only confirmed; opening the page sent nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_hint_is_confirmed() {
    let Some(scene) = Scene::open(Engine::Sqlite, Look::default()).await else { return };
    let begun = scene.begin(&[("login_hint", PHONE), ("connection_id", "phone")]).await;
    assert!(!scene.browser.has("#identifier").await);
    assert_eq!(scene.house.sent(PHONE).await, 0);
    scene.browser.click("#continue").await;
    scene.browser.at("#passcode").await;
    let passcode = scene.house.passcode(PHONE).await;
    scene.browser.fill("#passcode", &passcode).await;
    scene.land(begun).await;
    scene.close().await;
}

/// What the walks' silence is worth: a script from elsewhere is refused, and the console says so.
#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_script_is_refused_and_told() {
    let Some(scene) = Scene::open(Engine::Sqlite, Look::default()).await else { return };
    scene.begin(&[]).await;
    scene.browser.assert_quiet().await;
    let script = "const made = document.createElement('script'); made.textContent = 'window.ran = 1'; document.body.append(made); return window.ran";
    assert!(scene.browser.run(script).await.is_null());
    let complaints = scene.browser.complaints().await;
    assert!(complaints.iter().any(|complaint| complaint.contains("Content Security Policy")), "{complaints:#?}");
    scene.close().await;
}
