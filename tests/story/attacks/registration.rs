//! Attacks 34 and 35: abuse of registration, and of documents that stand for one.

use crate::documents;
use crate::harness::machine::Answer;
use crate::harness::outside::{Document, Outside};
use crate::harness::{House, SHOP, both};
use crate::registration::{CALLBACK, POLICIES, TOKEN, ask, house, metadata, place, register};
use reqwest::Method;
use serde_json::{Value, json};

/// The portal's own, beside those that are declared.
const PORTAL: usize = 1;

both!(attack_34_nobody_registers_without_leave, async |engine| {
    let closed = POLICIES.split("[[registration]]").nth(1).expect("the first");
    let house = House::with(engine, &format!("{SHOP}[[registration]]{closed}"), &[]).await;
    let machine = house.machine();
    for token in ["", "x", &TOKEN[1..], &TOKEN.to_uppercase(), crate::harness::SHOP_SECRET] {
        let answer = register(&machine, token, &metadata(json!({}))).await;
        assert_eq!(answer.refusal(), (401, "invalid_token".into()), "{token}");
        assert!(answer.header("www-authenticate").is_some_and(|header| header.starts_with("Bearer")), "{token}");
    }
    assert_eq!(house.app.live().catalog.clients.len(), 3 + PORTAL);
    // The token in the query or in the body is none.
    let answer = machine
        .json(
            Method::POST,
            &format!("/oauth2/register?access_token={TOKEN}"),
            "",
            Some(&metadata(json!({ "access_token": TOKEN }))),
        )
        .await;
    assert_eq!(answer.status, 401);
    house.close().await;
});

