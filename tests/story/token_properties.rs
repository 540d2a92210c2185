//! Whatever is thrown at the token endpoint, it answers what the standard knows: never a fault of ours, and never a token.

use crate::harness::machine::{Answer, Machine};
use crate::harness::prover::Prover;
use crate::harness::ways::{ask, prove, signed_in};
use crate::harness::{House, SHOP_SECRET, both};
use crate::machines::{SECRET, declared};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::json;

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const TRIES: usize = 250;

const NAMES: [&str; 16] = [
    "grant_type",
    "code",
    "redirect_uri",
    "code_verifier",
    "client_id",
    "client_secret",
    "refresh_token",
    "scope",
    "resource",
    "audience",
    "subject_token",
    "subject_token_type",
    "actor_token",
    "token",
    "nonsense",
    "client_assertion",
];

/// Everything true about our clients, crossed: what opens one door with what belongs to another.
struct Pool(Vec<String>);

impl Pool {
    async fn of(house: &House) -> Self {
        let challenged =
            [("code_challenge", CHALLENGE), ("code_challenge_method", "S256"), ("scope", "openid offline")];
        let code = signed_in(&mut house.visitor(), &challenged).await.code();
        let refresh = bound(house).await;
        let mut pool: Vec<String> = [
            "authorization_code",
            "refresh_token",
            "client_credentials",
            "urn:ietf:params:oauth:grant-type:token-exchange",
            "urn:ietf:params:oauth:token-type:access_token",
            "password",
            crate::harness::SHOP_CALLBACK,
            "http://127.0.0.1:4100/callback",
            "shop",
            "kiosk",
            "robot",
            "members",
            "openid offline",
            "https://orders.example",
            "\u{0}",
            "💥",
            "' OR 1=1 --",
            "%00",
            "{}",
        ]
        .map(str::to_owned)
        .to_vec();
        // Secrets but one letter off, in another case, cut; a code whose verifier nobody here has; a refresh token whose key
        // nobody here has.
        let near = |text: &str| [text.to_uppercase(), text[1..].to_owned(), format!("{text}x")];
        pool.extend(near(SHOP_SECRET));
        pool.extend(near(SECRET));
        pool.extend(near(VERIFIER));
        pool.extend(["bcdefghijabcdefghijabcdefghijabcdefghijabcdefghij123".to_owned(), code, refresh]);
        pool.push("x".repeat(9_000));
        Self(pool)
    }
}

/// A public client's refresh token, which answers to its key alone.
async fn bound(house: &House) -> String {
    let asked = [
        ("client_id", "kiosk"),
        ("redirect_uri", "http://127.0.0.1:4100/callback"),
        ("scope", "openid offline"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&asked)).await;
    let code = prove(&mut visitor, page).await.code();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("client_id", "kiosk"),
        ("redirect_uri", "http://127.0.0.1:4100/callback"),
        ("code_verifier", VERIFIER),
    ];
    let proof = house.token_proof(&Prover::new("ES256"), json!({}));
    house.prove_at_token(&[&proof], &form).await.text("refresh_token")
}

/// Pairs in any order, repeated, encoded wrongly.
fn body(pool: Vec<String>) -> impl Strategy<Value = Vec<u8>> {
    let name = prop_oneof![9 => prop::sample::select(NAMES.to_vec()).prop_map(str::to_owned), 1 => any::<String>()];
    let value = prop_oneof![9 => prop::sample::select(pool), 1 => any::<String>()];
    let pair = (name, value, 0_u8..20).prop_map(|(name, value, how)| {
        let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        match how {
            0 => format!("{name}={value}").into_bytes(),
            1 => [encode(&name).as_bytes(), b"=%ZZ%FF\xff\xfe"].concat(),
            2 => encode(&name).into_bytes(),
            _ => format!("{}={}", encode(&name), encode(&value)).into_bytes(),
        }
    });
    // Most begin as a request might.
    let head = prop::sample::select(vec![
        "grant_type=authorization_code&client_id=shop",
        "grant_type=refresh_token&client_id=kiosk",
        "grant_type=client_credentials&client_id=robot",
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&client_id=robot",
        "",
    ]);
    (head, prop::collection::vec(pair, 0..12)).prop_map(|(head, pairs)| {
        let mut body = head.as_bytes().to_vec();
        for pair in pairs {
            body.push(b'&');
            body.extend(pair);
        }
        body
    })
}

fn answers_calmly(answer: &Answer, path: &str, sent: &[u8]) {
    let sent = String::from_utf8_lossy(sent);
    assert!(matches!(answer.status, 200 | 400 | 401), "{path} {} {} for {sent}", answer.status, answer.body);
    assert!(
        !answer.body.contains("access_token") && !answer.body.contains("id_token"),
        "{path} {} for {sent}",
        answer.body
    );
    if answer.status != 200 {
        let told = answer.json();
        assert!(told["error"].is_string() && told["error_description"].is_string(), "{}", answer.body);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
}

async fn throw(machine: &Machine, path: &str, strategy: &impl Strategy<Value = Vec<u8>>, runner: &mut TestRunner) {
    for _ in 0..TRIES {
        let sent = strategy.new_tree(runner).expect("a value").current();
        let answer = machine.raw(path, &[("content-type", "application/x-www-form-urlencoded")], sent.clone()).await;
        answers_calmly(&answer, path, &sent);
        if path == "/oauth2/token" {
            assert_ne!(answer.status, 200, "{}", String::from_utf8_lossy(&sent));
        }
        if path == "/oauth2/introspect" {
            assert!(!answer.body.contains("\"active\":true"), "{}", answer.body);
        }
    }
}

both!(nothing_thrown_at_it_breaks_it_or_gets_a_token, async |engine| {
    let house = House::with(engine, &declared(), &[]).await;
    let machine = house.machine();
    let pool = Pool::of(&house).await;
    let strategy = body(pool.0);
    let mut runner = TestRunner::deterministic();
    for path in ["/oauth2/token", "/oauth2/revoke", "/oauth2/introspect"] {
        throw(&machine, path, &strategy, &mut runner).await;
    }
    // Bodies of another kind, and headers that are none.
    for headers in [
        vec![("content-type", "application/json")],
        vec![("content-type", "multipart/form-data; boundary=x")],
        vec![],
        vec![("content-type", "application/x-www-form-urlencoded"), ("authorization", "Basic Og==")],
        vec![("content-type", "application/x-www-form-urlencoded"), ("dpop", ""), ("dpop", "x")],
    ] {
        let sent = format!("grant_type=client_credentials&client_id=robot&client_secret={}", "A".repeat(52));
        let answer = machine.raw("/oauth2/token", &headers, sent.clone().into_bytes()).await;
        answers_calmly(&answer, "/oauth2/token", sent.as_bytes());
        assert_ne!(answer.status, 200);
    }
    house.close().await;
});
