//! How clients show who they are: each by its own way and by no other.

use crate::harness::clients::{Certified, JWT_BEARER, Publisher, by_secret, declared, jwks};
use crate::harness::machine::Answer;
use crate::harness::prover::Prover;
use crate::harness::{House, SHOP, both};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::json;

const SECRET: &str = "cdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234";
const PROXY: [(&str, &str); 2] = [("proxy.trusted", "127.0.0.1"), ("proxy.client_certificate_header", "X-Client-Cert")];

fn refused() -> (u16, String) {
    (401, "invalid_client".to_owned())
}

/// A token for the client itself.
async fn token(house: &House, headers: &[(&str, &str)], form: &[(&str, &str)]) -> Answer {
    let form = [&[("grant_type", "client_credentials")], form].concat();
    house.machine().send(Method::POST, "/oauth2/token", headers, Some(&form)).await
}

async fn by_assertion(house: &House, assertion: &str) -> Answer {
    token(house, &[], &[("client_assertion_type", JWT_BEARER), ("client_assertion", assertion)]).await
}

both!(a_client_authenticates_by_its_own_method_and_no_other, async |engine| {
    let (key, certificate) = (Prover::new("ES256"), Certified::new("/C=GB/O=Shop, Ltd./CN=m", "DNS:m.example"));
    let secret = format!("secret = \"{SECRET}\"");
    let keys = format!("jwks = '{}'", jwks(&[("k1", &key)]));
    let subject = "certificate = 'CN=m,O=Shop\\, Ltd.,C=GB'";
    let methods = [
        ("client_secret_basic", secret.as_str()),
        ("client_secret_post", &secret),
        ("client_secret_jwt", &secret),
        ("private_key_jwt", &keys),
        ("tls_client_auth", subject),
    ];
    let clients: String = methods.iter().map(|(method, lines)| declared(method, "machine", method, lines)).collect();
    let house = House::with(engine, &format!("{SHOP}{clients}"), &PROXY).await;
    for (id, _) in methods {
        for (shown, _) in methods {
            let basic = format!("Basic {}", STANDARD.encode(format!("{id}:{SECRET}")));
            let answer = match shown {
                "client_secret_basic" => token(&house, &[("authorization", &basic)], &[]).await,
                "client_secret_post" => token(&house, &[], &[("client_id", id), ("client_secret", SECRET)]).await,
                "client_secret_jwt" => {
                    let jws = by_secret(SECRET, &json!({"alg": "HS256"}), &house.asserts(id, json!({})));
                    by_assertion(&house, &jws).await
                }
                "private_key_jwt" => by_assertion(&house, &house.assertion("k1", &key, id, json!({}))).await,
                _ => token(&house, &[("x-client-cert", &certificate.header())], &[("client_id", id)]).await,
            };
            if id == shown {
                assert_eq!(answer.status, 200, "{id}: {}", answer.body);
            } else {
                assert_eq!(answer.refusal(), refused(), "{id} by {shown}");
            }
        }
        assert_eq!(token(&house, &[], &[("client_id", id)]).await.refusal(), refused(), "{id} by nothing");
    }
    let told = house.machine().get("/.well-known/openid-configuration").await.json();
    for (method, _) in methods {
        let listed = told["token_endpoint_auth_methods_supported"].as_array().expect("a list");
        assert!(listed.contains(&json!(method)), "{method}");
    }
    assert_eq!(told["tls_client_certificate_bound_access_tokens"], json!(true));
    house.close().await;
});

both!(a_wrong_secret_key_or_certificate_is_refused, async |engine| {
    let (key, other) = (Prover::new("EdDSA"), Prover::new("EdDSA"));
    let keys = format!("jwks = '{}'", jwks(&[("k1", &key)]));
    let clients = [
        declared("mac", "machine", "client_secret_jwt", &format!("secret = \"{SECRET}\"")),
        declared("keyed", "machine", "private_key_jwt", &keys),
        declared("other", "machine", "private_key_jwt", &keys),
    ];
    let house = House::with(engine, &format!("{SHOP}{}", clients.concat()), &[]).await;
    let wrong = by_secret(&SECRET.replace('1', "2"), &json!({"alg": "HS256"}), &house.asserts("mac", json!({})));
    assert_eq!(by_assertion(&house, &wrong).await.refusal(), refused());
    assert_eq!(by_assertion(&house, &house.assertion("k1", &other, "keyed", json!({}))).await.refusal(), refused());
    // In another's name, by its own key; and with a client_id beside it that says another.
    let own = house.assertion("k1", &key, "other", json!({"sub": "keyed"}));
    assert_eq!(by_assertion(&house, &own).await.refusal(), refused());
    let named = house.assertion("k1", &key, "keyed", json!({}));
    let form = [("client_assertion_type", JWT_BEARER), ("client_assertion", &named), ("client_id", "other")];
    assert_eq!(token(&house, &[], &form).await.refusal(), refused());
    // None of that used its jti up; then it is good once.
    assert_eq!(by_assertion(&house, &named).await.status, 200);
    assert_eq!(by_assertion(&house, &named).await.refusal(), refused());
    // Every endpoint of ours may be meant, but for the strictest profile.
    for audience in [json!(format!("{}/oauth2/token", house.issuer)), json!([house.issuer]), json!(house.issuer)] {
        let assertion = house.assertion("k1", &key, "keyed", json!({"aud": audience}));
        assert_eq!(by_assertion(&house, &assertion).await.status, 200, "{audience}");
    }
    house.close().await;
});

