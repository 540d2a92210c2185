//! How answers travel (Form Post Response Mode, JARM), whom tokens are for (RFC 8707), and what the `claims` parameter asks.

use crate::harness::machine::Machine;
use crate::harness::rp::payload;
use crate::harness::ways::{ask, prove, signed_in};
use crate::harness::{House, Page, SHOP, SHOP_CALLBACK, both};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

/// The claims of a signed answer whose signature holds.
async fn opened(machine: &Machine, response: &str) -> Map<String, Value> {
    let header = jsonwebtoken::decode_header(response).expect("a JWT");
    let keys: jsonwebtoken::jwk::JwkSet =
        serde_json::from_str(&machine.get("/.well-known/jwks.json").await.body).expect("keys");
    let key = keys.find(header.kid.as_deref().expect("a kid")).expect("published");
    let mut rules = jsonwebtoken::Validation::new(header.alg);
    rules.validate_exp = false;
    rules.validate_aud = false;
    let key = jsonwebtoken::DecodingKey::from_jwk(key).expect("a key");
    jsonwebtoken::decode::<Map<String, Value>>(response, &key, &rules).expect("our signature").claims
}

fn field(page: &Page, name: &str) -> Option<String> {
    page.form("continue").1.into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

both!(an_answer_may_be_a_signed_jwt, async |engine| {
    let es = "\n[[client]]\nid = \"es\"\nname = \"Es\"\nkind = \"web\"\nalgorithm = \"ES256\"\nsecret = \"defghijabcdefghijabcdefghijabcdefghijabcdefghij12345\"\nredirect_uris = [\"http://127.0.0.1:4500/cb?a=b\"]\nconnections = [\"phone\"]\n";
    let house = House::with(engine, &[SHOP, es].concat(), &[]).await;
    let (machine, mut visitor) = (house.machine(), house.visitor());
    for mode in ["jwt", "query.jwt"] {
        // An error first: it is signed as well.
        let back = house.visitor().get(&ask(&[("response_mode", mode), ("prompt", "none")])).await;
        let names: Vec<String> =
            url::Url::parse(&back.url).expect("a URL").query_pairs().map(|(n, _)| n.into()).collect();
        assert_eq!(names, ["response"], "nothing travels beside it: {}", back.url);
        let told = opened(&machine, &back.param("response").expect("a response")).await;
        assert_eq!(
            (&told["error"], &told["state"], &told["iss"], &told["aud"]),
            (&json!("login_required"), &json!("st8"), &json!(house.issuer), &json!("shop"))
        );
        let life = told["exp"].as_i64().expect("exp") - house.app.now().secs();
        assert!((1..=600).contains(&life), "{life}");
        // Then a code.
        let back = signed_in(&mut visitor, &[("response_mode", mode), ("prompt", "login")]).await;
        assert_eq!(back.param("code"), None, "{}", back.url);
        let told = opened(&machine, &back.param("response").expect("a response")).await;
        let code = told["code"].as_str().expect("a code");
        assert_eq!(machine.redeem(code, &[]).await.status, 200);
        assert!(!told.contains_key("error") && !told.contains_key("sub"));
    }
    let page = visitor.get(&ask(&[("response_mode", "form_post.jwt")])).await;
    assert_eq!((page.form("continue").0.as_str(), page.form("continue").1.len()), (SHOP_CALLBACK, 1));
    let told = opened(&machine, &field(&page, "response").expect("a response")).await;
    assert_eq!(machine.redeem(told["code"].as_str().expect("a code"), &[]).await.status, 200);
    // By the client's own algorithm; its redirect URI's own query stays.
    let back = visitor
        .get(&ask(&[("client_id", "es"), ("redirect_uri", "http://127.0.0.1:4500/cb?a=b"), ("response_mode", "jwt")]))
        .await;
    assert!(back.url.starts_with("http://127.0.0.1:4500/cb?a=b&response="), "{}", back.url);
    let response = back.param("response").expect("a response");
    let header: Value = serde_json::from_slice(
        &URL_SAFE_NO_PAD.decode(response.split('.').next().expect("a header")).expect("base64url"),
    )
    .expect("JSON");
    assert_eq!(header["alg"], "ES256");
    assert_eq!(opened(&machine, &response).await["aud"], "es");
    // It is nobody's hint and nobody's token.
    let hinted = visitor.get(&ask(&[("prompt", "none"), ("id_token_hint", &response)])).await;
    assert_eq!(hinted.error().as_deref(), Some("login_required"));
    assert_eq!(machine.userinfo(&response).await.status, 401);
    for mode in ["fragment", "fragment.jwt", "web_message", "QUERY", "jwt "] {
        let back = visitor.get(&ask(&[("response_mode", mode)])).await;
        assert_eq!((back.error().as_deref(), back.param("code")), (Some("invalid_request"), None), "{mode}");
    }
    house.close().await;
});

both!(tokens_are_for_declared_resources_only, async |engine| {
    let declared = "\n[[resource]]\nuri = \"https://orders.example\"\nname = \"Orders\"\nscopes = [\"orders:read\"]\n\n[[resource]]\nuri = \"https://bills.example/\"\nname = \"Bills\"\n\n[[client]]\nid = \"narrow\"\nname = \"Narrow\"\nkind = \"web\"\nsecret = \"defghijabcdefghijabcdefghijabcdefghijabcdefghij12345\"\nredirect_uris = [\"http://127.0.0.1:4500/cb\"]\nconnections = [\"phone\"]\nresources = [\"https://bills.example/\"]\n";
    let house = House::with(engine, &[SHOP, declared].concat(), &[]).await;
    let (machine, mut visitor) = (house.machine(), house.visitor());
    let own_api = format!("{}/api", house.issuer);
    signed_in(&mut visitor, &[]).await.code();
    for (extra, audience) in [
        (vec![("resource", "https://orders.example")], json!(["https://orders.example"])),
        (
            vec![("resource", "https://orders.example"), ("resource", "https://bills.example/")],
            json!(["https://orders.example", "https://bills.example/"]),
        ),
        (vec![("audience", own_api.as_str())], json!([own_api])),
        (vec![("audience", "")], json!([house.issuer])),
    ] {
        let tokens = machine.redeem(&visitor.get(&ask(&extra)).await.code(), &[]).await;
        assert_eq!(payload(&tokens.text("access_token"))["aud"], audience, "{extra:?}");
    }
    let tokens = machine.redeem(&visitor.get(&ask(&[("scope", "openid orders:read")])).await.code(), &[]).await;
    assert_eq!(tokens.text("scope"), "openid orders:read", "a resource's scope is one we know");
    for wrong in [
        "https://bills.example",
        "https://orders.example/",
        "https://orders.example#x",
        "https://ORDERS.example",
        "orders",
        "https://orders.example?x",
        "https://nowhere.example",
    ] {
        let back = visitor.get(&ask(&[("resource", wrong)])).await;
        assert_eq!((back.error().as_deref(), back.param("code")), (Some("invalid_target"), None), "{wrong}");
    }
    assert_eq!(
        visitor.get(&ask(&[("audience", "https://nowhere.example")])).await.error().as_deref(),
        Some("invalid_target")
    );
    let narrow = |resource: &'static str| {
        ask(&[("client_id", "narrow"), ("redirect_uri", "http://127.0.0.1:4500/cb"), ("resource", resource)])
    };
    visitor.get(&narrow("https://bills.example/")).await.code();
    assert_eq!(visitor.get(&narrow("https://orders.example")).await.error().as_deref(), Some("invalid_target"));
    house.close().await;
});

