//! One configured way in.

use super::client::id_text;
use super::delivery::{Channel, Override, Rung};
use super::identifier::Kind;
use super::ids::ConnectionId;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    #[serde(with = "id_text")]
    pub id: ConnectionId,
    pub name: String,
    pub kind: ConnectionKind,
    pub enabled: bool,
    pub default_country: Option<String>,
    /// ISO 3166 alpha-2; empty means every country.
    pub countries: Vec<String>,
    pub ladder: Vec<Channel>,
    /// What is said about single channels: waits, carriers, closed countries.
    #[serde(default)]
    pub rungs: Vec<Rung>,
    /// Other ladders by client and country; the first that fits counts.
    #[serde(default)]
    pub overrides: Vec<Override>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConnectionKind {
    Phone,
    Email,
}

impl ConnectionKind {
    pub fn identifier(self) -> Kind {
        match self {
            Self::Phone => Kind::Phone,
            Self::Email => Kind::Email,
        }
    }
}

impl Connection {
    /// Whether it is meant: by its own id or by its name.
    pub fn is_called(&self, asked: &str) -> bool {
        self.id.as_str() == asked || self.name == asked
    }

    pub fn offers(&self, country: &str) -> bool {
        // Two bytes against two bytes: a page asks for each country there is.
        let iso = <[u8; 2]>::try_from(country.as_bytes());
        self.countries.is_empty() || iso.is_ok_and(|iso| self.countries.iter().any(|offered| offered.as_bytes() == iso))
    }
}
