//! What this provider is (OpenID Connect Discovery 1.0, RFC 8414) and the keys it signs with (RFC 7517). Only what is really
//! there is listed.

use super::published::Published;
use crate::app::{App, Live};
use crate::domain::claims::ACR;
use crate::domain::client::{Algorithm, AuthMethod, GrantType};
use crate::domain::oauth::ResponseMode;
use crate::domain::profile::Profile;
use crate::domain::scope;
use crate::http::urls;
use axum::extract::{Extension, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value, json};
use std::sync::Arc;

/// What tokens and userinfo may say (OpenID Connect Core §2, §5.1).
const CLAIMS: [&str; 30] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "nonce",
    "acr",
    "amr",
    "azp",
    "sid",
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "updated_at",
    "email",
    "email_verified",
    "phone_number",
    "phone_number_verified",
    "address",
];

/// The two documents, shared by the routes that show them.
#[derive(Default)]
pub struct Documents {
    provider: Published,
    keys: Published,
}

pub async fn show(
    State(app): State<App>,
    Extension(documents): Extension<Arc<Documents>>,
    headers: HeaderMap,
) -> Response {
    documents.provider.answer(&app, &headers, |live| provider(&app, live))
}

pub async fn keys(
    State(app): State<App>,
    Extension(documents): Extension<Arc<Documents>>,
    headers: HeaderMap,
) -> Response {
    documents.keys.answer(&app, &headers, |live| {
        let keys: Vec<_> = live.keys.published(app.now()).map(|key| &key.jwk).collect();
        json!({ "keys": keys })
    })
}

fn provider(app: &App, live: &Live) -> Value {
    let at = |path: &str| format!("{}{path}", app.issuer);
    // A certificate is believed from a proxy alone.
    let certificates = app.config.proxy_trusted.is_some() && app.config.proxy_client_certificate_header.is_some();
    let usable = |method: &AuthMethod| certificates || *method != AuthMethod::TlsClientAuth;
    let auth_methods: Vec<_> = AuthMethod::ALL.into_iter().filter(usable).map(AuthMethod::as_str).collect();
    // Whoever shows nothing is told nothing of tokens.
    let named_methods: Vec<_> = auth_methods.iter().copied().filter(|method| *method != "none").collect();
    let auth_algorithms = ["HS256", "RS256", "PS256", "ES256", "EdDSA"];
    let languages: Vec<&str> = app.texts.languages().map(|words| words.tag()).collect();
    let mut document = json!({
        "issuer": app.issuer,
        "authorization_endpoint": at(urls::AUTHORIZE),
        "token_endpoint": at(urls::TOKEN),
        "userinfo_endpoint": at(urls::USER_PROFILE),
        "revocation_endpoint": at(urls::REVOKE),
        "introspection_endpoint": at(urls::INTROSPECT),
        "end_session_endpoint": at(urls::LOGOUT),
        "jwks_uri": at(urls::JWKS),
        "response_types_supported": ["code"],
        "grant_types_supported": GrantType::ALL.map(GrantType::as_str),
        "subject_types_supported": ["public"],
        "scopes_supported": scope::SUPPORTED,
        "claims_supported": CLAIMS,
        "acr_values_supported": [ACR],
        "id_token_signing_alg_values_supported": Algorithm::ALL.map(Algorithm::as_str),
        "token_endpoint_auth_methods_supported": auth_methods,
        "token_endpoint_auth_signing_alg_values_supported": auth_algorithms,
        "revocation_endpoint_auth_methods_supported": auth_methods,
        "revocation_endpoint_auth_signing_alg_values_supported": auth_algorithms,
        "tls_client_certificate_bound_access_tokens": certificates,
        "introspection_endpoint_auth_methods_supported": named_methods,
        "introspection_endpoint_auth_signing_alg_values_supported": auth_algorithms,
        "introspection_signing_alg_values_supported": Algorithm::ALL.map(Algorithm::as_str),
        "userinfo_signing_alg_values_supported": Algorithm::ALL.map(Algorithm::as_str),
        "dpop_signing_alg_values_supported": Profile::Default.client_algorithms(),
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "consent", "create", "select_account"],
        "ui_locales_supported": languages,
        "authorization_response_iss_parameter_supported": true,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
        "frontchannel_logout_supported": true,
        "frontchannel_logout_session_supported": true,
        "client_id_metadata_document_supported": app.config.clients_metadata_documents,
    });
    document["device_authorization_endpoint"] = at(urls::DEVICE_AUTHORIZATION).into();
    if !live.catalog.registrations.is_empty() {
        document["registration_endpoint"] = at(urls::REGISTER).into();
    }
    if let (Some(document), Value::Object(requests)) = (document.as_object_mut(), requests(app)) {
        document.extend(requests);
    }
    document
}

/// How requests may come, and their answers go.
fn requests(app: &App) -> Value {
    json!({
        "pushed_authorization_request_endpoint": format!("{}{}", app.issuer, urls::PAR),
        "require_pushed_authorization_requests": false,
        "response_modes_supported": ResponseMode::SUPPORTED.map(|(name, _, _)| name),
        "authorization_signing_alg_values_supported": Algorithm::ALL.map(Algorithm::as_str),
        "claims_parameter_supported": true,
        "request_parameter_supported": true,
        "require_signed_request_object": false,
        "request_object_signing_alg_values_supported": Profile::Default.client_algorithms(),
        "request_uri_parameter_supported": false,
    })
}
