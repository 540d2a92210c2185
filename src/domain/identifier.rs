//! A phone number or e-mail address somebody claims or has proven, in its one stored form.
//!
//! Printing one shows a mask: logs and debug output cannot leak it. `reveal` is the only way to the text.

use super::phone::{self, PhoneFault};
use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Phone,
    Email,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Email => "email",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "phone" => Some(Self::Phone),
            "email" => Some(Self::Email),
            _ => None,
        }
    }
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Identifier {
    kind: Kind,
    value: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailFault {
    Empty,
    Invalid,
}

/// RFC 5321 §4.5.3.1: the longest address a path can carry.
const LONGEST_EMAIL: usize = 254;

impl Identifier {
    /// A number as typed, read as one of `country` unless it starts with `+` or `00`; stored as E.164.
    pub fn phone(typed: &str, country: Option<&str>) -> Result<Self, PhoneFault> {
        let number = phone::parse(typed, country)?;
        Ok(Self { kind: Kind::Phone, value: number.e164 })
    }

    /// An address as typed: one address, no display name, no comment; stored in lower case.
    pub fn email(typed: &str) -> Result<Self, EmailFault> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(EmailFault::Empty);
        }
        if typed.len() > LONGEST_EMAIL {
            return Err(EmailFault::Invalid);
        }
        let options =
            email_address::Options::default().with_required_tld().without_domain_literal().without_display_text();
        let address =
            email_address::EmailAddress::parse_with_options(typed, options).map_err(|_| EmailFault::Invalid)?;
        // Quoted local parts are legal and are how recipient lists are smuggled past naive senders.
        if address.local_part().contains(['"', ' ', ',']) {
            return Err(EmailFault::Invalid);
        }
        Ok(Self { kind: Kind::Email, value: typed.to_lowercase() })
    }

    /// From its stored form, as only the store and sealed messages hold it.
    pub fn stored(kind: Kind, value: String) -> Self {
        Self { kind, value }
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The text itself: for carriers, claims, the store and the page of the person who typed it.
    pub fn reveal(&self) -> &str {
        &self.value
    }

    /// ISO 3166 alpha-2 of a phone number; nothing for an address.
    pub fn country(&self) -> Option<String> {
        (self.kind == Kind::Phone).then(|| phone::country_of(&self.value)).flatten()
    }

    /// As a person reads it: international spacing for phones.
    pub fn shown(&self) -> String {
        match self.kind {
            Kind::Phone => phone::international(&self.value),
            Kind::Email => self.value.clone(),
        }
    }

    /// A phone number with `+` and country code, or an e-mail address.
    pub fn read(text: &str) -> Option<Self> {
        Self::phone(text, None).ok().or_else(|| Self::email(text).ok())
    }

    /// Enough to recognise one's own, not enough to find the person.
    pub fn masked(&self) -> String {
        match self.kind {
            Kind::Phone => {
                let tail = self.value.get(self.value.len().saturating_sub(2)..).unwrap_or("");
                let head: String = self.value.chars().take(4).collect();
                format!("{head}••••{tail}")
            }
            Kind::Email => {
                let (local, domain) = self.value.split_once('@').unwrap_or((&self.value, ""));
                let first = local.chars().next().unwrap_or('•');
                let zone = domain.rsplit('.').next().unwrap_or("");
                format!("{first}•••@•••.{zone}")
            }
        }
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Debug for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identifier({})", self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_one_address_in_lower_case() {
        assert_eq!(Identifier::email(" Ada@Example.COM ").map(|i| i.reveal().to_owned()), Ok("ada@example.com".into()));
        for wrong in ["", "   "] {
            assert_eq!(Identifier::email(wrong), Err(EmailFault::Empty));
        }
        for wrong in [
            "ada",
            "ada@",
            "@b.example",
            "a@b.example,c@d.example",
            "Ada <a@b.example>",
            "\"a@b\"@c.example",
            "a@[127.0.0.1]",
            "a b@c.example",
            "a@b.example\nBcc: x@y.example",
            "a@localhost",
        ] {
            assert_eq!(Identifier::email(wrong), Err(EmailFault::Invalid), "{wrong:?}");
        }
        assert_eq!(Identifier::email(&format!("{}@example.com", "a".repeat(300))), Err(EmailFault::Invalid));
    }

    #[test]
    fn printing_one_shows_a_mask() {
        let phone = Identifier::phone("0803 123 4567", Some("NG")).expect("a Nigerian mobile");
        assert_eq!(phone.reveal(), "+2348031234567");
        assert_eq!(format!("{phone} {phone:?}"), "+234••••67 Identifier(+234••••67)");
        let email = Identifier::email("ada@example.com").expect("an address");
        assert_eq!(email.to_string(), "a•••@•••.com");
    }
}
