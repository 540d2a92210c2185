//! The pictures in `docs/images`, taken when `COUNTERSIGN_SCREENSHOTS` names that folder:
//! `COUNTERSIGN_SCREENSHOTS=docs/images cargo test --test browser pictures`.

use crate::chromium::{Browser, Look};
use crate::harness::Engine;
use crate::scene::{PHONE, Scene};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use std::path::PathBuf;
use std::time::Duration;

const PHONE_SIZE: (u32, u32) = (390, 868);

fn folder() -> Option<PathBuf> {
    let given = PathBuf::from(std::env::var_os("COUNTERSIGN_SCREENSHOTS")?);
    Some(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(given))
}

/// Whether anybody wants pictures.
pub fn wanted() -> bool {
    folder().is_some()
}

struct Album {
    scene: Scene,
    folder: PathBuf,
}

impl Album {
    async fn open(language: &'static str) -> Option<Self> {
        let folder = folder()?;
        let scene = Scene::open(Engine::Sqlite, Look { language, ..Look::default() }).await?;
        scene.browser.held_in_the_hand(PHONE_SIZE, 2.0).await;
        Some(Self { scene, folder })
    }

    async fn take(&self, name: &str) {
        // Nothing blinks in a picture, and nothing is said of a test server.
        self.scene
            .browser
            .run("document.activeElement.style.caretColor = 'transparent'; document.querySelector('.dev')?.remove()")
            .await;
        save(&self.scene.browser, &self.folder, name).await;
    }

    async fn put_away(self) {
        self.scene.browser.close().await;
        self.scene.house.close_anyway().await;
    }
}

/// The page as it is once the message is on the device.
async fn arrived(browser: &Browser) {
    browser.at("#progress.good").await;
    browser.goto(browser.url().await.as_str()).await;
    browser.at("#passcode").await;
}

/// What stands before the browser, narrow, wide and in the dark, where a folder is named: to be looked at.
pub async fn in_each_look(browser: &Browser, name: &str, height: u32) {
    let Some(folder) = folder() else { return };
    for (width, dark) in [(320, false), (1280, false), (1280, true)] {
        browser.resize((width, height)).await;
        browser.scheme(dark).await;
        // Frames are drawn after the page.
        tokio::time::sleep(Duration::from_millis(700)).await;
        save(browser, &folder, &format!("{name}-{width}{}", if dark { "-dark" } else { "" })).await;
    }
    browser.scheme(false).await;
}

async fn save(browser: &Browser, folder: &PathBuf, name: &str) {
    std::fs::create_dir_all(folder).expect("a folder");
    std::fs::write(folder.join(format!("{name}.png")), browser.picture().await).expect("writes");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_both_pages() {
    let Some(album) = Album::open("en").await else { return };
    let browser = &album.scene.browser;
    for (dark, mood) in [(false, ""), (true, "-dark")] {
        browser.scheme(dark).await;
        album.scene.begin(&[]).await;
        browser.run("document.getElementById('identifier').focus()").await;
        browser.keys("0803 123 4567").await;
        album.take(&format!("identifier{mood}")).await;
        browser.click("#continue").await;
        arrived(browser).await;
        browser.keys("4821").await;
        album.take(&format!("passcode{mood}")).await;
    }
    browser.scheme(false).await;
    album.scene.begin(&[]).await;
    album.scene.give_phone("0803 123").await;
    browser.at("#wrong").await;
    album.take("error").await;
    side_by_side(&album).await;
    album.put_away().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_arabic() {
    let Some(album) = Album::open("ar").await else { return };
    album.scene.begin(&[]).await;
    album.take("identifier-ar").await;
    album.scene.give_phone(PHONE).await;
    arrived(&album.scene.browser).await;
    album.take("passcode-ar").await;
    album.put_away().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_the_phone() {
    let Some(album) = Album::open("en").await else { return };
    let (scene, browser) = (&album.scene, &album.scene.browser);
    scene.begin(&[]).await;
    scene.give_email("ada@example.com").await;
    browser.at("#passcode").await;
    scene.house.message("ada@example.com").await;
    scene.to_passcode(&[]).await;
    scene.house.message(PHONE).await;
    browser.goto(&format!("{}/dev/phone", scene.house.issuer)).await;
    browser.at("article button").await;
    album.take("phone").await;
    album.put_away().await;
}

/// One picture of both pages, for the README.
async fn side_by_side(album: &Album) {
    let picture = |name: &str| {
        let bytes = std::fs::read(album.folder.join(format!("{name}.png"))).expect("taken before");
        format!("<img src='data:image/png;base64,{}'>", BASE64_STANDARD.encode(bytes))
    };
    let style = "body { margin: 0; display: flex; gap: 28px; padding: 28px; background: #e8ecea }
        img { width: 366px; border-radius: 28px; border: 6px solid #1b1f22; box-sizing: border-box }";
    let html = format!(
        "<!doctype html><meta name=viewport content=width=device-width><style>{style}</style>{}{}",
        picture("identifier"),
        picture("passcode")
    );
    let file = tempfile::Builder::new().suffix(".html").tempfile().expect("a file");
    std::fs::write(file.path(), html).expect("writes");
    let browser = &album.scene.browser;
    browser.held_in_the_hand((366 * 2 + 28 * 3, 861), 1.5).await;
    browser.goto(&format!("file://{}", file.path().display())).await;
    save(browser, &album.folder, "both-pages").await;
}
