//! A sentence as people would read it with the words that stand in its form: the page it stands on, or the message it is, with its
//! length and cost. Nothing of it is saved or sent.

use super::gallery::{Bubble, Gallery, Shot, themed};
use crate::app::Sample;
use crate::domain::declaration::Noun;
use crate::domain::delivery::Channel;
use crate::domain::management::{Subject, Verb};
use crate::domain::params::Params;
use crate::http::admin::portal::desk::Desk;
use crate::http::admin::portal::messages;
use crate::http::admin::portal::turned::Answer;
use crate::http::fault;
use crate::http::frame::Look;
use crate::http::views::Brand;
use crate::http::views::samples::{self, HtmlMail, Setting};
use crate::text::{Passcode, Words};
use axum::body::Bytes;
use axum::extract::RawQuery;
use std::sync::Arc;

/// Stands in no sentence of anybody's: where it is drawn, the sentence is.
const MARK: &str = "\u{e000}";
/// Pages that a sentence is shown on.
const PAGES: usize = 2;

pub async fn show(desk: Desk, RawQuery(query): RawQuery) -> Answer {
    draw(&desk, &Params::parse(query.unwrap_or_default().as_bytes()))
}

/// As it stands in the form.
pub async fn typed(desk: Desk, body: Bytes) -> Answer {
    draw(&desk, &Params::parse(&body))
}

/// What is said, to whom.
struct Said<'a> {
    language: &'a str,
    client: Option<&'a str>,
    key: &'a str,
    text: &'a str,
}

fn draw(desk: &Desk, sent: &Params) -> Answer {
    desk.admit(Verb::Read, Subject::Declared(Noun::Text))?;
    let typed = |name: &str| sent.get(name).unwrap_or_default().trim();
    let text = typed("text").replace("\r\n", "\n");
    let said =
        Said { language: typed("language"), client: sent.get("client").map(str::trim), key: typed("key"), text: &text };
    let mut gallery = Gallery::new(&desk.app);
    let tried = desk.app.tried(said.language, said.client, said.key, said.text);
    match (desk.app.texts.check(said.language, said.key, said.text), tried) {
        (Err((field, what)), _) => gallery.mistakes.push(format!("{field}: {what}")),
        (Ok(()), Some((words, sample))) => fill(desk, &mut gallery, &said, &Arc::new(words), sample)?,
        (Ok(()), None) => {}
    }
    gallery.shown(&desk.app)
}

fn fill(
    desk: &Desk,
    gallery: &mut Gallery,
    said: &Said<'_>,
    words: &Arc<Words>,
    sample: Option<Sample>,
) -> Result<(), crate::flows::Fault> {
    let live = desk.app.live();
    let look = said.client.and_then(|client| live.catalog.client(client)).map(|client| Look::unsaved(client));
    let nonce = gallery.nonce.clone();
    let at = setting(words, look.as_ref(), &nonce);
    let mut pages = Vec::new();
    if said.key.starts_with("mail-") {
        let text =
            words.mail(&Passcode { app: at.brand.name, digits: "123456", tag: "KM", minutes: 5, host: &desk.app.host });
        gallery.notes.push(format!("Its subject: {}", text.subject));
        let mail = HtmlMail { words, text: &text, digits: "123456", app: at.brand.name, accent: at.brand.accent };
        pages.push(("The mail".to_owned(), fault::render(&mail)?));
    } else if let Some(sample) = sample {
        gallery.notes = messages::about(&sample, &desk.app.config.money_currency);
        let Sample { channel, text, .. } = sample;
        let (lang, dir) = (words.tag().to_owned(), words.dir().to_owned());
        gallery.messages.push(Bubble { by: received(channel), text, lang, dir });
    } else {
        let marked = desk.app.tried(said.language, said.client, said.key, MARK).map(|(words, _)| Arc::new(words));
        let marked = marked.map(|words| samples::all(&setting(&words, look.as_ref(), &nonce))).unwrap_or_default();
        let on: Vec<String> =
            marked.into_iter().filter(|(_, html)| html.contains(MARK)).map(|(name, _)| name).take(PAGES).collect();
        if on.is_empty() {
            gallery.notes.push("It stands on no page that can be shown here.".to_owned());
        }
        let all = samples::all(&at).into_iter().filter(|(name, _)| on.contains(name));
        pages.extend(all.enumerate().map(|(at, (_, html))| {
            let name = if at == 0 { "Where it stands" } else { "And here" };
            (name.to_owned(), html)
        }));
    }
    for (name, html) in &pages {
        for (dark, mood) in [(false, "light"), (true, "dark")] {
            let name = format!("{name}, {mood}");
            gallery.shots.push(Shot { name, size: "phone", html: themed(html, dark) });
        }
    }
    Ok(())
}

/// Pages of this application, or of none that is known.
fn setting<'a>(words: &'a Arc<Words>, look: Option<&'a Look>, nonce: &'a str) -> Setting<'a> {
    let no_one = || Brand { name: "Shop", logo: None, accent: &samples::ACCENT, style: "" };
    Setting { words, nonce, brand: look.map_or_else(no_one, Look::brand), odd: false }
}

fn received(channel: Channel) -> &'static str {
    match channel {
        Channel::Sms => "As an SMS",
        Channel::Whatsapp | Channel::Telegram => "As a message, where no approved template words it",
        Channel::Voice => "As it is spoken, twice",
        Channel::Email => "As a mail",
    }
}
