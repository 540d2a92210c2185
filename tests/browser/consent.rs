//! The pages that ask what an application or a device may have: seen by axe, on 320 pixels, in the dark, mirrored, by keyboard
//! alone and without JavaScript.

use crate::axe;
use crate::chromium::Look;
use crate::harness::rp::Rp;
use crate::harness::ways::{TEST, TEST_PASSCODE};
use crate::scene::Scene;
use fantoccini::key::Key;
use serde_json::Value;

pub const MORE: &str = r#"
[[client]]
id = "guest"
name = "Guest & Sons"
kind = "web"
secret = "cdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234"
redirect_uris = ["http://127.0.0.1:4000/callback"]
connections = ["phone", "email"]
third_party = true
client_uri = "https://guest.example/about"
terms_url = "https://guest.example/terms"
privacy_url = "https://guest.example/privacy"

[[client]]
id = "tv"
name = "Television"
kind = "native"
grant_types = ["device_code"]
connections = ["phone"]

[[scope]]
name = "orders:read"
description.en = "Read your orders, however long ago they were made"

[[resource]]
uri = "https://orders.example"
name.en = "the order service"
scopes = ["orders:read"]
"#;
const GUEST_SECRET: &str = "cdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234";
const SCOPES: [&str; 5] = ["openid", "profile", "email", "orders:read", "offline"];

impl Scene {
    pub async fn of_guests(look: Look) -> Option<Self> {
        Self::guests_declared(look, MORE).await
    }

    async fn guests_declared(look: Look, more: &str) -> Option<Self> {
        let scene = Self::declaring(look, more).await?;
        let rp = Rp::discover(&scene.house.issuer, "guest", Some(GUEST_SECRET), &scene.app.callback()).await;
        Some(Self { rp, ..scene })
    }

    /// Signs in as the test identifier, on the pages that ask for it.
    pub async fn prove(&self) {
        self.give_phone(TEST).await;
        self.browser.at("#passcode").await;
        self.browser.fill("#passcode", TEST_PASSCODE).await;
        if !self.look.javascript {
            self.browser.click("#verify").await;
        }
    }

    /// All the way to the page that asks.
    pub async fn to_consent(&self) -> crate::harness::rp::Begun {
        let begun = self.rp.begin(&SCOPES, &[("audience", "https://orders.example")]);
        self.browser.goto(&format!("{}{}", self.house.issuer, begun.url)).await;
        if !self.browser.has("#allow").await {
            self.prove().await;
        }
        self.browser.at("#allow").await;
        begun
    }

    /// What a device is told when it begins.
    pub async fn device(&self) -> Value {
        let form = [("client_id", "tv"), ("scope", "openid phone offline")];
        self.house.machine().post("/oauth2/device/auth", &form).await.json()
    }
}

/// Every page of both ways, one after the other.
async fn tour(scene: &Scene, look: impl AsyncFn(&str)) {
    let browser = &scene.browser;
    let begun = scene.to_consent().await;
    look("consent").await;
    browser.click("#allow").await;
    scene.land(begun).await;
    browser.goto(&format!("{}/device", scene.house.issuer)).await;
    browser.at("#user-code").await;
    look("device").await;
    browser.fill("#user-code", "nothing").await;
    browser.click("#continue").await;
    browser.at("#wrong").await;
    look("device, an error").await;
    let device = scene.device().await;
    browser.goto(device["verification_uri_complete"].as_str().expect("a page")).await;
    browser.at("#user-code").await;
    browser.click("#continue").await;
    browser.at("#allow").await;
    assert_eq!(browser.text(".shown").await, device["user_code"].as_str().expect("letters"));
    look("consent, for a device").await;
    browser.click("#allow").await;
    browser.arrive(&format!("{}/device/done?done=allowed", scene.house.issuer)).await;
    look("device, allowed").await;
    browser.goto(&format!("{}/device/done?done=denied", scene.house.issuer)).await;
    look("device, denied").await;
    browser.goto(&format!("{}/device/done?done=over", scene.house.issuer)).await;
    look("device, over").await;
}

