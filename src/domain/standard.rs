//! The standard claims of a person (OpenID Connect Core §5.1), but for those a passcode proves.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StandardClaims {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthdate: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zoneinfo: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// Kinde's: what the operator's own systems call the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provided_id: Option<String>,
}

/// A person is found by no more words than this, …
const MOST_WORDS: usize = 16;
/// … and by no more of each.
const LONGEST_WORD: usize = 64;

/// The words of a text, as they are looked for.
pub fn words(text: &str) -> Vec<String> {
    let split = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    split.map(|word| short(&word.to_lowercase())).collect()
}

fn short(word: &str) -> String {
    word.chars().filter(|c| *c != '\0').take(LONGEST_WORD).collect()
}

/// OpenID Connect Core §5.1.1.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Address {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formatted: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

/// What Kinde's SDKs read from the ID token; the rest stands at userinfo.
pub const IN_ID_TOKEN: [&str; 5] = ["name", "given_name", "family_name", "preferred_username", "picture"];

impl StandardClaims {
    /// The claims of the scope `profile`. Whoever has a first and a last name has a whole one.
    pub fn of_profile(&self) -> Map<String, Value> {
        let told = Self { address: None, provided_id: None, name: self.whole_name(), ..self.clone() };
        match serde_json::to_value(told) {
            Ok(Value::Object(claims)) => claims,
            _ => Map::new(),
        }
    }

    pub fn whole_name(&self) -> Option<String> {
        let parts = [&self.given_name, &self.family_name].into_iter().flatten();
        let joined = parts.map(String::as_str).collect::<Vec<_>>().join(" ");
        self.name.clone().or_else(|| (!joined.is_empty()).then_some(joined))
    }

    /// The words somebody is looked for by: those of their names, and what the operator's own systems call them.
    pub fn words(&self) -> BTreeSet<String> {
        let names = [
            &self.name,
            &self.given_name,
            &self.family_name,
            &self.middle_name,
            &self.nickname,
            &self.preferred_username,
        ];
        let names = names.into_iter().flatten().flat_map(|name| words(name));
        let own = self.provided_id.iter().flat_map(|id| words(id));
        names.take(MOST_WORDS).chain(own.take(MOST_WORDS)).collect()
    }

    /// Every text in it, by the name of its claim.
    pub fn texts(&self) -> Vec<(String, String)> {
        let mut texts = Vec::new();
        let mut pending = vec![serde_json::to_value(self).unwrap_or_default()];
        while let Some(Value::Object(map)) = pending.pop() {
            for (name, value) in map {
                match value {
                    Value::String(text) => texts.push((name, text)),
                    other => pending.push(other),
                }
            }
        }
        texts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_is_found_by_the_words_of_their_names() {
        let ada = StandardClaims {
            name: Some("Ada  O'Bi".into()),
            given_name: Some("ADA".into()),
            provided_id: Some("auth0|5F7c".into()),
            picture: Some("https://shop.example/ada.png".into()),
            ..Default::default()
        };
        assert_eq!(ada.words().into_iter().collect::<Vec<_>>(), ["5f7c", "ada", "auth0", "bi", "o"]);
        let long = StandardClaims { name: Some("x".repeat(500)), ..Default::default() };
        assert_eq!(long.words().into_iter().map(|word| word.len()).collect::<Vec<_>>(), [64]);
        assert!(StandardClaims::default().words().is_empty());
    }

    #[test]
    fn a_whole_name_is_made_of_its_parts() {
        let ada =
            StandardClaims { given_name: Some("Ada".into()), family_name: Some("Obi".into()), ..Default::default() };
        assert_eq!(ada.of_profile()["name"], "Ada Obi");
        let named = StandardClaims { name: Some("Ada O.".into()), address: Some(Address::default()), ..ada };
        assert_eq!(named.of_profile().get("name"), Some(&"Ada O.".into()));
        assert!(named.of_profile().get("address").is_none());
        assert!(StandardClaims::default().of_profile().is_empty());
        assert_eq!(named.texts().len(), 3);
    }
}
