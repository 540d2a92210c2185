//! The OpenID Foundation's conformance suite, module by module and by its names, so that a failure reads like the suite's report.

mod backchannel_logout;
mod bank;
mod basic;
mod client_auth;
mod config;
mod dynamic;
mod fapi2_par;
mod fapi2_tokens;
mod frontchannel_logout;
mod rp_initiated_logout;
mod third_party_init_login;

/// Every module of the plans we answer for, under the file or files that hold its test.
const PLANS: &[(&[&str], &str)] = &[
    // oidcc-basic- and oidcc-formpost-basic-certification-test-plan
    (
        &[include_str!("basic/requests.rs"), include_str!("basic/tokens.rs")],
        "oidcc-server
         oidcc-response-type-missing
         oidcc-idtoken-signature
         oidcc-idtoken-unsigned
         oidcc-userinfo-get
         oidcc-userinfo-post-header
         oidcc-userinfo-post-body
         oidcc-ensure-request-without-nonce-succeeds-for-code-flow
         oidcc-scope-profile
         oidcc-scope-email
         oidcc-scope-address
         oidcc-scope-phone
         oidcc-scope-all
         oidcc-alternate-happy-flow
         oidcc-display-page
         oidcc-display-popup
         oidcc-prompt-login
         oidcc-prompt-none-not-logged-in
         oidcc-prompt-none-logged-in
         oidcc-max-age-1
         oidcc-max-age-10000
         oidcc-ensure-request-with-unknown-parameter-succeeds
         oidcc-id-token-hint
         oidcc-login-hint
         oidcc-ui-locales
         oidcc-claims-locales
         oidcc-ensure-request-with-acr-values-succeeds
         oidcc-codereuse
         oidcc-codereuse-30seconds
         oidcc-ensure-registered-redirect-uri
         oidcc-ensure-post-request-succeeds
         oidcc-server-client-secret-post
         oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported
         oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported
         oidcc-claims-essential
         oidcc-ensure-request-object-with-redirect-uri
         oidcc-refresh-token
         oidcc-ensure-request-with-valid-pkce-succeeds",
    ),
    // oidcc-config-certification-test-plan
    (&[include_str!("config.rs")], "oidcc-discovery-endpoint-verification"),
    // oidcc-rp-initiated-logout-certification-test-plan
    (
        &[include_str!("rp_initiated_logout.rs")],
        "oidcc-rp-initiated-logout-discovery-endpoint-verification
         oidcc-rp-initiated-logout
         oidcc-rp-initiated-logout-bad-post-logout-redirect-uri
         oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri
         oidcc-rp-initiated-logout-modified-id-token-hint
         oidcc-rp-initiated-logout-bad-id-token-hint
         oidcc-rp-initiated-logout-no-id-token-hint
         oidcc-rp-initiated-logout-no-params
         oidcc-rp-initiated-logout-only-state
         oidcc-rp-initiated-logout-no-post-logout-redirect-uri
         oidcc-rp-initiated-logout-no-state",
    ),
    // oidcc-backchannel-rp-initiated-logout-certification-test-plan
    (
        &[include_str!("backchannel_logout.rs")],
        "oidcc-backchannel-logout-discovery-endpoint-verification
         oidcc-backchannel-rp-initiated-logout",
    ),
    // oidcc-3rdparty-init-login-certification-test-plan
    (
        &[include_str!("third_party_init_login.rs")],
        "oidcc-3rdparty-init-login
         oidcc-3rdparty-init-login-nohttps",
    ),
    // fapi2-security-profile-final-test-plan: private_key_jwt, DPoP, OpenID Connect, plain FAPI
    (
        &[include_str!("fapi2_par.rs"), include_str!("fapi2_tokens.rs"), include_str!("client_auth.rs")],
        "fapi2-security-profile-final-discovery-end-point-verification
         fapi2-security-profile-final-happy-flow
         fapi2-security-profile-final-user-rejects-authentication
         fapi2-security-profile-final-ensure-authorization-request-without-state-success
         fapi2-security-profile-final-ensure-authorization-request-without-nonce-success
         fapi2-security-profile-final-ensure-authorization-request-with-64-char-nonce-success
         fapi2-security-profile-final-ensure-authorization-request-with-long-nonce
         fapi2-security-profile-final-ensure-authorization-request-with-long-state
         fapi2-security-profile-final-ensure-other-scope-order-succeeds
         fapi2-security-profile-final-test-claims-parameter-identity-claims
         fapi2-security-profile-final-access-token-type-header-case-sensitivity
         fapi2-security-profile-final-check-dpop-proof-nbf-exp
         fapi2-security-profile-final-ensure-dpopproof-with-iat-10seconds-before-succeeds
         fapi2-security-profile-final-ensure-dpopproof-with-iat-10seconds-after-succeeds
         fapi2-security-profile-final-ensure-mismatched-dpop-jkt-fails
         fapi2-security-profile-final-ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt
         fapi2-security-profile-final-ensure-token-endpoint-fails-with-mismatched-dpop-jkt
         fapi2-security-profile-final-ensure-dpopproof-at-par-endpoint-binding-success
         fapi2-security-profile-final-ensure-dpop-auth-code-binding-success
         fapi2-security-profile-final-ensure-different-nonce-inside-and-outside-request-object
         fapi2-security-profile-final-ensure-different-state-inside-and-outside-request-object
         fapi2-security-profile-final-state-only-outside-request-object-not-used
         fapi2-security-profile-final-ensure-request-object-without-redirect-uri-fails
         fapi2-security-profile-final-ensure-redirect-uri-in-authorization-request
         fapi2-security-profile-final-plain-fapi-tolerate-unregistered-redirect-uri
         fapi2-security-profile-final-ensure-unsigned-authorization-request-without-using-par-fails
         fapi2-security-profile-final-ensure-response-type-code-idtoken-fails
         fapi2-security-profile-final-ensure-response-type-token-fails
         fapi2-security-profile-final-ensure-client-id-in-token-endpoint
         fapi2-security-profile-final-ensure-holder-of-key-required
         fapi2-security-profile-final-ensure-authorization-code-is-bound-to-client
         fapi2-security-profile-final-attempt-reuse-authorization-code-after-one-second
         fapi2-security-profile-final-ensure-token-endpoint-fails-with-expired-auth-code
         fapi2-security-profile-final-ensure-signed-client-assertion-with-RS256-fails
         fapi2-security-profile-final-ensure-client-assertion-in-token-endpoint
         fapi2-security-profile-final-ensure-client-assertion-with-exp-is-5-minutes-in-past-fails
         fapi2-security-profile-final-ensure-client-assertion-with-wrong-aud-fails
         fapi2-security-profile-final-ensure-client-assertion-with-no-sub-fails
         fapi2-security-profile-final-dpop-negative-tests
         fapi2-security-profile-final-refresh-token
         fapi2-security-profile-final-par-ensure-reused-request-uri-prior-to-auth-completion-succeeds
         fapi2-security-profile-final-par-attempt-reuse-request_uri
         fapi2-security-profile-final-par-attempt-to-use-expired-request_uri
         fapi2-security-profile-final-par-ensure-jwt-client-assertions-nbf-8-seconds-in-the-future-is-accepted
         fapi2-security-profile-final-par-ensure-jwt-client-assertions-nbf-over-60-seconds-in-the-future-fails
         fapi2-security-profile-final-par-attempt-to-use-request_uri-for-different-client
         fapi2-security-profile-final-par-authorization-request-containing-request_uri-form-param
         fapi2-security-profile-final-par-attempt-invalid-http-method
         fapi2-security-profile-final-par-ensure-pkce-required
         fapi2-security-profile-final-par-plain-pkce-rejected
         fapi2-security-profile-final-ensure-pkce-code-verifier-required
         fapi2-security-profile-final-incorrect-pkce-code-verifier-rejected
         fapi2-security-profile-final-par-without-duplicate-parameters
         fapi2-security-profile-final-par-test-array-as-audience-fails
         fapi2-security-profile-final-par-test-par-endpoint-url-as-audience-fails
         fapi2-security-profile-final-par-test-token-endpoint-url-as-audience-fails",
    ),
    // Of oidcc-dynamic-certification-test-plan, all but its own discovery, which demands the implicit grant.
    (
        &[include_str!("dynamic.rs")],
        "oidcc-idtoken-rs256
         oidcc-idtoken-unsigned
         oidcc-userinfo-rs256
         oidcc-ensure-redirect-uri-in-authorization-request
         oidcc-redirect-uri-query-OK
         oidcc-redirect-uri-query-mismatch
         oidcc-redirect-uri-query-added
         oidcc-redirect-uri-regfrag
         oidcc-server
         oidcc-registration-logo-uri
         oidcc-registration-policy-uri
         oidcc-registration-tos-uri
         oidcc-registration-jwks-uri
         oidcc-registration-sector-uri
         oidcc-registration-sector-bad
         oidcc-server-rotate-keys
         oidcc-refresh-token-rp-key-rotation
         oidcc-request-uri-unsigned
         oidcc-request-uri-signed-rs256
         oidcc-ensure-request-object-with-redirect-uri
         oidcc-refresh-token
         oidcc-ensure-client-assertion-with-iss-aud-succeeds",
    ),
];

/// What a file declares as tests: the first word of each `both!`, and those of `modules!`.
fn tests(text: &str) -> Vec<&str> {
    let named = text.split("both!(").skip(1).filter_map(|rest| rest.split(',').next());
    let mut found: Vec<&str> = named.map(str::trim).collect();
    let listed = text.split("modules![").nth(1).and_then(|rest| rest.split(']').next()).unwrap_or_default();
    found.extend(listed.split(',').map(str::trim).filter(|name| !name.is_empty()));
    found
}

#[test]
fn every_module_of_a_plan_has_a_test_of_its_name() {
    let mut missing = Vec::new();
    for (files, modules) in PLANS {
        let declared: Vec<&str> = files.iter().flat_map(|file| tests(file)).collect();
        let named = |module: &&str| declared.contains(&module.to_ascii_lowercase().replace('-', "_").as_str());
        missing.extend(modules.split_whitespace().filter(|module| !named(module)));
    }
    assert!(missing.is_empty(), "{missing:#?}");
    assert_eq!(PLANS[0].1.split_whitespace().count(), 38);
}
