//! Requests pushed ahead (RFC 9126): what the browser carries is a reference, and what counts is what the client pushed.

use crate::harness::machine::Answer;
use crate::harness::prover::Prover;
use crate::harness::rp::{identify, payload};
use crate::harness::ways::{TEST, TEST_PASSCODE, ask, asking, prove};
use crate::harness::{Engine, House, SHOP, SHOP_CALLBACK, SHOP_SECRET, both};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::json;

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// A client whose requests never travel through a browser.
const PUSHY: &str = "\n[[client]]\nid = \"pushy\"\nname = \"Pushy\"\nkind = \"web\"\nrequire_par = true\nsecret = \"cdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234\"\nredirect_uris = [\"http://127.0.0.1:4400/callback\"]\nconnections = [\"phone\"]\n";
const PUSHY_SECRET: &str = "cdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234";

/// What replaces the usual parameters, and what that is answered with.
type Case<'a> = (&'a [(&'a str, &'a str)], u16, &'a str);

fn reference(answer: &Answer) -> String {
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert!((60..=90).contains(&answer.json()["expires_in"].as_u64().expect("a number")));
    answer.text("request_uri")
}

fn opening(request_uri: &str) -> String {
    asking(&[("client_id", "shop"), ("request_uri", request_uri)])
}

async fn house(engine: Engine) -> House {
    House::with(engine, &[SHOP, PUSHY].concat(), &[]).await
}

both!(what_was_pushed_is_what_counts, async |engine| {
    let house = house(engine).await;
    let (machine, mut visitor) = (house.machine(), house.visitor());
    let s256 = [("code_challenge", CHALLENGE), ("code_challenge_method", "S256")];
    let uri = reference(&machine.push(&[&[("nonce", "n-pushed")], &s256[..]].concat()).await);
    let secret = uri.strip_prefix("urn:ietf:params:oauth:request_uri:").expect("the standard's name");
    assert!(secret.len() >= 43, "256 bits: {secret}");
    // Copies beside the reference change nothing, whatever they say.
    let url = asking(&[
        ("client_id", "shop"),
        ("request_uri", &uri),
        ("state", "other"),
        ("nonce", "other"),
        ("scope", "openid offline"),
        ("redirect_uri", "https://evil.example/"),
        ("prompt", "none"),
        ("response_mode", "form_post"),
    ]);
    let page = visitor.get(&url).await;
    assert!(page.asks_who(), "{}", page.text());
    let back = prove(&mut visitor, page).await;
    assert_eq!(back.param("state").as_deref(), Some("st8"));
    assert!(back.url.starts_with(SHOP_CALLBACK), "{}", back.url);
    let tokens = machine.redeem(&back.code(), &[("code_verifier", VERIFIER)]).await;
    assert_eq!(tokens.text("scope"), "openid phone email");
    assert_eq!(payload(&tokens.text("id_token"))["nonce"], "n-pushed");
    // Without a state pushed, none comes back.
    let uri = reference(&machine.push(&[("state", "")]).await);
    let back = visitor.get(&format!("{}&state=front", opening(&uri))).await;
    assert_eq!((back.param("state"), back.param("code").is_some()), (None, true), "{}", back.url);
    house.close().await;
});

both!(a_reference_may_be_opened_twice_and_answers_once, async |engine| {
    let house = house(engine).await;
    let (machine, mut visitor) = (house.machine(), house.visitor());
    let uri = reference(&machine.push(&[]).await);
    let first = visitor.get(&opening(&uri)).await;
    let second = visitor.get(&opening(&uri)).await;
    assert!(first.asks_who() && second.asks_who());
    // A person may take longer than the reference lives.
    house.pass(300);
    prove(&mut visitor, first).await.code();
    // The other page still signs in, and still gives no second code.
    let late = identify(&mut visitor, second, TEST).await;
    let late = visitor.submit(&late, &[("p_confirmation_code", TEST_PASSCODE)]).await;
    assert_eq!((late.param("code"), late.error().as_deref()), (None, Some("invalid_request_uri")));
    assert_eq!(late.param("state").as_deref(), Some("st8"));
    // Nor does opening it again, signed in or not.
    for mut somebody in [visitor.clone(), house.visitor()] {
        let back = somebody.get(&opening(&uri)).await;
        assert!(back.url.starts_with(SHOP_CALLBACK), "{}", back.url);
        assert_eq!((back.param("code"), back.error().as_deref()), (None, Some("invalid_request_uri")));
    }
    // A silent answer spends it as well, and so does a silent refusal.
    let uri = reference(&machine.push(&[("prompt", "none")]).await);
    visitor.get(&opening(&uri)).await.code();
    assert_eq!(visitor.get(&opening(&uri)).await.error().as_deref(), Some("invalid_request_uri"));
    let uri = reference(&machine.push(&[("prompt", "none")]).await);
    assert_eq!(house.visitor().get(&opening(&uri)).await.error().as_deref(), Some("login_required"));
    assert_eq!(visitor.get(&opening(&uri)).await.error().as_deref(), Some("invalid_request_uri"));
    house.close().await;
});

