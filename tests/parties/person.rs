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
        let (action, _) = page.form(fields.first().map_or("", |(name, _)| *name));
        let action = Url::parse(&page.url).expect("absolute").join(&action).expect("a URL");
        let mut sent = self.0.submit(page, fields).await;
        if !sent.status.is_redirection() && sent.url.starts_with('/') {
            sent.url = action.join(&sent.url).expect("a URL").to_string();
        }
        if sent.status.is_redirection() {
            let to = sent.location();
            return self.go(action.join(&to).expect("a URL").as_str()).await;
        }
        sent
    }

    async fn on(&mut self, mut page: Page) -> Page {
        for _ in 0..PATIENCE {
            if !page.status.is_redirection() {
                return page;
            }
            let to = Url::parse(&page.url).expect("absolute").join(&page.location()).expect("a URL");
            page = self.once(to.as_str()).await;
        }
        panic!("redirected for ever, last to {}", page.url);
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
