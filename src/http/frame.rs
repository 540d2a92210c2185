//! What stands around a page: the application it is for, or, where none is known, the service itself.

use super::assets::assets;
use super::memo::Memo;
use super::urls;
use super::views::{Brand, Frame};
use crate::app::App;
use crate::domain::branding::{Accent, style};
use crate::domain::client::Client;
use crate::text::Words;
use std::sync::Arc;

/// How a client presents itself, kept while a page borrows it.
pub struct Look {
    name: String,
    logo: Option<String>,
    accent: Arc<Accent>,
    style: String,
}

/// By the colour an application chose.
static ACCENTS: Memo<Arc<Accent>> = Memo::new();

impl Look {
    pub fn of(client: &Client) -> Self {
        Self {
            name: client.name.clone(),
            logo: client.branding.logo.as_ref().map(|_| urls::logo(client.id.as_str())),
            accent: ACCENTS.of(client.branding.color.as_deref().unwrap_or_default(), |color| {
                Arc::new(Accent::from_hex(color).unwrap_or_default())
            }),
            style: style(client.branding.css.iter().map(|(name, value)| (name.as_str(), value.as_str()))),
        }
    }

    /// Of one that is not saved: its picture is served nowhere yet.
    pub fn unsaved(client: &Client) -> Self {
        let logo = client.branding.logo.as_ref().map(|logo| format!("data:{};base64,{}", logo.media_type, logo.data));
        Self { logo, ..Self::of(client) }
    }

    pub fn frame<'a>(&'a self, app: &'a App, words: Arc<Words>, nonce: &'a str) -> Frame<'a> {
        Frame { client: Some(self.brand()), dev: dev(app), ..bare(app, words, nonce) }
    }

    pub fn brand(&self) -> Brand<'_> {
        Brand { name: &self.name, logo: self.logo.as_deref(), accent: &self.accent, style: &self.style }
    }
}

/// Around a page of no application's.
pub fn bare<'a>(app: &'a App, words: Arc<Words>, nonce: &'a str) -> Frame<'a> {
    let host = app.issuer.split_once("://").map_or(app.issuer.as_str(), |(_, host)| host);
    Frame { words, nonce, assets: assets(), client: None, host, dev: None }
}

/// Where the phone is, on a server that has one.
pub fn dev(app: &App) -> Option<&'static str> {
    app.config.allow_dev_phone.then_some(urls::PHONE)
}
