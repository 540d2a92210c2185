//! One language: its tag, its direction and its sentences.

use std::collections::HashMap;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use icu_locale::LocaleDirectionality;
use unic_langid::LanguageIdentifier;

use super::Country;

/// Something put into a sentence: a word, or a number that decides its plural.
#[derive(Clone, Copy, Debug)]
pub enum Arg<'a> {
    Text(&'a str),
    Count(u32),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Arg::Text(text)
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Arg::Text(text)
    }
}

impl From<u32> for Arg<'_> {
    fn from(count: u32) -> Self {
        Arg::Count(count)
    }
}

impl From<u8> for Arg<'_> {
    fn from(count: u8) -> Self {
        Arg::Count(count.into())
    }
}

/// The sentences of one language.
pub struct Words {
    tag: &'static str,
    id: LanguageIdentifier,
    right_to_left: bool,
    /// Sentences that never change, formatted once.
    plain: HashMap<&'static str, String>,
    bundle: FluentBundle<FluentResource>,
    pub(super) countries: OnceLock<Vec<Country>>,
    pub(super) countries_json: OnceLock<String>,
}

impl Words {
    pub(super) fn read(tag: &'static str, own: &'static str, english: &'static str) -> Result<Words, String> {
        let id: LanguageIdentifier = tag.parse().map_err(|e| format!("{tag}: {e}"))?;
        let mut bundle = FluentBundle::new_concurrent(vec![id.clone()]);
        // Templates set numbers and names apart with <bdi>; marks inside the text would end up in what people copy.
        bundle.set_use_isolating(false);
        bundle.add_resource(parse(tag, own)?).map_err(|e| format!("{tag}: {e:?}"))?;
        if own != english {
            // Adds only what the language lacks; what it has already is refused, and that is the wish.
            let _already_said = bundle.add_resource(parse("en", english)?);
        }
        let plain = keys(own).chain(keys(english)).filter_map(|key| Some((key, fixed(&bundle, key)?))).collect();
        Ok(Words {
            tag,
            right_to_left: reads_right_to_left(tag),
            id,
            plain,
            bundle,
            countries: OnceLock::new(),
            countries_json: OnceLock::new(),
        })
    }

    /// A sentence in other words than ours.
    pub(super) fn say_instead(&mut self, key: &'static str, resource: FluentResource) {
        self.bundle.add_resource_overriding(resource);
        match fixed(&self.bundle, key) {
            Some(text) => drop(self.plain.insert(key, text)),
            None => drop(self.plain.remove(key)),
        }
    }

    /// The BCP 47 tag, such as `pt-BR`.
    pub fn tag(&self) -> &str {
        self.tag
    }

    /// `ltr` or `rtl`, for the `dir` attribute.
    pub fn dir(&self) -> &str {
        if self.right_to_left { "rtl" } else { "ltr" }
    }

    pub(super) fn id(&self) -> &LanguageIdentifier {
        &self.id
    }

    /// A sentence without anything put in. A key nobody knows comes back as it is.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.plain.get(key).map_or(key, String::as_str)
    }

    /// A sentence with something put in; plurals follow the language.
    pub fn with(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        if let Some(fixed) = self.plain.get(key) {
            return fixed.clone();
        }
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let mut values = FluentArgs::with_capacity(args.len());
        for (name, arg) in args {
            values.set(
                *name,
                match *arg {
                    Arg::Text(text) => FluentValue::from(text),
                    Arg::Count(count) => FluentValue::from(count),
                },
            );
        }
        self.bundle.format_pattern(pattern, Some(&values), &mut Vec::new()).into_owned()
    }

    /// A sentence cut where `hole` belongs, so that a page can set what goes there apart: what comes before, and after.
    pub fn around(&self, key: &str, hole: &str) -> (String, String) {
        const MARK: &str = "\u{1}";
        let whole = self.with(key, &[(hole, Arg::Text(MARK))]);
        whole
            .split_once(MARK)
            .map(|(before, after)| (before.to_owned(), after.to_owned()))
            .unwrap_or((whole, String::new()))
    }
}

fn parse(tag: &str, source: &str) -> Result<FluentResource, String> {
    FluentResource::try_new(source.to_owned()).map_err(|(_, errors)| format!("templates/text/{tag}: {errors:?}"))
}

/// The sentence behind `key`, when nothing needs to be put in.
fn fixed(bundle: &FluentBundle<FluentResource>, key: &str) -> Option<String> {
    let mut errors = Vec::new();
    let pattern = bundle.get_message(key)?.value()?;
    let text = bundle.format_pattern(pattern, None, &mut errors).into_owned();
    errors.is_empty().then_some(text)
}

/// The keys a Fluent file defines, in its order.
pub(super) fn keys(source: &'static str) -> impl Iterator<Item = &'static str> {
    source
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
        .filter_map(|line| line.split_once('=').map(|(key, _)| key.trim_end()))
}

fn reads_right_to_left(tag: &str) -> bool {
    tag.parse().is_ok_and(|id| LocaleDirectionality::new_common().is_right_to_left(&id))
}