both!(parallel_answers_to_one_reference_give_one_code, async |engine| {
    let house = house(engine).await;
    let (machine, mut visitor) = (house.machine(), house.visitor());
    let page = visitor.get(&ask(&[])).await;
    prove(&mut visitor, page).await.code();
    let uri = reference(&machine.push(&[]).await);
    let mut openings = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (mut browser, url) = (visitor.clone(), opening(&uri));
        openings.spawn(async move { browser.get(&url).await });
    }
    let pages = openings.join_all().await;
    let codes = pages.iter().filter(|page| page.param("code").is_some()).count();
    let refused = pages.iter().filter(|page| page.error().as_deref() == Some("invalid_request_uri")).count();
    assert_eq!((codes, refused), (1, 19));
    house.close().await;
});

both!(a_reference_is_one_clients_and_soon_over, async |engine| {
    let house = house(engine).await;
    let machine = house.machine();
    let uri = reference(&machine.push(&[]).await);
    let page = |url: String| {
        let mut visitor = house.visitor();
        async move { visitor.get(&url).await }
    };
    for url in [
        asking(&[("client_id", "members"), ("request_uri", &uri)]),
        opening("urn:ietf:params:oauth:request_uri:guessed"),
        opening(&uri[..uri.len() - 1]),
        opening("urn:ietf:params:oauth:request_uri:"),
        // What stands beside a reference proves nothing.
        ask(&[("request_uri", "urn:ietf:params:oauth:request_uri:guessed")]),
    ] {
        let told = page(url.clone()).await;
        assert_eq!((told.status.as_u16(), told.headers.get("location")), (400, None), "{url}");
        assert!(told.text().contains("request_uri"), "{}", told.text());
    }
    house.pass(91);
    let back = page(opening(&uri)).await;
    assert_eq!((back.param("code"), back.error().as_deref()), (None, Some("invalid_request_uri")), "{}", back.url);
    house.close().await;
});

both!(what_is_wrong_is_told_when_it_is_pushed, async |engine| {
    let house = house(engine).await;
    let machine = house.machine();
    let cases: [Case; 17] = [
        (&[("client_secret", "")], 401, "invalid_client"),
        (&[("client_secret", "wrong")], 401, "invalid_client"),
        (&[("client_id", "nobody")], 401, "invalid_client"),
        (&[("client_id", "")], 401, "invalid_client"),
        (&[("redirect_uri", "")], 400, "invalid_request"),
        (&[("redirect_uri", "https://evil.example/")], 400, "invalid_request"),
        (&[("request_uri", "urn:ietf:params:oauth:request_uri:x")], 400, "invalid_request"),
        (&[("response_type", "")], 400, "invalid_request"),
        (&[("response_type", "token")], 400, "unsupported_response_type"),
        (&[("response_mode", "fragment")], 400, "invalid_request"),
        (&[("scope", "nothing")], 400, "invalid_scope"),
        (&[("prompt", "none login")], 400, "invalid_request"),
        (&[("code_challenge", CHALLENGE), ("code_challenge_method", "plain")], 400, "invalid_request"),
        (&[("claims", "[]")], 400, "invalid_request"),
        (&[("resource", "https://nowhere.example")], 400, "invalid_target"),
        (&[("dpop_jkt", "short")], 400, "invalid_request"),
        (&[("state", "a"), ("state", "b")], 400, "invalid_request"),
    ];
    for (extra, status, error) in cases {
        let answer = machine.push(extra).await;
        assert_eq!(answer.refusal(), (status, error.to_owned()), "{extra:?}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{extra:?}");
    }
    for method in [Method::PUT, Method::GET, Method::DELETE] {
        assert_eq!(machine.send(method.clone(), "/oauth2/par", &[], None).await.status, 405, "{method}");
    }
    // Basic serves as it does at the token endpoint; the request then needs no client_id of its own.
    let basic = format!("Basic {}", STANDARD.encode(format!("shop:{SHOP_SECRET}")));
    let form = [("redirect_uri", SHOP_CALLBACK), ("response_type", "code"), ("scope", "openid")];
    let answer = machine.send(Method::POST, "/oauth2/par", &[("authorization", &basic)], Some(&form)).await;
    assert!(house.visitor().get(&opening(&reference(&answer))).await.asks_who());
    house.close().await;
});

