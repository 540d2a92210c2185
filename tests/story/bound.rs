//! Tokens bound to a certificate (RFC 8705 §3), from the sign-in to the last place they are shown at; and to the key of a device.

use crate::device::Device;
use crate::harness::clients::{Certified, declared};
use crate::harness::machine::Answer;
use crate::harness::prover::{Prover, ath};
use crate::harness::rp::payload;
use crate::harness::ways::signed_in;
use crate::harness::{Engine, House, SHOP, both};
use reqwest::Method;
use serde_json::json;

const SECRET: &str = "cdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234";
const PROXY: [(&str, &str); 2] = [("proxy.trusted", "127.0.0.1"), ("proxy.client_certificate_header", "X-Client-Cert")];
const BOUND: (u16, &str) = (401, "invalid_token");

/// `bank` signs people in and `robot` asks in its own name, both by the certificate; `books` only looks tokens up.
async fn house(engine: Engine) -> House {
    let its = "certificate = 'CN=bank'\ntls_bound = true";
    let clients = [
        declared("bank", "web", "tls_client_auth", its),
        declared("robot", "machine", "tls_client_auth", its),
        declared("books", "machine", "client_secret_post", &format!("secret = \"{SECRET}\"")),
        "[[resource]]\nuri = \"https://ledger.example\"\nname = \"Ledger\"\nservers = [\"books\"]\n".to_owned(),
    ];
    House::with(engine, &format!("{SHOP}{}", clients.concat()), &PROXY).await
}

/// A request that came through the proxy, with the certificate it verified or without one.
async fn send(house: &House, method: Method, path: &str, shown: [Option<&str>; 2], form: &[(&str, &str)]) -> Answer {
    let bearer = shown[0].map(|token| format!("Bearer {token}"));
    let headers = [("authorization", bearer.as_deref()), ("x-client-cert", shown[1])];
    let headers: Vec<(&str, &str)> = headers.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    let form = (method == Method::POST).then_some(form);
    house.machine().send(method, path, &headers, form).await
}

both!(a_token_bound_to_a_certificate_opens_nothing_without_it, async |engine| {
    let house = house(engine).await;
    let (own, other) = (Certified::new("/CN=bank", "DNS:bank.example"), Certified::new("/CN=bank", "DNS:bank.example"));
    let (certificate, wrong) = (own.header(), other.header());
    let asked = [("client_id", "bank"), ("scope", "openid phone offline"), ("resource", "https://ledger.example")];
    let code = signed_in(&mut house.visitor(), &asked).await.code();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", crate::harness::SHOP_CALLBACK),
        ("client_id", "bank"),
    ];
    let without = send(&house, Method::POST, "/oauth2/token", [None, None], &form).await;
    assert_eq!(without.refusal(), (401, "invalid_client".into()), "nothing used up");
    let tokens = send(&house, Method::POST, "/oauth2/token", [None, Some(&certificate)], &form).await;
    assert_eq!((tokens.status, tokens.text("token_type").as_str()), (200, "Bearer"), "{}", tokens.body);
    let access = tokens.text("access_token");
    assert_eq!(payload(&access)["cnf"], json!({ "x5t#S256": own.thumbprint() }));
    for path in ["/oauth2/userinfo", "/oauth2/v2/user_profile", "/account_api/v1/permissions"] {
        for shown in [None, Some(wrong.as_str()), Some("x")] {
            let answer = send(&house, Method::GET, path, [Some(&access), shown], &[]).await;
            assert_eq!(answer.refusal(), (BOUND.0, BOUND.1.into()), "{path} {shown:?}");
        }
        let answer = send(&house, Method::GET, path, [Some(&access), Some(&certificate)], &[]).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    }
    // In a form as well; and a header of that kind from elsewhere is nobody's word.
    let in_form = [("access_token", access.as_str())];
    let answer = send(&house, Method::POST, "/oauth2/userinfo", [None, None], &in_form).await;
    assert_eq!(answer.refusal(), (BOUND.0, BOUND.1.into()));
    let headers = [("authorization", format!("Bearer {access}")), ("client-cert", certificate.clone())];
    let headers = [(headers[0].0, headers[0].1.as_str()), (headers[1].0, headers[1].1.as_str())];
    let answer = house.machine().send(Method::GET, "/oauth2/userinfo", &headers, None).await;
    assert_eq!(answer.refusal(), (BOUND.0, BOUND.1.into()));
    // Whoever serves the API is told to what it is bound, and looks itself.
    let form = [("token", access.as_str()), ("client_id", "books"), ("client_secret", SECRET)];
    let told = house.machine().post("/oauth2/introspect", &form).await.json();
    assert_eq!((&told["active"], &told["cnf"]["x5t#S256"]), (&json!(true), &json!(own.thumbprint())));
    // A refresh is bound to the certificate of the day (RFC 8705 §4): the same subject, a new certificate.
    let refresh = tokens.text("refresh_token");
    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str()), ("client_id", "bank")];
    assert_eq!(send(&house, Method::POST, "/oauth2/token", [None, None], &form).await.refusal().0, 401);
    let renewed = send(&house, Method::POST, "/oauth2/token", [None, Some(&wrong)], &form).await;
    assert_eq!(payload(&renewed.text("access_token"))["cnf"], json!({ "x5t#S256": other.thumbprint() }));
    house.close().await;
});

