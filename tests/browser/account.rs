//! A person's own page and the ways out: seen by axe, on 320 pixels, by keyboard alone and without JavaScript, with names as long
//! as they get.

use crate::axe;
use crate::chromium::Look;
use crate::harness::rp::Rp;
use crate::scene::Scene;
use fantoccini::key::Key;

const PLAIN: Look = Look { language: "en", javascript: false, dark: false, size: (1024, 768) };
const SECRET: &str = "cdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234";

/// Somebody with two identifiers, in an organization, and an application that hears of sign-outs through the browser.
const HOME: &str = r#"
[[client]]
id = "desk"
name = "Donaudampfschifffahrtselektrizitätenwerk"
kind = "web"
secret = "cdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234"
redirect_uris = ["http://127.0.0.1:4000/callback"]
post_logout_redirect_uris = ["http://127.0.0.1:4000/"]
frontchannel_logout_uri = "http://127.0.0.1:4000/"
connections = ["phone"]

[[role]]
key = "clerk"
name = "Sachbearbeiterin für Rücksendungen"

[[organization]]
code = "org_acme"
name = "Arbeitsgemeinschaft der Verbraucherverbände Norddeutschlands"

[[person]]
identifiers = ["a.rather.long.address.of.somebody@a-rather-long-domain.example", "+12025550143"]

[person.profile]
given_name = "Ada"
family_name = "Obi"

[[person.organization]]
code = "org_acme"
roles = ["clerk"]
"#;

impl Scene {
    /// Signed in, with an access token of the application's.
    async fn at_home(look: Look) -> Option<(Self, String)> {
        let scene = Self::declaring(look, HOME).await?;
        let rp = Rp::discover(&scene.house.issuer, "desk", Some(SECRET), &scene.app.callback()).await;
        let scene = Self { rp, ..scene };
        let begun = scene.rp.begin(&["openid", "profile", "offline"], &[]);
        scene.browser.goto(&format!("{}{}", scene.house.issuer, begun.url)).await;
        scene.prove().await;
        let token = scene.land(begun).await.access_token;
        Some((scene, token))
    }

    async fn goto(&self, path: &str) {
        self.browser.goto(&format!("{}{path}", self.house.issuer)).await;
    }

    /// The application leads to the person's page, with a way back.
    async fn follow_link(&self, token: &str) {
        let path = format!("/account_api/v1/portal_link?return_url={}/home", self.app.url);
        let bearer = format!("Bearer {token}");
        let link = self.house.machine().send(reqwest::Method::GET, &path, &[("authorization", &bearer)], None).await;
        self.browser.goto(&link.text("url")).await;
        if !self.look.javascript {
            assert_eq!(self.browser.text("#open-account").await, "Continue", "it waits for its button");
            self.browser.click("#open-account").await;
        }
        self.browser.at("#back").await;
    }
}

/// Every page, one after the other.
async fn tour(scene: &Scene, token: &str, look: impl AsyncFn(&str)) {
    let browser = &scene.browser;
    scene.goto("/account").await;
    browser.at("#sign-out-everywhere").await;
    look("account").await;
    scene.follow_link(token).await;
    look("account, by a link").await;
    browser.click(".take-back").await;
    browser.at("p.hint").await;
    look("account, no app left").await;
    scene.goto("/logout").await;
    browser.at("#confirm-logout").await;
    look("signing out").await;
    scene.goto("/logout?all_sessions=true").await;
    browser.at("#confirm-logout").await;
    look("signing out everywhere").await;
    browser.click("#confirm-logout").await;
    browser.at("iframe").await;
    look("signed out, and told through frames").await;
}

async fn axe_finds_nothing(language: &'static str) {
    let Some((scene, token)) = Scene::at_home(Look { language, ..Look::default() }).await else { return };
    if !axe::installed() {
        return;
    }
    tour(&scene, &token, async |page| axe::check(&scene.browser, page).await).await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_in_an_account() {
    axe_finds_nothing("en").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_in_an_account_in_arabic() {
    axe_finds_nothing("ar").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_fits_on_320_pixels() {
    for (language, javascript) in [("en", false), ("de", true), ("ar", true)] {
        let look = Look { language, javascript, size: (320, 640), ..Look::default() };
        let Some((scene, token)) = Scene::at_home(look).await else { return };
        tour(&scene, &token, async |page| scene.browser.assert_fits(&format!("{page}, {language}")).await).await;
        scene.close().await;
    }
}

/// Pages that go on by themselves, where nothing goes by itself: each has its button.
#[tokio::test(flavor = "multi_thread")]
async fn pages_that_lead_on_wait_for_their_button() {
    let Some((scene, token)) = Scene::at_home(PLAIN).await else { return };
    let browser = &scene.browser;
    scene.follow_link(&token).await;
    assert!(browser.text("time").await.ends_with("UTC"));
    let begun = scene.rp.begin(&["openid"], &[("response_mode", "form_post")]);
    browser.goto(&format!("{}{}", scene.house.issuer, begun.url)).await;
    browser.at("#answer").await;
    browser.assert_fits("handing over").await;
    assert_eq!(browser.text(".lead").await, "If nothing happens, press “Continue”.");
    browser.click("#continue").await;
    browser.arrive(&scene.app.callback()).await;
    // The application hears of it through a frame, and the person goes on by hand.
    scene.goto(&format!("/logout?client_id=desk&post_logout_redirect_uri={}/", scene.app.url)).await;
    browser.click("#confirm-logout").await;
    assert_eq!(browser.text("#back").await, "Go to the app");
    assert!(browser.has("iframe").await);
    browser.click("#back").await;
    browser.arrive(&format!("{}/", scene.app.url)).await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn access_is_removed_and_everything_ended_by_keyboard_alone() {
    let Some((scene, _)) = Scene::at_home(Look::default()).await else { return };
    let browser = &scene.browser;
    scene.goto("/account").await;
    assert!(!browser.text("time").await.ends_with("UTC"), "as it is written here");
    let stops = scene.tab_to(".take-back").await;
    assert_eq!(stops, ["take-back"], "nothing stands before it");
    browser.press(&[Key::Enter.into()]).await;
    assert_eq!(browser.text("p.hint").await, "No app has access to your account.");
    scene.tab_to("#sign-out").await;
    scene.tab_to("#sign-out-everywhere").await;
    browser.press(&[Key::Enter.into()]).await;
    // Applications of this browser hear of it through its frames.
    browser.at("iframe").await;
    assert_eq!(browser.text("h1").await, "You are signed out");
    scene.goto("/account").await;
    assert_eq!(browser.text("h1").await, "Your account isn’t open here");
    scene.close().await;
}

/// Asked whether to sign out: to stay is a way as well.
#[tokio::test(flavor = "multi_thread")]
async fn stayed_and_signed_out_by_keyboard_alone() {
    let Some((scene, _)) = Scene::at_home(Look::default()).await else { return };
    let browser = &scene.browser;
    scene.goto("/logout").await;
    assert!(browser.text(".lead").await.contains("You are signed in as a•••@•••.example"));
    let stops = scene.tab_to("#stay").await;
    assert_eq!(stops, ["confirm-logout", "everywhere", "stay"]);
    browser.press(&[Key::Enter.into()]).await;
    browser.at("#sign-out-everywhere").await;
    assert!(browser.text("main").await.contains("This browser"), "still signed in");
    scene.goto("/logout").await;
    scene.tab_to("#confirm-logout").await;
    browser.press(&[Key::Enter.into()]).await;
    browser.at("iframe").await;
    assert_eq!(browser.text("h1").await, "You are signed out");
    scene.close().await;
}
