//! The phone at `/dev/phone`: what was sent, as it would look on a device. In English, for the people who try the product.

use std::sync::LazyLock;

use askama::Template;

use super::packed;
use crate::domain::delivery::Channel;

static PHONE_CSS: LazyLock<String> = LazyLock::new(|| packed(include_str!("../../../static/phone.css")));

/// One message on the device.
pub struct PhoneMessage<'a> {
    /// Unique on this page: the browser marks what it has not seen.
    pub id: &'a str,
    pub channel: Channel,
    /// The application, or the address a mail came from.
    pub from: &'a str,
    pub to: &'a str,
    /// Mails only.
    pub subject: &'a str,
    pub body: &'a str,
    /// When it arrived, such as `16:42:07`.
    pub at: &'a str,
    /// The language of the message, and its direction.
    pub lang: &'a str,
    pub dir: &'a str,
}

#[derive(Template)]
#[template(path = "pages/phone.html")]
pub struct PhonePage<'a> {
    pub nonce: &'a str,
    /// Where `static/phone.js` is served.
    pub script: &'a str,
    /// Where a browser hears of new messages (server-sent events; what an event says does not matter).
    pub live: &'a str,
    /// Newest first.
    pub messages: &'a [PhoneMessage<'a>],
    /// Where to try it: the demo application.
    pub demo: Option<&'a str>,
}

impl PhonePage<'_> {
    fn css(&self) -> &'static str {
        &PHONE_CSS
    }
}

impl PhoneMessage<'_> {
    fn class(&self) -> &'static str {
        match self.channel {
            Channel::Sms => "sms",
            Channel::Whatsapp => "whatsapp",
            Channel::Telegram => "telegram",
            Channel::Voice => "voice",
            Channel::Email => "mail",
        }
    }

    /// The text in pieces, and whether each is bold: WhatsApp sets what stands between asterisks so.
    fn pieces(&self) -> impl Iterator<Item = (bool, &str)> {
        let marks: &[char] = if self.channel == Channel::Whatsapp { &['*'] } else { &[] };
        self.body.split(marks).enumerate().map(|(place, piece)| (place % 2 == 1, piece))
    }

    fn called(&self) -> &'static str {
        match self.channel {
            Channel::Sms => "Messages",
            Channel::Whatsapp => "WhatsApp",
            Channel::Telegram => "Telegram",
            Channel::Voice => "Phone call",
            Channel::Email => "Mail",
        }
    }
}
