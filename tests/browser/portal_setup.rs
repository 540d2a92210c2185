//! Where things are set up, in a browser: a carrier begun, checked, saved and tried, an application made and its pages looked at; with
//! script and without, seen by axe and at 320 pixels.

use crate::axe;
use crate::chromium::Look;
use crate::harness::Engine;
use crate::harness::outside::Outside;
use crate::pictures::{in_each_look, wanted};
use crate::scene::{EMAIL, Scene};
use countersign::domain::audit::By;
use countersign::domain::operator::Role;
use countersign::flows::manage::operators;

const PLAIN: Look = Look { language: "en", javascript: false, dark: false, size: (1024, 768) };
const SECRET: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

impl Scene {
    /// Somebody new comes by a link, and is the owner.
    pub async fn own(&self) {
        let link = operators::invite(&self.house.app, &By::command(), Role::Owner).await.expect("a link");
        self.browser.goto(&link).await;
        self.browser.click("main button").await;
        self.give_email(EMAIL).await;
        self.browser.at("#passcode").await;
        let passcode = self.house.passcode(EMAIL).await;
        self.browser.fill("#passcode", &passcode).await;
        if !self.look.javascript {
            self.browser.click("#verify").await;
        }
        self.browser.arrive(&format!("{}/admin", self.house.issuer)).await;
    }

    pub async fn open_page(&self, path: &str) {
        self.browser.goto(&format!("{}{path}", self.house.issuer)).await;
        self.browser.at("h1").await;
    }

    /// From the button through its own sign-in, and back to what it would have got.
    async fn till_tried(&self) {
        let (browser, guest) = (&self.browser, "guest@mail.example");
        browser.click("#try").await;
        browser.at("#identifier").await;
        assert!(browser.text("body").await.contains("Till"));
        self.give_email(guest).await;
        browser.at("#passcode").await;
        let passcode = self.house.passcode(guest).await;
        browser.fill("#passcode", &passcode).await;
        if !self.look.javascript {
            browser.click("#verify").await;
        }
        browser.arrive(&format!("{}/admin/clients/till/tried?", self.house.issuer)).await;
        assert!(browser.text("#stands").await.contains("It works"));
        assert!(browser.text("main table").await.contains(guest));
        if axe::installed() && self.look.javascript {
            axe::check(browser, "tried").await;
            browser.resize((320, 640)).await;
            browser.assert_fits("tried").await;
            in_each_look(&self.browser, "setup-tried", 900).await;
            browser.resize(self.look.size).await;
        }
        browser.follow("/admin/sign_ins/in_").await;
        assert!(browser.text(".story").await.contains("tried from the portal"));
        self.open_page("/admin/clients/till/connect").await;
    }

    async fn carrier_made_and_tried(&self) {
        let (browser, outside) = (&self.browser, Outside::open().await);
        self.open_page("/admin/new/carriers").await;
        browser.follow("kind=webhook").await;
        browser.at("#url").await;
        browser.fill("#name", "gateway").await;
        browser.fill("#url", &format!("{}/send", outside.url)).await;
        browser.click("[name=channels][value=sms]").await;
        browser.fill("#secret", SECRET).await;
        browser.click("details.group > summary").await;
        browser.click("#allow_private").await;
        browser.click("button[formaction]").await;
        browser.at(".found .ok").await;
        assert!(browser.text("#found").await.contains("Nothing is saved yet"));
        browser.click("form.edit button.main").await;
        browser.arrive(&format!("{}/admin/carriers/gateway?done=saved", self.house.issuer)).await;
        browser.follow("/admin/carriers/gateway/look").await;
        browser.at("#to").await;
        browser.fill("#to", "+2348031234567").await;
        browser.click("form.edit button.main").await;
        browser.arrive(&format!("{}/admin/carriers/gateway/tests/", self.house.issuer)).await;
        assert!(browser.text(".notice").await.contains("The carrier has it"));
        assert_eq!(outside.seen("/send").len(), 2, "a ping and a message");
    }
}

