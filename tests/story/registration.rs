//! Clients register themselves under a policy, look after what they registered, and sign people in.

use crate::harness::clients::{JWT_BEARER, jwks};
use crate::harness::machine::{Answer, Machine, over};
use crate::harness::outside::{Document, Outside};
use crate::harness::prover::Prover;
use crate::harness::ways::{asking, prove};
use crate::harness::{Engine, House, Page, SHOP, Visitor, both};
use reqwest::Method;
use serde_json::{Value, json};

pub const TOKEN: &str = "initialinitialinitialinitialinitialinitialinit12";
pub const CALLBACK: &str = "https://app.example/callback";

/// A policy opened by a token, and one that is open.
pub const POLICIES: &str = r#"
[[registration]]
name = "partners"
token = "initialinitialinitialinitialinitialinitialinit12"
grant_types = ["authorization_code", "refresh_token", "client_credentials"]
connections = ["phone"]
require_pkce = false
most_clients = 20

[[registration]]
name = "open"
open = true
per_hour = 5
connections = ["phone", "email"]
scopes = ["openid", "email", "offline_access"]
"#;

pub async fn house(engine: Engine, settings: &[(&str, &str)]) -> House {
    House::with(engine, &format!("{SHOP}{POLICIES}"), settings).await
}

pub async fn register(machine: &Machine, token: &str, metadata: &Value) -> Answer {
    machine.json(Method::POST, "/oauth2/register", token, Some(metadata)).await
}

/// Usual metadata with what `more` names replaced; `null` leaves it out.
pub fn metadata(more: Value) -> Value {
    let mut metadata = json!({ "client_name": "Partner", "redirect_uris": [CALLBACK] });
    for (name, value) in more.as_object().expect("an object") {
        metadata[name.as_str()] = value.clone();
    }
    metadata
}

/// Where the client's own registration stands, from here.
pub fn place(house: &House, registered: &Answer) -> String {
    registered.text("registration_client_uri").strip_prefix(&house.issuer).expect("ours").to_owned()
}

/// Asks to sign somebody in to a client.
pub fn ask(client: &str, extra: &[(&str, &str)]) -> String {
    let usual = [
        ("client_id", client),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", "openid"),
        ("state", "st8"),
    ];
    asking(&over(&usual, extra))
}

/// From the first page to the client, allowing what is asked where somebody asks.
pub async fn through(visitor: &mut Visitor, page: Page) -> Page {
    let page = if page.asks_who() { prove(visitor, page).await } else { page };
    if page.html.contains("id=\"allow\"") { visitor.submit(&page, &[("p_decision", "allow")]).await } else { page }
}

