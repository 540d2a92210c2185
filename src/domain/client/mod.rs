//! A client: a registered relying party, and what it may do.

mod auth;
mod tokens;
mod uris;

use super::ids::ClientId;
use super::oauth::{OAuthError, Refusal};
use super::profile::Profile;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use url::Url;

pub use auth::{AuthMethod, Keys, OldSecret};
pub use tokens::{Algorithm, GrantType, Lifetimes, TokenStyle};
pub use uris::{check_uri, is_reachable};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClientKind {
    Web,
    Spa,
    Native,
    Machine,
}

impl ClientKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Spa => "spa",
            Self::Native => "native",
            Self::Machine => "machine",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Web, Self::Spa, Self::Native, Self::Machine].into_iter().find(|kind| kind.as_str() == text)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branding {
    /// `#rrggbb`
    pub color: Option<String>,
    pub logo: Option<Logo>,
    pub terms_url: Option<String>,
    pub privacy_url: Option<String>,
    /// CSS custom properties: those of `branding::VARIABLES`.
    #[serde(default)]
    pub css: BTreeMap<String, String>,
}

/// A picture we serve ourselves: a sign-in page loads nothing from another host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logo {
    pub media_type: String,
    /// Base64, as the catalog is text.
    pub data: String,
}

/// Where a client hears of sign-outs (OpenID Connect Back-Channel and Front-Channel Logout 1.0).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LogoutUris {
    pub back_channel: Option<String>,
    pub back_channel_session: bool,
    pub front_channel: Option<String>,
    pub front_channel_session: bool,
}

/// How a client came to be that nobody declared (RFC 7591).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// The `[[registration]]` it came by.
    pub policy: String,
    /// SHA-256 of its registration access token, hex.
    pub token_hash: String,
    pub issued_at: i64,
    /// The metadata as it was registered, to be read back (RFC 7592 §3).
    pub metadata: Value,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    #[serde(with = "id_text")]
    pub id: ClientId,
    pub name: String,
    pub kind: ClientKind,
    /// SHA-256 of the secret, hex; a secret of 52 random letters needs no slow hash.
    pub secret_hash: Option<String>,
    #[serde(default)]
    pub old_secret: Option<OldSecret>,
    pub redirect_uris: Vec<String>,
    pub post_logout_redirect_uris: Vec<String>,
    /// Names of the connections offered, in order.
    pub connections: Vec<String>,
    pub require_pkce: bool,
    pub algorithm: Algorithm,
    /// Whether somebody new may make an account here.
    pub sign_up: bool,
    /// Whether who somebody is also stands in the ID token, where Kinde's SDKs read it, and not at userinfo alone.
    pub claims_in_id_token: bool,
    pub lifetimes: Lifetimes,
    pub branding: Branding,
    #[serde(default)]
    pub profile: Profile,
    #[serde(default)]
    pub keys: Keys,
    /// Empty: what its kind usually does.
    #[serde(default)]
    pub grant_types: Vec<GrantType>,
    /// Scopes it may ask for; empty: all there are.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Resources it may ask tokens for; empty: all there are.
    #[serde(default)]
    pub resources: Vec<String>,
    #[serde(default)]
    pub tokens: TokenStyle,
    /// RFC 9126 §6.
    #[serde(default)]
    pub require_par: bool,
    /// RFC 9101 §10.5.
    #[serde(default)]
    pub require_signed_request: bool,
    /// Somebody else's: people are asked before it gets anything.
    #[serde(default)]
    pub third_party: bool,
    #[serde(default)]
    pub logout: LogoutUris,
    /// OpenID Connect Core §4.
    #[serde(default)]
    pub initiate_login_uri: Option<String>,
    /// `max_age` of a request that names none (OpenID Connect Registration §2).
    #[serde(default)]
    pub default_max_age: Option<u32>,
    /// Its home page.
    #[serde(default)]
    pub client_uri: Option<String>,
    /// Whether who signs in here may bring an organization along (Kinde's `is_create_org`).
    #[serde(default)]
    pub create_organizations: bool,
    #[serde(default)]
    pub registered: Option<Registered>,
}

impl Client {
    /// With everything else as it usually is.
    pub fn new(id: ClientId, name: impl Into<String>, kind: ClientKind) -> Self {
        Self {
            id,
            name: name.into(),
            kind,
            secret_hash: None,
            old_secret: None,
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            connections: Vec::new(),
            require_pkce: matches!(kind, ClientKind::Spa | ClientKind::Native),
            algorithm: Algorithm::default(),
            sign_up: true,
            claims_in_id_token: true,
            lifetimes: Lifetimes::default(),
            branding: Branding::default(),
            profile: Profile::default(),
            keys: Keys::default(),
            grant_types: Vec::new(),
            scopes: Vec::new(),
            resources: Vec::new(),
            tokens: TokenStyle::default(),
            require_par: false,
            require_signed_request: false,
            third_party: false,
            logout: LogoutUris::default(),
            initiate_login_uri: None,
            default_max_age: None,
            client_uri: None,
            create_organizations: false,
            registered: None,
        }
    }