both!(claims_may_name_a_person_and_a_way_of_signing_in, async |engine| {
    let house = House::open(engine).await;
    let (machine, mut visitor) = (house.machine(), house.visitor());
    let tokens = machine.redeem(&signed_in(&mut visitor, &[]).await.code(), &[]).await;
    let sub = payload(&tokens.text("id_token"))["sub"].as_str().expect("a subject").to_owned();
    let claims = |value: &str| json!({ "id_token": { "sub": { "value": value } } }).to_string();
    visitor.get(&ask(&[("prompt", "none"), ("claims", &claims(&sub))])).await.code();
    let back = visitor.get(&ask(&[("prompt", "none"), ("claims", &claims("kp_other"))])).await;
    assert_eq!(back.error().as_deref(), Some("login_required"));
    // Somebody else signs in: not whom the client meant.
    let page = visitor.get(&ask(&[("claims", &claims("kp_other"))])).await;
    assert!(page.asks_who());
    let back = prove(&mut visitor, page).await;
    assert_eq!((back.error().as_deref(), back.param("code")), (Some("login_required"), None));
    let hint = tokens.text("id_token");
    let back = visitor.get(&ask(&[("id_token_hint", &hint), ("claims", &claims("kp_other"))])).await;
    assert_eq!(back.error().as_deref(), Some("login_required"), "two people at once");

    let acr = |wish: Value| json!({ "id_token": { "acr": wish } }).to_string();
    for (wish, error) in [
        (json!({ "essential": true, "value": "aal2" }), Some("unmet_authentication_requirements")),
        (json!({ "essential": true, "values": ["phr", "phrh"] }), Some("unmet_authentication_requirements")),
        (json!({ "essential": true, "values": ["phr", "aal1"] }), None),
        (json!({ "value": "aal2" }), None),
        (Value::Null, None),
    ] {
        let back = visitor.get(&ask(&[("claims", &acr(wish.clone()))])).await;
        assert_eq!(back.error().as_deref(), error, "{wish}");
        assert_eq!(back.param("code").is_some(), error.is_none(), "{wish}");
    }
    let back = visitor.get(&ask(&[("acr_values", "aal3 phr")])).await;
    let told = machine.redeem(&back.code(), &[]).await.text("id_token");
    assert_eq!(payload(&told)["acr"], "aal1", "a wish, and the truth");
    house.close().await;
});
