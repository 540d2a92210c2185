//! The page that asks what an application may have.

use std::sync::LazyLock;

use askama::Template;

use super::{Frame, packed};
use crate::domain::catalog::Catalog;
use crate::domain::request::AuthRequest;
use crate::domain::resource::worded;
use crate::text::Words;

pub(super) static CONSENT_CSS: LazyLock<String> = LazyLock::new(|| packed(include_str!("../../../static/consent.css")));

#[derive(Template)]
#[template(path = "pages/consent.html")]
pub struct ConsentPage<'a> {
    pub frame: Frame<'a>,
    pub action: &'a str,
    pub hidden: &'a [(&'a str, &'a str)],
    /// Who asks.
    pub app: &'a str,
    /// As whom: an identifier, masked.
    pub who: Option<&'a str>,
    /// What the device shows that asks, to be compared.
    pub device: Option<&'a str>,
    pub asks: &'a Asks,
    /// Where the answer goes.
    pub host: Option<&'a str>,
    /// Nobody here knows who runs it.
    pub unverified: bool,
    /// Where its client-id URL lives.
    pub id_host: Option<&'a str>,
    pub about: Option<&'a str>,
    pub terms: Option<&'a str>,
    pub privacy: Option<&'a str>,
}

/// What is asked for, in plain words.
#[derive(Debug, PartialEq, Eq)]
pub struct Asks {
    pub scopes: Vec<String>,
    /// Names of the APIs it is for.
    pub resources: Vec<String>,
}

impl Asks {
    pub fn of(words: &Words, catalog: &Catalog, request: &AuthRequest) -> Self {
        let mut scopes: Vec<String> = Vec::new();
        for word in request.scope.words() {
            let line = Self::line(words, catalog, word);
            if !scopes.contains(&line) {
                scopes.push(line);
            }
        }
        let named = |uri: &String| {
            let resource = catalog.resource(uri);
            resource.and_then(|resource| worded(&resource.name, words.tag())).unwrap_or(uri).to_owned()
        };
        Self { scopes, resources: request.audience.iter().map(named).collect() }
    }

    /// As the operator describes it, else as we do.
    fn line(words: &Words, catalog: &Catalog, word: &str) -> String {
        let declared = catalog.scopes.iter().find(|declared| declared.name == word);
        if let Some(described) = declared.and_then(|declared| worded(&declared.description, words.tag())) {
            return described.to_owned();
        }
        match word {
            "openid" => words.get("scope-openid").to_owned(),
            "profile" => words.get("scope-profile").to_owned(),
            "email" => words.get("scope-email").to_owned(),
            "phone" => words.get("scope-phone").to_owned(),
            "address" => words.get("scope-address").to_owned(),
            "offline" | "offline_access" => words.get("scope-offline").to_owned(),
            other => words.with("scope-other", &[("name", other.into())]),
        }
    }
}

impl ConsentPage<'_> {
    fn css(&self) -> &'static str {
        &CONSENT_CSS
    }

    fn heading(&self) -> String {
        self.frame.words.with("consent-title", &[("app", self.app.into())])
    }

    fn around(&self, key: &str, hole: &str) -> (String, String) {
        self.frame.words.around(key, hole)
    }

    /// Only places a browser may go: some clients describe themselves.
    fn links(&self) -> Vec<(&str, &str)> {
        let links = [("consent-about", self.about), ("terms", self.terms), ("privacy", self.privacy)];
        let safe = |url: &&str| ["https://", "http://", "/"].iter().any(|start| url.starts_with(start));
        links.into_iter().filter_map(|(key, url)| Some((self.frame.say(key), url.filter(safe)?))).collect()
    }
}
