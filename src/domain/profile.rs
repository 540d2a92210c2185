//! A client's security profile: a named set of rules. Where standards, suites and SDKs contradict one another, the answer stands
//! here and nowhere else.

use super::client::{Algorithm, AuthMethod};
use serde::{Deserialize, Serialize};
use std::time::Duration;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// OAuth 2.1 and RFC 9700.
    #[default]
    Default,
    /// As Kinde's SDKs speak: the same, but for a trailing slash.
    Compat,
    /// FAPI 2.0 Security Profile, final.
    Fapi2,
}

/// To whom a client assertion may be addressed (RFC 7523 §3, FAPI 2.0 §5.3.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssertionAudience {
    /// The issuer, as one string.
    Issuer,
    /// The issuer or the endpoint it is sent to, alone or in a list.
    IssuerOrEndpoint,
}

impl Profile {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "default" => Some(Self::Default),
            "compat" => Some(Self::Compat),
            "fapi2" => Some(Self::Fapi2),
            _ => None,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Compat => "compat",
            Self::Fapi2 => "fapi2",
        }
    }

    pub fn assertion_audience(self) -> AssertionAudience {
        match self {
            Self::Fapi2 => AssertionAudience::Issuer,
            Self::Default | Self::Compat => AssertionAudience::IssuerOrEndpoint,
        }
    }

    /// How far in the future a client assertion may expire; its `jti` is remembered for as long (RFC 7523 §3). Libraries make
    /// them for an hour; FAPI 2.0 wants them short-lived.
    pub fn assertion_life(self) -> Duration {
        match self {
            Self::Fapi2 => Duration::from_secs(600),
            Self::Default | Self::Compat => Duration::from_secs(3_600),
        }
    }

    /// How long a request object may be good at most, and how old it may be; with a limit it must say both (FAPI 2.0 Message
    /// Signing §5.3.1).
    pub fn request_object_life(self) -> Option<Duration> {
        match self {
            Self::Fapi2 => Some(Duration::from_secs(3_600)),
            Self::Default | Self::Compat => None,
        }
    }

    /// Algorithms of what the client signs: assertions, request objects, DPoP proofs (FAPI 2.0 §5.4.1 forbids RS256).
    pub fn client_algorithms(self) -> &'static [&'static str] {
        match self {
            Self::Fapi2 => &["PS256", "ES256", "EdDSA"],
            Self::Default | Self::Compat => &["RS256", "PS256", "ES256", "EdDSA"],
        }
    }

    /// What a client's tokens are signed with where it does not say (FAPI 2.0 §5.4.1 forbids RS256).
    pub fn usual_algorithm(self) -> Algorithm {
        match self {
            Self::Fapi2 => Algorithm::ES256,
            Self::Default | Self::Compat => Algorithm::RS256,
        }
    }

    pub fn signs_with(self, algorithm: Algorithm) -> bool {
        self != Self::Fapi2 || algorithm != Algorithm::RS256
    }

    /// Whether one trailing slash more or less is the same redirect URI: Kinde's SDKs strip it in one request and send it in
    /// the next.
    pub fn forgives_slash(self) -> bool {
        self == Self::Compat
    }

    /// Whether a refresh replaces the refresh token. FAPI 2.0 §5.3.2.1 forbids it: the token is bound to the client's key already.
    pub fn rotates_refresh(self) -> bool {
        self != Self::Fapi2
    }

    /// Whether a machine's token names it as the subject, as RFC 9068 §2.2 has it. Kinde's name nobody.
    pub fn machines_are_subjects(self) -> bool {
        self != Self::Compat
    }

    /// Whether an access token asked for nobody in particular is for this server, as RFC 9068 §3 has it. Kinde's are for nobody.
    pub fn names_itself(self) -> bool {
        self != Self::Compat
    }

    /// Whether ID tokens repeat, by the names Kinde's TypeScript SDK reads, what stands there by others already.
    pub fn repeats_kindes_claims(self) -> bool {
        self == Self::Compat
    }

    pub fn requires_par(self) -> bool {
        self == Self::Fapi2
    }

    pub fn requires_pkce(self) -> bool {
        self == Self::Fapi2
    }

    /// Whether tokens must be bound to a key, by DPoP or mutual TLS.
    pub fn requires_bound_tokens(self) -> bool {
        self == Self::Fapi2
    }

    /// Whether DPoP proofs must hold a nonce of ours (RFC 9449 §8).
    pub fn requires_dpop_nonce(self) -> bool {
        self == Self::Fapi2
    }

    pub fn allows(self, method: AuthMethod) -> bool {
        self != Self::Fapi2 || matches!(method, AuthMethod::PrivateKeyJwt | AuthMethod::TlsClientAuth)
    }
}