both!(a_registered_client_signs_people_in, async |engine| {
    let house = house(engine, &[]).await;
    let machine = house.machine();
    let asked = metadata(json!({
        "grant_types": ["authorization_code", "refresh_token"],
        "scope": "openid offline_access",
        "contacts": ["dev@partner.example"],
        "unknown_member": {"x": 1},
        "client_id": "chosen",
        "client_secret": "chosen",
    }));
    let registered = register(&machine, TOKEN, &asked).await;
    assert_eq!(registered.status, 201, "{}", registered.body);
    assert_eq!(registered.header("cache-control"), Some("no-store"));
    assert_eq!(registered.header("content-type"), Some("application/json"));
    let told = registered.json();
    for (name, value) in [
        ("client_name", json!("Partner")),
        ("redirect_uris", json!([CALLBACK])),
        ("grant_types", json!(["authorization_code", "refresh_token"])),
        ("response_types", json!(["code"])),
        ("scope", json!("openid offline_access")),
        ("token_endpoint_auth_method", json!("client_secret_basic")),
        ("application_type", json!("web")),
        ("id_token_signed_response_alg", json!("RS256")),
        ("client_secret_expires_at", json!(0)),
        ("contacts", json!(["dev@partner.example"])),
    ] {
        assert_eq!(told[name], value, "{name}");
    }
    assert!(told.get("unknown_member").is_none());
    let (id, secret) = (registered.text("client_id"), registered.text("client_secret"));
    assert!(id != "chosen" && secret != "chosen" && !id.starts_with("kp_"));
    assert!((house.app.now().secs() - told["client_id_issued_at"].as_i64().expect("a number")).abs() < 9);
    assert_eq!(registered.text("registration_client_uri"), format!("{}/oauth2/register/{id}", house.issuer));
    // Another node knows it as soon as it looks.
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&id, &[("scope", "openid offline_access")])).await;
    let back = through(&mut visitor, page).await;
    // By the header: that is what it registered.
    let own = [("client_id", id.as_str()), ("client_secret", secret.as_str())];
    let code = back.code();
    let form = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", CALLBACK)];
    assert_eq!(machine.redeem(&code, &[&own[..], &form].concat()).await.refusal(), (401, "invalid_client".into()));
    let swapped = machine.post_by_header("/oauth2/token", &[&own[..], &form].concat()).await;
    assert_eq!(swapped.status, 200, "{}", swapped.body);
    let refresh = async |token: &str| {
        let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
        machine.post_by_header("/oauth2/token", &[&own[..], &form].concat()).await
    };
    let refreshed = refresh(&swapped.text("refresh_token")).await;
    assert_eq!(refreshed.status, 200, "{}", refreshed.body);
    // Taken back, it is nobody, and what it was given is worth nothing.
    let token = registered.text("registration_access_token");
    let access = refreshed.text("access_token");
    assert_eq!(machine.userinfo(&access).await.status, 200);
    let gone = machine.json(Method::DELETE, &place(&house, &registered), &token, None).await;
    assert_eq!((gone.status, gone.body.as_str()), (204, ""));
    assert_eq!(machine.userinfo(&access).await.status, 401);
    let refused = refresh(&refreshed.text("refresh_token")).await;
    assert_eq!(refused.refusal(), (401, "invalid_client".into()));
    assert_eq!(machine.json(Method::GET, &place(&house, &registered), &token, None).await.status, 401);
    assert_eq!(house.visitor().get(&ask(&id, &[])).await.status, 400);
    house.close().await;
});

