//! What we say: in each language and to each application our words, or the operator's own in their place; and for messages how
//! long they are and what they cost.

use super::App;
use crate::domain::catalog::Catalog;
use crate::domain::delivery::{Channel, Length, Micros, length};
use crate::domain::ids::ClientId;
use crate::domain::wording::{self, Wording};
use crate::text::{Passcode, Shipped, Texts, Words};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// A sentence as it is said now.
pub struct Sentence {
    pub key: &'static str,
    pub text: String,
    /// What may be put into it.
    pub holes: Vec<String>,
    /// The name of the operator's own words for it, where there are any for just this.
    pub own: Option<String>,
    /// As somebody gets it; only of messages.
    pub sample: Option<Sample>,
}

pub struct Sample {
    pub channel: Channel,
    pub text: String,
    /// Of a text message.
    pub length: Option<Length>,
    /// The least and the most one costs where prices are declared.
    pub cost: Option<(Micros, Micros)>,
}

pub struct Said {
    pub language: String,
    /// Every language there is.
    pub languages: Vec<String>,
    pub sentences: Vec<Sentence>,
}

impl App {
    /// How we speak to somebody who wishes for these languages, at this application.
    pub fn words(&self, client: Option<&ClientId>, wanted: &[&str]) -> Arc<Words> {
        let usual = self.texts.pick(wanted);
        let live = self.live();
        if live.worded.is_empty() {
            return usual.clone();
        }
        let of = |client: &str| live.worded.get(&(client.to_owned(), usual.tag().to_owned())).cloned();
        let own = client.and_then(|client| of(client.as_str()));
        own.or_else(|| of("")).unwrap_or_else(|| usual.clone())
    }

    /// A language as it would be spoken to one application, or to all, with this sentence said so; and the message it would be part of.
    /// `None` where we do not speak it.
    pub fn tried(
        &self,
        language: &str,
        client: Option<&str>,
        key: &str,
        text: &str,
    ) -> Option<(Words, Option<Sample>)> {
        let live = self.live();
        let mut own = said_by_operators(&live.catalog, language, client.unwrap_or_default());
        own.push((key, text));
        let words = self.texts.with_own(language, &own)?;
        let sample = sample(self, key, client, &words);
        Some((words, sample))
    }

    /// Every sentence of a language, to one application or to all. `None` where we do not speak it.
    pub fn said(&self, language: &str, client: Option<&str>) -> Option<Said> {
        said(self, language, client)
    }
}

fn said(app: &App, language: &str, client: Option<&str>) -> Option<Said> {
    let live = app.live();
    let languages: Vec<String> = app.texts.languages().map(|words| words.tag().to_owned()).collect();
    if !languages.iter().any(|known| known == language) {
        return None;
    }
    let words = app.words(client.map(ClientId::new).as_ref(), &[language]);
    let own = |key: &str, client: Option<&str>| {
        live.catalog
            .wordings
            .iter()
            .find(|one| one.key == key && one.language == language && one.client.as_deref() == client)
    };
    let sentence = |shipped: Shipped| {
        let (its, alls) = (client.and_then(|client| own(shipped.key, Some(client))), own(shipped.key, None));
        let text = its.or(alls).map_or(shipped.text, |own| own.text.clone());
        let exact = if client.is_some() { its } else { alls };
        Sentence {
            key: shipped.key,
            text,
            holes: shipped.holes.into_iter().collect(),
            own: exact.map(|own| wording::name(&own.language, &own.key, own.client.as_deref())),
            sample: sample(app, shipped.key, client, &words),
        }
    };
    let sentences = app.texts.shipped(language).into_iter().map(sentence).collect();
    Some(Said { language: language.to_owned(), languages, sentences })
}

fn sample(app: &App, key: &str, client: Option<&str>, words: &Words) -> Option<Sample> {
    let channel = match key {
        "sms-passcode" => Channel::Sms,
        "whatsapp-passcode" => Channel::Whatsapp,
        "voice-passcode" => Channel::Voice,
        "mail-passcode-subject" => Channel::Email,
        _ => return None,
    };
    let live = app.live();
    let name = client.and_then(|client| live.catalog.client(client)).map_or("Shop", |client| client.name.as_str());
    let minutes = u32::try_from(app.config.passcode_life.0.as_secs().div_ceil(60)).unwrap_or(5);
    let digits: String =
        "12345678901234".chars().take(usize::try_from(app.config.passcode_digits.0).unwrap_or(6)).collect();
    let passcode = Passcode { app: name, digits: &digits, tag: "KM", minutes, host: &app.host };
    let text = match channel {
        Channel::Sms => words.sms(&passcode),
        Channel::Voice => words.voice(&passcode),
        Channel::Email => words.mail(&passcode).subject,
        Channel::Whatsapp | Channel::Telegram => words.whatsapp(&passcode),
    };
    let length = (channel == Channel::Sms).then(|| length(&text));
    Some(Sample { channel, length, cost: cost(app, channel, length.map_or(1, |length| length.segments)), text })
}

/// What the declared prices of this channel come to.
fn cost(app: &App, channel: Channel, segments: usize) -> Option<(Micros, Micros)> {
    let live = app.live();
    let carriers = live.catalog.carriers.iter().filter(|sealed| sealed.carrier.enabled);
    let prices: Vec<i64> = carriers
        .flat_map(|sealed| &sealed.carrier.prices)
        .filter(|price| price.channel == channel)
        .map(|price| price.amount.0.saturating_mul(i64::try_from(segments).unwrap_or(1)))
        .collect();
    Some((Micros(*prices.iter().min()?), Micros(*prices.iter().max()?)))
}

/// Each language that operators reworded: what is said to all, and then what one application says otherwise.
pub(super) fn worded(texts: &Texts, catalog: &Catalog) -> HashMap<(String, String), Arc<Words>> {
    let pairs: BTreeSet<(&str, &str)> = catalog
        .wordings
        .iter()
        .map(|wording| (wording.client.as_deref().unwrap_or_default(), wording.language.as_str()))
        .collect();
    let of = |client: &str, language: &str| {
        texts.with_own(language, &said_by_operators(catalog, language, client)).map(Arc::new)
    };
    let built = pairs
        .into_iter()
        .filter_map(|(client, language)| Some(((client.to_owned(), language.to_owned()), of(client, language)?)));
    built.collect()
}

/// What operators say otherwise in a language: to all, and then to this application.
fn said_by_operators<'a>(catalog: &'a Catalog, language: &str, client: &str) -> Vec<(&'a str, &'a str)> {
    let its = |wording: &&Wording| wording.language == language;
    let said = |wording: &Wording| wording.client.as_deref().unwrap_or_default().to_owned();
    let all = catalog.wordings.iter().filter(its).filter(|wording| said(wording).is_empty());
    let own = catalog.wordings.iter().filter(its).filter(|wording| !client.is_empty() && said(wording) == client);
    all.chain(own).map(|wording| (wording.key.as_str(), wording.text.as_str())).collect()
}
