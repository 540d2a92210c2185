//! Which languages there are, and which of them someone gets.

use fluent_langneg::{NegotiationStrategy, negotiate_languages};
use std::sync::Arc;
use unic_langid::LanguageIdentifier;

use super::Words;

macro_rules! source {
    ($tag:literal) => {
        (
            $tag,
            concat!(
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/text/", $tag, "/pages.ftl")),
                "\n",
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/text/", $tag, "/messages.ftl"))
            ),
        )
    };
}

/// Each language with its sentences; the first is the one for everyone else, and fills gaps in the others.
pub(super) const SOURCES: [(&str, &str); 9] = [
    source!("en"),
    source!("es"),
    source!("pt-BR"),
    source!("fr"),
    source!("de"),
    source!("id"),
    source!("hi"),
    source!("sw"),
    source!("ar"),
];

/// Every language, ready to use.
pub struct Texts {
    all: Vec<Arc<Words>>,
    ids: Vec<LanguageIdentifier>,
}

impl Texts {
    /// Reads every sentence once. Fails only when a file in `templates/text` is malformed.
    pub fn load() -> Result<Texts, String> {
        let (_, english) = SOURCES[0];
        let all = SOURCES
            .iter()
            .map(|(tag, own)| Words::read(tag, own, english).map(Arc::new))
            .collect::<Result<Vec<_>, _>>()?;
        let ids = all.iter().map(|words| words.id().clone()).collect();
        Ok(Texts { all, ids })
    }

    /// The language for someone who wishes for these (BCP 47 tags, dearest first); English when we speak none of them.
    pub fn pick(&self, wanted: &[&str]) -> &Arc<Words> {
        let wanted: Vec<LanguageIdentifier> = wanted.iter().filter_map(|tag| tag.trim().parse().ok()).collect();
        let found = negotiate_languages(&wanted, &self.ids, Some(&self.ids[0]), NegotiationStrategy::Lookup);
        let place = found.first().and_then(|id| self.ids.iter().position(|ours| ours == *id)).unwrap_or(0);
        &self.all[place]
    }

    /// Every language we speak, English first.
    pub fn languages(&self) -> impl Iterator<Item = &Arc<Words>> {
        self.all.iter()
    }
}

/// The tags of an `Accept-Language` header, dearest first, without those refused by `q=0`.
pub fn accept_language(header: &str) -> Vec<String> {
    const MOST: usize = 20;
    let mut tags: Vec<(u16, &str)> = header.split(',').take(MOST).filter_map(weighed).collect();
    tags.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    tags.into_iter().map(|(_, tag)| tag.to_owned()).collect()
}

/// `de;q=0.8` as its weight in thousandths and its tag.
fn weighed(item: &str) -> Option<(u16, &str)> {
    let (tag, rest) = item.split_once(';').unwrap_or((item, "q=1"));
    let weight: f32 = rest.trim().strip_prefix("q=").and_then(|q| q.trim().parse().ok()).unwrap_or(1.0);
    let (tag, weight) = (tag.trim(), (weight.clamp(0.0, 1.0) * 1000.0) as u16);
    (weight > 0 && !tag.is_empty() && tag != "*").then_some((weight, tag))
}