both!(what_is_registered_is_read_and_changed, async |engine| {
    let house = house(engine, &[]).await;
    let machine = house.machine();
    let registered = register(&machine, TOKEN, &metadata(json!({ "tos_uri": "https://app.example/terms" }))).await;
    let (id, secret) = (registered.text("client_id"), registered.text("client_secret"));
    let (token, place) = (registered.text("registration_access_token"), place(&house, &registered));
    let read = machine.json(Method::GET, &place, &token, None).await;
    assert_eq!((read.status, read.header("cache-control")), (200, Some("no-store")));
    let mut without_secret = registered.json();
    without_secret.as_object_mut().expect("an object").remove("client_secret");
    assert_eq!(read.json(), without_secret, "as it was told, but for what only its owner knows");
    // The whole is replaced: what is left out is as usual again (RFC 7592 §2.2).
    let new = json!({
        "client_id": id,
        "client_secret": secret,
        "client_name": "Partner two",
        "redirect_uris": ["https://app.example/other"],
        "dpop_bound_access_tokens": true,
        "backchannel_logout_uri": "https://app.example/out",
    });
    let changed = machine.json(Method::PUT, &place, &token, Some(&new)).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    let told = changed.json();
    assert_eq!(
        (&told["client_name"], &told["redirect_uris"], told.get("tos_uri"), told.get("client_secret")),
        (&json!("Partner two"), &json!(["https://app.example/other"]), None, None)
    );
    assert_eq!(
        (&told["dpop_bound_access_tokens"], &told["backchannel_logout_session_required"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(told["client_id_issued_at"], read.json()["client_id_issued_at"]);
    // What the policy says stays, whatever the client leaves out.
    let live = house.app.live();
    let client = live.catalog.client(&id).expect("there");
    assert!(client.third_party && client.connections == ["phone"]);
    assert_eq!(house.visitor().get(&ask(&id, &[])).await.status, 400, "the old address is gone");
    // The secret still opens; a client that goes without gets none back.
    let keys = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "kid": "1" }] });
    let by_key = json!({ "client_id": id, "redirect_uris": [CALLBACK], "token_endpoint_auth_method": "private_key_jwt", "jwks": keys });
    let changed = machine.json(Method::PUT, &place, &token, Some(&by_key)).await;
    assert_eq!((changed.status, changed.json().get("client_secret_expires_at")), (200, None), "{}", changed.body);
    assert!(house.app.live().catalog.client(&id).expect("there").secret_hash.is_none());
    let back =
        machine.json(Method::PUT, &place, &token, Some(&json!({ "client_id": id, "redirect_uris": [CALLBACK] }))).await;
    assert_ne!(back.text("client_secret"), secret, "a new one, told once");
    for (wrong, error) in [
        (json!({ "client_id": "other", "redirect_uris": [CALLBACK] }), "invalid_request"),
        (json!({ "redirect_uris": [CALLBACK] }), "invalid_request"),
        (json!({ "client_id": id, "redirect_uris": [CALLBACK], "client_secret": "mine" }), "invalid_request"),
        (json!({ "client_id": id, "redirect_uris": [CALLBACK], "client_id_issued_at": 1 }), "invalid_request"),
        (json!({ "client_id": id, "redirect_uris": [CALLBACK], "registration_access_token": "x" }), "invalid_request"),
        (json!({ "client_id": id, "redirect_uris": ["http://app.example/x"] }), "invalid_redirect_uri"),
        (json!({ "client_id": id }), "invalid_redirect_uri"),
    ] {
        let answer = machine.json(Method::PUT, &place, &token, Some(&wrong)).await;
        assert_eq!(answer.refusal(), (400, error.into()), "{wrong}");
    }
    assert_eq!(machine.json(Method::GET, &place, &token, None).await.json()["redirect_uris"], json!([CALLBACK]));
    // Nobody else gets near it.
    let other = register(&machine, TOKEN, &metadata(json!({}))).await;
    for wrong in ["", "x", TOKEN, &other.text("registration_access_token"), &format!("{token}x")] {
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            let answer = machine.json(method.clone(), &place, wrong, Some(&new)).await;
            assert_eq!(answer.status, 401, "{method} {wrong}");
            assert!(answer.header("www-authenticate").is_some_and(|header| header.starts_with("Bearer")));
        }
    }
    for path in ["/oauth2/register/shop", "/oauth2/register/nobody", "/oauth2/register/%00"] {
        assert_eq!(machine.json(Method::GET, path, &token, None).await.status, 401, "{path}");
    }
    house.close().await;
});

both!(kinds_follow_from_what_is_said, async |engine| {
    let house = house(engine, &[]).await;
    let machine = house.machine();
    for (more, kind, public) in [
        (json!({}), "web", false),
        (json!({ "token_endpoint_auth_method": "client_secret_post" }), "web", false),
        (json!({ "token_endpoint_auth_method": "none" }), "spa", true),
        (
            json!({ "token_endpoint_auth_method": "none", "redirect_uris": ["http://127.0.0.1:33418/cb"] }),
            "native",
            true,
        ),
        (json!({ "token_endpoint_auth_method": "none", "redirect_uris": ["cursor://x/oauth"] }), "native", true),
        (json!({ "application_type": "native", "token_endpoint_auth_method": "none" }), "native", true),
        (json!({ "grant_types": ["client_credentials"], "redirect_uris": null }), "machine", false),
    ] {
        let registered = register(&machine, TOKEN, &metadata(more.clone())).await;
        assert_eq!(registered.status, 201, "{more}: {}", registered.body);
        let live = house.app.live();
        let client = live.catalog.client(&registered.text("client_id")).expect("there");
        let own = serde_json::to_value(client.kind).expect("text");
        assert_eq!((own.as_str(), client.public()), (Some(kind), public), "{more}");
        assert_eq!(registered.json().get("client_secret").is_some(), !public, "{more}");
        assert_eq!(client.require_pkce, public, "{more}: its policy leaves it to those with a secret");
    }
    let machine_client =
        register(&machine, TOKEN, &metadata(json!({ "redirect_uris": null, "grant_types": ["client_credentials"] })))
            .await;
    assert_eq!(machine_client.json().get("response_types"), None);
    // The open policy wants PKCE of everybody, and gives its scopes where none are asked for.
    let open = register(&machine, "", &metadata(json!({}))).await;
    assert_eq!(open.text("scope"), "openid email offline_access");
    assert!(house.app.live().catalog.client(&open.text("client_id")).expect("there").require_pkce);
    house.close().await;
});

