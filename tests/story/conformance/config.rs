//! oidcc-config: oidcc-discovery-endpoint-verification. The suite warns of every member it does not know.

use crate::harness::{House, SHOP, both};
use serde_json::Value;
use tokio::net::TcpListener;

/// Members the suite's schema knows, of those anybody here might publish (RFC 8414 registry, OpenID Connect's own).
const KNOWN: &[&str] = &[
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
    "jwks_uri",
    "registration_endpoint",
    "scopes_supported",
    "response_types_supported",
    "response_modes_supported",
    "grant_types_supported",
    "acr_values_supported",
    "subject_types_supported",
    "id_token_signing_alg_values_supported",
    "userinfo_signing_alg_values_supported",
    "request_object_signing_alg_values_supported",
    "token_endpoint_auth_methods_supported",
    "token_endpoint_auth_signing_alg_values_supported",
    "display_values_supported",
    "claim_types_supported",
    "claims_supported",
    "service_documentation",
    "claims_locales_supported",
    "ui_locales_supported",
    "claims_parameter_supported",
    "request_parameter_supported",
    "request_uri_parameter_supported",
    "require_request_uri_registration",
    "op_policy_uri",
    "op_tos_uri",
    "revocation_endpoint",
    "revocation_endpoint_auth_methods_supported",
    "revocation_endpoint_auth_signing_alg_values_supported",
    "introspection_endpoint",
    "introspection_endpoint_auth_methods_supported",
    "introspection_endpoint_auth_signing_alg_values_supported",
    "introspection_signing_alg_values_supported",
    "code_challenge_methods_supported",
    "device_authorization_endpoint",
    "tls_client_certificate_bound_access_tokens",
    "mtls_endpoint_aliases",
    "require_signed_request_object",
    "pushed_authorization_request_endpoint",
    "require_pushed_authorization_requests",
    "authorization_response_iss_parameter_supported",
    "authorization_signing_alg_values_supported",
    "dpop_signing_alg_values_supported",
    "end_session_endpoint",
    "backchannel_logout_supported",
    "backchannel_logout_session_supported",
    "frontchannel_logout_supported",
    "frontchannel_logout_session_supported",
    "prompt_values_supported",
    "client_id_metadata_document_supported",
    "protected_resources",
];

both!(oidcc_discovery_endpoint_verification, async |engine| {
    // As it is in earnest: under a name, over https.
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("bound"));
    let database = match engine {
        crate::harness::Engine::Sqlite => None,
        crate::harness::Engine::Postgres => {
            Some(crate::harness::postgres::server().expect("a PostgreSQL server").database().await)
        }
    };
    let house = House::behind(listener, "https://id.example".into(), database, SHOP, &[]).await;
    let machine = crate::harness::machine::Machine::new(&address);
    let answer = machine.get("/.well-known/openid-configuration").await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").is_some_and(|kind| kind.starts_with("application/json")));
    let told = answer.json();
    let members = told.as_object().expect("an object");
    let unknown: Vec<&String> = members.keys().filter(|name| !KNOWN.contains(&name.as_str())).collect();
    assert!(unknown.is_empty(), "the suite would warn of {unknown:?}");
    assert_eq!(told["issuer"], "https://id.example");
    for (name, value) in members.iter().filter(|(name, _)| name.ends_with("_endpoint") || *name == "jwks_uri") {
        assert!(value.as_str().is_some_and(|url| url.starts_with("https://id.example/")), "{name}: {value}");
    }
    let list = |name: &str| -> Vec<&str> {
        told[name]
            .as_array()
            .unwrap_or_else(|| panic!("{name}"))
            .iter()
            .map(|one| one.as_str().expect("text"))
            .collect()
    };
    for (name, member) in [
        ("response_types_supported", "code"),
        ("id_token_signing_alg_values_supported", "RS256"),
        ("request_object_signing_alg_values_supported", "RS256"),
        ("request_object_signing_alg_values_supported", "PS256"),
        ("authorization_signing_alg_values_supported", "ES256"),
        ("scopes_supported", "openid"),
        ("grant_types_supported", "authorization_code"),
        ("code_challenge_methods_supported", "S256"),
        ("response_modes_supported", "form_post"),
        ("response_modes_supported", "jwt"),
        ("prompt_values_supported", "consent"),
        ("claims_supported", "sub"),
        ("acr_values_supported", "aal1"),
    ] {
        assert!(list(name).contains(&member), "{member} in {name}");
    }
    assert!(list("subject_types_supported").iter().all(|kind| ["public", "pairwise"].contains(kind)));
    assert!(
        members
            .iter()
            .filter(|(name, _)| name.contains("_alg_"))
            .all(|(_, list)| { list.as_array().is_some_and(|list| list.iter().all(|one| one != "none")) })
    );
    for name in
        ["authorization_response_iss_parameter_supported", "claims_parameter_supported", "request_parameter_supported"]
    {
        assert_eq!(told[name], Value::Bool(true), "{name}");
    }
    // What is named is there: every endpoint answers by some method, and none is our 404 page.
    for (name, value) in members.iter().filter(|(name, _)| name.ends_with("_endpoint")) {
        let path = value.as_str().and_then(|url| url.strip_prefix("https://id.example")).expect("ours");
        assert_ne!(machine.post(path, &[("x", "y")]).await.status, 404, "{name}");
    }
    house.close().await;
});
