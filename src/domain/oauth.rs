//! Words of OAuth 2.0 and OpenID Connect as types: error codes with their public descriptions, response modes, prompts.

use super::client::Algorithm;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An error a client may be told (RFC 6749 §4.1.2.1 and §5.2, OpenID Connect Core §3.1.2.6, RFC 6750 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OAuthError {
    InvalidRequest,
    UnauthorizedClient,
    AccessDenied,
    UnsupportedResponseType,
    InvalidScope,
    ServerError,
    TemporarilyUnavailable,
    LoginRequired,
    InteractionRequired,
    RequestNotSupported,
    RequestUriNotSupported,
    RegistrationNotSupported,
    InvalidClient,
    InvalidGrant,
    UnsupportedGrantType,
    InvalidToken,
    InsufficientScope,
    /// RFC 8707 §2.
    InvalidTarget,
    ConsentRequired,
    /// OpenID Connect Core: Unmet Authentication Requirements 1.0 §2.
    UnmetAuthenticationRequirements,
    /// RFC 9101 §7.
    InvalidRequestObject,
    InvalidRequestUri,
    /// RFC 8628 §3.5.
    AuthorizationPending,
    SlowDown,
    ExpiredToken,
    /// RFC 9449 §5, §8.
    InvalidDpopProof,
    UseDpopNonce,
    /// RFC 7591 §3.2.2.
    InvalidRedirectUri,
    InvalidClientMetadata,
    InvalidSoftwareStatement,
    UnapprovedSoftwareStatement,
    /// Kinde's: a sign-in page that was left too long, sent back to the application.
    LoginLinkExpired,
}

impl OAuthError {
    pub const ALL: [Self; 32] = [
        Self::InvalidRequest,
        Self::UnauthorizedClient,
        Self::AccessDenied,
        Self::UnsupportedResponseType,
        Self::InvalidScope,
        Self::ServerError,
        Self::TemporarilyUnavailable,
        Self::LoginRequired,
        Self::InteractionRequired,
        Self::RequestNotSupported,
        Self::RequestUriNotSupported,
        Self::RegistrationNotSupported,
        Self::InvalidClient,
        Self::InvalidGrant,
        Self::UnsupportedGrantType,
        Self::InvalidToken,
        Self::InsufficientScope,
        Self::InvalidTarget,
        Self::ConsentRequired,
        Self::UnmetAuthenticationRequirements,
        Self::InvalidRequestObject,
        Self::InvalidRequestUri,
        Self::AuthorizationPending,
        Self::SlowDown,
        Self::ExpiredToken,
        Self::InvalidDpopProof,
        Self::UseDpopNonce,
        Self::InvalidRedirectUri,
        Self::InvalidClientMetadata,
        Self::InvalidSoftwareStatement,
        Self::UnapprovedSoftwareStatement,
        Self::LoginLinkExpired,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::AccessDenied => "access_denied",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::LoginRequired => "login_required",
            Self::InteractionRequired => "interaction_required",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::RegistrationNotSupported => "registration_not_supported",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidToken => "invalid_token",
            Self::InsufficientScope => "insufficient_scope",
            Self::InvalidTarget => "invalid_target",
            Self::ConsentRequired => "consent_required",
            Self::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
            Self::InvalidRequestObject => "invalid_request_object",
            Self::InvalidRequestUri => "invalid_request_uri",
            Self::AuthorizationPending => "authorization_pending",
            Self::SlowDown => "slow_down",
            Self::ExpiredToken => "expired_token",
            Self::InvalidDpopProof => "invalid_dpop_proof",
            Self::UseDpopNonce => "use_dpop_nonce",
            Self::InvalidRedirectUri => "invalid_redirect_uri",
            Self::InvalidClientMetadata => "invalid_client_metadata",
            Self::InvalidSoftwareStatement => "invalid_software_statement",
            Self::UnapprovedSoftwareStatement => "unapproved_software_statement",
            Self::LoginLinkExpired => "login_link_expired",
        }
    }

    /// What anyone may read. Only %x20-21, %x23-5B and %x5D-7E may stand here (RFC 6749 §5.2).
    pub fn description(self) -> &'static str {
        match self {
            Self::InvalidRequest => {
                "The request is missing a parameter, repeats one, or holds a value that is not allowed."
            }
            Self::UnauthorizedClient => "This client may not use this kind of request.",
            Self::AccessDenied => "The person did not approve the request.",
            Self::UnsupportedResponseType => "Only response_type=code is supported.",
            Self::InvalidScope => "The requested scope is unknown or malformed.",
            Self::ServerError => "Something went wrong on our side. Try again.",
            Self::TemporarilyUnavailable => "The service is not available right now. Try again shortly.",
            Self::LoginRequired => "User authentication is required.",
            Self::InteractionRequired => "The request needs the person to take part.",
            Self::RequestNotSupported => "The request parameter is not supported.",
            Self::RequestUriNotSupported => "The request_uri parameter is not supported.",
            Self::RegistrationNotSupported => "The registration parameter is not supported.",
            Self::InvalidClient => {
                "Client authentication failed: unknown client, missing or wrong credentials, or a method that is not allowed."
            }
            Self::InvalidGrant => {
                "The code or token is invalid, expired, revoked, already used, or was issued to another client."
            }
            Self::UnsupportedGrantType => "This grant type is not supported.",
            Self::InvalidToken => "The access token is missing, malformed, expired or revoked.",
            Self::InsufficientScope => "The access token does not carry the scope this needs.",
            Self::InvalidTarget => "The requested resource is unknown, malformed, or not allowed for this client.",
            Self::ConsentRequired => "The person has to allow this first.",
            Self::UnmetAuthenticationRequirements => "The required way of signing in is not available here.",
            Self::InvalidRequestObject => {
                "The request object is missing, unsigned, expired, not addressed to this server, or not from this client."
            }
            Self::InvalidRequestUri => "The request_uri is unknown, expired, already used, or another client's.",
            Self::AuthorizationPending => "The person has not answered yet.",
            Self::SlowDown => "Ask less often: wait five seconds longer between requests.",
            Self::ExpiredToken => "The device code has expired. Begin again.",
            Self::InvalidDpopProof => "The DPoP proof is missing, malformed, expired, already used, or of another key.",
            Self::UseDpopNonce => "The DPoP proof needs the nonce of the DPoP-Nonce header.",
            Self::InvalidRedirectUri => "A redirect URI is missing or not allowed.",
            Self::InvalidClientMetadata => "The client metadata holds a value that is not allowed.",
            Self::InvalidSoftwareStatement => "The software statement cannot be verified.",
            Self::UnapprovedSoftwareStatement => "The software statement is not one that may register here.",
            Self::LoginLinkExpired => "The sign-in took too long. Begin again.",
        }
    }
}

