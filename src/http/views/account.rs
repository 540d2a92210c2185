//! A person's own page, and the one that opens it.

use std::sync::LazyLock;

use askama::Template;

use super::{Frame, packed};

static ACCOUNT_CSS: LazyLock<String> = LazyLock::new(|| packed(include_str!("../../../static/account.css")));

/// A sign-in as the page lists it.
pub struct SeenSession {
    /// For machines, and for people.
    pub at: String,
    pub shown: String,
    pub here: bool,
}

#[derive(Template)]
#[template(path = "pages/account.html")]
pub struct AccountPage<'a> {
    pub frame: Frame<'a>,
    pub name: Option<&'a str>,
    pub identifiers: &'a [String],
    /// Each with its roles, as one text.
    pub organizations: &'a [(String, String)],
    /// Id and name.
    pub apps: &'a [(String, String)],
    pub sessions: &'a [SeenSession],
    /// Where the forms post to.
    pub take_back: &'a str,
    pub everywhere: &'a str,
    /// Where this browser alone is signed out.
    pub sign_out: &'a str,
    /// The application, when we may lead back to it.
    pub back: Option<&'a str>,
}

impl AccountPage<'_> {
    fn css(&self) -> &'static str {
        &ACCOUNT_CSS
    }

    /// Several buttons look alike: read aloud, each names its app.
    fn take_back_label(&self, app: &str) -> String {
        format!("{}: {app}", self.frame.say("account-take-back"))
    }
}

/// A link was opened: the page presses its own button, since a GET spends nothing.
#[derive(Template)]
#[template(path = "pages/account_open.html")]
pub struct AccountOpenPage<'a> {
    pub frame: Frame<'a>,
    pub action: &'a str,
    pub link: &'a str,
}
