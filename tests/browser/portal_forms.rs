//! Forms of the portal in a browser: a ladder built by its buttons, countries offered by name, looks and words seen while they are typed,
//! a logo from this device; with script and without, by keyboard, seen by axe and at 320 pixels.

use crate::axe;
use crate::chromium::Look;
use crate::harness::Engine;
use crate::pictures::{in_each_look, wanted};
use crate::scene::Scene;
use countersign::domain::delivery::Channel;
use fantoccini::key::Key;

const PLAIN: Look = Look { language: "en", javascript: false, dark: false, size: (1280, 900) };
const WIDE: Look = Look { language: "en", javascript: true, dark: false, size: (1280, 900) };

/// Two channels, each with all there is to say of one.
const FULL: &str = r#"
[[connection]]
name = "full"
kind = "phone"
default_country = "NG"
ladder = ["whatsapp", "sms"]
[[connection.rung]]
channel = "sms"
wait_seconds = 20
carriers = ["phone-page"]
closed_in = ["PS"]
[[connection.rung.route]]
countries = ["NG", "GH"]
carriers = [{ carrier = "phone-page", sender = "Shop" }]
[[connection.override]]
countries = ["US", "CA"]
clients = ["shop"]
ladder = ["sms", "voice"]
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_ladder_is_built_by_its_buttons() {
    for look in [WIDE, PLAIN] {
        let Some(scene) = Scene::open(Engine::Sqlite, look).await else { return };
        let browser = &scene.browser;
        scene.own().await;
        scene.open_page("/admin/new/connections").await;
        browser.fill("#name", "built").await;
        browser.fill("#countries", "Nigeria, Keny").await;
        if look.javascript {
            let offered = browser
                .run("return [...document.querySelectorAll('#countries-offered option')].map(o => o.value)")
                .await;
            assert_eq!(offered, serde_json::json!(["Nigeria, Kenya"]));
        }
        browser.fill("#countries", "Nigeria, Kenya").await;
        for (row, channel) in ["sms", "voice"].into_iter().enumerate() {
            browser.click("[value='add rung']").await;
            let select = format!("#rung-{row}-channel");
            browser.at(&select).await;
            // Whoever pressed it is at the new one, and not at the top again.
            assert_eq!(browser.run("return document.activeElement.className").await, "card");
            browser.choose(&select, channel).await;
        }
        browser.click("[value='up rung 1']").await;
        browser.at("#rung-0-channel option[value=voice][selected]").await;
        assert_eq!(browser.property("#countries", "value").await, "Nigeria, Kenya", "what was typed stays");
        browser.fill("#try_country", "Kenya").await;
        browser.click("[value=try]").await;
        assert!(browser.text("section.guide .ladder").await.starts_with("voice"));
        assert!(scene.house.app.live().catalog.connection("built").is_none(), "nothing is saved");
        browser.click("form.edit button.main").await;
        browser.arrive(&format!("{}/admin/connections/built?done=saved", scene.house.issuer)).await;
        let live = scene.house.app.live();
        assert_eq!(live.catalog.connection("built").expect("saved").ladder, [Channel::Voice, Channel::Sms]);
        scene.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn enter_saves_and_moves_no_row() {
    for look in [WIDE, PLAIN] {
        let Some(scene) = Scene::open(Engine::Sqlite, look).await else { return };
        let browser = &scene.browser;
        scene.own().await;
        scene.open_page("/admin/clients/shop").await;
        browser.click("#name").await;
        browser.press(&[Key::End.into()]).await;
        browser.keys("s of mine").await;
        browser.press(&[Key::Enter.into()]).await;
        browser.arrive(&format!("{}/admin/clients/shop?done=saved", scene.house.issuer)).await;
        let live = scene.house.app.live();
        let shop = live.catalog.client("shop").expect("there");
        assert_eq!((shop.name.as_str(), shop.connections.join(" ")), ("Shops of mine", "phone email".to_owned()));
        // By keyboard alone: the first connection goes down.
        browser.run("document.querySelector(\"[value='down connections 0']\").focus()").await;
        browser.press(&[Key::Enter.into()]).await;
        browser.at("[value='down connections 0'][aria-label='Move email down']").await;
        browser.click("form.edit button.main").await;
        browser.at(".notice").await;
        let live = scene.house.app.live();
        assert_eq!(live.catalog.client("shop").expect("there").connections.join(" "), "email phone");
        scene.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn looks_and_words_are_seen_while_they_are_typed() {
    let logo = tempfile::Builder::new().suffix(".svg").tempfile().expect("a file");
    std::fs::write(logo.path(), "<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0h1v1z\"/></svg>")
        .expect("writes");
    for look in [WIDE, PLAIN] {
        let Some(scene) = Scene::open(Engine::Sqlite, look).await else { return };
        let browser = &scene.browser;
        let followed = async |field: &str, first: &str, then: &str| {
            for text in [first, then] {
                tokio::time::sleep(std::time::Duration::from_secs(1)).await;
                let before = browser.picture_of(".look iframe").await;
                browser.fill(field, text).await;
                if !look.javascript {
                    browser.click("[data-look]").await;
                }
                browser.is_drawn_otherwise(".look iframe", &before).await;
            }
        };
        scene.own().await;
        scene.open_page("/admin/clients/shop/looks").await;
        let before = browser.run("return history.length").await;
        followed("#color", "#0a7f5a", "#ffee00").await;
        if look.javascript {
            assert_eq!(browser.run("return history.length").await, before, "going back leaves the page");
        }
        browser.at("#logo").await.send_keys(&logo.path().to_string_lossy()).await.expect("a file is chosen");
        browser.click("form.edit button.main").await;
        browser.arrive(&format!("{}/admin/clients/shop/looks?done=saved", scene.house.issuer)).await;
        assert!(browser.has(".logo img").await);
        assert!(scene.house.app.live().catalog.client("shop").expect("there").branding.logo.is_some());
        scene.open_page("/admin/new/texts?language=en&key=sms-passcode&text=x").await;
        followed("#text", "{ $code } opens { $app }", "{ $cod }").await;
        scene.close().await;
    }
}

/// Forms with rows and frames, by their paths.
const PAGES: [&str; 6] = [
    "/admin/connections/full",
    "/admin/new/connections",
    "/admin/clients/shop",
    "/admin/clients/shop/looks",
    "/admin/new/texts?language=ar&key=lead&text=%D9%85%D8%B1%D8%AD%D8%A8%D8%A7",
    "/admin/new/event_endpoints",
];

#[tokio::test(flavor = "multi_thread")]
async fn axe_has_nothing_to_object_to_and_a_narrow_screen_is_wide_enough() {
    if !axe::installed() {
        return;
    }
    let Some(scene) = Scene::declaring(WIDE, FULL).await else { return };
    scene.own().await;
    for page in PAGES {
        scene.open_page(page).await;
        scene.browser.run("for (const fold of document.querySelectorAll('details')) fold.open = true").await;
        if page.ends_with("full") {
            scene.browser.click("[value=try]").await;
            scene.browser.at("section.guide").await;
        }
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
        if n == 0 {
            scene.browser.click("[value=try]").await;
            scene.browser.at("section.guide").await;
        }
        in_each_look(&scene.browser, &format!("forms-{n}"), 1800).await;
    }
    scene.close().await;
}