both!(statements_count_for_more_than_claims, async |engine| {
    let publisher = Prover::new("EdDSA");
    let policy = format!(
        "[[registration]]\nname = \"signed\"\nopen = true\nconnections = [\"phone\"]\nsoftware_ids = [\"sw-1\"]\nstatement_jwks = '{}'\n",
        json!({ "keys": [publisher.jwk] })
    );
    let house = House::with(engine, &format!("{SHOP}{policy}"), &[]).await;
    let machine = house.machine();
    let now = house.app.now().secs();
    let good = json!({ "iss": "https://publisher.example", "software_id": "sw-1", "client_name": "Signed", "redirect_uris": [CALLBACK], "exp": now + 60 });
    let header = json!({ "alg": "EdDSA", "typ": "JWT" });
    let statement = publisher.sign(&header, &good);
    let asked = json!({ "software_statement": statement, "client_name": "Claimed", "redirect_uris": ["https://evil.example/"] });
    let registered = register(&machine, "", &asked).await;
    assert_eq!(registered.status, 201, "{}", registered.body);
    let told = registered.json();
    assert_eq!((&told["client_name"], &told["redirect_uris"]), (&json!("Signed"), &json!([CALLBACK])));
    assert_eq!((&told["software_id"], &told["software_statement"]), (&json!("sw-1"), &json!(statement)));
    let over = |more: Value| {
        let mut claims = good.clone();
        for (name, value) in more.as_object().expect("an object") {
            claims[name.as_str()] = value.clone();
        }
        claims
    };
    let (head, _) = statement.rsplit_once('.').expect("a JWS");
    let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", head.split('.').nth(1).expect("claims"));
    let invalid = "invalid_software_statement";
    let unapproved = "unapproved_software_statement";
    for (statement, error) in [
        (publisher.sign(&header, &over(json!({ "exp": now - 1 }))), invalid),
        (publisher.sign(&header, &over(json!({ "exp": "soon" }))), invalid),
        (publisher.sign(&header, &over(json!({ "iss": null }))), invalid),
        (Prover::new("EdDSA").sign(&header, &good), invalid),
        (unsigned, invalid),
        (format!("{head}.AAAA"), invalid),
        ("x".to_owned(), invalid),
        (publisher.sign(&header, &over(json!({ "software_id": "sw-2" }))), unapproved),
    ] {
        let answer =
            register(&machine, "", &json!({ "software_statement": statement, "redirect_uris": [CALLBACK] })).await;
        assert_eq!(answer.refusal(), (400, error.into()), "{statement}");
    }
    let without = register(&machine, "", &metadata(json!({}))).await;
    assert_eq!(without.refusal(), (400, unapproved.into()));
    house.close().await;
});