async fn axe_finds_nothing(language: &'static str) {
    let Some(scene) = Scene::of_guests(Look { language, ..Look::default() }).await else { return };
    if !axe::installed() {
        return;
    }
    tour(&scene, async |page| axe::check(&scene.browser, page).await).await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_where_people_allow() {
    axe_finds_nothing("en").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_where_people_allow_in_arabic() {
    axe_finds_nothing("ar").await;
}

/// Names and descriptions as long as operators may make them.
#[tokio::test(flavor = "multi_thread")]
async fn what_people_allow_fits_on_320_pixels() {
    let long = MORE
        .replace("Guest & Sons", "Donaudampfschifffahrtselektrizitätenwerk")
        .replace("the order service", "Bestellverwaltungsdienst der Niederlassungen")
        .replace("Read your orders", &format!("Read your orders and {}", "their Lieferadressänderungen ".repeat(5)));
    for (language, javascript) in [("en", false), ("de", true), ("ar", true)] {
        let look = Look { language, javascript, size: (320, 640), ..Look::default() };
        let Some(scene) = Scene::guests_declared(look, &long).await else { return };
        tour(&scene, async |page| scene.browser.assert_fits(&format!("{page}, {language}")).await).await;
        scene.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn allowed_by_keyboard_alone() {
    let Some(scene) = Scene::of_guests(Look::default()).await else { return };
    let begun = scene.to_consent().await;
    let stops = scene.tab_to("#allow").await;
    assert_eq!(stops, ["the phone", "allow"], "nothing of the page itself stands before it");
    scene.tab_to("#deny").await;
    scene.browser.press_with(Key::Shift.into(), Key::Tab.into()).await;
    scene.browser.press(&[Key::Enter.into()]).await;
    scene.land(begun).await;
    scene.close().await;
}

/// The letters are typed, somebody signs in, and what the device asks for is confirmed or not.
#[tokio::test(flavor = "multi_thread")]
async fn a_device_by_keyboard_alone() {
    let Some(scene) = Scene::of_guests(Look::default()).await else { return };
    let browser = &scene.browser;
    for (choice, told) in [("#allow", "Your device is connected"), ("#deny", "Your device was not connected")] {
        let device = scene.device().await;
        browser.goto(&format!("{}/device", scene.house.issuer)).await;
        scene.tab_to("#user-code").await;
        browser.keys(&device["user_code"].as_str().expect("letters").to_lowercase()).await;
        browser.press(&[Key::Enter.into()]).await;
        browser.at("#identifier, #allow").await;
        if browser.has("#identifier").await {
            scene.prove().await;
            browser.at("#allow").await;
        }
        scene.tab_to(choice).await;
        browser.press(&[Key::Enter.into()]).await;
        browser.arrive(&format!("{}/device/done", scene.house.issuer)).await;
        assert_eq!(browser.text("h1").await, told);
    }
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn denied_and_called_off() {
    for javascript in [true, false] {
        let Some(scene) = Scene::of_guests(Look { javascript, ..Look::default() }).await else { return };
        let browser = &scene.browser;
        scene.to_consent().await;
        browser.click("#deny").await;
        browser.arrive(&scene.app.callback()).await;
        let begun = scene.rp.begin(&SCOPES, &[("prompt", "login")]);
        browser.goto(&format!("{}{}", scene.house.issuer, begun.url)).await;
        browser.at("#identifier").await;
        browser.click("#deny").await;
        browser.arrive(&scene.app.callback()).await;
        let errors: Vec<_> = scene.app.arrived().into_iter().map(|one| one.answer["error"].clone()).collect();
        assert_eq!(errors, ["access_denied", "access_denied"]);
        scene.close().await;
    }
}

/// The page before an application opens again, which follows its own link.
#[tokio::test(flavor = "multi_thread")]
async fn a_success_page_leads_on() {
    for javascript in [true, false] {
        let Some(scene) = Scene::of_guests(Look { javascript, ..Look::default() }).await else { return };
        let browser = &scene.browser;
        let begun = scene.rp.begin(&["openid"], &[("has_success_page", "true")]);
        browser.goto(&format!("{}{}", scene.house.issuer, begun.url)).await;
        scene.prove().await;
        browser.at("#allow").await;
        browser.click("#allow").await;
        if !javascript {
            browser.at("#success").await;
            browser.assert_fits("success").await;
            browser.click("#continue").await;
        }
        scene.land(begun).await;
        scene.close().await;
    }
}
