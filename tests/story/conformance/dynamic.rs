//! Single modules of oidcc-dynamic-certification-test-plan: the plan as a whole asks for the implicit grant, which RFC 9700
//! forbids.

use crate::harness::clients::{JWT_BEARER, Publisher, jwks};
use crate::harness::machine::{Answer, over};
use crate::harness::outside::{Document, Outside};
use crate::harness::prover::Prover;
use crate::harness::rp::payload;
use crate::harness::ways::asking;
use crate::harness::{Engine, House, Page, both};
use crate::registration::{CALLBACK, TOKEN, house, metadata, register, through};
use serde_json::{Value, json};

async fn registered(engine: Engine, more: Value) -> (House, Answer) {
    let house = house(engine, &[]).await;
    let registered = register(&house.machine(), TOKEN, &metadata(more)).await;
    (house, registered)
}

/// Through the pages; `redirect_uri` is sent where it is not empty.
async fn authorize(house: &House, registered: &Answer, redirect_uri: &str) -> Page {
    let id = registered.text("client_id");
    let usual =
        [("client_id", id.as_str()), ("response_type", "code"), ("scope", "openid"), ("state", "s"), ("nonce", "n")];
    let mut visitor = house.visitor();
    let page = visitor.get(&asking(&over(&usual, &[("redirect_uri", redirect_uri)]))).await;
    through(&mut visitor, page).await
}

async fn redeemed(house: &House, registered: &Answer, code: &str, redirect_uri: &str) -> Answer {
    let (id, secret) = (registered.text("client_id"), registered.text("client_secret"));
    let form = [
        ("client_id", id.as_str()),
        ("client_secret", secret.as_str()),
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect_uri),
    ];
    house.machine().post_by_header("/oauth2/token", &form).await
}

both!(oidcc_server, async |engine| {
    let (house, registered) = registered(engine, json!({})).await;
    assert_eq!(registered.status, 201);
    assert_eq!(registered.json()["client_secret_expires_at"], 0);
    let back = authorize(&house, &registered, CALLBACK).await;
    let tokens = redeemed(&house, &registered, &back.code(), CALLBACK).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    house.close().await;
});

both!(oidcc_idtoken_rs256, async |engine| {
    let (house, registered) = registered(engine, json!({ "id_token_signed_response_alg": "RS256" })).await;
    assert_eq!(registered.text("id_token_signed_response_alg"), "RS256");
    let back = authorize(&house, &registered, CALLBACK).await;
    let tokens = redeemed(&house, &registered, &back.code(), CALLBACK).await;
    let header = jsonwebtoken::decode_header(tokens.text("id_token")).expect("a header");
    assert_eq!(header.alg, jsonwebtoken::Algorithm::RS256);
    house.close().await;
});

both!(oidcc_idtoken_unsigned, async |engine| {
    let (house, registered) = registered(engine, json!({ "id_token_signed_response_alg": "none" })).await;
    assert_eq!(registered.refusal(), (400, "invalid_client_metadata".into()));
    let told = house.machine().get("/.well-known/openid-configuration").await.json();
    let algorithms = told["id_token_signing_alg_values_supported"].as_array().expect("a list");
    assert!(!algorithms.contains(&json!("none")), "so the module is skipped");
    house.close().await;
});

both!(oidcc_ensure_redirect_uri_in_authorization_request, async |engine| {
    let uris = json!({ "redirect_uris": [CALLBACK, "https://app.example/two"] });
    let (house, registered) = registered(engine, uris).await;
    let page = authorize(&house, &registered, "").await;
    assert_eq!(page.status, 400);
    assert!(page.headers.get("location").is_none() && page.text().contains("redirect_uri"));
    house.close().await;
});

both!(oidcc_redirect_uri_query_ok, async |engine| {
    let uri = "https://app.example/callback?foo=bar";
    let (house, registered) = registered(engine, json!({ "redirect_uris": [uri] })).await;
    let back = authorize(&house, &registered, uri).await;
    assert!(back.url.starts_with(&format!("{uri}&")), "{}", back.url);
    assert_eq!(redeemed(&house, &registered, &back.code(), uri).await.status, 200);
    house.close().await;
});

