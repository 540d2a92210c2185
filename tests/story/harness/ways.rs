//! Ways through the pages that many stories begin with.

use super::machine::over;
use super::rp::identify;
use super::{Page, SHOP_CALLBACK, Visitor};

/// The identifier whose passcode is fixed: nothing is sent to it, and nothing limits how often it is asked.
pub const TEST: &str = "+12025550143";
pub const TEST_PASSCODE: &str = "000000";

/// An authorization request of `shop`, as plain as a request can be; what `extra` names replaces the usual value.
pub fn ask(extra: &[(&str, &str)]) -> String {
    let usual = [
        ("client_id", "shop"),
        ("redirect_uri", SHOP_CALLBACK),
        ("response_type", "code"),
        ("scope", "openid phone email"),
        ("state", "st8"),
    ];
    asking(&over(&usual, extra))
}

/// Exactly these parameters.
pub fn asking(params: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(params).finish();
    format!("/oauth2/auth?{query}")
}

/// From the identifier page to the app, as the test identifier.
pub async fn prove(visitor: &mut Visitor, page: Page) -> Page {
    let page = identify(visitor, page, TEST).await;
    typed(visitor, &page, TEST_PASSCODE).await
}

/// Signs in as the test identifier; the page is where the app was called back.
pub async fn signed_in(visitor: &mut Visitor, extra: &[(&str, &str)]) -> Page {
    let page = visitor.get(&ask(extra)).await;
    prove(visitor, page).await
}

/// A new sign-in in this browser, up to the page that asks for the digits sent to this identifier.
pub async fn waiting(visitor: &mut Visitor, identifier: &str) -> Page {
    let page = visitor.get(&ask(&[("prompt", "login")])).await;
    let page = identify(visitor, page, identifier).await;
    assert!(page.asks_digits(), "{}: {}", page.status, page.text());
    page
}

pub async fn typed(visitor: &mut Visitor, page: &Page, digits: &str) -> Page {
    visitor.submit(page, &[("p_confirmation_code", digits)]).await
}

/// Digits that are not these.
pub fn wrong(digits: &str) -> String {
    digits.chars().map(|digit| if digit == '9' { '0' } else { char::from(digit as u8 + 1) }).collect()
}

/// Whether the app was called back with a code.
pub fn went_in(page: &Page) -> bool {
    page.url.contains("code=ac_")
}

impl Page {
    /// Whether this is the page that asks for an identifier.
    pub fn asks_who(&self) -> bool {
        self.html.contains("id=\"identifier\"") || self.html.contains("id=identifier")
    }

    /// Whether this is the page that asks for the digits.
    pub fn asks_digits(&self) -> bool {
        self.html.contains("p_confirmation_code")
    }

    /// The error the app was called back with.
    pub fn error(&self) -> Option<String> {
        self.param("error")
    }

    /// The page after a link of this id.
    pub fn link(&self, id: &str) -> String {
        let tag = self
            .html
            .split("<a ")
            .skip(1)
            .find(|tag| tag.contains(&format!("id=\"{id}\"")))
            .unwrap_or_else(|| panic!("no link {id} on {}: {}", self.url, self.text()));
        self.attribute_of(tag, "href")
    }

    /// A link whose words are these.
    pub fn link_called(&self, words: &str) -> String {
        let tag = self
            .html
            .split("<a ")
            .skip(1)
            .find(|tag| tag.split("</a>").next().is_some_and(|inner| inner.ends_with(&format!(">{words}"))));
        self.attribute_of(tag.unwrap_or_else(|| panic!("no link {words} on {}: {}", self.url, self.text())), "href")
    }

    fn attribute_of(&self, tag: &str, name: &str) -> String {
        super::visitor::attribute(tag, name)
    }
}