both!(policies_end_fill_and_are_declared, async |engine| {
    let policy = "[[registration]]\nname = \"p\"\nopen = true\nmost_clients = 2\nconnections = [\"phone\"]\nexpires_at = \"2100-01-01T00:00:00Z\"\nredirect_hosts = [\"app.example\", \".partner.example\"]\n";
    let house = House::with(engine, SHOP, &[]).await;
    let machine = house.machine();
    assert!(machine.get("/.well-known/openid-configuration").await.json().get("registration_endpoint").is_none());
    assert_eq!(register(&machine, "", &metadata(json!({}))).await.status, 401, "nobody may");
    let apply = async |text: &str| {
        countersign::flows::manage::apply::apply(&house.app, text, &|_| Err("none".into()), false)
            .await
            .expect("applies")
    };
    apply(policy).await;
    let endpoint = machine.get("/.well-known/oauth-authorization-server").await.text("registration_endpoint");
    assert_eq!(endpoint, format!("{}/oauth2/register", house.issuer));
    for (uri, status) in [
        ("https://app.example/x", 201),
        ("https://a.partner.example/x", 201),
        ("https://partner.example/x", 400),
        ("https://evilpartner.example/x", 400),
        ("https://app.example.evil/x", 400),
    ] {
        let answer = register(&machine, "", &metadata(json!({ "redirect_uris": [uri] }))).await;
        let full = answer.status == 429;
        assert!(answer.status == status || (full && status == 400), "{uri}: {}", answer.body);
    }
    assert_eq!(register(&machine, "", &metadata(json!({}))).await.status, 429, "it is full");
    apply(&policy.replace("most_clients = 2", "most_clients = 9").replace("2100-", "2020-")).await;
    assert_eq!(register(&machine, "", &metadata(json!({}))).await.status, 401, "it is over");
    // A token that is not declared is made, and shown once.
    let named = "[[registration]]\nname = \"q\"\nconnections = [\"phone\"]\n";
    let countersign::flows::manage::apply::Applied::Done(changes) = apply(named).await else { panic!("wrong") };
    let (whose, token) = &changes.made_secrets[0];
    assert_eq!(whose, "registration q");
    assert_eq!(register(&machine, token, &metadata(json!({}))).await.status, 201);
    let countersign::flows::manage::apply::Applied::Done(again) = apply(named).await else { panic!("wrong") };
    assert!(again.lines.is_empty() && again.made_secrets.is_empty());
    house.close().await;
});

both!(a_picture_is_fetched_once_and_served_from_here, async |engine| {
    let outside = Outside::open().await;
    let house = house(engine, &[("web.allow_private", "true")]).await;
    let machine = house.machine();
    let mut png = Document::json(&json!({})).with("content-type", "image/png");
    png.body = "\u{89}PNG".to_owned();
    outside.serve("/no.png", png);
    let jpeg =
        Document { status: 200, headers: vec![("content-type", "image/webp".into())], body: "RIFFxxxxWEBP".into() };
    outside.serve("/logo.webp", jpeg.clone());
    outside.serve("/big.webp", Document { body: format!("RIFF{}", "x".repeat(16 * 1024)), ..jpeg.clone() });
    outside.serve("/logo.svg", Document { body: "<svg/>".into(), ..jpeg }.with("content-type", "image/svg+xml"));
    let logo = |path: &str| metadata(json!({ "logo_uri": format!("{}{path}", outside.url) }));
    let registered = register(&machine, TOKEN, &logo("/logo.webp")).await;
    assert_eq!(registered.text("logo_uri"), format!("{}/logo.webp", outside.url));
    let id = registered.text("client_id");
    let served = machine.get(&format!("/logo/{id}")).await;
    assert_eq!(
        (served.status, served.header("content-type"), served.body.as_str()),
        (200, Some("image/webp"), "RIFFxxxxWEBP")
    );
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&id, &[])).await;
    assert!(page.html.contains(&format!("/logo/{id}")) && !page.html.contains(&outside.url));
    let again =
        json!({ "client_id": id, "redirect_uris": [CALLBACK], "logo_uri": format!("{}/logo.webp", outside.url) });
    let token = registered.text("registration_access_token");
    machine.json(Method::PUT, &place(&house, &registered), &token, Some(&again)).await;
    assert_eq!(outside.seen("/logo.webp").len(), 1, "once");
    assert_eq!(machine.get(&format!("/logo/{id}")).await.status, 200);
    for path in ["/no.png", "/big.webp", "/logo.svg", "/gone.png"] {
        let registered = register(&machine, TOKEN, &logo(path)).await;
        assert_eq!(registered.status, 201, "{path}: {}", registered.body);
        assert_eq!(machine.get(&format!("/logo/{}", registered.text("client_id"))).await.status, 404, "{path}");
    }
    house.close().await;
});