both!(oidcc_redirect_uri_query_mismatch, async |engine| {
    let (house, registered) =
        registered(engine, json!({ "redirect_uris": ["https://app.example/callback?foo=bar"] })).await;
    let page = authorize(&house, &registered, "https://app.example/callback?bar=foo").await;
    assert!(page.status == 400 && page.headers.get("location").is_none());
    house.close().await;
});

both!(oidcc_redirect_uri_query_added, async |engine| {
    let (house, registered) = registered(engine, json!({})).await;
    let page = authorize(&house, &registered, &format!("{CALLBACK}?foo=bar")).await;
    assert!(page.status == 400 && page.headers.get("location").is_none());
    house.close().await;
});

both!(oidcc_redirect_uri_regfrag, async |engine| {
    let (house, registered) =
        registered(engine, json!({ "redirect_uris": ["https://app.example/callback#foobar"] })).await;
    assert_eq!(registered.refusal(), (400, "invalid_redirect_uri".into()));
    house.close().await;
});

both!(oidcc_registration_policy_uri, async |engine| shows_link(engine, "policy_uri").await);

both!(oidcc_registration_tos_uri, async |engine| shows_link(engine, "tos_uri").await);

/// The sign-in page links to what was registered.
async fn shows_link(engine: Engine, name: &str) {
    let uri = format!("https://app.example/{name}");
    let (house, registered) = registered(engine, json!({ name: uri })).await;
    assert_eq!(registered.text(name), uri);
    let page = house.visitor().get(&crate::registration::ask(&registered.text("client_id"), &[])).await;
    assert!(page.html.contains(&uri), "{}", page.html);
    house.close().await;
}

both!(oidcc_registration_logo_uri, async |engine| {
    let outside = Outside::open().await;
    // Of the kinds we show, the one that begins with letters: what stands outside here is text.
    let webp = "RIFF0000WEBPVP8 ".to_owned();
    let headers = vec![("content-type", "image/webp".to_owned())];
    outside.serve("/logo", Document { status: 200, headers, body: webp.clone() });
    let house = house(engine, &[("web.allow_private", "true")]).await;
    let uri = format!("{}/logo", outside.url);
    let registered = register(&house.machine(), TOKEN, &metadata(json!({ "logo_uri": uri }))).await;
    assert_eq!(registered.text("logo_uri"), uri);
    let id = registered.text("client_id");
    let page = house.visitor().get(&crate::registration::ask(&id, &[])).await;
    // Ours, so that the page loads nothing from elsewhere.
    assert!(page.html.contains(&format!("src=\"/logo/{id}\"")), "{}", page.html);
    let shown = house.machine().get(&format!("/logo/{id}")).await;
    assert_eq!((shown.status, shown.header("content-type"), &shown.body), (200, Some("image/webp"), &webp));
    house.close().await;
});

/// Skipped where `pairwise` is not offered: then it is refused, whatever the sector's file says.
async fn sector(engine: Engine) {
    let pairwise = json!({ "subject_type": "pairwise", "sector_identifier_uri": "https://app.example/sector.json" });
    let (house, registered) = registered(engine, pairwise).await;
    assert_eq!(registered.refusal(), (400, "invalid_client_metadata".into()));
    let told = house.machine().get("/.well-known/openid-configuration").await.json();
    assert_eq!(told["subject_types_supported"], json!(["public"]));
    house.close().await;
}

both!(oidcc_registration_sector_uri, async |engine| sector(engine).await);

both!(oidcc_registration_sector_bad, async |engine| sector(engine).await);

