//! What a person reads or hears: the passcode in the words of a channel and a language.

use crate::domain::branding::Accent;
use crate::domain::delivery::{Channel, Message};
use crate::domain::identifier::Identifier;
use crate::domain::ids::AttemptId;
use crate::domain::passcode::Passcode;
use crate::domain::time::Time;
use crate::text::{self, MailText, Words};
use askama::Template;

pub struct Contents<'a> {
    pub words: &'a Words,
    /// The app's, for mails.
    pub color: Option<&'a str>,
    pub app: &'a str,
    pub passcode: &'a Passcode,
    pub tag: &'a str,
    pub minutes: u32,
    pub host: &'a str,
}

#[derive(Template)]
#[template(path = "mail/passcode.txt")]
struct PlainMail<'a> {
    text: &'a MailText,
    app: &'a str,
    digits: &'a str,
}

#[derive(Template)]
#[template(path = "mail/passcode.html")]
struct HtmlMail<'a> {
    words: &'a Words,
    text: &'a MailText,
    accent: &'a Accent,
    app: &'a str,
    digits: &'a str,
}

/// Where a message goes, and until when.
pub struct Envelope {
    pub attempt: AttemptId,
    pub to: Identifier,
    pub channel: Channel,
    pub at: Time,
    pub expires_at: Time,
}

pub fn write(contents: &Contents<'_>, envelope: Envelope) -> Message {
    let Contents { words, app, passcode, tag, minutes, host, color } = *contents;
    let digits = passcode.reveal();
    let said = text::Passcode { app, digits, tag, minutes, host };
    let Envelope { attempt, to, channel, at, expires_at } = envelope;
    let mut message = Message {
        attempt,
        to,
        channel,
        from: app.to_owned(),
        subject: String::new(),
        text: String::new(),
        html: None,
        digits: digits.to_owned(),
        language: words.tag().to_owned(),
        at,
        expires_at,
        report_to: None,
        sender: None,
        region: None,
    };
    match channel {
        Channel::Sms => message.text = words.sms(&said),
        Channel::Whatsapp | Channel::Telegram => message.text = words.whatsapp(&said),
        Channel::Voice => message.text = words.voice(&said),
        Channel::Email => {
            let mail = words.mail(&said);
            let plain = PlainMail { text: &mail, app, digits }.render();
            message.text = plain.unwrap_or_else(|_| format!("{}\n\n{digits}", mail.intro));
            let accent = &color.and_then(Accent::from_hex).unwrap_or_default();
            message.html = HtmlMail { words, text: &mail, accent, app, digits }.render().ok();
            message.subject = mail.subject;
        }
    }
    message
}
