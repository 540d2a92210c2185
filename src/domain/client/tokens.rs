//! How a client comes to tokens, and what they are like.

use serde::{Deserialize, Serialize};

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

/// Ways to tokens (RFC 6749 §1.3, RFC 8628, RFC 8693).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GrantType {
    #[serde(rename = "authorization_code")]
    AuthorizationCode,
    #[serde(rename = "refresh_token")]
    RefreshToken,
    #[serde(rename = "client_credentials")]
    ClientCredentials,
    #[serde(rename = "urn:ietf:params:oauth:grant-type:device_code")]
    DeviceCode,
    #[serde(rename = "urn:ietf:params:oauth:grant-type:token-exchange")]
    TokenExchange,
}

impl GrantType {
    pub const ALL: [Self; 5] =
        [Self::AuthorizationCode, Self::RefreshToken, Self::ClientCredentials, Self::DeviceCode, Self::TokenExchange];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::RefreshToken => "refresh_token",
            Self::ClientCredentials => "client_credentials",
            Self::DeviceCode => "urn:ietf:params:oauth:grant-type:device_code",
            Self::TokenExchange => "urn:ietf:params:oauth:grant-type:token-exchange",
        }
    }

    /// By its whole name, or by the last word of it.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text || one.as_str().rsplit(':').next() == Some(text))
    }
}

/// What a client's tokens are like, beyond their algorithm and lifetimes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TokenStyle {
    /// Access tokens are text only we can read, instead of JWTs.
    pub opaque: bool,
    /// RFC 9449 §5.2: never without a DPoP proof.
    pub dpop_bound: bool,
    /// RFC 8705 §3: bound to the certificate the client showed.
    pub tls_bound: bool,
    /// Userinfo as a signed JWT (OpenID Connect Core §5.3.2).
    pub userinfo_algorithm: Option<Algorithm>,
    /// Introspection as a signed JWT where it is asked for (RFC 9701 §6).
    pub introspection_algorithm: Option<Algorithm>,
    /// Claims of Kinde's that cost room: `roles`, `org_name`, `email`.
    pub roles: bool,
    /// Kinde's names for Hasura in place of its own.
    pub hasura: bool,
}