fn refused(answer: &Answer, error: &str, what: &Value) {
    assert_eq!(answer.refusal(), (400, error.to_owned()), "{what}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert!(!answer.body.contains("evil"), "nothing is reflected: {}", answer.body);
}

both!(attack_34_bad_metadata_are_refused, async |engine| {
    let house = house(engine, &[]).await;
    let machine = house.machine();
    for uri in [
        "http://evil.example/cb",
        "javascript:alert('evil')",
        "data:text/html,evil",
        "https://*.evil.example/cb",
        "https://evil.example/cb#x",
        "https://user:pw@evil.example/cb",
        "//evil.example/cb",
        "evil",
    ] {
        let body = metadata(json!({ "redirect_uris": [CALLBACK, uri] }));
        refused(&register(&machine, TOKEN, &body).await, "invalid_redirect_uri", &body);
    }
    for more in [
        json!({ "jwks": { "keys": [] }, "jwks_uri": "https://evil.example/jwks" }),
        json!({ "grant_types": ["password"] }),
        json!({ "grant_types": ["authorization_code", "implicit"] }),
        json!({ "grant_types": ["urn:ietf:params:oauth:grant-type:token-exchange"] }),
        json!({ "response_types": ["token"] }),
        json!({ "initiate_login_uri": "http://evil.example/" }),
        json!({ "id_token_signed_response_alg": "none" }),
        json!({ "client_name": "evil".repeat(30) }),
        json!({ "tos_uri": "javascript:alert('evil')" }),
    ] {
        let body = metadata(more);
        refused(&register(&machine, TOKEN, &body).await, "invalid_client_metadata", &body);
    }
    let beyond = metadata(json!({ "scope": "openid evil" }));
    refused(&register(&machine, "", &beyond).await, "invalid_client_metadata", &beyond);
    // Not JSON, not an object, a member twice, a form.
    for body in ["", "[]", "\"evil\"", "{", "{\"redirect_uris\": [], \"redirect_uris\": [\"https://evil.example\"]}"] {
        let headers = [("content-type", "application/json"), ("authorization", &format!("Bearer {TOKEN}"))];
        let answer = machine.raw("/oauth2/register", &headers, body.as_bytes().to_vec()).await;
        assert_eq!(answer.refusal(), (400, "invalid_client_metadata".into()), "{body}");
    }
    let form = machine.post("/oauth2/register", &[("redirect_uris", CALLBACK)]).await;
    assert_eq!(form.refusal(), (400, "invalid_client_metadata".into()));
    let large = metadata(json!({ "x": "x".repeat(70_000) }));
    assert_eq!(register(&machine, TOKEN, &large).await.status, 413);
    assert_eq!(house.app.live().catalog.clients.len(), 3 + PORTAL);
    house.close().await;
});

both!(attack_34_nobody_chooses_what_is_ours_to_say, async |engine| {
    let house = house(engine, &[]).await;
    let machine = house.machine();
    let body = metadata(json!({
        "client_id": "shop",
        "client_secret": "chosen",
        "registration_access_token": "chosen",
        "third_party": false,
        "connections": ["email"],
        "require_pkce": false,
        "profile": "compat",
    }));
    let registered = register(&machine, "", &body).await;
    assert_eq!(registered.status, 201, "{}", registered.body);
    assert_ne!(registered.text("client_id"), "shop");
    assert!(!registered.body.contains("chosen"));
    let live = house.app.live();
    let client = live.catalog.client(&registered.text("client_id")).expect("there");
    assert!(client.third_party && client.require_pkce && client.connections == ["phone", "email"]);
    assert_eq!(client.profile, countersign::domain::profile::Profile::Default);
    // Nor by a change: what the policy says stays.
    let token = registered.text("registration_access_token");
    let change =
        json!({ "client_id": registered.text("client_id"), "redirect_uris": [CALLBACK], "third_party": false });
    let changed = machine.json(Method::PUT, &place(&house, &registered), &token, Some(&change)).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    let live = house.app.live();
    let client = live.catalog.client(&registered.text("client_id")).expect("there");
    assert!(client.third_party && client.require_pkce && client.scopes == ["openid", "email", "offline_access"]);
    house.close().await;
});

both!(attack_34_names_are_text_wherever_they_are_shown, async |engine| {
    let house = house(engine, &[]).await;
    let machine = house.machine();
    let name = "<script>alert(1)</script>\"'&";
    let registered = register(&machine, TOKEN, &metadata(json!({ "client_name": name }))).await;
    let id = registered.text("client_id");
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&id, &[])).await;
    assert!(page.asks_who() && !page.html.contains("<script>alert"), "{}", page.html);
    assert!(page.text().contains(name), "{}", page.text());
    let page = visitor.get(&ask(&id, &[("redirect_uri", "https://other.example/")])).await;
    assert_eq!(page.status, 400);
    assert!(!page.html.contains("<script>alert"));
    house.close().await;
});

both!(attack_34_open_registration_is_limited, async |engine| {
    let house = house(engine, &[]).await;
    let machine = house.machine();
    for turn in 1..=8 {
        let spoofed = format!("10.0.0.{turn}");
        let headers = [("content-type", "application/json"), ("x-forwarded-for", spoofed.as_str())];
        let body = metadata(json!({})).to_string();
        let answer = machine.raw("/oauth2/register", &headers, body.into_bytes()).await;
        assert_eq!(answer.status, if turn <= 5 { 201 } else { 429 }, "{turn}: {}", answer.body);
        assert_eq!(answer.header("retry-after").is_some(), turn > 5);
    }
    // A token is another matter, and an hour later it begins anew.
    assert_eq!(register(&machine, TOKEN, &metadata(json!({}))).await.status, 201);
    house.pass(3_601);
    assert_eq!(register(&machine, "", &metadata(json!({}))).await.status, 201);
    house.close().await;
});

