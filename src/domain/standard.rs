//! The standard claims of a person (OpenID Connect Core §5.1), but for those a passcode proves.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

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
