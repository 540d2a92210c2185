//! How an application's sign-in pages look: its colour and logo, with both pages beside them as people will see them, saved or not.

use super::{Tab, tabs};
use crate::app::App;
use crate::domain::branding::{Accent, Told};
use crate::domain::client::{Branding, Client};
use crate::domain::declaration::{Mistake, Noun};
use crate::domain::delivery::Channel;
use crate::domain::management::{Subject, Verb};
use crate::domain::params::Params;
use crate::flows::manage::change::{self, Item, Outcome};
use crate::http::admin::portal::desk::{Desk, Frame};
use crate::http::admin::portal::form::{self, DrawnGroup};
use crate::http::admin::portal::turned::{Answer, Turned};
use crate::http::frame::Look;
use crate::http::views::{self, IdentifierPage, Kind, PasscodePage};
use crate::http::{fault, headers, urls};
use crate::text::{Country, Words};
use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use std::sync::Arc;

const CLIENT: Subject = Subject::Declared(Noun::Client);
const PAGES: [(&str, &str); 2] = [("identifier", "Who are you"), ("passcode", "The code")];

#[derive(Template)]
#[template(path = "admin/client_looks.html")]
struct LooksPage {
    frame: Frame,
    tabs: Vec<Tab>,
    place: String,
    etag: String,
    groups: Vec<DrawnGroup>,
    mistakes: Vec<String>,
    wrong: bool,
    stale: bool,
    done: bool,
    may_change: bool,
    contrast: Vec<String>,
    /// What it is called, where it is, and its class: a phone's size or a desk's.
    previews: Vec<(String, String, &'static str)>,
}

pub async fn show(desk: Desk, Path(id): Path<String>, RawQuery(query): RawQuery) -> Answer {
    desk.admit(Verb::Read, CLIENT)?;
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let item = change::find(&desk.app, Noun::Client, &id).await?.ok_or(Turned::NotFound)?;
    let done = query.get("done") == Some("saved");
    draw(&desk, StatusCode::OK, &id, &item, None, &[], |page| page.done = done)
}

/// Saved; or, by its other button, only looked at.
pub async fn save(desk: Desk, Path(id): Path<String>, body: Bytes) -> Answer {
    let by = desk.admit(Verb::Update, CLIENT)?;
    let sent = Params::parse(&body);
    let item = change::find(&desk.app, Noun::Client, &id).await?.ok_or(Turned::NotFound)?;
    let (value, mistakes) = form::read(&form::looks(), &sent);
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    if !mistakes.is_empty() {
        return draw(&desk, wrong, &id, &item, Some(&sent), &mistakes, |_| {});
    }
    if sent.get("preview").is_some() {
        return draw(&desk, StatusCode::OK, &id, &item, Some(&sent), &[], |_| {});
    }
    let etag = sent.get("etag");
    match change::update(&desk.app, by, Noun::Client, &id, value, etag).await? {
        Outcome::Updated(_) => {
            Ok(Redirect::to(&format!("{}/looks?done=saved", urls::portal_one("clients", &id))).into_response())
        }
        Outcome::Wrong(mistakes) => draw(&desk, wrong, &id, &item, Some(&sent), &mistakes, |_| {}),
        Outcome::Stale(now) => draw(&desk, StatusCode::CONFLICT, &id, &now, Some(&sent), &[], |page| page.stale = true),
        _ => Err(Turned::NotFound),
    }
}

fn draw(
    desk: &Desk,
    status: StatusCode,
    id: &str,
    item: &Item,
    sent: Option<&Params>,
    mistakes: &[Mistake],
    with: impl FnOnce(&mut LooksPage),
) -> Answer {
    let stands = |name: &str| match sent {
        Some(sent) => sent.get(name).map(str::to_owned),
        None => item.value[name].as_str().map(str::to_owned),
    };
    let color = stands("color");
    let known =
        |mistake: &&Mistake| form::looks().iter().flat_map(|group| group.fields).any(|f| f.name == mistake.field);
    let name = item.value["name"].as_str().unwrap_or_default();
    let mut page = LooksPage {
        frame: desk.frame("clients", name),
        tabs: tabs(desk, Noun::Client, id, "looks"),
        place: urls::portal_one("clients", id),
        etag: item.etag.clone(),
        groups: form::draw(&form::looks(), &item.value, sent, mistakes, None),
        mistakes: mistakes.iter().filter(|one| !known(one)).map(ToString::to_string).collect(),
        wrong: !mistakes.is_empty(),
        stale: false,
        done: false,
        may_change: desk.may(Verb::Update, CLIENT),
        contrast: contrast(color.as_deref()),
        previews: previews(id, color.as_deref()),
    };
    with(&mut page);
    let html = fault::render(&page)?;
    Ok(headers::with_own_frames(&desk.app, status, html, &page.frame.nonce))
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

fn previews(id: &str, color: Option<&str>) -> Vec<(String, String, &'static str)> {
    let place = urls::portal_one("clients", id);
    let url = |page: &str, theme: &str| {
        let mut query = vec![("page".to_owned(), page.to_owned()), ("theme".to_owned(), theme.to_owned())];
        query.extend(color.map(|color| ("color".to_owned(), color.to_owned())));
        format!("{place}/preview?{}", Params::new(query).encoded())
    };
    let mut all = Vec::new();
    for (theme, size, said) in
        [("light", "phone", "on a phone"), ("dark", "phone", "on a phone, dark"), ("light", "desk", "on a desk")]
    {
        all.extend(PAGES.iter().map(|(page, name)| (format!("{name}, {said}"), url(page, theme), size)));
    }
    all
}

/// One page with sample values, for a frame of ours. It does nothing and leads nowhere.
pub async fn preview(desk: Desk, Path(id): Path<String>, RawQuery(query): RawQuery) -> Answer {
    desk.admit(Verb::Read, CLIENT)?;
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let live = desk.app.live();
    let client = live.catalog.client(&id).ok_or(Turned::NotFound)?;
    let words = desk.app.words(Some(&client.id), &[query.get("lang").unwrap_or("en")]);
    let mut client = Client::clone(client);
    client.branding.color = query.get("color").map(str::to_owned).or(client.branding.color);
    let nonce = desk.app.entropy.short();
    let sample = Sample { app: &desk.app, look: Look::of(&client), client: &client, words, nonce: &nonce };
    let html = match query.get("page") {
        Some("passcode") => fault::render(&sample.passcode())?,
        _ => sample.identifier()?,
    };
    let html = themed(&html, query.get("theme") == Some("dark"));
    Ok(headers::framed_by_us(&desk.app, html, &nonce))
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
            sent_to: "+234 803 123 4567",
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
fn themed(html: &str, dark: bool) -> String {
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
