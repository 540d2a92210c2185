//! The pages people see, as plain data and the templates that draw them.
//!
//! Owns what each page needs to know and how it looks; every struct here renders by askama's `Template`. Owns no request, no
//! decision and no response: the pages in `http/pages` fill these in. May call `text` and `domain`, nothing else.

mod account;
mod consent;
mod device;
mod identifier;
mod passcode;
mod phone;
pub(crate) mod samples;
mod standing;
#[cfg(test)]
mod tests;

use std::sync::{Arc, LazyLock};

use crate::domain::branding::Accent;
use crate::text::Words;

pub use account::{AccountOpenPage, AccountPage, SeenSession};
pub use consent::{Asks, ConsentPage};
pub use device::DevicePage;
pub use identifier::{Confirm, IdentifierPage, Kind, Method};
pub use passcode::PasscodePage;
pub use phone::{PhoneMessage, PhonePage};
pub use standing::{ConfirmLogoutPage, ErrorPage, PostPage, SignedOutPage, StandingPage, SuccessPage};

/// What every page has around it.
pub struct Frame<'a> {
    pub words: Arc<Words>,
    /// The nonce of this answer's Content-Security-Policy.
    pub nonce: &'a str,
    pub assets: &'a Assets,
    /// The application someone signs in to, once we know it.
    pub client: Option<Brand<'a>>,
    /// The service itself, as an address bar names it: whose page it is where no application is known.
    pub host: &'a str,
    /// Where the phone is, on a server that has one: shown so that a first sign-in finds its code.
    pub dev: Option<&'a str>,
}

/// Where the files are served that pages ask for, by content hash.
#[derive(Clone, Debug)]
pub struct Assets {
    /// `static/page.js`
    pub page_js: String,
    /// `static/countries.js`
    pub countries_js: String,
    /// [`Words::countries_json`]; `?lang=…` is added.
    pub countries_json: String,
}

/// How an application presents itself.
pub struct Brand<'a> {
    pub name: &'a str,
    /// On this host or a `data:` URL; nothing else is loaded.
    pub logo: Option<&'a str>,
    pub accent: &'a Accent,
    /// Variables the application sets, as a style.
    pub style: &'a str,
}

static DEFAULT_ACCENT: LazyLock<Accent> = LazyLock::new(Accent::default);
static PAGE_CSS: LazyLock<String> = LazyLock::new(|| packed(include_str!("../../../static/page.css")));

impl Frame<'_> {
    fn say<'s>(&'s self, key: &'s str) -> &'s str {
        self.words.get(key)
    }

    fn accent(&self) -> &Accent {
        self.client.as_ref().map_or(&DEFAULT_ACCENT, |client| client.accent)
    }

    fn css(&self) -> &'static str {
        &PAGE_CSS
    }

    /// What the button says that calls a sign-in off.
    fn cancel(&self) -> String {
        match &self.client {
            Some(client) => self.words.with("cancel-to-app", &[("app", client.name.into())]),
            None => self.say("cancel").to_owned(),
        }
    }

    /// What a tab shows: that something is wrong, then the page, then the application.
    fn title(&self, heading: &str, wrong: bool) -> String {
        let mark = if wrong { format!("{}: ", self.say("error-prefix")) } else { String::new() };
        match &self.client {
            Some(client) => format!("{mark}{heading} – {}", client.name),
            None => format!("{mark}{heading}"),
        }
    }
}

impl Brand<'_> {
    /// What stands in for a logo.
    fn initial(&self) -> String {
        self.name.chars().find(|c| c.is_alphanumeric()).map(|c| c.to_uppercase().collect()).unwrap_or_default()
    }
}

/// A stylesheet without its comments and most of its spaces.
pub fn packed(css: &str) -> String {
    let mut rest = css;
    let mut out = String::with_capacity(css.len());
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    let lines: Vec<&str> = out.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut tight = lines.join("\n");
    for (loose, close) in [
        (" {", "{"),
        ("{ ", "{"),
        (" }", "}"),
        (": ", ":"),
        ("; ", ";"),
        (", ", ","),
        ("{\n", "{"),
        (";\n", ";"),
        ("\n}", "}"),
    ] {
        tight = tight.replace(loose, close);
    }
    tight
}
