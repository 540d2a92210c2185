//! Somebody whose browser keeps cookies and follows redirects between the app and us, without JavaScript.

use crate::harness::rp::identify;
use crate::harness::{House, Page, Visitor, digits};
use reqwest::Method;
use url::Url;

/// More than any way in or out takes.
const PATIENCE: usize = 20;

#[derive(Clone)]
pub struct Person(pub Visitor);

impl Person {
    pub fn new(house: &House) -> Self {
        Self(house.visitor())
    }

    /// One request; where it leads is for the caller to look at.
    pub async fn once(&mut self, url: &str) -> Page {
        self.0.once(Method::GET, url, None).await
    }

    /// Opens a page, wherever that leads.
    pub async fn go(&mut self, url: &str) -> Page {
        let page = self.once(url).await;
        self.on(page).await
    }

    /// Sends the form that holds this field, wherever that leads.
    pub async fn submit(&mut self, page: &Page, fields: &[(&str, &str)]) -> Page {
        let (action, hidden) = page.form(fields.first().map_or("", |(name, _)| *name));
        let action = Url::parse(&page.url).expect("absolute").join(&action).expect("a URL");
        let hidden = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let hidden = hidden.filter(|(name, _)| !fields.iter().any(|(given, _)| given == name));
        let all: Vec<(&str, &str)> = hidden.chain(fields.iter().copied()).collect();
        let page = self.0.once(Method::POST, action.as_str(), Some(&all)).await;
        self.on(page).await
    }

    /// Opens a page, and tells through which addresses it led.
    pub async fn trail(&mut self, url: &str) -> (Page, Vec<Url>) {
        let page = self.once(url).await;
        self.along(page).await
    }

    async fn on(&mut self, page: Page) -> Page {
        self.along(page).await.0
    }

    async fn along(&mut self, mut page: Page) -> (Page, Vec<Url>) {
        let mut seen = Vec::new();
        while page.status.is_redirection() {
            assert!(seen.len() < PATIENCE, "redirected for ever: {seen:?}");
            let to = Url::parse(&page.url).expect("absolute").join(&page.location()).expect("a URL");
            page = self.once(to.as_str()).await;
            seen.push(to);
        }
        (page, seen)
    }

    /// From our identifier page to wherever the app leads next.
    pub async fn prove(&mut self, house: &House, page: Page, identifier: &str) -> Page {
        let before = house.sent(identifier).await;
        let mut page = identify(&mut self.0, page, identifier).await;
        page.url = format!("{}{}", house.issuer, page.url);
        let passcode = digits(&house.messages(identifier, before + 1).await[0].text);
        self.submit(&page, &[("p_confirmation_code", &passcode)]).await
    }
}
