//! A registered client as it is told what was registered (RFC 7591 §3.2.1): what we made of its metadata, not what it sent.

use crate::domain::client::{AuthMethod, Client, ClientKind, GrantType};
use serde_json::{Map, Value, json};

/// Kept and told as they came: nothing here depends on them.
const KEPT: [&str; 5] = ["contacts", "software_id", "software_version", "software_statement", "logo_uri"];

pub fn told(client: &Client, asked: &Map<String, Value>) -> Map<String, Value> {
    let mut told = Map::new();
    let mut tell = |name: &str, value: Value| {
        let empty = value.is_null() || value == json!([]) || value == json!("");
        if !empty {
            told.insert(name.to_owned(), value);
        }
    };
    let signs_in = client.may(GrantType::AuthorizationCode);
    let method = client.keys.method.unwrap_or(AuthMethod::ClientSecretBasic);
    tell("client_name", json!(client.name));
    tell("application_type", json!(if client.kind == ClientKind::Native { "native" } else { "web" }));
    tell("redirect_uris", json!(client.redirect_uris));
    tell("post_logout_redirect_uris", json!(client.post_logout_redirect_uris));
    tell("grant_types", json!(client.grant_types));
    tell("response_types", if signs_in { json!(["code"]) } else { Value::Null });
    tell("scope", json!(client.scopes.join(" ")));
    tell("token_endpoint_auth_method", json!(method.as_str()));
    tell("token_endpoint_auth_signing_alg", json!(client.keys.assertion_algorithm));
    tell("request_object_signing_alg", json!(client.keys.request_algorithm));
    tell("default_max_age", json!(client.default_max_age));
    tell("jwks", json!(client.keys.jwks));
    tell("jwks_uri", json!(client.keys.jwks_uri));
    tell("subject_type", json!("public"));
    tell("id_token_signed_response_alg", json!(client.algorithm.as_str()));
    tell("userinfo_signed_response_alg", json!(client.tokens.userinfo_algorithm.map(|one| one.as_str())));
    tell("introspection_signed_response_alg", json!(client.tokens.introspection_algorithm.map(|one| one.as_str())));
    tell("require_pushed_authorization_requests", json!(client.require_par));
    tell("require_signed_request_object", json!(client.require_signed_request));
    tell("dpop_bound_access_tokens", json!(client.tokens.dpop_bound));
    tell("tls_client_certificate_bound_access_tokens", json!(client.tokens.tls_bound));
    tell("client_uri", json!(client.client_uri));
    tell("policy_uri", json!(client.branding.privacy_url));
    tell("tos_uri", json!(client.branding.terms_url));
    tell("initiate_login_uri", json!(client.initiate_login_uri));
    if client.logout.back_channel.is_some() {
        tell("backchannel_logout_uri", json!(client.logout.back_channel));
        tell("backchannel_logout_session_required", json!(client.logout.back_channel_session));
    }
    if client.logout.front_channel.is_some() {
        tell("frontchannel_logout_uri", json!(client.logout.front_channel));
        tell("frontchannel_logout_session_required", json!(client.logout.front_channel_session));
    }
    if let Some(subject) = &client.keys.certificate {
        let (name, subject) = match subject.split_once(':') {
            Some((kind @ ("dns" | "uri" | "ip" | "email"), rest)) => (format!("tls_client_auth_san_{kind}"), rest),
            _ => ("tls_client_auth_subject_dn".to_owned(), subject.as_str()),
        };
        tell(&name, json!(subject));
    }
    for name in KEPT {
        tell(name, asked.get(name).cloned().unwrap_or_default());
    }
    told
}
