//! The first page: a phone number or an e-mail address.

use std::sync::LazyLock;

use askama::Template;

use super::{Frame, packed};
use crate::text::Country;

static COUNTRIES_CSS: LazyLock<String> = LazyLock::new(|| packed(include_str!("../../../static/countries.css")));

/// Which sort of identifier a way in asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Phone,
    Email,
    /// Something with a page of its own, called by its name.
    Other,
}

/// Another way in, offered below the form.
pub struct Method<'a> {
    pub name: &'a str,
    pub kind: Kind,
    pub url: &'a str,
}

/// The identifier came with the request: the person only says yes.
pub struct Confirm<'a> {
    /// As people write it.
    pub shown: &'a str,
    /// Back to the form, to type another; not for who was invited.
    pub edit_url: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "pages/identifier.html")]
pub struct IdentifierPage<'a> {
    pub frame: Frame<'a>,
    pub action: &'a str,
    /// Where "cancel" posts to.
    pub cancel: &'a str,
    /// Carried along unseen, such as the token against forgery.
    pub hidden: &'a [(&'a str, &'a str)],
    pub kind: Kind,
    pub methods: &'a [Method<'a>],
    /// What was typed, kept as it was.
    pub phone: &'a str,
    /// The chosen country, ISO 3166-1 alpha-2.
    pub country: &'a str,
    /// The countries offered, by name.
    pub countries: &'a [&'a Country],
    /// Shown first; may be empty.
    pub pinned: &'a [&'a Country],
    pub email: &'a str,
    /// The key of a sentence.
    pub error: Option<&'a str>,
    /// `prompt=create`.
    pub creating: bool,
    pub confirm: Option<Confirm<'a>>,
    pub terms: Option<&'a str>,
    pub privacy: Option<&'a str>,
}

impl IdentifierPage<'_> {
    fn heading(&self) -> &str {
        self.frame.say(if self.creating { "create-title" } else { "sign-in-title" })
    }

    fn asks_phone(&self) -> bool {
        self.kind == Kind::Phone
    }

    fn lists_countries(&self) -> bool {
        self.asks_phone() && self.confirm.is_none()
    }

    fn css(&self) -> &'static str {
        &COUNTRIES_CSS
    }

    fn why(&self) -> &str {
        self.frame.say(if self.asks_phone() { "phone-why" } else { "email-why" })
    }

    fn change(&self) -> &str {
        self.frame.say(if self.asks_phone() { "change-number" } else { "change-address" })
    }

    /// What another way in is called: by its sort, or by its name where two of a sort would look alike.
    fn label(&self, method: &Method<'_>) -> String {
        let alike = self.methods.iter().filter(|other| other.kind == method.kind).count()
            + usize::from(self.kind == method.kind);
        match method.kind {
            Kind::Phone if alike == 1 => self.frame.say("use-phone").to_owned(),
            Kind::Email if alike == 1 => self.frame.say("use-email").to_owned(),
            _ => self.frame.words.with("use-other", &[("name", method.name.into())]),
        }
    }

    /// Keeps the plus before its digits where the page runs from right to left.
    fn mark(&self) -> &'static str {
        if self.frame.words.dir() == "rtl" { "\u{200e}" } else { "" }
    }

    /// Whether `country` is chosen among the pinned, so that exactly one option is.
    fn chosen_is_pinned(&self) -> bool {
        self.pinned.iter().any(|country| country.iso == self.country)
    }
}