both!(a_machines_bound_token_looks_nothing_up_without_its_certificate, async |engine| {
    let house = house(engine).await;
    let certificate = Certified::new("/CN=bank", "DNS:bank.example").header();
    let form = [("grant_type", "client_credentials"), ("client_id", "robot")];
    let own = send(&house, Method::POST, "/oauth2/token", [None, Some(&certificate)], &form).await.text("access_token");
    let form = [("token", own.as_str())];
    let answer = send(&house, Method::POST, "/oauth2/introspect", [Some(&own), None], &form).await;
    assert_eq!(answer.refusal(), (BOUND.0, BOUND.1.into()));
    let answer = send(&house, Method::POST, "/oauth2/introspect", [Some(&own), Some(&certificate)], &form).await;
    assert_eq!((answer.status, &answer.json()["active"]), (200, &json!(true)));
    house.close().await;
});

both!(a_device_binds_its_tokens_to_the_key_it_shows, async |engine| {
    let house = crate::device::house(engine).await;
    let machine = house.machine();
    let (key, other) = (Prover::new("ES256"), Prover::new("ES256"));
    let device = Device::begin(&machine, &[]).await;
    let mut visitor = house.visitor();
    let page = crate::device::to_consent(&mut visitor, &device.letters).await;
    visitor.submit(&page, &[("p_decision", "allow")]).await;
    let form = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("device_code", device.code.as_str()),
        ("client_id", "tv"),
    ];
    // A proof that is none uses nothing up.
    let wrong = house.token_proof(&key, json!({ "htm": "GET" }));
    assert_eq!(house.prove_at_token(&[&wrong], &form).await.refusal(), (400, "invalid_dpop_proof".into()));
    let tokens = house.prove_at_token(&[&house.token_proof(&key, json!({}))], &form).await;
    assert_eq!((tokens.status, tokens.text("token_type").as_str()), (200, "DPoP"), "{}", tokens.body);
    let access = tokens.text("access_token");
    assert_eq!(payload(&access)["cnf"], json!({ "jkt": key.thumbprint() }));
    // The access token, and as nobody can authenticate here the refresh token too, are worth nothing without the key.
    let url = format!("{}/oauth2/userinfo", house.issuer);
    let show = async |scheme: &str, prover: Option<&Prover>| {
        let authorization = format!("{scheme} {access}");
        let proof = prover.map(|key| key.proof("GET", &url, house.now(), json!({ "ath": ath(&access) })));
        let mut headers = vec![("authorization", authorization.as_str())];
        headers.extend(proof.as_deref().map(|proof| ("dpop", proof)));
        machine.send(Method::GET, "/oauth2/userinfo", &headers, None).await
    };
    assert_eq!(show("Bearer", None).await.refusal(), (401, "invalid_token".into()));
    assert_eq!(show("DPoP", Some(&other)).await.refusal(), (401, "invalid_dpop_proof".into()));
    assert_eq!(show("DPoP", Some(&key)).await.status, 200);
    let refresh = tokens.text("refresh_token");
    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str()), ("client_id", "tv")];
    for proofs in [vec![], vec![house.token_proof(&other, json!({}))]] {
        let proofs: Vec<&str> = proofs.iter().map(String::as_str).collect();
        assert_eq!(house.prove_at_token(&proofs, &form).await.refusal(), (400, "invalid_dpop_proof".into()));
    }
    assert_eq!(house.prove_at_token(&[&house.token_proof(&key, json!({}))], &form).await.status, 200);
    house.close().await;
});