both!(what_is_registered_of_algorithms_and_ages_counts, async |engine| {
    let house = house(engine, &[]).await;
    let machine = house.machine();
    let (key, other) = (Prover::new("PS256"), Prover::new("ES256"));
    let asked = json!({
        "grant_types": ["authorization_code", "client_credentials"],
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "PS256",
        "request_object_signing_alg": "ES256",
        "default_max_age": 60,
        "jwks": jwks(&[("rsa", &key), ("ec", &other)]),
    });
    let registered = register(&machine, TOKEN, &metadata(asked)).await;
    assert_eq!(registered.status, 201, "{}", registered.body);
    let (told, id) = (registered.json(), registered.text("client_id"));
    for (name, value) in [
        ("token_endpoint_auth_signing_alg", json!("PS256")),
        ("request_object_signing_alg", json!("ES256")),
        ("default_max_age", json!(60)),
    ] {
        assert_eq!(told[name], value);
    }
    for (kid, key, status) in [("rsa", &key, 200), ("ec", &other, 401)] {
        let assertion = house.assertion(kid, key, &id, json!({}));
        let form = [
            ("grant_type", "client_credentials"),
            ("client_assertion_type", JWT_BEARER),
            ("client_assertion", assertion.as_str()),
        ];
        assert_eq!(machine.post("/oauth2/token", &form).await.status, status, "{kid}");
    }
    for (kid, key, error) in [("ec", &other, None), ("rsa", &key, Some("invalid_request_object"))] {
        let claims = json!({
            "iss": id, "aud": house.issuer, "client_id": id, "redirect_uri": CALLBACK,
            "response_type": "code", "scope": "openid", "state": "s",
        });
        let object = key.sign(&json!({ "alg": key.algorithm, "kid": kid }), &claims);
        let page = house.visitor().get(&ask(&id, &[("request", &object)])).await;
        match error {
            None => assert!(page.asks_who(), "{kid}: {}", page.text()),
            Some(error) => assert_eq!(page.error().as_deref(), Some(error), "{kid}"),
        }
    }
    // A sign-in of more than a minute ago is too old where the request does not say otherwise.
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&id, &[])).await;
    through(&mut visitor, page).await.code();
    assert!(!visitor.get(&ask(&id, &[])).await.asks_who());
    house.pass(61);
    assert!(visitor.get(&ask(&id, &[])).await.asks_who());
    visitor.get(&ask(&id, &[("max_age", "3600")])).await.code();
    for (name, value) in [
        ("token_endpoint_auth_signing_alg", json!("HS256")),
        ("token_endpoint_auth_signing_alg", json!("none")),
        ("request_object_signing_alg", json!("none")),
        ("request_object_signing_alg", json!("HS256")),
        ("default_max_age", json!("soon")),
        ("default_max_age", json!(-1)),
    ] {
        let mut asked = json!({ "token_endpoint_auth_method": "private_key_jwt", "jwks": jwks(&[("ec", &other)]) });
        asked[name] = value.clone();
        let answer = register(&machine, TOKEN, &metadata(asked)).await;
        assert_eq!(answer.refusal(), (400, "invalid_client_metadata".into()), "{name} {value}");
    }
    house.close().await;
});
