//! What a declared client says of the protocol: its profile, how it authenticates, its grant types, tokens and sign-outs.

use super::{ClientDeclared, Faults, ReadFile};
use crate::domain::client::{Algorithm, AuthMethod, ClientKind, GrantType, Keys, LogoutUris, TokenStyle, is_reachable};
use crate::domain::profile::Profile;
use serde_json::Value;

pub(super) struct Protocol {
    pub profile: Profile,
    pub keys: Keys,
    pub grant_types: Vec<GrantType>,
    pub tokens: TokenStyle,
    pub logout: LogoutUris,
}

pub(super) fn check(
    declared: &ClientDeclared,
    kind: Option<ClientKind>,
    read_file: ReadFile<'_>,
    faults: &mut Faults<'_>,
) -> Option<Protocol> {
    let profile = declared.profile.as_deref().map_or(Some(Profile::Default), Profile::parse);
    let profile = faults.must("profile", profile, "default, compat or fapi2");
    let keys = check_keys(declared, kind, profile.unwrap_or_default(), read_file, faults);
    let mut grant_types = Vec::new();
    for text in &declared.grant_types {
        let read = GrantType::parse(text);
        grant_types.extend(faults.must(
            "grant_types",
            read,
            "authorization_code, refresh_token, client_credentials, device_code, token-exchange",
        ));
    }
    if grant_types.contains(&GrantType::ClientCredentials) && keys.method == Some(AuthMethod::None) {
        faults.tell("grant_types", "client_credentials needs a client that can authenticate");
    }
    let tokens = TokenStyle {
        opaque: declared.opaque_tokens,
        dpop_bound: declared.dpop_bound,
        tls_bound: declared.tls_bound,
        userinfo_algorithm: algorithm("userinfo_algorithm", declared.userinfo_algorithm.as_deref(), faults),
        introspection_algorithm: algorithm(
            "introspection_algorithm",
            declared.introspection_algorithm.as_deref(),
            faults,
        ),
        roles: declared.roles_in_tokens,
        hasura: declared.hasura_claims,
    };
    for (field, uri) in [
        ("jwks_uri", &declared.jwks_uri),
        ("backchannel_logout_uri", &declared.backchannel_logout_uri),
        ("frontchannel_logout_uri", &declared.frontchannel_logout_uri),
        ("initiate_login_uri", &declared.initiate_login_uri),
        ("client_uri", &declared.client_uri),
    ] {
        if uri.as_deref().is_some_and(|uri| !is_reachable(uri)) {
            faults.tell(field, "an https URL without a fragment; http on loopback");
        }
    }
    let logout = LogoutUris {
        back_channel: declared.backchannel_logout_uri.clone(),
        back_channel_session: declared.backchannel_logout_session_required.unwrap_or(true),
        front_channel: declared.frontchannel_logout_uri.clone(),
        front_channel_session: declared.frontchannel_logout_session_required.unwrap_or(true),
    };
    Some(Protocol { profile: profile?, keys, grant_types, tokens, logout })
}

fn algorithm(field: &str, text: Option<&str>, faults: &mut Faults<'_>) -> Option<Algorithm> {
    faults.must(field, Algorithm::parse(text?), "RS256, ES256 or EdDSA")
}

fn check_keys(
    declared: &ClientDeclared,
    kind: Option<ClientKind>,
    profile: Profile,
    read_file: ReadFile<'_>,
    faults: &mut Faults<'_>,
) -> Keys {
    let public = matches!(kind, Some(ClientKind::Spa | ClientKind::Native));
    let method = declared.auth_method.as_deref().and_then(|text| {
        let allowed =
            "none, client_secret_basic, client_secret_post, client_secret_jwt, private_key_jwt or tls_client_auth";
        faults.must("auth_method", AuthMethod::parse(text), allowed)
    });
    let method = method.or(public.then_some(AuthMethod::None));
    if public && method != Some(AuthMethod::None) {
        faults.tell("auth_method", "a spa or native client can keep no secret: none");
    }
    if !profile.allows(method.unwrap_or(AuthMethod::ClientSecretBasic)) {
        faults.tell("auth_method", "private_key_jwt or tls_client_auth in the profile fapi2");
    }
    let in_place = match (&declared.jwks, &declared.jwks_file) {
        (Some(Value::String(text)), None) => Some(text.clone().into_bytes()),
        (Some(set), None) => Some(set.to_string().into_bytes()),
        (None, Some(path)) => read_file(path).map_err(|what| faults.tell("jwks_file", what)).ok(),
        (Some(_), Some(_)) => {
            faults.tell("jwks_file", "jwks stands there already");
            None
        }
        (None, None) => None,
    };
    let jwks = in_place.and_then(|bytes| {
        let set: Option<Value> = serde_json::from_slice(&bytes).ok().filter(|set: &Value| set["keys"].is_array());
        faults.must("jwks", set, "a JWK set: {\"keys\": [...]}")
    });
    if jwks.is_some() && declared.jwks_uri.is_some() {
        faults.tell("jwks_uri", "jwks stands there already");
    }
    if method == Some(AuthMethod::PrivateKeyJwt) && jwks.is_none() && declared.jwks_uri.is_none() {
        faults.tell("jwks", "private_key_jwt needs jwks, jwks_file or jwks_uri");
    }
    if method == Some(AuthMethod::TlsClientAuth) && declared.certificate.is_none() {
        faults.tell("certificate", "tls_client_auth needs the certificate's subject");
    }
    Keys {
        method,
        sealed_secret: None,
        jwks,
        jwks_uri: declared.jwks_uri.clone(),
        certificate: declared.certificate.clone(),
        ..Keys::default()
    }
}