both!(some_clients_requests_come_by_no_other_way, async |engine| {
    let house = house(engine).await;
    let machine = house.machine();
    let its = [
        ("client_id", "pushy"),
        ("redirect_uri", "http://127.0.0.1:4400/callback"),
        ("response_type", "code"),
        ("scope", "openid"),
        ("state", "s"),
    ];
    let back = house.visitor().get(&asking(&its)).await;
    assert!(back.url.starts_with("http://127.0.0.1:4400/callback?"), "{}", back.url);
    assert_eq!(
        (back.error().as_deref(), back.param("state").as_deref(), back.param("iss").as_deref()),
        (Some("invalid_request"), Some("s"), Some(house.issuer.as_str()))
    );
    let uri = reference(&machine.push(&[&its[..], &[("client_secret", PUSHY_SECRET)]].concat()).await);
    let page = house.visitor().get(&asking(&[("client_id", "pushy"), ("request_uri", &uri)])).await;
    assert!(page.asks_who(), "{}", page.text());
    // The database holds neither the reference nor the secret it came with.
    let hash = countersign::crypto::hash::sha256_hex(uri.rsplit(':').next().expect("a reference"));
    let kept = countersign::store::pushed_requests::find(&house.app.db, &hash).await.expect("finds").expect("there");
    assert!(!kept.query.contains(PUSHY_SECRET), "{}", kept.query);
    house.close().await;
});

both!(a_key_proven_ahead_binds_the_code, async |engine| {
    let house = house(engine).await;
    let (machine, mut visitor) = (house.machine(), house.visitor());
    let page = visitor.get(&ask(&[])).await;
    prove(&mut visitor, page).await.code();
    let (key, other) = (Prover::new("ES256"), Prover::new("ES256"));
    let (its, others) = (key.thumbprint(), other.thumbprint());
    let url = format!("{}/oauth2/par", house.issuer);
    let proof = || key.proof("POST", &url, house.now(), json!({}));
    let redeem = async |prover: Option<&Prover>, code: String| {
        let proof = prover.map(|prover| house.token_proof(prover, json!({})));
        let form = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", SHOP_CALLBACK),
            ("client_id", "shop"),
            ("client_secret", SHOP_SECRET),
        ];
        house.prove_at_token(&proof.iter().map(String::as_str).collect::<Vec<_>>(), &form).await
    };
    // By the proof, by its thumbprint, by both; at the front as well.
    for (by_proof, by_name, pushed) in
        [(true, false, true), (false, true, true), (true, true, true), (false, true, false)]
    {
        let mut codes = Vec::new();
        for _ in 0..3 {
            let name = if by_name { its.as_str() } else { "" };
            let url = if pushed {
                let uri =
                    reference(&machine.push_with(&proof_header(by_proof.then(&proof)), &[("dpop_jkt", name)]).await);
                opening(&uri)
            } else {
                ask(&[("dpop_jkt", name)])
            };
            codes.push(visitor.get(&url).await.code());
        }
        for prover in [Some(&other), None] {
            let answer = redeem(prover, codes.remove(0)).await;
            assert_eq!(answer.refusal(), (400, "invalid_dpop_proof".into()), "{by_proof} {by_name} {pushed}");
        }
        assert_eq!(redeem(Some(&key), codes.remove(0)).await.status, 200);
    }
    // Two keys at once, a proof of another endpoint, one that came before, two of them.
    let told = machine.push_with(&proof_header(Some(proof())), &[("dpop_jkt", &others)]).await;
    assert_eq!(told.refusal(), (400, "invalid_dpop_proof".into()));
    assert!(told.header("dpop-nonce").is_some());
    let elsewhere = house.token_proof(&key, json!({}));
    let once = proof();
    assert_eq!(machine.push_with(&proof_header(Some(once.clone())), &[]).await.status, 201);
    for proofs in [vec![elsewhere], vec![once], vec![proof(), proof()], vec!["x".into()]] {
        let headers: Vec<(&str, String)> = proofs.into_iter().map(|proof| ("dpop", proof)).collect();
        assert_eq!(machine.push_with(&headers, &[]).await.refusal(), (400, "invalid_dpop_proof".into()));
    }
    house.close().await;
});

fn proof_header(proof: Option<String>) -> Vec<(&'static str, String)> {
    proof.into_iter().map(|proof| ("dpop", proof)).collect()
}

both!(a_pushed_sign_in_left_too_long_is_begun_again_by_what_was_pushed, async |engine| {
    let house = house(engine).await;
    let more = [("supports_reauth", "true"), ("login_hint", "phone:+2348031234567:ng"), ("lang", "fr")];
    let uri = reference(&house.machine().push(&more).await);
    let mut visitor = house.visitor();
    let page = visitor.get(&opening(&uri)).await;
    house.pass(60 * 60 + 1);
    let back = visitor.get(&page.url).await;
    assert_eq!(back.error().as_deref(), Some("login_link_expired"));
    let told = STANDARD.decode(back.param("reauth_state").expect("told")).expect("standard base64");
    let told: serde_json::Value = serde_json::from_slice(&told).expect("JSON");
    assert_eq!(told, json!({ "login_hint": "phone:+2348031234567:ng", "lang": "fr" }));
    house.close().await;
});