/// Every page of setting up, by its path.
const PAGES: [&str; 9] = [
    "/admin/new/carriers",
    "/admin/new/carriers?kind=meta_whatsapp",
    "/admin/carriers/phone-page/look",
    "/admin/connections/phone/preview?country=NG&client=shop",
    "/admin/clients/shop/connect",
    "/admin/clients/kiosk/connect",
    "/admin/clients/shop/secrets",
    "/admin/clients/shop/looks",
    "/admin/clients/shop",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_carrier_is_made_and_tried() {
    for look in [Look::default(), PLAIN] {
        let Some(scene) = Scene::open(Engine::Sqlite, look).await else { return };
        scene.own().await;
        scene.carrier_made_and_tried().await;
        scene.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_checked_while_it_is_filled_in() {
    let Some(scene) = Scene::open(Engine::Sqlite, Look::default()).await else { return };
    let browser = &scene.browser;
    scene.own().await;
    scene.open_page("/admin/new/clients").await;
    browser.fill("#redirect_uris", "http://till.example/cb").await;
    browser.at("#redirect_uris-wrong").await;
    assert!(browser.text("#redirect_uris-wrong").await.contains("use https"));
    browser.at("#redirect_uris[aria-invalid=true][aria-describedby~=redirect_uris-wrong]").await;
    assert!(browser.property("form.edit > .said", "textContent").await.starts_with("Redirect URLs: "));
    assert!(!browser.has(".wrong[id$=-wrong]:not(#redirect_uris-wrong)").await, "what nobody touched stays quiet");
    if axe::installed() {
        axe::check(browser, "a form with a mistake").await;
    }
    in_each_look(&scene.browser, "setup-typed", 900).await;
    browser.resize((320, 640)).await;
    browser.assert_fits("a form with a mistake").await;
    browser.fill("#redirect_uris", "https://till.example/cb").await;
    browser.at("#redirect_uris:not([aria-invalid])").await;
    assert!(!browser.has(".wrong[id$=-wrong]").await);
    // What another field says of this one is told as well.
    browser.fill("#redirect_uris", "com.example.till:/cb").await;
    browser.at("#redirect_uris-wrong").await;
    browser.choose("#kind", "native").await;
    browser.at("#redirect_uris:not([aria-invalid])").await;
    // A cell of a table is told beside the table.
    scene.open_page("/admin/connections/phone").await;
    browser.fill("#rung-0-wait_seconds", "soon").await;
    browser.at("#rung-wrong").await;
    scene.close().await;

    let Some(scene) = Scene::open(Engine::Sqlite, PLAIN).await else { return };
    let browser = &scene.browser;
    scene.own().await;
    scene.open_page("/admin/clients/kiosk").await;
    browser.fill("#redirect_uris", "http://till.example/cb").await;
    browser.click("button[formaction]").await;
    browser.at("#redirect_uris-wrong").await;
    browser.fill("#redirect_uris", "https://till.example/cb").await;
    browser.click("button[formaction]").await;
    browser.at(".notice").await;
    assert!(browser.text(".notice").await.contains("Nothing is saved yet"));
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_is_made_and_looked_at() {
    for look in [Look::default(), PLAIN] {
        let Some(scene) = Scene::open(Engine::Sqlite, look).await else { return };
        let browser = &scene.browser;
        scene.own().await;
        scene.open_page("/admin/new/clients").await;
        browser.fill("#id", "till").await;
        browser.fill("#name", "Till").await;
        browser.fill("#redirect_uris", "https://till.example/callback").await;
        browser.click("[name=connections][value=email]").await;
        browser.click("form.edit button.main").await;
        browser.at("#secret").await;
        browser.follow("/admin/clients/till/connect").await;
        assert!(browser.text("#f1").await.contains("openid-client"));
        scene.till_tried().await;
        browser.follow("/admin/clients/till/looks").await;
        browser.at("[name=look]").await;
        browser.follow("/admin/clients/till/secrets").await;
        browser.click("form.edit button.main").await;
        browser.at("#secret").await;
        scene.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_has_nothing_to_object_to_and_a_narrow_screen_is_wide_enough() {
    if !axe::installed() {
        return;
    }
    let Some(scene) = Scene::open(Engine::Sqlite, Look::default()).await else { return };
    scene.own().await;
    for page in PAGES {
        scene.open_page(page).await;
        // Into sandboxed frames nothing sees, axe no more than anybody.
        scene.browser.run("for (const frame of document.querySelectorAll('iframe')) frame.remove()").await;
        axe::check(&scene.browser, page).await;
    }
    scene.browser.resize((320, 640)).await;
    for page in PAGES {
        scene.open_page(page).await;
        scene.browser.assert_fits(page).await;
    }
    for (n, page) in PAGES.iter().enumerate().filter(|_| wanted()) {
        scene.open_page(page).await;
        in_each_look(&scene.browser, &format!("setup-{n}"), 900).await;
    }
    scene.close().await;
}