both!(attack_34_nothing_inside_is_fetched, async |engine| {
    let outside = Outside::open().await;
    outside.serve(
        "/logo.png",
        Document { status: 200, headers: vec![("content-type", "image/png".into())], body: "x".into() },
    );
    let house = house(engine, &[]).await;
    let machine = house.machine();
    for inside in [
        format!("{}/logo.png", outside.url),
        "https://169.254.169.254/logo.png".into(),
        "https://localhost/logo.png".into(),
    ] {
        let registered = register(&machine, TOKEN, &metadata(json!({ "logo_uri": inside }))).await;
        assert_eq!(registered.status, 201, "a logo that cannot be had is none");
        assert_eq!(machine.get(&format!("/logo/{}", registered.text("client_id"))).await.status, 404);
    }
    assert!(outside.seen("/logo.png").is_empty());
    house.close().await;
});

both!(attack_35_documents_that_are_none, async |engine| {
    let outside = Outside::open().await;
    let house = documents::house(engine).await;
    let mut visitor = house.visitor();
    let mut serve = Vec::new();
    for (path, more) in [
        ("/other", json!({ "client_id": "https://other.example/client" })),
        ("/secret", json!({ "client_secret": "x" })),
        ("/shared", json!({ "token_endpoint_auth_method": "client_secret_post" })),
        ("/nowhere", json!({ "redirect_uris": [] })),
        ("/plain", json!({ "redirect_uris": ["http://app.example/cb"] })),
        ("/script", json!({ "redirect_uris": ["javascript:alert(1)"] })),
        ("/elsewhere", json!({ "redirect_uris": ["http://127.0.0.1:9/other"] })),
        ("/large", json!({ "padding": "x".repeat(5_200) })),
        ("/gone", json!({})),
        ("/html", json!({})),
        ("/moved", json!({})),
    ] {
        let (id, document) = documents::document(&outside, path, more);
        let document = match path {
            "/gone" => Document { status: 404, ..document },
            "/html" => document.with("content-type", "text/html"),
            "/moved" => Document { status: 302, ..document }.with("location", &format!("{}/good", outside.url)),
            _ => document,
        };
        outside.serve(path, document);
        serve.push(id);
    }
    outside.serve("/list", Document::json(&json!([])));
    let twice = format!(
        "{{\"client_id\": \"x\", \"client_id\": \"{}/twice\", \"redirect_uris\": [\"{}\"]}}",
        outside.url,
        documents::CALLBACK
    );
    outside.serve("/twice", Document { body: twice, ..Document::json(&json!({})) });
    serve.extend(["/list", "/twice", "/none"].map(|path| format!("{}{path}", outside.url)));
    for id in &serve {
        let page = visitor.get(&documents::ask(id, &[])).await;
        assert_eq!(page.status, 400, "{id}: {}", page.text());
        assert!(page.headers.get("location").is_none(), "{id}");
        let form = [("grant_type", "authorization_code"), ("code", "ac_x"), ("client_id", id.as_str())];
        let answer = house.machine().post("/oauth2/token", &form).await;
        // One whose callback is another's still is a client: its code is not.
        let known = id.ends_with("/elsewhere");
        assert_eq!(answer.status, if known { 400 } else { 401 }, "{id}: {}", answer.body);
    }
    assert!(outside.seen("/good").is_empty(), "no redirect is followed");
    house.close().await;
});

both!(attack_35_addresses_that_are_none_are_not_called, async |engine| {
    let house = House::with(engine, SHOP, &[("clients.metadata_documents", "true")]).await;
    let mut visitor = house.visitor();
    for id in [
        "http://app.example/client",
        "https://127.0.0.1/client",
        "https://[::1]/client",
        "https://169.254.169.254/latest",
        "https://localhost/client",
        "https://app.example/",
        "https://app.example/client#x",
        "https://user@app.example/client",
        "https://app.example/a/../client",
        "https://app.example/%2e%2e/client",
        "javascript:alert(1)",
    ] {
        let page = visitor.get(&documents::ask(id, &[])).await;
        assert_eq!(page.status, 400, "{id}");
    }
    house.close().await;
});
