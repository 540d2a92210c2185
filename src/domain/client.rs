//! A client: a registered relying party, and what it may do.

use super::ids::{ClientId, ConnectionId};
use super::oauth::{OAuthError, Refusal};
use serde::{Deserialize, Serialize};
use url::Url;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClientKind {
    Web,
    Spa,
    Native,
    Machine,
}

/// How this client's tokens are signed (RFC 7518 §3.1, RFC 8037).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Algorithm {
    #[default]
    RS256,
    ES256,
    EdDSA,
}

impl Algorithm {
    pub const ALL: [Self; 3] = [Self::RS256, Self::ES256, Self::EdDSA];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::RS256 => "RS256",
            Self::ES256 => "ES256",
            Self::EdDSA => "EdDSA",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == text)
    }
}

/// Seconds each token lives; Kinde's defaults, so that apps moving from it see no change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifetimes {
    pub access: u32,
    pub id: u32,
    pub refresh: u32,
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self { access: 86_400, id: 3_600, refresh: 1_296_000 }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branding {
    /// `#rrggbb`
    pub color: Option<String>,
    pub logo: Option<Logo>,
    pub terms_url: Option<String>,
    pub privacy_url: Option<String>,
}

/// A picture we serve ourselves: a sign-in page loads nothing from another host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logo {
    pub media_type: String,
    /// Base64, as the catalog is text.
    pub data: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    #[serde(with = "id_text")]
    pub id: ClientId,
    pub name: String,
    pub kind: ClientKind,
    /// SHA-256 of the secret, hex; a secret of 52 random letters needs no slow hash.
    pub secret_hash: Option<String>,
    pub redirect_uris: Vec<String>,
    pub post_logout_redirect_uris: Vec<String>,
    /// Names of the connections offered, in order.
    pub connections: Vec<String>,
    pub require_pkce: bool,
    pub algorithm: Algorithm,
    /// Whether somebody new may make an account here.
    pub sign_up: bool,
    /// Whether `email` and `phone_number` also stand in the ID token, where Kinde's SDKs read them.
    pub claims_in_id_token: bool,
    pub lifetimes: Lifetimes,
    pub branding: Branding,
}

impl Client {
    pub fn public(&self) -> bool {
        matches!(self.kind, ClientKind::Spa | ClientKind::Native)
    }

    /// Exact match with a registered URI, one trailing slash aside: SDKs strip it in one request and send it in the next.
    /// A native app's loopback port is its own choice (RFC 8252 §7.3).
    pub fn has_redirect_uri(&self, asked: &str) -> bool {
        self.redirect_uris.iter().any(|registered| {
            same_uri(registered, asked) || (self.kind == ClientKind::Native && same_loopback(registered, asked))
        })
    }

    pub fn has_post_logout_redirect_uri(&self, asked: &str) -> bool {
        self.post_logout_redirect_uris.iter().any(|registered| same_uri(registered, asked))
    }

    /// Origins a browser app of this client calls us from.
    pub fn origins(&self) -> impl Iterator<Item = String> + '_ {
        // An app's own scheme has no origin: it would read `null`, which any sandboxed frame sends.
        let origins = self.redirect_uris.iter().filter_map(|uri| Some(Url::parse(uri).ok()?.origin()));
        origins.filter(url::Origin::is_tuple).map(|origin| origin.ascii_serialization())
    }

    pub fn may_authorize(&self) -> Result<(), Refusal> {
        match self.kind {
            ClientKind::Machine => {
                Err(Refusal::new(OAuthError::UnauthorizedClient, "a machine client has nobody to sign in"))
            }
            _ => Ok(()),
        }
    }
}

pub fn same_uri(registered: &str, asked: &str) -> bool {
    let plain = |uri: &'_ str| uri.strip_suffix('/').unwrap_or(uri).to_owned();
    registered == asked || plain(registered) == plain(asked)
}

fn same_loopback(registered: &str, asked: &str) -> bool {
    let (Ok(mut registered), Ok(mut asked)) = (Url::parse(registered), Url::parse(asked)) else { return false };
    let loopback = |uri: &Url| uri.scheme() == "http" && matches!(uri.host_str(), Some("127.0.0.1" | "[::1]"));
    if !loopback(&registered) || !loopback(&asked) || !asked.username().is_empty() {
        return false;
    }
    registered.set_port(None).is_ok() && asked.set_port(None).is_ok() && registered == asked
}

/// One configured way in.
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
    pub ladder: Vec<super::delivery::Channel>,
    /// What is said about single channels: waits, carriers, closed countries.
    #[serde(default)]
    pub rungs: Vec<super::delivery::Rung>,
    /// Other ladders by client and country; the first that fits counts.
    #[serde(default)]
    pub overrides: Vec<super::delivery::Override>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConnectionKind {
    Phone,
    Email,
}

impl ConnectionKind {
    pub fn identifier(self) -> super::identifier::Kind {
        match self {
            Self::Phone => super::identifier::Kind::Phone,
            Self::Email => super::identifier::Kind::Email,
        }
    }
}

impl Connection {
    /// Whether it is meant: by its own id or by its name.
    pub fn is_called(&self, asked: &str) -> bool {
        self.id.as_str() == asked || self.name == asked
    }

    pub fn offers(&self, country: &str) -> bool {
        self.countries.is_empty() || self.countries.iter().any(|offered| offered == country)
    }
}

/// Ids as plain text in stored documents.
pub mod id_text {
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<T: AsRef<str>, S: Serializer>(id: &T, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(id.as_ref())
    }
    pub fn deserialize<'de, T: From<String>, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
        String::deserialize(from).map(T::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirect_uris_match_exactly_but_for_one_slash() {
        assert!(same_uri("https://a.example/cb", "https://a.example/cb/"));
        for other in [
            "https://a.example/cb//",
            "https://a.example/cb?x=1",
            "https://a.example/CB",
            "https://a.example.evil/cb",
            "https://a.example/cb/../x",
            "https://a.example/cb#f",
        ] {
            assert!(!same_uri("https://a.example/cb", other), "{other}");
        }
    }

    #[test]
    fn a_native_apps_loopback_port_is_free() {
        assert!(same_loopback("http://127.0.0.1/cb", "http://127.0.0.1:53123/cb"));
        for other in [
            "http://127.0.0.1:1/x",
            "http://localhost:1/cb",
            "https://127.0.0.1:1/cb",
            "http://evil@127.0.0.1:1/cb",
            "http://127.0.0.1.evil:1/cb",
        ] {
            assert!(!same_loopback("http://127.0.0.1/cb", other), "{other}");
        }
    }
}
