//! How a client authenticates, and what with.

use crate::domain::time::Time;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How a client shows who it is at our endpoints (RFC 7591 §2, OpenID Connect Core §9, RFC 8705 §2.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthMethod {
    None,
    ClientSecretBasic,
    ClientSecretPost,
    ClientSecretJwt,
    PrivateKeyJwt,
    TlsClientAuth,
}

impl AuthMethod {
    pub const ALL: [Self; 6] = [
        Self::ClientSecretBasic,
        Self::ClientSecretPost,
        Self::ClientSecretJwt,
        Self::PrivateKeyJwt,
        Self::TlsClientAuth,
        Self::None,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
            Self::ClientSecretJwt => "client_secret_jwt",
            Self::PrivateKeyJwt => "private_key_jwt",
            Self::TlsClientAuth => "tls_client_auth",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == text)
    }
}

/// The secret before the one there is: it works a while longer, so that an app can change over without a gap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OldSecret {
    /// SHA-256, hex.
    pub hash: String,
    /// As [`Keys::sealed_secret`].
    #[serde(default)]
    pub sealed: Option<String>,
    /// Seconds since 1970.
    pub until: i64,
}

impl OldSecret {
    pub fn lives(&self, now: Time) -> bool {
        now < Time::from_secs(self.until)
    }
}

/// What a client authenticates with, beside its secret's hash.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Keys {
    /// The one method registered; none named, a secret may come by Basic or in the form.
    pub method: Option<AuthMethod>,
    /// The secret under the installation's seal, base64: `client_secret_jwt` needs it back.
    pub sealed_secret: Option<String>,
    /// A JWK set, in place.
    pub jwks: Option<Value>,
    /// Or where it is read.
    pub jwks_uri: Option<String>,
    /// The one algorithm its assertions are signed by (OpenID Connect Registration §2); none named, all its profile allows.
    pub assertion_algorithm: Option<String>,
    /// The same of its request objects.
    pub request_algorithm: Option<String>,
    /// What its certificate's subject must be (RFC 8705 §2.1.2): a distinguished name, or `dns:`, `uri:`, `ip:`, `email:` and a name.
    pub certificate: Option<String>,
}
