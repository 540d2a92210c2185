//! What tokens are for: resources (RFC 8707) and scopes, with the words people read where they are asked.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Text by language tag; `en` where the person's is missing.
pub type ByLanguage = BTreeMap<String, String>;

/// An API tokens can be asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// An absolute URI without a fragment: `aud` of its tokens.
    pub uri: String,
    pub name: ByLanguage,
    /// Scopes that mean something there.
    pub scopes: Vec<String>,
    /// Who serves it, by client id: may introspect tokens for it.
    pub servers: Vec<String>,
}

/// A scope beyond OpenID Connect's own, or other words for one of those.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclaredScope {
    pub name: String,
    pub description: ByLanguage,
}

/// The words for these languages, best first.
pub fn worded<'a>(texts: &'a ByLanguage, language: &str) -> Option<&'a str> {
    let base = language.split('-').next().unwrap_or(language);
    [language, base, "en"]
        .into_iter()
        .find_map(|tag| texts.get(tag))
        .or_else(|| texts.values().next())
        .map(String::as_str)
}