both!(oidcc_userinfo_rs256, async |engine| {
    let (house, registered) = registered(engine, json!({ "userinfo_signed_response_alg": "RS256" })).await;
    let told = house.machine().get("/.well-known/openid-configuration").await.json();
    assert!(told["userinfo_signing_alg_values_supported"].as_array().expect("a list").contains(&json!("RS256")));
    let back = authorize(&house, &registered, CALLBACK).await;
    let tokens = redeemed(&house, &registered, &back.code(), CALLBACK).await;
    let answer = house.machine().userinfo(&tokens.text("access_token")).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/jwt")));
    let header = jsonwebtoken::decode_header(&answer.body).expect("a header");
    assert_eq!(header.alg, jsonwebtoken::Algorithm::RS256);
    let keys = house.machine().get("/.well-known/jwks.json").await.json();
    let key =
        keys["keys"].as_array().expect("keys").iter().find(|key| key["kid"] == json!(header.kid)).expect("its key");
    let key: jsonwebtoken::jwk::Jwk = serde_json::from_value(key.clone()).expect("a JWK");
    let mut rules = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
    rules.required_spec_claims.clear();
    rules.set_audience(&[registered.text("client_id")]);
    rules.set_issuer(&[&house.issuer]);
    let key = jsonwebtoken::DecodingKey::from_jwk(&key).expect("a key");
    let claims = jsonwebtoken::decode::<Value>(&answer.body, &key, &rules).expect("signed by us").claims;
    assert_eq!(claims["sub"], payload(&tokens.text("id_token"))["sub"]);
    house.close().await;
});

/// A client whose keys stand at an address of its own, and the tokens it gets by them.
struct Published {
    house: House,
    publisher: Publisher,
    id: String,
    tokens: Answer,
}

async fn published(engine: Engine, key: &Prover) -> Published {
    let publisher = Publisher::open(jwks(&[("k1", key)])).await;
    let house = house(engine, &[("web.allow_private", "true")]).await;
    let more = json!({
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks_uri": publisher.url,
        "grant_types": ["authorization_code", "refresh_token"],
        "scope": "openid offline_access",
    });
    let registered = register(&house.machine(), TOKEN, &metadata(more)).await;
    assert_eq!(registered.status, 201, "{}", registered.body);
    let id = registered.text("client_id");
    let asked = [("client_id", id.as_str()), ("redirect_uri", CALLBACK), ("response_type", "code"), ("state", "s")];
    let mut visitor = house.visitor();
    let page = visitor.get(&asking(&[&asked[..], &[("scope", "openid offline_access")]].concat())).await;
    let code = through(&mut visitor, page).await.code();
    let form = [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", CALLBACK)];
    let assertion = house.assertion("k1", key, &id, json!({}));
    let tokens = asserted(&house, &assertion, &form).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    Published { house, publisher, id, tokens }
}

async fn asserted(house: &House, assertion: &str, form: &[(&str, &str)]) -> Answer {
    let own = [("client_assertion_type", JWT_BEARER), ("client_assertion", assertion)];
    house.machine().post("/oauth2/token", &[&own[..], form].concat()).await
}

both!(oidcc_registration_jwks_uri, async |engine| {
    let Published { house, publisher, .. } = published(engine, &Prover::new("RS256")).await;
    assert_eq!(publisher.times_read(), 1);
    house.close().await;
});

both!(oidcc_ensure_client_assertion_with_iss_aud_succeeds, async |engine| {
    let key = Prover::new("RS256");
    let Published { house, id, tokens, .. } = published(engine, &key).await;
    let refresh = tokens.text("refresh_token");
    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str())];
    let assertion = house.assertion("k1", &key, &id, json!({ "aud": house.issuer }));
    assert_eq!(asserted(&house, &assertion, &form).await.status, 200);
    house.close().await;
});

both!(oidcc_refresh_token, async |engine| {
    let key = Prover::new("RS256");
    let Published { house, id, tokens, .. } = published(engine, &key).await;
    house.pass(3);
    let refresh = tokens.text("refresh_token");
    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str())];
    let second = asserted(&house, &house.assertion("k1", &key, &id, json!({})), &form).await;
    assert_eq!((second.status, second.header("cache-control")), (200, Some("no-store")), "{}", second.body);
    let (before, after) = (payload(&tokens.text("id_token")), payload(&second.text("id_token")));
    for same in ["iss", "sub", "aud", "auth_time"] {
        assert_eq!(before[same], after[same], "{same}");
    }
    house.close().await;
});