    pub fn public(&self) -> bool {
        match self.keys.method {
            Some(method) => method == AuthMethod::None,
            None => self.secret_hash.is_none() && matches!(self.kind, ClientKind::Spa | ClientKind::Native),
        }
    }

    /// Whether it authenticates with a secret.
    pub fn has_secret(&self) -> bool {
        match self.keys.method {
            None => matches!(self.kind, ClientKind::Web | ClientKind::Machine),
            Some(AuthMethod::None | AuthMethod::PrivateKeyJwt | AuthMethod::TlsClientAuth) => false,
            Some(AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost | AuthMethod::ClientSecretJwt) => true,
        }
    }

    /// Whether it may come with this grant type.
    pub fn may(&self, grant_type: GrantType) -> bool {
        if !self.grant_types.is_empty() {
            return self.grant_types.contains(&grant_type);
        }
        match grant_type {
            GrantType::AuthorizationCode | GrantType::RefreshToken => self.kind != ClientKind::Machine,
            GrantType::ClientCredentials => self.kind == ClientKind::Machine,
            GrantType::DeviceCode | GrantType::TokenExchange => false,
        }
    }

    /// Exact match with a registered URI (RFC 9700 §2.1), but for what its profile forgives. A native app's loopback port is its
    /// own choice (RFC 8252 §7.3).
    pub fn has_redirect_uri(&self, asked: &str) -> bool {
        self.redirect_uris.iter().any(|registered| {
            self.same_uri(registered, asked) || (self.kind == ClientKind::Native && same_loopback(registered, asked))
        })
    }

    pub fn has_post_logout_redirect_uri(&self, asked: &str) -> bool {
        self.post_logout_redirect_uris.iter().any(|registered| self.same_uri(registered, asked))
    }

    pub fn same_uri(&self, registered: &str, asked: &str) -> bool {
        registered == asked || (self.profile.forgives_slash() && same_but_for_a_slash(registered, asked))
    }

    /// Origins a browser app of this client calls us from.
    pub fn origins(&self) -> impl Iterator<Item = String> + '_ {
        // An app's own scheme has no origin: it would read `null`, which any sandboxed frame sends.
        let origins = self.redirect_uris.iter().filter_map(|uri| Some(Url::parse(uri).ok()?.origin()));
        origins.filter(url::Origin::is_tuple).map(|origin| origin.ascii_serialization())
    }

    pub fn may_authorize(&self) -> Result<(), Refusal> {
        if self.may(GrantType::AuthorizationCode) {
            return Ok(());
        }
        Err(Refusal::new(OAuthError::UnauthorizedClient, "not a client that signs people in"))
    }
}

fn same_but_for_a_slash(registered: &str, asked: &str) -> bool {
    let plain = |uri: &'_ str| uri.strip_suffix('/').unwrap_or(uri).to_owned();
    plain(registered) == plain(asked)
}

fn same_loopback(registered: &str, asked: &str) -> bool {
    let (Ok(mut registered), Ok(mut asked)) = (Url::parse(registered), Url::parse(asked)) else { return false };
    let loopback = |uri: &Url| uri.scheme() == "http" && matches!(uri.host_str(), Some("127.0.0.1" | "[::1]"));
    if !loopback(&registered) || !loopback(&asked) || !asked.username().is_empty() {
        return false;
    }
    registered.set_port(None).is_ok() && asked.set_port(None).is_ok() && registered == asked
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
    fn redirect_uris_match_exactly_but_for_one_slash_where_that_is_forgiven() {
        let mut client = Client::new(ClientId::new("shop"), "Shop", ClientKind::Web);
        client.redirect_uris = vec!["https://a.example/cb".into()];
        assert!(client.has_redirect_uri("https://a.example/cb"));
        assert!(!client.has_redirect_uri("https://a.example/cb/"));
        client.profile = Profile::Compat;
        assert!(client.has_redirect_uri("https://a.example/cb/"));
        for other in [
            "https://a.example/cb//",
            "https://a.example/cb?x=1",
            "https://a.example/CB",
            "https://a.example.evil/cb",
            "https://a.example/cb/../x",
            "https://a.example/cb#f",
        ] {
            assert!(!client.has_redirect_uri(other), "{other}");
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
