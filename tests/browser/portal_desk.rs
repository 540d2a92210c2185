//! The portal's pages of what happens: seen by axe in light and dark, on 320 pixels, and walked without JavaScript.

use crate::axe;
use crate::chromium::Look;
use crate::harness::rp::identify;
use crate::harness::ways::{ask, signed_in};
use crate::scene::{PHONE, Scene};
use countersign::domain::audit::By;
use countersign::domain::identifier::Identifier;
use countersign::domain::import::Format;
use countersign::domain::operator::Role;
use countersign::flows::manage::{accounts, import, operators};
use std::path::PathBuf;

const PLAIN: Look = Look { language: "en", javascript: false, dark: false, size: (1024, 768) };

/// An owner at the portal of an installation where something has happened, and the pages to look at.
async fn at_the_desk(look: Look) -> Option<(Scene, Vec<(&'static str, String)>)> {
    let caps = "\n[[cap]]\nper = \"day\"\nmost = \"5\"\n\n[[event_endpoint]]\nname = \"ledger\"\nurl = \"http://127.0.0.1:9/\"\nevents = [\"*\"]\nallow_private = true\n";
    let scene = Scene::declaring(look, caps).await?;
    let (house, browser) = (&scene.house, &scene.browser);
    let link = operators::invite(&house.app, &By::command(), Role::Owner).await.expect("a link");
    browser.goto(&link).await;
    browser.click("main button.main").await;
    scene.give_email("owner@desk.example").await;
    browser.at("#passcode").await;
    let passcode = house.passcode("owner@desk.example").await;
    browser.fill("#passcode", &passcode).await;
    if browser.has("#verify").await {
        browser.click("#verify").await;
    }
    browser.at("header .home").await;
    let callback = scene.app.callback();
    let at_home = [("redirect_uri", callback.as_str())];
    signed_in(&mut house.visitor(), &at_home).await.code();
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&at_home)).await;
    identify(&mut visitor, page, PHONE).await;
    house.message(PHONE).await;
    house.settle().await;
    house.app.health.refused("phone-page", Some("401 wrong token"));
    house.pass(11);
    countersign::flows::figures::count(&house.app, countersign::flows::figures::Pace::AtOnce).await.expect("counts");
    let number = Identifier::read("+12025550143").expect("a number");
    let person = accounts::find_by_identifier(&house.app, &number).await.expect("finds").expect("somebody").id;
    let found = countersign::flows::manage::sign_ins::list(
        &house.app,
        &countersign::flows::manage::sign_ins::Filter::default(),
        None,
        1,
    )
    .await
    .expect("lists");
    let event =
        countersign::flows::manage::events::list(&house.app, &Default::default(), None, 1).await.expect("lists");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("people.csv");
    std::fs::write(&file, "email,given_name\nsam@mail.example,Sam\nnobody,Nobody\n").expect("writes");
    let asked = import::Asked { format: Format::Csv, trust_unverified: true, dry_run: false, resume: false };
    let imported = import::run(&house.app, &By::command(), &file, asked, |_, _| {}).await.expect("imports").id;
    let pages = vec![
        ("overview", "/admin?window=hour".to_owned()),
        ("sign-ins", "/admin/sign_ins".to_owned()),
        ("sign-ins, a mistake", "/admin/sign_ins?country=Nowhere".to_owned()),
        ("sign-in", format!("/admin/sign_ins/{}", found.sign_ins[0].id)),
        ("people", "/admin/people".to_owned()),
        ("person", format!("/admin/people/{person}")),
        ("person, forgotten", format!("/admin/people/{person}/erase")),
        ("person, new", "/admin/people/new".to_owned()),
        ("invite", "/admin/people/invite".to_owned()),
        ("imports", "/admin/imports".to_owned()),
        ("import, new", "/admin/imports/new".to_owned()),
        ("import", format!("/admin/imports/{imported}")),
        ("as a file", "/admin/declaration".to_owned()),
        ("events", "/admin/events".to_owned()),
        ("event", format!("/admin/events/{}", event[0].id)),
        ("deliveries", "/admin/events/deliveries".to_owned()),
        ("audit", "/admin/audit?verify=1".to_owned()),
    ];
    Some((scene, pages))
}

async fn tour(scene: &Scene, pages: &[(&'static str, String)], look: impl AsyncFn(&str)) {
    for (name, path) in pages {
        scene.browser.goto(&format!("{}{path}", scene.house.issuer)).await;
        scene.browser.at("main h1").await;
        // What is folded is seen too.
        scene.browser.run("document.querySelectorAll('main details').forEach((one) => one.open = true)").await;
        look(name).await;
    }
}

async fn leave(scene: Scene) {
    scene.house.app.health.refused("phone-page", None);
    scene.browser.close().await;
    scene.house.close_anyway().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_at_the_desk() {
    let Some((scene, pages)) = at_the_desk(Look::default()).await else { return };
    if axe::installed() {
        tour(&scene, &pages, async |page| axe::check(&scene.browser, page).await).await;
    }
    leave(scene).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_fits_on_320_pixels() {
    let Some((scene, pages)) = at_the_desk(Look { size: (320, 640), ..PLAIN }).await else { return };
    tour(&scene, &pages, async |page| scene.browser.assert_fits(page).await).await;
    leave(scene).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_helped_without_javascript() {
    let Some((scene, _)) = at_the_desk(PLAIN).await else { return };
    let browser = &scene.browser;
    browser.goto(&format!("{}/admin", scene.house.issuer)).await;
    assert!(browser.text(".needs").await.contains("phone-page"));
    browser.follow("/admin/sign_ins").await;
    browser.fill("#identifier", PHONE).await;
    browser.click("main form button.main").await;
    browser.follow("/admin/sign_ins/in_").await;
    assert!(browser.text("#stands").await.contains("not typed yet"), "{}", browser.text("#stands").await);
    scene.house.pass(31);
    browser.click("#stands ~ form button").await;
    assert_eq!(browser.text(".notice").await, "On its way again: the same code.");
    scene.house.messages(PHONE, 2).await;
    browser.follow("/admin/people").await;
    browser.fill("#q", "+1202555").await;
    browser.click("main form button.main").await;
    browser.follow("/admin/people/kp_").await;
    browser.click("form[action$='/block'] button").await;
    assert!(browser.text(".notice").await.contains("Blocked"));
    browser.follow("/admin/audit").await;
    assert!(browser.text(".book").await.contains("block person"));
    leave(scene).await;
}

/// Taken when `COUNTERSIGN_SCREENSHOTS` names a folder.
#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_the_desk() {
    let Some(folder) = std::env::var_os("COUNTERSIGN_SCREENSHOTS").map(PathBuf::from) else { return };
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder);
    let Some((scene, pages)) = at_the_desk(Look { size: (1180, 1400), ..PLAIN }).await else { return };
    std::fs::create_dir_all(&folder).expect("a folder");
    for (size, dark, mood) in [((1180, 1400), false, ""), ((1180, 1400), true, "-dark"), ((320, 900), false, "-narrow")]
    {
        scene.browser.resize(size).await;
        scene.browser.scheme(dark).await;
        tour(&scene, &pages, async |page| {
            let name = page.replace(", ", "-").replace(' ', "-");
            std::fs::write(folder.join(format!("portal-{name}{mood}.png")), scene.browser.picture().await)
                .expect("writes");
        })
        .await;
    }
    leave(scene).await;
}
