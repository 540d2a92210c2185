//! A device without a browser, by the libraries that can (RFC 8628): it shows letters, somebody types them elsewhere.

use crate::chromium::{Browser, Look};
use crate::harness::{Engine, House, Page, SHOP};
use crate::party::{Library, Party};
use crate::sign_in::{Scene, error_of};
use serde_json::json;

const PHONE: &str = "+2348031234567";

const SCREEN: &str = r#"
[[client]]
id = "screen"
name = "Screen"
kind = "native"
grant_types = ["device_code", "refresh_token"]
connections = ["phone", "email"]
"#;

/// From the letters to the page that asks.
async fn type_letters(scene: &mut Scene) -> Page {
    let asked = scene.party.ask("device", json!({ "scope": "openid phone offline" }));
    assert_eq!(asked["verification_uri"], format!("{}/device", scene.house.issuer));
    let letters = asked["user_code"].as_str().expect("letters");
    let page = scene.visitor.get("/device").await;
    scene.visitor.submit(&page, &[("user_code", letters)]).await
}

async fn story(library: Library) {
    let Some(party) = Party::start(library) else { return };
    let house = House::with(Engine::Sqlite, &format!("{SHOP}{SCREEN}"), &[]).await;
    let mut scene = Scene { visitor: house.visitor(), house, party };
    scene.open(json!({ "client_id": "screen", "auth": "none", "callback": "http://127.0.0.1/callback" }));
    let page = type_letters(&mut scene).await;
    let page = scene.prove(page, PHONE).await;
    assert!(page.html.contains("p_decision") && page.text().contains("Screen"), "{}", page.text());
    let page = scene.visitor.submit(&page, &[("p_decision", "allow")]).await;
    assert!(page.text().contains("connected"), "{}", page.text());
    let tokens = scene.party.ask("poll", json!({}));
    assert_eq!((&tokens["claims"]["phone_number"], &tokens["claims"]["azp"]), (&json!(PHONE), &json!("screen")));
    let refreshed = scene.party.ask("refresh", json!({ "refresh_token": tokens["refresh_token"] }));
    assert_ne!(refreshed["access_token"], tokens["access_token"]);
    // Once for each time it asks; and no is an answer.
    let page = type_letters(&mut scene).await;
    assert!(page.html.contains("p_decision"), "{}", page.text());
    scene.visitor.submit(&page, &[("p_decision", "deny")]).await;
    assert_eq!(error_of(&scene.party.refused("poll", json!({}))), "access_denied");
    scene.house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn openid_client() {
    story(Library::OpenidClient).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn oauth4webapi() {
    story(Library::Oauth4webapi).await;
}

/// Drawn by a browser, read by somebody else's reader.
#[tokio::test(flavor = "multi_thread")]
async fn a_camera_reads_the_picture() {
    let house = House::with(Engine::Sqlite, &format!("{SHOP}{SCREEN}"), &[]).await;
    let asked = house.machine().post("/oauth2/device/auth", &[("client_id", "screen")]).await;
    let Some(browser) = Browser::open(Look::default()).await else { return };
    let script = format!(
        "const done = arguments[arguments.length - 1], image = new Image();\n\
         image.onerror = () => done(null);\n\
         image.onload = () => {{\n\
           const canvas = new OffscreenCanvas(image.width, image.height), context = canvas.getContext('2d');\n\
           context.drawImage(image, 0, 0);\n\
           const dots = context.getImageData(0, 0, image.width, image.height).data.filter((_, i) => i % 4 === 0);\n\
           done([image.width, image.height, Array.from(dots)]);\n\
         }};\n\
         image.src = '{}';",
        asked.text("qr_code")
    );
    let drawn = browser.run_async(&script).await;
    assert!(drawn.is_array(), "no picture: {}", asked.body);
    let side = |index: usize| drawn[index].as_u64().and_then(|side| usize::try_from(side).ok()).expect("a size");
    let (width, height) = (side(0), side(1));
    let dot = |x: usize, y: usize| drawn[2][y * width + x].as_u64().and_then(|dot| u8::try_from(dot).ok());
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| dot(x, y).expect("a dot"));
    let found = picture.detect_grids();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].decode().expect("read").1, asked.text("verification_uri_complete"));
    browser.close().await;
    house.close().await;
}
