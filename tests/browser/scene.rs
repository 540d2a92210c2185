//! What every walk begins with: a house, an app on a port of its own, and a person before a browser.

use crate::app::App;
use crate::chromium::{Browser, Look};
use crate::harness::rp::{Begun, Rp, Tokens};
use crate::harness::ways::wrong;
use crate::harness::{Engine, House, Page, SHOP, SHOP_SECRET};
use axum::http::{HeaderMap, StatusCode};

pub const PHONE: &str = "+2348031234567";
pub const EMAIL: &str = "ada@example.com";
pub const ALL: [&str; 4] = ["openid", "phone", "email", "offline"];

pub struct Scene {
    pub house: House,
    pub app: App,
    pub rp: Rp,
    pub browser: Browser,
    pub look: Look,
}

impl Scene {
    /// `None`, and said so, where there is no browser.
    pub async fn open(engine: Engine, look: Look) -> Option<Self> {
        Self::with(engine, look, &[]).await
    }

    pub async fn with(engine: Engine, look: Look, settings: &[(&str, &str)]) -> Option<Self> {
        Self::set(engine, look, settings, "").await
    }

    /// Where more is declared.
    pub async fn declaring(look: Look, more: &str) -> Option<Self> {
        Self::set(Engine::Sqlite, look, &[], more).await
    }

    async fn set(engine: Engine, look: Look, settings: &[(&str, &str)], more: &str) -> Option<Self> {
        let browser = Browser::open(look).await?;
        let app = App::open().await;
        let declaration = format!("{SHOP}{more}").replace("http://127.0.0.1:4000", &app.url);
        let house = House::with(engine, &declaration, settings).await;
        let rp = Rp::discover(&house.issuer, "shop", Some(SHOP_SECRET), &app.callback()).await;
        Some(Self { house, app, rp, browser, look })
    }

    /// The app sends the browser to us.
    pub async fn begin(&self, extra: &[(&str, &str)]) -> Begun {
        let begun = self.rp.begin(&ALL, extra);
        self.browser.goto(&format!("{}{}", self.house.issuer, begun.url)).await;
        begun
    }

    /// Types a number and goes on.
    pub async fn give_phone(&self, number: &str) {
        self.browser.fill("#identifier[name=p_phone]", number).await;
        self.browser.click("#continue").await;
    }

    /// Types an address, on the page for that, and goes on.
    pub async fn give_email(&self, address: &str) {
        if self.browser.has("[name=p_phone]").await {
            self.browser.follow("method=email").await;
        }
        self.browser.fill("#identifier[name=p_email]", address).await;
        self.browser.click("#continue").await;
    }

    /// All the way to the passcode page.
    pub async fn to_passcode(&self, extra: &[(&str, &str)]) -> Begun {
        let begun = self.begin(extra).await;
        self.give_phone(PHONE).await;
        self.browser.at("#passcode").await;
        begun
    }

    /// A wrong passcode of the right length.
    pub async fn wrong(&self, to: &str) -> String {
        wrong(&self.house.passcode(to).await)
    }

    /// The browser is back in the app, once; the app swaps its code and verifies what it gets.
    pub async fn land(&self, begun: Begun) -> Tokens {
        let url = self.browser.arrive(&self.app.callback()).await;
        assert_eq!(self.browser.text("#app").await, "You are in the app");
        let arrived = self.app.arrived();
        assert_eq!(arrived.len(), 1, "one answer: {arrived:#?}");
        let back =
            Page { status: StatusCode::OK, url: url.to_string(), html: String::new(), headers: HeaderMap::new() };
        self.rp.finish(begun, &back).await
    }

    pub async fn close(self) {
        self.browser.assert_quiet().await;
        self.browser.close().await;
        self.house.close().await;
    }
}