both!(a_certificate_is_matched_by_subject_or_name_and_binds_tokens, async |engine| {
    let certificate = Certified::new(
        "/DC=example/OU=Payments/CN=shop",
        "DNS:shop.example,URI:urn:shop,IP:192.0.2.1,email:a@shop.example",
    );
    let matches = [
        ("CN=shop,OU=Payments,DC=example", true),
        ("cn=shop, ou=Payments, dc=example", true),
        ("dns:SHOP.example", true),
        ("uri:urn:shop", true),
        ("ip:192.0.2.1", true),
        ("email:a@shop.example", true),
        ("CN=shop", false),
        ("CN=shop,OU=Payments", false),
        ("DC=example,OU=Payments,CN=shop", false),
        ("CN=Shop,OU=Payments,DC=example", false),
        ("dns:example", false),
        ("uri:shop.example", false),
        ("ip:192.0.2.2", false),
    ];
    let client = |(place, (wanted, _)): (usize, &(&str, bool))| {
        let lines = format!("certificate = '{wanted}'\ntls_bound = true");
        declared(&format!("m{place}"), "machine", "tls_client_auth", &lines)
    };
    let clients: String = matches.iter().enumerate().map(client).collect();
    let house = House::with(engine, &format!("{SHOP}{clients}"), &PROXY).await;
    // As RFC 9440 writes it, and as nginx escapes it.
    let escaped =
        url::form_urlencoded::byte_serialize(certificate.pem.as_bytes()).collect::<String>().replace('+', "%20");
    for header in [certificate.header(), escaped] {
        for (place, (wanted, good)) in matches.iter().enumerate() {
            let id = format!("m{place}");
            let answer = token(&house, &[("x-client-cert", &header)], &[("client_id", &id)]).await;
            if !good {
                assert_eq!(answer.refusal(), refused(), "{wanted}");
                continue;
            }
            assert_eq!(answer.status, 200, "{wanted}: {}", answer.body);
            let told = crate::harness::rp::payload(&answer.text("access_token"));
            assert_eq!(told["cnf"]["x5t#S256"], json!(certificate.thumbprint()));
        }
    }
    for odd in ["", ":AAAA:", "AAAA", "::", "-----BEGIN CERTIFICATE-----"] {
        assert_eq!(
            token(&house, &[("x-client-cert", odd)], &[("client_id", "m0")]).await.refusal(),
            refused(),
            "{odd}"
        );
    }
    house.close().await;
});

both!(published_keys_are_read_when_they_are_needed, async |engine| {
    let (old, new) = (Prover::new("RS256"), Prover::new("PS256"));
    let publisher = Publisher::open(jwks(&[("old", &old)])).await;
    let lines = format!("jwks_uri = \"{}\"", publisher.url);
    let client = declared("keyed", "machine", "private_key_jwt", &lines);
    let house = House::with(engine, &format!("{SHOP}{client}"), &[("web.allow_private", "true")]).await;
    let by = async |kid: &str, key: &Prover| {
        by_assertion(&house, &house.assertion(kid, key, "keyed", json!({}))).await.status
    };
    for _ in 0..3 {
        assert_eq!((by("old", &old).await, publisher.times_read()), (200, 1));
    }
    // Rotated. Nobody makes us ask again at once, however many new names they think of.
    publisher.publish(Some(jwks(&[("new", &new)])));
    assert_eq!((by("new", &new).await, publisher.times_read()), (401, 1));
    house.pass(11);
    let all = futures_util::future::join_all((0..20).map(|_| by("new", &new))).await;
    assert!(all.iter().all(|status| *status == 200), "{all:?}");
    assert_eq!(publisher.times_read(), 2, "for all of them once");
    assert_eq!((by("old", &old).await, publisher.times_read()), (401, 2), "taken back");
    // A wrong signature under a name that is known is no reason to ask.
    house.pass(11);
    assert_eq!((by("new", &Prover::new("PS256")).await, publisher.times_read()), (401, 2));
    // Its server is down when the set has grown old: what was read stays good.
    publisher.publish(None);
    house.pass(601);
    assert_eq!((by("new", &new).await, publisher.times_read()), (200, 3));
    assert_eq!((by("new", &new).await, publisher.times_read()), (200, 3), "and is not asked again at once");
    publisher.publish(Some(json!({"keys": []})));
    house.pass(11);
    assert_eq!((by("new", &new).await, publisher.times_read()), (401, 4), "taken back, all of them");
    house.close().await;
});
