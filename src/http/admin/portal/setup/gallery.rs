//! How an application's sign-in pages look with what stands in a form: both pages, on a phone and on a desk, light and dark, as
//! one page for a frame of ours. Nothing of it is saved, runs or leads anywhere.

use crate::app::App;
use crate::domain::branding::{Accent, Told};
use crate::domain::client::{Branding, Client};
use crate::domain::declaration::{Mistake, Noun};
use crate::domain::delivery::Channel;
use crate::domain::management::{Subject, Verb};
use crate::domain::params::Params;
use crate::flows::manage::check;
use crate::http::admin::portal::desk::Desk;
use crate::http::admin::portal::form::{self, Known};
use crate::http::admin::portal::sent::Sent;
use crate::http::admin::portal::turned::{Answer, Turned};
use crate::http::frame::Look;
use crate::http::views::{self, IdentifierPage, Kind, PasscodePage};
use crate::http::{fault, headers};
use crate::text::{Country, Words};
use askama::Template;
use axum::extract::{Path, RawQuery};
use serde_json::{Value, json};
use std::sync::Arc;

const CLIENT: Subject = Subject::Declared(Noun::Client);

/// Pictures of pages, in a frame of the portal's.
#[derive(Template)]
#[template(path = "admin/gallery.html")]
pub struct Gallery {
    pub nonce: String,
    pub mistakes: Vec<String>,
    pub notes: Vec<String>,
    pub messages: Vec<Bubble>,
    pub shots: Vec<Shot>,
}

/// A message as somebody receives it.
pub struct Bubble {
    pub by: &'static str,
    pub text: String,
    pub lang: String,
    pub dir: String,
}

/// One page as it is drawn.
pub struct Shot {
    pub name: String,
    /// A phone's, or a desk's.
    pub size: &'static str,
    pub html: String,
}

impl Gallery {
    pub fn new(app: &App) -> Self {
        let nonce = app.entropy.short();
        Self { nonce, mistakes: Vec::new(), notes: Vec::new(), messages: Vec::new(), shots: Vec::new() }
    }

    pub fn shown(&self, app: &App) -> Answer {
        Ok(headers::framed_by_us(app, fault::render(self)?, &self.nonce))
    }
}

/// As it is saved.
pub async fn show(desk: Desk, Path(id): Path<String>, RawQuery(query): RawQuery) -> Answer {
    draw(&desk, &id, &Params::parse(query.unwrap_or_default().as_bytes()), json!({}), Vec::new()).await
}

/// As it stands in the form.
pub async fn typed(desk: Desk, Path(id): Path<String>, Sent(sent): Sent) -> Answer {
    let (value, mistakes) = form::read(&form::looks(), &sent, &Known::of(&desk.app, ""));
    draw(&desk, &id, &sent, value, mistakes).await
}

async fn draw(desk: &Desk, id: &str, sent: &Params, mut given: Value, mut mistakes: Vec<Mistake>) -> Answer {
    desk.admit(Verb::Read, CLIENT)?;
    let live = desk.app.live();
    let stored = live.catalog.client(id).ok_or(Turned::NotFound)?;
    // What is wrong is told; the rest is shown all the same.
    let mut wanted = check::draft(&desk.app, Noun::Client, Some(id), given.clone()).await?;
    if let Err(wrong) = &wanted {
        mistakes.extend(wrong.iter().cloned());
        if let Some(fields) = given.as_object_mut() {
            fields.retain(|name, _| !wrong.iter().any(|mistake| mistake.field.split('.').next() == Some(name)));
        }
        wanted = check::draft(&desk.app, Noun::Client, Some(id), given).await?;
    }
    let client = wanted.ok().and_then(|wanted| wanted.clients.into_iter().next()).map(|wanted| wanted.client);
    let client = client.unwrap_or_else(|| Client::clone(stored));
    let words = desk.app.words(Some(&client.id), &[sent.get("lang").unwrap_or("en")]);
    let mut gallery = Gallery::new(&desk.app);
    let look = Look::unsaved(&client);
    let sample = Sample { app: &desk.app, look, client: &client, words, nonce: &gallery.nonce };
    let pages = [("Who are you", sample.identifier()?), ("The code", fault::render(&sample.passcode())?)];
    let mut shots = Vec::new();
    for (size, on, dark) in [
        ("phone", "on a phone", false),
        ("phone", "on a phone", true),
        ("desk", "on a desk", false),
        ("desk", "on a desk", true),
    ] {
        let mood = if dark { "dark" } else { "light" };
        let shot = |(name, html): &(&str, String)| Shot {
            name: format!("{name}, {on}, {mood}"),
            size,
            html: themed(html, dark),
        };
        shots.extend(pages.iter().map(shot));
    }
    gallery.shots = shots;
    gallery.mistakes = mistakes.iter().map(|mistake| format!("{}: {}", label(&mistake.field), mistake.what)).collect();
    gallery.notes = contrast(client.branding.color.as_deref());
    gallery.shown(&desk.app)
}