both!(oidcc_refresh_token_rp_key_rotation, async |engine| {
    let (old, new) = (Prover::new("RS256"), Prover::new("RS256"));
    let Published { house, publisher, id, tokens } = published(engine, &old).await;
    publisher.publish(Some(jwks(&[("k2", &new)])));
    house.pass(60);
    let refresh = tokens.text("refresh_token");
    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str())];
    let by_new = asserted(&house, &house.assertion("k2", &new, &id, json!({})), &form).await;
    assert_eq!((by_new.status, publisher.times_read()), (200, 2), "{}", by_new.body);
    // The key that was taken away opens nothing any more.
    let refresh = by_new.text("refresh_token");
    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str())];
    let by_old = asserted(&house, &house.assertion("k1", &old, &id, json!({})), &form).await;
    assert_eq!(by_old.refusal(), (401, "invalid_client".into()));
    house.close().await;
});

both!(oidcc_server_rotate_keys, async |engine| {
    let (house, registered) = registered(engine, json!({})).await;
    let kids = async || -> Vec<String> {
        let keys = house.machine().get("/.well-known/jwks.json").await.json();
        keys["keys"].as_array().expect("keys").iter().map(|key| key["kid"].to_string()).collect()
    };
    let tokens = async || {
        let back = authorize(&house, &registered, CALLBACK).await;
        redeemed(&house, &registered, &back.code(), CALLBACK).await
    };
    let kid = |answer: &Answer| {
        json!(jsonwebtoken::decode_header(answer.text("id_token")).expect("a header").kid).to_string()
    };
    let (before, first) = (kids().await, tokens().await);
    countersign::flows::keys::rotate(&house.app, &countersign::domain::audit::By::command()).await.expect("rotates");
    house.pass(3_601);
    let (after, second) = (kids().await, tokens().await);
    // A new key is there and signs; the old one is kept, and what it signed is good.
    assert!(before.contains(&kid(&first)) && after.contains(&kid(&first)));
    assert!(!before.contains(&kid(&second)) && after.contains(&kid(&second)));
    for answer in [&first, &second] {
        assert_eq!(house.machine().userinfo(&answer.text("access_token")).await.status, 200);
    }
    house.close().await;
});

/// Skipped where `request_uri` is not supported: then it is told so, and nobody is asked for it.
async fn request_uri(engine: Engine) {
    let outside = Outside::open().await;
    let (house, registered) = registered(engine, json!({})).await;
    let told = house.machine().get("/.well-known/openid-configuration").await.json();
    assert_eq!(told["request_uri_parameter_supported"], false);
    let uri = format!("{}/request.jwt", outside.url);
    let page =
        house.visitor().get(&crate::registration::ask(&registered.text("client_id"), &[("request_uri", &uri)])).await;
    assert_eq!(page.error().as_deref(), Some("request_uri_not_supported"));
    assert!(outside.seen("/request.jwt").is_empty());
    house.close().await;
}

both!(oidcc_request_uri_unsigned, async |engine| request_uri(engine).await);

both!(oidcc_request_uri_signed_rs256, async |engine| request_uri(engine).await);

both!(oidcc_ensure_request_object_with_redirect_uri, async |engine| {
    let (house, registered) = registered(engine, json!({})).await;
    let id = registered.text("client_id");
    // Unsigned, as the suite sends it: never taken, and never taken for nothing.
    let object = "eyJhbGciOiJub25lIn0.eyJyZWRpcmVjdF91cmkiOiJodHRwczovL2FwcC5leGFtcGxlL290aGVyIn0.";
    let page = house.visitor().get(&crate::registration::ask(&id, &[("request", object)])).await;
    assert_eq!((page.error().as_deref(), page.param("code")), (Some("invalid_request_object"), None));
    house.close().await;
});
