//! `login_hint`: who the client thinks is signing in. A malformed hint is ignored, never an error.
//!
//! `+2348012345678`, `phone:+61444110110:au`, `a@b.example`, `email:a@b.example`; an unencoded `+` arrives as a space.

use super::identifier::{Identifier, Kind};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hint {
    pub phone: Option<String>,
    pub email: Option<String>,
}

impl Hint {
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix(' ').map_or_else(|| text.to_owned(), |rest| format!("+{rest}"));
        let (phone, email) = if let Some(address) = text.strip_prefix("email:") {
            (None, Some(address.to_owned()))
        } else if let Some(number) = text.strip_prefix("phone:") {
            (Some(number.to_owned()), None)
        } else if text.contains('@') {
            (None, Some(text))
        } else {
            (Some(text), None)
        };
        let phone = phone.and_then(|number| read_phone(&number));
        let email = email.and_then(|address| Identifier::email(&address).ok());
        (phone.is_some() || email.is_some()).then(|| Self {
            phone: phone.map(|found| found.reveal().to_owned()),
            email: email.map(|found| found.reveal().to_owned()),
        })
    }

    pub fn identifier(&self, kind: Kind) -> Option<Identifier> {
        let value = match kind {
            Kind::Phone => self.phone.clone()?,
            Kind::Email => self.email.clone()?,
        };
        Some(Identifier::stored(kind, value))
    }

    pub fn kind(&self) -> Kind {
        if self.phone.is_some() { Kind::Phone } else { Kind::Email }
    }
}

/// The number, with or without `+`, with or without a country behind it. Where they disagree the number is right.
fn read_phone(text: &str) -> Option<Identifier> {
    let (number, country) = text.split_once(':').map_or((text, None), |(number, country)| (number, Some(country)));
    let number = number.trim();
    let international = if number.starts_with('+') { number.to_owned() } else { format!("+{number}") };
    Identifier::phone(&international, None).or_else(|_| Identifier::phone(number, country)).ok()
}

impl std::fmt::Debug for Hint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hint(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        let phone = |text: &str| Hint::parse(text).and_then(|hint| hint.phone);
        for text in [
            "+2348031234567",
            " 2348031234567",
            "phone:+2348031234567",
            "phone:2348031234567:ng",
            "phone: 2348031234567:ng",
            "phone:08031234567:ng",
            "phone:+2348031234567:au",
        ] {
            assert_eq!(phone(text), Some("+2348031234567".into()), "{text}");
        }
        let email = |text: &str| Hint::parse(text).and_then(|hint| hint.email);
        assert_eq!(email("A@b.example"), Some("a@b.example".into()));
        assert_eq!(email("email:a@b.example"), Some("a@b.example".into()));
        for wrong in ["", "buffy", "username:bob", "phone:", "email:no", "+12", "a@b@c"] {
            assert_eq!(Hint::parse(wrong), None, "{wrong}");
        }
    }
}
