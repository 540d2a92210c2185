//! The messages that carry a passcode, as a person reads (or hears) them.

use super::Words;

/// What a message has to say.
#[derive(Clone, Copy, Debug)]
pub struct Passcode<'a> {
    /// The name of the application someone signs in to.
    pub app: &'a str,
    pub digits: &'a str,
    /// The two letters that the page shows as well.
    pub tag: &'a str,
    pub minutes: u32,
    /// The host of the sign-in page, without scheme or port: binds the digits to it.
    pub host: &'a str,
}

/// The sentences of a mail, for `templates/mail`.
#[derive(Clone, Debug)]
pub struct MailText {
    pub subject: String,
    pub intro: String,
    pub tag: String,
    pub life: String,
    pub ignore: String,
}

/// Names longer than this are cut in text messages, so that the whole stays within the 140 characters WebOTP reads.
const LONGEST_NAME: usize = 20;

impl Words {
    /// The text message. Its last line lets browsers fill in the digits on the right site, and is the same in each language.
    pub fn sms(&self, passcode: &Passcode<'_>) -> String {
        let app = short(passcode.app);
        let body = self.say("sms-passcode", &Passcode { app: &app, ..*passcode });
        format!("{body}\n@{} #{}", passcode.host, passcode.digits)
    }

    /// The WhatsApp message, where no approved template words it for us.
    pub fn whatsapp(&self, passcode: &Passcode<'_>) -> String {
        self.say("whatsapp-passcode", passcode)
    }

    /// What the voice call says: the digits one by one, twice.
    pub fn voice(&self, passcode: &Passcode<'_>) -> String {
        let apart: Vec<String> = passcode.digits.chars().map(String::from).collect();
        let spoken = apart.join(", ");
        self.say("voice-passcode", &Passcode { digits: &spoken, ..*passcode })
    }

    /// The sentences of the mail.
    pub fn mail(&self, passcode: &Passcode<'_>) -> MailText {
        MailText {
            subject: self.say("mail-passcode-subject", passcode),
            intro: self.say("mail-passcode-intro", passcode),
            tag: self.say("mail-passcode-tag", passcode),
            life: self.say("mail-passcode-life", passcode),
            ignore: self.get("mail-passcode-ignore").to_owned(),
        }
    }

    fn say(&self, key: &str, passcode: &Passcode<'_>) -> String {
        let app = on_one_line(passcode.app);
        self.with(
            key,
            &[
                ("code", passcode.digits.into()),
                ("app", (&app).into()),
                ("tag", passcode.tag.into()),
                ("minutes", passcode.minutes.into()),
            ],
        )
    }
}

/// A client's name must not be able to write lines of its own.
fn on_one_line(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

fn short(name: &str) -> String {
    let line = on_one_line(name);
    if line.chars().count() <= LONGEST_NAME {
        return line;
    }
    let kept: String = line.chars().take(LONGEST_NAME - 3).collect();
    format!("{}...", kept.trim_end())
}
