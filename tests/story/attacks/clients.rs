//! Attacks on clients' authentication: 18 (none, two, another's), 19 (assertions), 24 (JWTs), 36 (addresses inside), 40 (proxies).

use crate::harness::clients::{Certified, JWT_BEARER, Publisher, by_secret, declared, jwks};
use crate::harness::machine::Answer;
use crate::harness::prover::{Prover, over};
use crate::harness::{House, SHOP, SHOP_SECRET, both};
use reqwest::Method;
use serde_json::{Value, json};

const ENDPOINTS: [&str; 5] =
    ["/oauth2/token", "/oauth2/par", "/oauth2/revoke", "/oauth2/introspect", "/oauth2/device/auth"];

fn refused() -> (u16, String) {
    (401, "invalid_client".to_owned())
}

/// What each endpoint would take, were it not for its sender.
const FORM: [(&str, &str); 6] = [
    ("grant_type", "refresh_token"),
    ("refresh_token", "rt_0.1.x"),
    ("token", "rt_0.1.x"),
    ("response_type", "code"),
    ("redirect_uri", "http://127.0.0.1:4000/callback"),
    ("scope", "openid"),
];

both!(attack_18_nobody_is_a_client_without_its_secret, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    for path in ENDPOINTS {
        let in_query = format!("{path}?client_id=shop&client_secret={SHOP_SECRET}");
        for (path, shown) in [
            (path, vec![("client_id", "shop")]),
            (path, vec![("client_id", "shop"), ("client_secret", "")]),
            (path, vec![("client_id", "Shop"), ("client_secret", SHOP_SECRET)]),
            (path, vec![("client_id", "shop "), ("client_secret", SHOP_SECRET)]),
            (path, vec![("client_id", "members"), ("client_secret", SHOP_SECRET)]),
            (path, vec![("client_secret", SHOP_SECRET)]),
            (path, vec![]),
            (&in_query, vec![]),
            (&in_query, vec![("client_id", "shop")]),
        ] {
            let answer = machine.post(path, &[&FORM[..], &shown].concat()).await;
            assert_eq!(answer.refusal(), refused(), "{path} {shown:?}");
        }
        let twice = [("client_id", "shop"), ("client_secret", SHOP_SECRET), ("client_assertion", "x")];
        let answer = machine.post(path, &[&FORM[..], &twice].concat()).await;
        assert_eq!(answer.refusal(), (400, "invalid_request".into()), "{path}");
    }
    house.close().await;
});

async fn by_assertion(house: &House, assertion: &str) -> Answer {
    let form =
        [("grant_type", "client_credentials"), ("client_assertion_type", JWT_BEARER), ("client_assertion", assertion)];
    house.machine().post("/oauth2/token", &form).await
}

async fn with_keys(engine: crate::harness::Engine, key: &Prover, other: &Prover) -> House {
    let client =
        |id: &str, key| declared(id, "machine", "private_key_jwt", &format!("jwks = '{}'", jwks(&[("k1", key)])));
    let bank = format!("profile = \"fapi2\"\njwks = '{}'", jwks(&[("k1", key)]));
    let bank = declared("bank", "machine", "private_key_jwt", &bank);
    House::with(engine, &format!("{SHOP}{}{}{bank}", client("keyed", key), client("other", other)), &[]).await
}

both!(attack_19_an_assertion_is_the_clients_own_fresh_and_used_once, async |engine| {
    let (key, other) = (Prover::new("ES256"), Prover::new("ES256"));
    let house = with_keys(engine, &key, &other).await;
    let now = house.app.now().secs();
    let changes: [Value; 11] = [
        json!({"iss": "other"}),
        json!({"sub": "other"}),
        json!({"aud": "https://other.example"}),
        json!({"aud": null}),
        json!({"exp": null}),
        json!({"exp": now + 3_660}),
        json!({"exp": now - 300}),
        json!({"nbf": now + 61}),
        json!({"iat": now + 61}),
        json!({"jti": null}),
        json!({"jti": ""}),
    ];
    for change in changes {
        let answer = by_assertion(&house, &house.assertion("k1", &key, "keyed", change.clone())).await;
        assert_eq!(answer.refusal(), refused(), "{change}");
    }
    // An hour is what libraries make them for. Where it must be short-lived, ten minutes are the most.
    assert_eq!(
        by_assertion(&house, &house.assertion("k1", &key, "keyed", json!({"exp": now + 3_600}))).await.status,
        200
    );
    for (life, refusal) in [(600, (400, "invalid_dpop_proof".to_owned())), (660, refused())] {
        let assertion = house.assertion("k1", &key, "bank", json!({"exp": now + life}));
        assert_eq!(by_assertion(&house, &assertion).await.refusal(), refusal, "{life}");
    }
    let good = house.assertion("k1", &key, "keyed", json!({"jti": "once"}));
    let tries = futures_util::future::join_all((0..20).map(|_| by_assertion(&house, &good))).await;
    assert_eq!(tries.iter().filter(|answer| answer.status == 200).count(), 1);
    assert!(tries.iter().filter(|answer| answer.status != 200).all(|answer| answer.refusal() == refused()));
    // The same jti in another's hands is another.
    assert_eq!(by_assertion(&house, &house.assertion("k1", &other, "other", json!({"jti": "once"}))).await.status, 200);
    house.close().await;
});

