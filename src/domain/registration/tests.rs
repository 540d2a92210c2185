//! Metadata that are taken and refused, and addresses documents may stand at.

use super::*;
use crate::domain::client::GrantType;
use crate::domain::ids::ClientId;
use serde_json::{Value, json};
use std::time::Duration;

fn policy() -> Policy {
    Policy {
        name: "p".into(),
        token_hash: None,
        open: true,
        per_hour: 1,
        grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken, GrantType::ClientCredentials],
        scopes: vec!["openid".into(), "email".into()],
        redirect_hosts: Vec::new(),
        connections: vec!["phone".into()],
        third_party: true,
        require_pkce: true,
        expires_at: None,
        most_clients: 1,
        statement_jwks: None,
        software_ids: Vec::new(),
    }
}

fn outcome(more: Value) -> String {
    let mut metadata = json!({ "redirect_uris": ["https://a.example/cb"] });
    for (name, value) in more.as_object().expect("an object") {
        metadata[name.as_str()] = value.clone();
    }
    let policy = policy();
    let metadata = metadata.as_object().expect("an object");
    match read(ClientId::new("x"), metadata, &Rules { policy: &policy, secrets: true }) {
        Ok(_) => "taken".into(),
        Err(refusal) => refusal.error.code().into(),
    }
}

#[test]
fn redirect_uris_are_as_strict_as_declared_ones() {
    for taken in ["https://a.example/cb?x=1", "http://127.0.0.1/cb", "http://localhost:3000/cb", "http://[::1]:1/cb"] {
        assert_eq!(outcome(json!({ "redirect_uris": [taken] })), "taken", "{taken}");
    }
    let refused = [
        "http://a.example/cb",
        "https://a.example/cb#f",
        "https://a.example/*",
        "https://*.a.example/cb",
        "https://u:p@a.example/cb",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "vbscript:x",
        "my.app:/cb",
        "/cb",
        "",
        "https://a.example/\n",
        "https://a.example/\\x",
    ];
    for uri in refused {
        for place in ["redirect_uris", "post_logout_redirect_uris"] {
            let error = if place == "redirect_uris" { "invalid_redirect_uri" } else { "invalid_client_metadata" };
            assert_eq!(outcome(json!({ place: [uri] })), error, "{place} {uri}");
        }
    }
    for none in
        [json!([]), json!(null), json!("https://a.example/cb"), json!([1]), json!(vec!["https://a.example/"; 21])]
    {
        assert_eq!(outcome(json!({ "redirect_uris": none })), "invalid_redirect_uri", "{none}");
    }
    assert_eq!(outcome(json!({ "redirect_uris": ["my.app:/cb"], "application_type": "native" })), "taken");
    assert_eq!(
        outcome(json!({ "redirect_uris": ["javascript:x"], "application_type": "native" })),
        "invalid_redirect_uri"
    );
}

#[test]
fn what_cannot_be_honoured_is_refused() {
    for wrong in [
        json!({ "response_types": ["code", "token"] }),
        json!({ "response_types": ["code id_token"] }),
        json!({ "grant_types": ["password"] }),
        json!({ "grant_types": ["authorization_code", "implicit"] }),
        json!({ "grant_types": ["urn:ietf:params:oauth:grant-type:device_code"] }),
        json!({ "grant_types": [] }),
        json!({ "grant_types": ["authorization_code", "client_credentials"], "token_endpoint_auth_method": "none" }),
        json!({ "scope": "openid admin" }),
        json!({ "scope": "a\"b" }),
        json!({ "token_endpoint_auth_method": "magic" }),
        json!({ "token_endpoint_auth_method": "private_key_jwt" }),
        json!({ "token_endpoint_auth_method": "tls_client_auth" }),
        json!({ "tls_client_auth_san_dns": "a.example" }),
        json!({ "token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_san_dns": "a", "tls_client_auth_san_ip": "::1" }),
        json!({ "jwks": { "keys": [] }, "jwks_uri": "https://a.example/jwks" }),
        json!({ "jwks": { "keys": [{ "kty": "RSA", "d": "x" }] } }),
        json!({ "jwks": { "keys": [{ "kty": "oct", "k": "x" }] } }),
        json!({ "jwks": { "keys": ["x".repeat(20_000)] } }),
        json!({ "jwks": "x" }),
        json!({ "jwks_uri": "http://a.example/jwks" }),
        json!({ "application_type": "other" }),
        json!({ "id_token_signed_response_alg": "none" }),
        json!({ "id_token_signed_response_alg": "HS256" }),
        json!({ "userinfo_signed_response_alg": "none" }),
        json!({ "id_token_encrypted_response_alg": "RSA-OAEP" }),
        json!({ "request_object_signing_alg": "none" }),
        json!({ "subject_type": "pairwise" }),
        json!({ "initiate_login_uri": "http://a.example/login" }),
        json!({ "initiate_login_uri": "http://127.0.0.1/login" }),
        json!({ "backchannel_logout_uri": "http://a.example/out" }),
        json!({ "backchannel_logout_uri": "https://a.example/out#f" }),
        json!({ "frontchannel_logout_uri": "javascript:alert(1)" }),
        json!({ "policy_uri": "javascript:alert(1)" }),
        json!({ "client_uri": "data:text/html,x" }),
        json!({ "client_name": "x".repeat(81) }),
        json!({ "client_name": "x\ny" }),
        json!({ "client_name": "Bank\u{202e}kna" }),
        json!({ "client_name": 5 }),
        json!({ "dpop_bound_access_tokens": "yes" }),
    ] {
        assert_eq!(outcome(wrong.clone()), "invalid_client_metadata", "{wrong}");
    }
    for good in [
        json!({ "response_types": ["code"], "subject_type": "public", "unknown": { "a": [] } }),
        json!({ "client_name": "<b>\"Ü\"</b>", "scope": "openid", "client_uri": null }),
        json!({ "token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_subject_dn": "CN=a" }),
        json!({ "id_token_signed_response_alg": "EdDSA", "userinfo_signed_response_alg": "ES256" }),
        json!({ "grant_types": ["client_credentials"], "redirect_uris": [] }),
    ] {
        assert_eq!(outcome(good.clone()), "taken", "{good}");
    }
}

