//! The second page: the digits.

use askama::Template;

use super::Frame;
use crate::domain::delivery::{Channel, Progress};
use crate::text::{Arg, Words};

#[derive(Template)]
#[template(path = "pages/passcode.html")]
pub struct PasscodePage<'a> {
    pub frame: Frame<'a>,
    pub action: &'a str,
    /// Where "cancel" posts to.
    pub cancel: &'a str,
    /// Carried along unseen in both forms, such as the token against forgery.
    pub hidden: &'a [(&'a str, &'a str)],
    /// What the person typed, as people write it.
    pub sent_to: &'a str,
    /// By which it was asked for last.
    pub channel: Channel,
    /// How it fares, where the person may know.
    pub progress: Option<Progress>,
    /// Where a script hears more of it; nothing where there is no more.
    pub live: Option<&'a str>,
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
    /// The channel that carries it now: the newest message may have climbed by itself.
    pub fn in_use(progress: Option<Progress>, asked: Channel) -> Channel {
        match progress {
            Some(
                Progress::Sending(by)
                | Progress::Sent(by)
                | Progress::Delivered(by)
                | Progress::Fell { to: by, .. }
                | Progress::Undelivered(by)
                | Progress::Paused(by)
                | Progress::OptedOut(by)
                | Progress::Forbidden(by),
            ) => by,
            Some(Progress::BadNumber) | None => asked,
        }
    }

    /// The sentence that says where the digits went, before and after the number or address.
    pub fn lead(words: &Words, progress: Option<Progress>, asked: Channel) -> (String, String) {
        let key = match Self::in_use(progress, asked) {
            _ if progress.is_some_and(|progress| Self::tone(progress) == "trouble") => "tried-to-send",
            Channel::Sms => "sent-sms",
            Channel::Whatsapp => "sent-whatsapp",
            Channel::Telegram => "sent-telegram",
            Channel::Voice => "sent-voice",
            Channel::Email => "sent-email",
        };
        words.around(key, "to")
    }

    /// How it fares, in a sentence or two.
    pub fn telling(words: &Words, progress: Progress, asked: Channel) -> String {
        let by = Self::in_use(Some(progress), asked);
        let from = if let Progress::Fell { from, .. } = progress { from } else { by };
        let names = [("by", by), ("from", from), ("to", by)].map(|(name, channel)| (name, channel.as_str().into()));
        words.with(Self::key(progress), &names)
    }

    fn key(progress: Progress) -> &'static str {
        match progress {
            Progress::Sending(_) => "progress-sending",
            Progress::Sent(_) => "progress-sent",
            Progress::Delivered(_) => "progress-delivered",
            Progress::Fell { .. } => "progress-fell",
            Progress::Undelivered(_) => "progress-undelivered",
            Progress::Paused(_) => "progress-paused",
            Progress::BadNumber => "progress-bad-number",
            Progress::OptedOut(_) => "progress-opted-out",
            Progress::Forbidden(_) => "progress-forbidden",
        }
    }

    /// In a word, for scripts.
    pub fn kind(progress: Progress) -> &'static str {
        Self::key(progress).trim_start_matches("progress-")
    }

    /// How the sentence looks.
    pub fn tone(progress: Progress) -> &'static str {
        match progress {
            Progress::Sending(_) | Progress::Sent(_) | Progress::Fell { .. } => "under-way",
            Progress::Delivered(_) => "good",
            _ => "trouble",
        }
    }

    fn now(&self) -> Channel {
        Self::in_use(self.progress, self.channel)
    }

    fn sent(&self) -> (String, String) {
        Self::lead(&self.frame.words, self.progress, self.channel)
    }

    fn told(&self, progress: &Progress) -> String {
        Self::telling(&self.frame.words, *progress, self.channel)
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

    fn toned(&self, progress: &Progress) -> &'static str {
        Self::tone(*progress)
    }

    /// A call does not spell out the letters.
    fn tagged(&self) -> bool {
        !self.tag.is_empty() && self.now() != Channel::Voice
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
