//! How much may be spent on messages, by whom, in which time.

use super::Micros;
use serde::{Deserialize, Serialize};
use std::time::Duration;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cap {
    pub scope: Scope,
    pub per: Per,
    pub most: Micros,
}

/// Whose spending is counted. `*` counts each client, or each country, by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    Installation,
    Client(String),
    Country(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Per {
    Hour,
    Day,
}

impl Per {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    pub fn span(self) -> Duration {
        Duration::from_secs(match self {
            Self::Hour => 60 * 60,
            Self::Day => 24 * 60 * 60,
        })
    }
}

impl Cap {
    /// What it is known by in the catalog.
    pub fn id(&self) -> String {
        let of = match &self.scope {
            Scope::Installation => "installation".to_owned(),
            Scope::Client(client) => format!("client {client}"),
            Scope::Country(country) => format!("country {country}"),
        };
        format!("{of} per {}", self.per.as_str())
    }

    /// The same, as it may stand in a URL: `country-NG-hour`.
    pub fn name(&self) -> String {
        let per = self.per.as_str();
        match &self.scope {
            Scope::Installation => format!("installation-{per}"),
            Scope::Client(client) => format!("client-{client}-{per}"),
            Scope::Country(country) => format!("country-{country}-{per}"),
        }
    }

    /// The counter a message of this client to this country raises, if this cap is about it.
    pub fn counter(&self, client: &str, country: &str) -> Option<String> {
        let of = match &self.scope {
            Scope::Installation => "installation".to_owned(),
            Scope::Client(named) if named == "*" || named == client => format!("client:{client}"),
            Scope::Country(named) if named == "*" || named == country => format!("country:{country}"),
            _ => return None,
        };
        Some(format!("spend:{}:{of}", self.per.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cap_counts_what_it_is_about() {
        let cap = |scope| Cap { scope, per: Per::Hour, most: Micros(1) };
        let counter = |scope| cap(scope).counter("shop", "NG");
        assert_eq!(counter(Scope::Installation).as_deref(), Some("spend:hour:installation"));
        assert_eq!(counter(Scope::Client("*".into())).as_deref(), Some("spend:hour:client:shop"));
        assert_eq!(counter(Scope::Country("NG".into())).as_deref(), Some("spend:hour:country:NG"));
        assert_eq!(counter(Scope::Country("BR".into())), None);
        assert_eq!(cap(Scope::Client("shop".into())).id(), "client shop per hour");
    }
}
