//! fapi2-security-profile-final-test-plan: what it asks of clients' assertions.

use crate::harness::clients::{JWT_BEARER, declared, jwks};
use crate::harness::machine::Answer;
use crate::harness::prover::Prover;
use crate::harness::{Engine, House, SHOP, both};
use serde_json::{Value, json};

/// A client of the profile and its key.
async fn bank(engine: Engine, key: &Prover) -> House {
    let client = |id: &str, key| {
        let lines = format!("profile = \"fapi2\"\njwks = '{}'", jwks(&[("k1", key)]));
        declared(id, "web", "private_key_jwt", &lines)
    };
    let other = Prover::new("ES256");
    House::with(engine, &format!("{SHOP}{}{}", client("bank", key), client("other", &other)), &[]).await
}

/// Whether a request can be pushed with this assertion.
async fn push(house: &House, assertion: &str) -> Answer {
    let form = [
        ("client_id", "bank"),
        ("client_assertion_type", JWT_BEARER),
        ("client_assertion", assertion),
        ("response_type", "code"),
        ("redirect_uri", "http://127.0.0.1:4000/callback"),
        ("scope", "openid"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ];
    house.machine().post("/oauth2/par", &form).await
}

/// The same assertion, changed, where it is pushed and where tokens are given.
async fn is_refused(engine: Engine, change: impl Fn(&House) -> Value) {
    let key = Prover::new("PS256");
    let house = bank(engine, &key).await;
    assert_eq!(push(&house, &house.assertion("k1", &key, "bank", json!({}))).await.status, 201);
    let wrong = house.assertion("k1", &key, "bank", change(&house));
    assert_eq!(push(&house, &wrong).await.refusal(), (401, "invalid_client".into()));
    let form = [
        ("grant_type", "authorization_code"),
        ("code", "x"),
        ("client_assertion_type", JWT_BEARER),
        ("client_assertion", &wrong),
    ];
    assert_eq!(house.machine().post("/oauth2/token", &form).await.refusal(), (401, "invalid_client".into()));
    house.close().await;
}

both!(fapi2_security_profile_final_ensure_signed_client_assertion_with_rs256_fails, async |engine| {
    let house = bank(engine, &Prover::new("PS256")).await;
    // The same key could sign so: its algorithm is what is refused.
    let key = Prover::new("RS256");
    assert_eq!(push(&house, &house.assertion("k1", &key, "bank", json!({}))).await.refusal().0, 401);
    house.close().await;
    let house = bank(engine, &key).await;
    let assertion = house.assertion("k1", &key, "bank", json!({}));
    assert_eq!(push(&house, &assertion).await.refusal(), (401, "invalid_client".into()));
    house.close().await;
});

both!(fapi2_security_profile_final_ensure_client_assertion_in_token_endpoint, async |engine| {
    let house = bank(engine, &Prover::new("PS256")).await;
    for form in [&[("client_id", "bank")][..], &[("client_id", "bank"), ("client_assertion_type", JWT_BEARER)]] {
        let form = [&[("grant_type", "authorization_code"), ("code", "x")], form].concat();
        assert_eq!(house.machine().post("/oauth2/token", &form).await.refusal(), (401, "invalid_client".into()));
    }
    house.close().await;
});

both!(fapi2_security_profile_final_ensure_client_id_in_token_endpoint, async |engine| {
    let key = Prover::new("PS256");
    let house = bank(engine, &key).await;
    let assertion = house.assertion("k1", &key, "bank", json!({}));
    let form = [
        ("grant_type", "authorization_code"),
        ("code", "x"),
        ("client_id", "other"),
        ("client_assertion_type", JWT_BEARER),
        ("client_assertion", &assertion),
    ];
    assert_eq!(house.machine().post("/oauth2/token", &form).await.refusal(), (401, "invalid_client".into()));
    house.close().await;
});

both!(fapi2_security_profile_final_ensure_client_assertion_with_exp_is_5_minutes_in_past_fails, async |engine| {
    is_refused(engine, |house| json!({"exp": house.app.now().secs() - 300})).await
});

both!(fapi2_security_profile_final_ensure_client_assertion_with_wrong_aud_fails, async |engine| is_refused(
    engine,
    |_| json!({"aud": "https://fapi.example/wrong"})
)
.await);

both!(fapi2_security_profile_final_ensure_client_assertion_with_no_sub_fails, async |engine| is_refused(
    engine,
    |_| json!({"sub": null})
)
.await);

both!(fapi2_security_profile_final_par_test_array_as_audience_fails, async |engine| is_refused(
    engine,
    |house| json!({"aud": [house.issuer]})
)
.await);

both!(fapi2_security_profile_final_par_test_par_endpoint_url_as_audience_fails, async |engine| is_refused(
    engine,
    |house| json!({"aud": format!("{}/oauth2/par", house.issuer)})
)
.await);

both!(fapi2_security_profile_final_par_test_token_endpoint_url_as_audience_fails, async |engine| is_refused(
    engine,
    |house| json!({"aud": format!("{}/oauth2/token", house.issuer)})
)
.await);

both!(
    fapi2_security_profile_final_par_ensure_jwt_client_assertions_nbf_over_60_seconds_in_the_future_fails,
    async |engine| is_refused(engine, |house| json!({"nbf": house.app.now().secs() + 61})).await
);

both!(
    fapi2_security_profile_final_par_ensure_jwt_client_assertions_nbf_8_seconds_in_the_future_is_accepted,
    async |engine| {
        let key = Prover::new("PS256");
        let house = bank(engine, &key).await;
        let nbf = house.app.now().secs() + 8;
        let assertion = house.assertion("k1", &key, "bank", json!({"nbf": nbf, "iat": nbf}));
        assert_eq!(push(&house, &assertion).await.status, 201);
        house.close().await;
    }
);
