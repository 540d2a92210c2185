//! The page where a device's letters are typed.

use askama::Template;

use super::Frame;
use super::consent::CONSENT_CSS;

#[derive(Template)]
#[template(path = "pages/device.html")]
pub struct DevicePage<'a> {
    pub frame: Frame<'a>,
    pub action: &'a str,
    /// What was typed, or came with the address.
    pub letters: &'a str,
    /// The key of a sentence.
    pub error: Option<&'a str>,
}

impl DevicePage<'_> {
    fn css(&self) -> &'static str {
        &CONSENT_CSS
    }
}