both!(attack_24_a_jwt_brings_no_key_and_no_surprise, async |engine| {
    let (key, attacker) = (Prover::new("RS256"), Prover::new("RS256"));
    let house = with_keys(engine, &key, &Prover::new("ES256")).await;
    let claims = || house.asserts("keyed", json!({}));
    let header = json!({"alg": "RS256", "kid": "k1"});
    let own = jwks(&[("k1", &key)])["keys"][0].to_string();
    let publisher = Publisher::open(jwks(&[("k1", &attacker)])).await;
    let forged = |extra: Value| attacker.sign(&over(header.clone(), extra), &claims());
    let unsigned = key.sign(&json!({"alg": "none"}), &claims());
    let (unsigned, _) = unsigned.rsplit_once('.').expect("three parts");
    let twice = claims().to_string().replacen('{', "{\"sub\":\"other\",", 1);
    for (why, jws) in [
        ("none", format!("{unsigned}.")),
        ("none, in other letters", key.sign(&json!({"alg": "nOnE"}), &claims())),
        ("the public key as a secret", by_secret(&own, &json!({"alg": "HS256", "kid": "k1"}), &claims())),
        ("an embedded key", forged(json!({"jwk": attacker.jwk}))),
        ("a key elsewhere", forged(json!({"jku": publisher.url, "x5u": publisher.url}))),
        ("another name", forged(json!({"kid": "../../k1' OR 1=1 --"}))),
        ("no name", forged(json!({"kid": null}))),
        ("crit", key.sign(&over(header.clone(), json!({"crit": ["x"], "x": 1})), &claims())),
        ("b64", key.sign(&over(header.clone(), json!({"b64": false})), &claims())),
        ("another kind", key.sign(&over(header.clone(), json!({"typ": "at+jwt"})), &claims())),
        ("a member twice", key.sign_text(&header.to_string(), &twice)),
        ("another algorithm", key.sign(&json!({"alg": "PS256", "kid": "k1"}), &claims())),
    ] {
        assert_eq!(by_assertion(&house, &jws).await.refusal(), refused(), "{why}");
    }
    let long = key.sign(&header, &house.asserts("keyed", json!({"x": "x".repeat(40_000)})));
    assert_eq!(by_assertion(&house, &long).await.refusal(), (400, "invalid_request".into()));
    assert_eq!(publisher.times_read(), 0);
    assert_eq!(by_assertion(&house, &key.sign(&header, &claims())).await.status, 200);
    house.close().await;
});

both!(attack_36_keys_are_not_read_at_addresses_inside, async |engine| {
    let key = Prover::new("ES256");
    let publisher = Publisher::open(jwks(&[("k1", &key)])).await;
    let client = declared("keyed", "machine", "private_key_jwt", &format!("jwks_uri = \"{}\"", publisher.url));
    let house = House::with(engine, &format!("{SHOP}{client}"), &[]).await;
    for _ in 0..3 {
        let answer = by_assertion(&house, &house.assertion("k1", &key, "keyed", json!({}))).await;
        assert_eq!(answer.refusal(), refused());
        house.pass(11);
    }
    assert_eq!(publisher.times_read(), 0);
    house.close().await;
});

both!(attack_40_a_certificate_is_believed_from_a_trusted_proxy_alone, async |engine| {
    let certificate = Certified::new("/CN=m", "DNS:m.example");
    let client = declared("m", "machine", "tls_client_auth", "certificate = 'CN=m'");
    let declaration = format!("{SHOP}{client}");
    let header = ("proxy.client_certificate_header", "X-Client-Cert");
    let form = [("grant_type", "client_credentials"), ("client_id", "m")];
    for (settings, good) in [
        (vec![], false),
        (vec![header], false),
        (vec![header, ("proxy.trusted", "10.0.0.0/8")], false),
        (vec![("proxy.trusted", "127.0.0.0/8")], false),
        (vec![header, ("proxy.trusted", "10.0.0.0/8,127.0.0.0/8")], true),
    ] {
        let house = House::with(engine, &declaration, &settings).await;
        let (machine, shown) = (house.machine(), certificate.header());
        let answer = machine.send(Method::POST, "/oauth2/token", &[("x-client-cert", &shown)], Some(&form)).await;
        assert_eq!(answer.status, if good { 200 } else { 401 }, "{settings:?}");
        // Under another name than the proxy's, from outside, through it; and beside the proxy's own word.
        for smuggled in [&[("client-cert", shown.as_str())][..], &[("x-client-cert", &shown), ("x-client-cert", "x")]] {
            let answer = machine.send(Method::POST, "/oauth2/token", smuggled, Some(&form)).await;
            assert_eq!(answer.refusal(), refused(), "{settings:?}");
        }
        house.close().await;
    }
});