/// What the form calls a field.
fn label(name: &str) -> String {
    let known = form::looks().iter().flat_map(|group| group.fields).find(|field| field.name == name);
    known.map_or(name, |field| field.label).to_owned()
}

fn contrast(color: Option<&str>) -> Vec<String> {
    let Some(color) = color else { return vec!["No colour of its own: the pages' calm green.".to_owned()] };
    let Some(told) = Accent::told(color) else { return Vec::new() };
    let say = |(mood, told): (&str, Told)| {
        let Told { shade, text, ratio, kept } = told;
        let has = format!("text in {text} on it has a contrast of {ratio:.1}:1");
        if kept {
            format!("{mood}: {shade}; {has}.")
        } else {
            format!("{mood}: it could not be read well, so we take {shade}; {has}.")
        }
    };
    ["In the light", "In the dark"].into_iter().zip(told).map(say).collect()
}

struct Sample<'a> {
    app: &'a App,
    look: Look,
    client: &'a Client,
    words: Arc<Words>,
    nonce: &'a str,
}

impl Sample<'_> {
    fn frame(&self) -> views::Frame<'_> {
        views::Frame { dev: None, ..self.look.frame(self.app, self.words.clone(), self.nonce) }
    }

    fn identifier(&self) -> Result<String, Turned> {
        let few: Vec<&Country> = ["NG", "KE", "GB"].into_iter().filter_map(|iso| self.words.country(iso)).collect();
        let Branding { terms_url, privacy_url, .. } = &self.client.branding;
        let page = IdentifierPage {
            frame: self.frame(),
            action: "",
            cancel: "",
            hidden: &[],
            kind: Kind::Phone,
            methods: &[],
            phone: "",
            country: "NG",
            countries: &few,
            pinned: &[],
            email: "",
            error: None,
            creating: false,
            confirm: None,
            terms: terms_url.as_deref(),
            privacy: privacy_url.as_deref(),
        };
        Ok(fault::render(&page)?)
    }

    fn passcode(&self) -> PasscodePage<'_> {
        PasscodePage {
            frame: self.frame(),
            action: "",
            cancel: "",
            hidden: &[],
            sent_to: "+234 801 234 5678",
            channel: Channel::Sms,
            progress: None,
            live: None,
            tag: "KT",
            digits: 6,
            error: None,
            resend_action: "",
            resend_wait: 28,
            resends_left: true,
            other_channels: &[],
            change_url: "",
            other_url: None,
            notice: None,
        }
    }
}

/// As somebody sees it whose device is light, or dark.
pub fn themed(html: &str, dark: bool) -> String {
    let (mood, media) = if dark { ("dark", "all") } else { ("light", "not all") };
    // No script runs in such a frame: none is asked for.
    let mut pieces = html.split("<script");
    let first = pieces.next().unwrap_or_default().to_owned();
    let rest = pieces.map(|piece| piece.split_once("</script>").map_or("", |(_, after)| after));
    let html = rest.fold(first, |html, piece| html + piece);
    html.replace("content=\"light dark\"", &format!("content=\"{mood}\""))
        .replace("color-scheme:light dark", &format!("color-scheme:{mood}"))
        .replace("@media(prefers-color-scheme:dark)", &format!("@media {media}"))
        .replace("@media (prefers-color-scheme:dark)", &format!("@media {media}"))
}
