//! The second page: the digits.

use askama::Template;

use super::Frame;
use crate::domain::delivery::Channel;
use crate::text::Arg;

#[derive(Template)]
#[template(path = "pages/passcode.html")]
pub struct PasscodePage<'a> {
    pub frame: Frame<'a>,
    pub action: &'a str,
    /// Carried along unseen in both forms, such as the token against forgery.
    pub hidden: &'a [(&'a str, &'a str)],
    /// What the person typed, as people write it.
    pub sent_to: &'a str,
    pub channel: Channel,
    /// The letters that page and message share; empty for none.
    pub tag: &'a str,
    pub digits: u8,
    /// The key of a sentence, and the tries left where it tells them.
    pub error: Option<(&'a str, Option<u32>)>,
    pub resend_action: &'a str,
    /// Seconds until the digits may be asked for again.
    pub resend_wait: u32,
    pub resends_left: bool,
    /// By which the same digits may come instead.
    pub other_channels: &'a [Channel],
    pub change_url: &'a str,
    pub other_url: Option<&'a str>,
    /// The key of a sentence with good news.
    pub notice: Option<&'a str>,
}

impl PasscodePage<'_> {
    /// The sentence that says where the digits went, before and after the number or address.
    fn sent(&self) -> (String, String) {
        let key = match self.channel {
            Channel::Sms => "sent-sms",
            Channel::Whatsapp => "sent-whatsapp",
            Channel::Telegram => "sent-telegram",
            Channel::Voice => "sent-voice",
            Channel::Email => "sent-email",
        };
        self.frame.words.around(key, "to")
    }

    fn instead(&self, channel: &Channel) -> &str {
        self.frame.say(match channel {
            Channel::Whatsapp => "by-whatsapp",
            Channel::Telegram => "by-telegram",
            Channel::Voice => "by-call",
            Channel::Sms | Channel::Email => "by-sms",
        })
    }

    fn by_email(&self) -> bool {
        self.channel == Channel::Email
    }

    /// A call does not spell out the letters.
    fn tagged(&self) -> bool {
        !self.tag.is_empty() && self.channel != Channel::Voice
    }

    fn change(&self) -> &str {
        self.frame.say(if self.by_email() { "change-address" } else { "change-number" })
    }

    fn said(&self, (key, left): &(&str, Option<u32>)) -> String {
        let values = [
            ("left", Arg::Count(left.unwrap_or_default())),
            ("digits", Arg::Count(self.digits.into())),
            ("seconds", Arg::Count(self.resend_wait)),
        ];
        self.frame.words.with(key, &values)
    }

    /// The sentence that counts down; `{t}` is where the time goes.
    fn clock(&self) -> String {
        self.frame.words.with("resend-clock", &[("clock", "{t}".into())])
    }
}