#[test]
fn documents_stand_at_addresses_everybody_reads_alike() {
    for good in ["https://app.example/client.json", "https://app.example:8443/a/b", "https://app.example/a?b=c"] {
        assert!(document::is_address(good, false), "{good}");
    }
    for bad in [
        "http://app.example/c",
        "https://app.example",
        "https://app.example/",
        "https://app.example/c#f",
        "https://app.example/c#",
        "https://u@app.example/c",
        "https://u:p@app.example/c",
        "https://app.example/a/../c",
        "https://app.example/./c",
        "https://app.example/%2e%2e/c",
        "https://app.example/%2E/c",
        "https://127.0.0.1/c",
        "https://2130706433/c",
        "https://[::1]/c",
        "https://localhost/c",
        "https://app.example./c",
        "https://APP.example/c",
        "HTTPS://app.example/c",
        "https://app.example:443/c",
        "https:app.example/c",
        "https://app.example\\c",
        " https://app.example/c",
        "shop",
        "",
    ] {
        assert!(!document::is_address(bad, false), "{bad}");
    }
    assert!(!document::is_address(&format!("https://app.example/{}", "x".repeat(600)), false));
    assert_eq!(document::host("https://app.example/c").as_deref(), Some("app.example"));
    assert_eq!(document::host("shop"), None);
}

#[test]
fn a_document_is_held_for_a_while_whatever_it_says() {
    let seconds = |seconds| document::stay(Some(Duration::from_secs(seconds))).as_secs();
    assert_eq!((seconds(0), seconds(900), seconds(9_999_999)), (300, 900, 86_400));
    assert_eq!(document::stay(None).as_secs(), 3_600);
}

#[test]
fn a_document_speaks_for_its_own_address_and_holds_no_secret() {
    let id = "https://app.example/c";
    let made = |more: Value| {
        let mut metadata = json!({ "client_id": id, "redirect_uris": ["https://app.example/cb"] });
        for (name, value) in more.as_object().expect("an object") {
            metadata[name.as_str()] = value.clone();
        }
        document::client(id, metadata.as_object().expect("an object"), vec!["phone".into()])
    };
    let client = made(json!({ "grant_types": ["authorization_code", "implicit"] })).expect("taken");
    assert!(client.third_party && client.public() && client.require_pkce && client.registered.is_none());
    assert_eq!(
        (client.name.as_str(), client.grant_types.as_slice()),
        ("app.example", &[GrantType::AuthorizationCode][..])
    );
    for bad in [
        json!({ "client_id": "https://app.example/other" }),
        json!({ "client_id": "https://app.example/c/" }),
        json!({ "client_id": null }),
        json!({ "client_secret": "x" }),
        json!({ "client_secret_expires_at": 0 }),
        json!({ "token_endpoint_auth_method": "client_secret_basic" }),
        json!({ "token_endpoint_auth_method": "client_secret_post" }),
        json!({ "token_endpoint_auth_method": "client_secret_jwt" }),
        json!({ "token_endpoint_auth_method": "private_key_jwt" }),
        json!({ "redirect_uris": [] }),
        json!({ "redirect_uris": ["http://10.0.0.1/cb"] }),
        json!({ "grant_types": ["client_credentials"] }),
    ] {
        assert!(made(bad.clone()).is_err(), "{bad}");
    }
    assert!(
        made(json!({ "token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "https://app.example/k" })).is_ok()
    );
}