impl fmt::Display for OAuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An error with what only our log may know.
#[derive(Clone, Debug)]
pub struct Refusal {
    pub error: OAuthError,
    pub detail: String,
}

impl Refusal {
    pub fn new(error: OAuthError, detail: impl Into<String>) -> Self {
        Self { error, detail: detail.into() }
    }
}

/// How the answer travels to the client (OAuth 2.0 Multiple Response Types, Form Post Response Mode).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ResponseMode {
    #[default]
    Query,
    FormPost,
}

impl ResponseMode {
    /// What `response_mode` may say: how the answer travels, and whether as a JWT (JARM §2.3). A code never goes by fragment.
    pub const SUPPORTED: [(&str, Self, bool); 5] = [
        ("query", Self::Query, false),
        ("form_post", Self::FormPost, false),
        ("jwt", Self::Query, true),
        ("query.jwt", Self::Query, true),
        ("form_post.jwt", Self::FormPost, true),
    ];

    pub fn parse(text: &str) -> Option<(Self, bool)> {
        Self::SUPPORTED.into_iter().find(|(name, _, _)| *name == text).map(|(_, mode, signed)| (mode, signed))
    }
}

/// Where an answer is a signed JWT: for whom, and how it is signed (JARM §2.1, §3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    pub client: String,
    pub algorithm: Algorithm,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_hold_only_characters_the_standard_allows() {
        for error in OAuthError::ALL {
            let allowed = |c: char| matches!(c, '\x20'..='\x21' | '\x23'..='\x5B' | '\x5D'..='\x7E');
            assert!(error.description().chars().all(allowed), "{error}");
        }
    }
}
