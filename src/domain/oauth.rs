//! Words of OAuth 2.0 and OpenID Connect as types: error codes with their public descriptions, response modes, prompts.

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
}

impl OAuthError {
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
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "query" => Some(Self::Query),
            "form_post" => Some(Self::FormPost),
            _ => None,
        }
    }
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::FormPost => "form_post",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_hold_only_characters_the_standard_allows() {
        let all = [
            OAuthError::InvalidRequest,
            OAuthError::UnauthorizedClient,
            OAuthError::AccessDenied,
            OAuthError::UnsupportedResponseType,
            OAuthError::InvalidScope,
            OAuthError::ServerError,
            OAuthError::TemporarilyUnavailable,
            OAuthError::LoginRequired,
            OAuthError::InteractionRequired,
            OAuthError::RequestNotSupported,
            OAuthError::RequestUriNotSupported,
            OAuthError::RegistrationNotSupported,
            OAuthError::InvalidClient,
            OAuthError::InvalidGrant,
            OAuthError::UnsupportedGrantType,
            OAuthError::InvalidToken,
            OAuthError::InsufficientScope,
        ];
        for error in all {
            let allowed = |c: char| matches!(c, '\x20'..='\x21' | '\x23'..='\x5B' | '\x5D'..='\x7E');
            assert!(error.description().chars().all(allowed), "{error}");
        }
    }
}
