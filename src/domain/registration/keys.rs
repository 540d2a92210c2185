//! What a registered client authenticates with (RFC 7591 §2, OpenID Connect Core §9, RFC 8705 §2.1.2).

use super::read::Read;
use super::wrong;
use crate::domain::client::{AuthMethod, Keys, is_reachable};
use crate::domain::oauth::Refusal;
use crate::domain::profile::Profile;

const ASSERTIONS: &str = "token_endpoint_auth_signing_alg";
const REQUESTS: &str = "request_object_signing_alg";

/// A set of keys in place is not larger.
const LARGEST_SET: usize = 16 * 1024;

pub(super) fn read(metadata: &Read<'_>, machine: bool) -> Result<Keys, Refusal> {
    let method = match metadata.text("token_endpoint_auth_method")? {
        None => AuthMethod::ClientSecretBasic,
        Some(text) => AuthMethod::parse(text).ok_or_else(|| wrong("token_endpoint_auth_method is not supported"))?,
    };
    if machine && method == AuthMethod::None {
        return Err(wrong("client_credentials needs a client that can authenticate"));
    }
    let jwks = match metadata.value("jwks") {
        None => None,
        Some(set) if set["keys"].is_array() && set.to_string().len() <= LARGEST_SET => Some(set.clone()),
        Some(_) => return Err(wrong("jwks is no JWK set")),
    };
    let private = |jwk: &serde_json::Value| ["d", "k", "p", "q"].iter().any(|part| jwk.get(part).is_some());
    if jwks.iter().flat_map(|set| set["keys"].as_array().into_iter().flatten()).any(private) {
        return Err(wrong("jwks holds a private or a shared key"));
    }
    let jwks_uri = metadata.text("jwks_uri")?;
    if jwks.is_some() && jwks_uri.is_some() {
        return Err(wrong("jwks and jwks_uri"));
    }
    if jwks_uri.is_some_and(|uri| !is_reachable(uri)) {
        return Err(wrong("jwks_uri is not https"));
    }
    if method == AuthMethod::PrivateKeyJwt && jwks.is_none() && jwks_uri.is_none() {
        return Err(wrong("private_key_jwt without keys"));
    }
    let certificate = certificate(metadata)?;
    if (method == AuthMethod::TlsClientAuth) != certificate.is_some() {
        return Err(wrong("tls_client_auth and the certificate's subject go together"));
    }
    // Without an assertion there is nothing to sign so.
    let assertion_algorithm = match method {
        AuthMethod::ClientSecretJwt => algorithm(metadata, ASSERTIONS, &["HS256"])?,
        AuthMethod::PrivateKeyJwt => algorithm(metadata, ASSERTIONS, Profile::Default.client_algorithms())?,
        _ => None,
    };
    Ok(Keys {
        method: Some(method),
        sealed_secret: None,
        jwks,
        jwks_uri: jwks_uri.map(str::to_owned),
        assertion_algorithm,
        request_algorithm: algorithm(metadata, REQUESTS, Profile::Default.client_algorithms())?,
        certificate,
    })
}

/// What this client signs by, where it says so.
fn algorithm(metadata: &Read<'_>, name: &str, allowed: &[&str]) -> Result<Option<String>, Refusal> {
    match metadata.text(name)? {
        Some(text) if !allowed.contains(&text) => Err(wrong(format!("{name} is not supported"))),
        text => Ok(text.map(str::to_owned)),
    }
}

/// Exactly one of five.
fn certificate(metadata: &Read<'_>) -> Result<Option<String>, Refusal> {
    let mut found = Vec::new();
    for (name, kind) in [
        ("tls_client_auth_subject_dn", ""),
        ("tls_client_auth_san_dns", "dns:"),
        ("tls_client_auth_san_uri", "uri:"),
        ("tls_client_auth_san_ip", "ip:"),
        ("tls_client_auth_san_email", "email:"),
    ] {
        found.extend(metadata.text(name)?.map(|subject| format!("{kind}{subject}")));
    }
    match found.len() {
        0 | 1 => Ok(found.pop()),
        _ => Err(wrong("more than one subject for the certificate")),
    }
}
