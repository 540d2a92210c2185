//! Clients in their own name, and services on somebody's behalf: client credentials, introspection, revocation, token exchange.

use crate::harness::machine::{Answer, Machine};
use crate::harness::prover::{Prover, ath};
use crate::harness::rp::payload;
use crate::harness::ways::{ask, prove, signed_in};
use crate::harness::{House, SHOP, SHOP_SECRET, both};
use reqwest::Method;
use serde_json::{Value, json};

pub const SECRET: &str = "cdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234";

/// `robot` asks in its own name, `orders` serves an API and calls `stock`'s; `shop` asks tokens for orders.
pub fn declared() -> String {
    let machines = format!(
        r#"
[[resource]]
uri = "https://orders.example"
name = "Orders"
scopes = ["orders:read", "orders:write"]
servers = ["orders"]

[[resource]]
uri = "https://stock.example"
name = "Stock"
scopes = ["stock:read"]
servers = ["robot"]

[[client]]
id = "robot"
name = "Robot"
kind = "machine"
secret = "{SECRET}"
scopes = ["orders:read", "stock:read", "openid"]

[[client]]
id = "orders"
name = "Orders"
kind = "machine"
secret = "{SECRET}"
grant_types = ["client_credentials", "token-exchange"]
resources = ["https://stock.example"]

[[client]]
id = "sealed"
name = "Sealed"
kind = "machine"
secret = "{SECRET}"
opaque_tokens = true
"#
    );
    format!("{SHOP}{machines}")
}

pub async fn open(engine: crate::harness::Engine) -> House {
    House::with(engine, &declared(), &[]).await
}

/// A token in its own name.
pub async fn own(machine: &Machine, id: &str, extra: &[(&str, &str)]) -> Answer {
    let form = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", SECRET)];
    machine.post("/oauth2/token", &[&form[..], extra].concat()).await
}

pub async fn introspect(machine: &Machine, id: &str, token: &str) -> Value {
    let secret = if id == "shop" { SHOP_SECRET } else { SECRET };
    let form = [("token", token), ("client_id", id), ("client_secret", secret)];
    let answer = machine.post("/oauth2/introspect", &form).await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")), "{}", answer.body);
    answer.json()
}

pub async fn revoke(machine: &Machine, id: &str, token: &str) {
    let secret = if id == "shop" { SHOP_SECRET } else { SECRET };
    let form = [("token", token), ("client_id", id), ("client_secret", secret), ("token_type_hint", "whatever")];
    assert_eq!(machine.post("/oauth2/revoke", &form).await.status, 200);
}

/// A person's tokens for the orders API.
pub async fn for_orders(house: &House) -> Answer {
    let asked = [("scope", "openid phone orders:read offline"), ("audience", "https://orders.example")];
    let code = signed_in(&mut house.visitor(), &asked).await.code();
    house.machine().redeem(&code, &[]).await
}

pub async fn exchange(machine: &Machine, id: &str, token: &str, extra: &[(&str, &str)]) -> Answer {
    let usual = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
        ("client_id", id),
        ("client_secret", if id == "shop" { SHOP_SECRET } else { SECRET }),
        ("subject_token", token),
        ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"),
    ];
    machine.post("/oauth2/token", &crate::harness::machine::over(&usual, extra)).await
}

fn refused(error: &str) -> (u16, String) {
    (400, error.to_owned())
}

both!(a_machine_gets_a_token_of_its_own, async |engine| {
    let house = open(engine).await;
    let machine = house.machine();
    let ours = format!("{}/api", house.issuer);
    // As Kinde's SDKs ask.
    let answer = own(&machine, "robot", &[("audience", &ours), ("scope", "")]).await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")), "{}", answer.body);
    let told = answer.json();
    let members: Vec<&String> = told.as_object().expect("an object").keys().collect();
    assert_eq!(members, ["access_token", "expires_in", "scope", "token_type"]);
    assert_eq!((&told["expires_in"], &told["token_type"]), (&json!(86_400), &json!("Bearer")));
    let claims = payload(&answer.text("access_token"));
    assert_eq!(claims["aud"], json!([ours]));
    assert_eq!((&claims["gty"], &claims["v"]), (&json!(["client_credentials"]), &json!("2")));
    assert_eq!((&claims["azp"], &claims["client_id"]), (&json!("robot"), &json!("robot")));
    assert_eq!(
        (&claims["scope"], &claims["scp"]),
        (&json!("orders:read stock:read"), &json!(["orders:read", "stock:read"]))
    );
    assert_eq!(claims["sub"], "robot", "RFC 9068 §2.2");
    assert!(!claims.contains_key("sid") && !claims.contains_key("auth_time"));

    let several = [("audience", "https://orders.example https://stock.example"), ("scope", "orders:read openid")];
    let claims = payload(&own(&machine, "robot", &several).await.text("access_token"));
    assert_eq!(claims["aud"], json!(["https://orders.example", "https://stock.example"]));
    assert_eq!(claims["scope"], "orders:read", "no machine is a person");
    let by_resource = own(&machine, "orders", &[("resource", "https://stock.example"), ("audience", "")]).await;
    assert_eq!(payload(&by_resource.text("access_token"))["aud"], json!(["https://stock.example"]));
    // A scope is one word at least (RFC 6749 §3.3, §5.1): where there is none, nothing is said of it.
    for extra in [&[][..], &[("scope", "")], &[("scope", "openid")]] {
        let answer = own(&machine, "orders", extra).await;
        let claims = payload(&answer.text("access_token"));
        assert!(answer.json().get("scope").is_none() && !claims.contains_key("scope"), "{}", answer.body);
        assert_eq!((&claims["aud"], &claims["scp"]), (&json!([house.issuer]), &json!([])));
        assert!(introspect(&machine, "orders", &answer.text("access_token")).await.get("scope").is_none());
    }

    for (id, extra, error) in [
        ("robot", ("audience", "https://elsewhere.example"), "invalid_target"),
        ("robot", ("audience", "https://orders.example/"), "invalid_target"),
        ("robot", ("audience", "http://evil.example/api"), "invalid_target"),
        ("orders", ("resource", "https://orders.example"), "invalid_target"),
        ("robot", ("scope", "orders:write"), "invalid_scope"),
        ("robot", ("scope", "admin"), "invalid_scope"),
        ("robot", ("scope", "\"\\"), "invalid_scope"),
    ] {
        assert_eq!(own(&machine, id, &[extra]).await.refusal(), refused(error), "{id} {extra:?}");
    }
    let form = [("grant_type", "client_credentials"), ("client_id", "shop"), ("client_secret", SHOP_SECRET)];
    assert_eq!(machine.post("/oauth2/token", &form).await.refusal(), refused("unauthorized_client"));
    let form = [("grant_type", "client_credentials"), ("client_id", "kiosk")];
    assert_eq!(machine.post("/oauth2/token", &form).await.refusal(), refused("unauthorized_client"));
    let form = [("grant_type", "authorization_code"), ("client_id", "robot"), ("client_secret", SECRET), ("code", "x")];
    assert_eq!(machine.post("/oauth2/token", &form).await.refusal(), refused("unauthorized_client"));
    // It is nobody: there is nothing to tell.
    let answer = machine.userinfo(&by_resource.text("access_token")).await;
    assert_eq!(answer.refusal(), (403, "insufficient_scope".into()));
    house.close().await;
});

both!(a_machines_token_costs_no_statement, async |engine| {
    let house = open(engine).await;
    let machine = house.machine();
    own(&machine, "robot", &[]).await;
    let statements = || house.app.db.counted().statements.load(std::sync::atomic::Ordering::Relaxed);
    let before = statements();
    for _ in 0..5 {
        assert_eq!(own(&machine, "robot", &[]).await.status, 200);
    }
    // The clockwork looks now and then; nothing else does.
    assert!(statements() - before < 5);
    house.close().await;
});

both!(a_machines_token_is_revoked_by_its_name, async |engine| {
    let house = open(engine).await;
    let machine = house.machine();
    for id in ["robot", "sealed"] {
        let (one, two) =
            (own(&machine, id, &[]).await.text("access_token"), own(&machine, id, &[]).await.text("access_token"));
        revoke(&machine, "orders", &one).await;
        assert_eq!(introspect(&machine, id, &one).await["active"], true, "another client's word ends nothing");
        revoke(&machine, id, &one).await;
        revoke(&machine, id, &one).await;
        assert_eq!(introspect(&machine, id, &one).await, json!({"active": false}));
        assert_eq!(introspect(&machine, id, &two).await["active"], true);
        assert_eq!(machine.userinfo(&one).await.refusal(), (401, "invalid_token".into()));
    }
    house.close().await;
});

both!(an_opaque_token_is_read_by_us_alone, async |engine| {
    let declared = declared().replacen("kind = \"web\"", "kind = \"web\"\nopaque_tokens = true", 1);
    let house = House::with(engine, &declared, &[]).await;
    let machine = house.machine();
    let tokens = for_orders(&house).await;
    let token = tokens.text("access_token");
    assert!(token.starts_with("at_") && !token.contains('.'), "{token}");
    let told = machine.userinfo(&token).await;
    assert_eq!((told.status, &told.json()["sub"]), (200, &payload(&tokens.text("id_token"))["sub"]));
    let seen = introspect(&machine, "orders", &token).await;
    assert_eq!(
        (&seen["active"], &seen["client_id"], &seen["sub"]),
        (&json!(true), &json!("shop"), &told.json()["sub"])
    );
    assert_eq!(
        (&seen["scope"], &seen["aud"]),
        (&json!("openid phone orders:read offline"), &json!(["https://orders.example"]))
    );
    // Attack 23: cut, padded, changed, in another case, with more behind it.
    let swapped = token.chars().map(|c| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c }).collect();
    let mut changed = token.clone().into_bytes();
    changed[40] = if changed[40] == b'A' { b'B' } else { b'A' };
    for forged in [
        token[..token.len() - 1].to_owned(),
        format!("{token}="),
        format!("{token}A"),
        format!("{token} x"),
        token.replacen("at_", "AT_", 1),
        token.replacen("at_", "", 1),
        String::from_utf8(changed).expect("text"),
        swapped,
        "at_".into(),
        format!("at_{}", "A".repeat(6_000)),
    ] {
        let answer = machine.userinfo(&forged).await;
        assert_eq!(answer.refusal(), (401, "invalid_token".into()), "{forged}");
        assert_eq!(introspect(&machine, "orders", &forged).await, json!({"active": false}));
    }
    revoke(&machine, "shop", &token).await;
    assert_eq!(machine.userinfo(&token).await.status, 401);
    assert_eq!(machine.refresh(&tokens.text("refresh_token"), &[]).await.refusal(), refused("invalid_grant"));
    house.close().await;
});

both!(a_token_is_told_to_whom_it_concerns, async |engine| {
    let house = open(engine).await;
    let machine = house.machine();
    let tokens = for_orders(&house).await;
    let (access, refresh) = (tokens.text("access_token"), tokens.text("refresh_token"));
    // Its client, and who serves what it is for; attack 28: nobody else.
    for id in ["shop", "orders"] {
        let told = introspect(&machine, id, &access).await;
        assert_eq!(
            (&told["active"], &told["token_type"], &told["iss"]),
            (&json!(true), &json!("Bearer"), &json!(house.issuer))
        );
        assert!(
            told["exp"].is_i64() && told["iat"].is_i64() && told["jti"].is_string() && told.get("grant_id").is_none()
        );
    }
    assert_eq!(introspect(&machine, "robot", &access).await, json!({"active": false}));
    let told = introspect(&machine, "shop", &refresh).await;
    assert_eq!(
        (&told["active"], &told["client_id"], &told["sub"]),
        (&json!(true), &json!("shop"), &payload(&access)["sub"])
    );
    for (id, token) in [
        ("orders", refresh.as_str()),
        ("shop", tokens.json()["id_token"].as_str().expect("text")),
        ("shop", "nonsense"),
        ("shop", "rt_x.1.y"),
        ("shop", "a.b.c"),
    ] {
        assert_eq!(introspect(&machine, id, token).await, json!({"active": false}), "{id} {token}");
    }
    // By a token of its own, as Kinde's Python SDK asks.
    let own_token = own(&machine, "robot", &[]).await.text("access_token");
    let bearer = format!("Bearer {own_token}");
    let by_token = async |authorization: &str, token: &str| {
        let headers = [("authorization", authorization)];
        machine.send(Method::POST, "/oauth2/introspect", &headers, Some(&[("token", token)])).await
    };
    let told = by_token(&bearer, &own_token).await.json();
    assert_eq!(
        (&told["active"], &told["client_id"], &told["aud"]),
        (&json!(true), &json!("robot"), &json!([house.issuer]))
    );
    assert_eq!(by_token(&bearer, &access).await.json(), json!({"active": false}));
    for wrong in [format!("Bearer {access}"), "Bearer x".into(), format!("DPoP {own_token}")] {
        let answer = by_token(&wrong, &access).await;
        assert_eq!(answer.refusal(), (401, "invalid_token".into()), "{wrong}");
        assert!(answer.header("www-authenticate").is_some());
    }
    // Nobody in particular is told nothing.
    for form in [
        vec![("token", access.as_str())],
        vec![("token", access.as_str()), ("client_id", "kiosk")],
        vec![("token", access.as_str()), ("client_id", "shop")],
    ] {
        assert_eq!(machine.post("/oauth2/introspect", &form).await.refusal(), (401, "invalid_client".into()));
    }
    let form = [("client_id", "shop"), ("client_secret", SHOP_SECRET)];
    assert_eq!(machine.post("/oauth2/introspect", &form).await.refusal(), refused("invalid_request"));
    // What ended is not told apart from what never was.
    house.pass(86_401);
    assert_eq!(introspect(&machine, "shop", &access).await, json!({"active": false}));
    let newer = machine.refresh(&refresh, &[]).await;
    house.pass(61);
    assert_eq!(introspect(&machine, "shop", &refresh).await, json!({"active": false}), "replaced");
    let access = newer.text("access_token");
    assert_eq!(introspect(&machine, "shop", &access).await["active"], true);
    revoke(&machine, "orders", &newer.text("refresh_token")).await;
    assert_eq!(introspect(&machine, "shop", &access).await["active"], true);
    revoke(&machine, "shop", &newer.text("refresh_token")).await;
    assert_eq!(introspect(&machine, "shop", &access).await, json!({"active": false}));
    house.close().await;
});

both!(introspection_is_signed_where_that_is_asked_for, async |engine| {
    let declared = declared().replacen("id = \"orders\"", "id = \"orders\"\nintrospection_algorithm = \"ES256\"", 1);
    let house = House::with(engine, &declared, &[]).await;
    let machine = house.machine();
    let access = for_orders(&house).await.text("access_token");
    for (token, active) in [(access.as_str(), true), ("nonsense", false)] {
        let form = [("token", token), ("client_id", "orders"), ("client_secret", SECRET)];
        let accept = [("accept", "application/json;q=0.5, application/token-introspection+jwt")];
        let answer = machine.send(Method::POST, "/oauth2/introspect", &accept, Some(&form)).await;
        assert_eq!(answer.header("content-type"), Some("application/token-introspection+jwt"));
        let live = house.app.live();
        let claims = countersign::crypto::jwt::read(&live.keys, &answer.body, house.app.now()).expect("ours");
        assert_eq!((&claims["iss"], &claims["aud"]), (&json!(house.issuer), &json!("orders")));
        assert_eq!((&claims["token_introspection"]["active"], &claims["iat"]), (&json!(active), &json!(house.now())));
        assert!(claims.get("sub").is_none() && claims.get("exp").is_none(), "nobody takes it for an access token");
        let header: Value =
            serde_json::from_slice(&base64_url(answer.body.split('.').next().expect("a header"))).expect("JSON");
        assert_eq!((&header["typ"], &header["alg"]), (&json!("token-introspection+jwt"), &json!("ES256")));
        assert_eq!(machine.userinfo(&answer.body).await.status, 401);
    }
    house.close().await;
});

fn base64_url(text: &str) -> Vec<u8> {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).expect("base64url")
}

both!(a_service_calls_the_next_on_somebodys_behalf, async |engine| {
    let house = open(engine).await;
    let machine = house.machine();
    let tokens = for_orders(&house).await;
    let access = tokens.text("access_token");
    let answer =
        exchange(&machine, "orders", &access, &[("audience", "https://stock.example"), ("scope", "orders:read")]).await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")), "{}", answer.body);
    assert_eq!(answer.text("issued_token_type"), "urn:ietf:params:oauth:token-type:access_token");
    assert!(answer.json().get("refresh_token").is_none() && answer.json().get("id_token").is_none());
    let (before, after) = (payload(&access), payload(&answer.text("access_token")));
    assert_eq!(
        (&after["sub"], &after["aud"], &after["scope"]),
        (&before["sub"], &json!(["https://stock.example"]), &json!("orders:read"))
    );
    assert_eq!((&after["act"], &after["azp"]), (&json!({"sub": "orders", "client_id": "orders"}), &json!("orders")));
    assert_eq!(introspect(&machine, "robot", &answer.text("access_token")).await["act"]["sub"], "orders");
    // Asked for nothing in particular: the same, but it cannot refresh; and never for longer.
    house.pass(86_000);
    let plain = exchange(&machine, "orders", &access, &[]).await;
    assert_eq!(
        (plain.json()["expires_in"].clone(), plain.text("scope")),
        (json!(400), "openid phone orders:read".into())
    );
    assert_eq!(payload(&plain.text("access_token"))["exp"], before["exp"]);
    // It is given back by itself, and ends with what it came of.
    revoke(&machine, "orders", &plain.text("access_token")).await;
    assert_eq!(introspect(&machine, "orders", &plain.text("access_token")).await, json!({"active": false}));
    assert_eq!(machine.userinfo(&access).await.status, 200);
    let last = exchange(&machine, "orders", &access, &[]).await.text("access_token");
    assert_eq!(machine.userinfo(&last).await.status, 200);
    revoke(&machine, "shop", &tokens.text("refresh_token")).await;
    assert_eq!(machine.userinfo(&last).await.status, 401);
    assert_eq!(exchange(&machine, "orders", &access, &[]).await.refusal(), refused("invalid_request"));
    house.close().await;
});

both!(an_exchange_reaches_no_further, async |engine| {
    let declared = declared().replacen(
        "id = \"robot\"",
        "id = \"robot\"\ngrant_types = [\"client_credentials\", \"token-exchange\"]",
        1,
    );
    let house = House::with(engine, &declared, &[]).await;
    let machine = house.machine();
    let tokens = for_orders(&house).await;
    let access = tokens.text("access_token");
    let own_token = own(&machine, "orders", &[]).await.text("access_token");
    let (id_token, refresh) = (tokens.text("id_token"), tokens.text("refresh_token"));
    let kind = "urn:ietf:params:oauth:token-type:access_token";
    // Attack 29.
    for (extra, error) in [
        (vec![("scope", "orders:read orders:write")], "invalid_scope"),
        (vec![("scope", "\"")], "invalid_scope"),
        (vec![("audience", "https://elsewhere.example")], "invalid_target"),
        (vec![("resource", "https://stock.example"), ("audience", "shop")], "invalid_target"),
        (vec![("subject_token", "")], "invalid_request"),
        (vec![("subject_token_type", "")], "invalid_request"),
        (
            vec![("subject_token_type", "urn:ietf:params:oauth:token-type:id_token"), ("subject_token", &id_token)],
            "invalid_request",
        ),
        (vec![("subject_token", &id_token)], "invalid_request"),
        (vec![("subject_token", &refresh)], "invalid_request"),
        (vec![("subject_token", &own_token)], "invalid_request"),
        (vec![("requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token")], "invalid_request"),
        (vec![("actor_token", &own_token)], "invalid_request"),
        (vec![("actor_token_type", kind)], "invalid_request"),
        (vec![("actor_token", "x"), ("actor_token_type", kind)], "invalid_request"),
    ] {
        let answer = exchange(&machine, "orders", &access, &extra).await;
        assert_eq!(answer.refusal(), refused(error), "{extra:?}");
    }
    // One that was not shown to it, one that may not, and one that would lose its key.
    assert_eq!(exchange(&machine, "robot", &access, &[]).await.refusal(), refused("invalid_request"));
    assert_eq!(exchange(&machine, "shop", &access, &[]).await.refusal(), refused("unauthorized_client"));
    let asked = [("scope", "openid"), ("audience", "https://orders.example")];
    let code = signed_in(&mut house.visitor(), &asked).await.code();
    let key = Prover::new("ES256");
    let proof = house.token_proof(&key, json!({}));
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", crate::harness::SHOP_CALLBACK),
        ("client_id", "shop"),
        ("client_secret", SHOP_SECRET),
    ];
    let bound = house.prove_at_token(&[&proof], &form).await.text("access_token");
    assert_eq!(exchange(&machine, "orders", &bound, &[]).await.refusal(), refused("invalid_request"));
    // An actor of its own may be named; chains end.
    let actor = [("actor_token", own_token.as_str()), ("actor_token_type", kind)];
    let mut token = exchange(&machine, "orders", &access, &actor).await.text("access_token");
    for depth in 2..=5 {
        let answer = exchange(&machine, "orders", &token, &[]).await;
        if depth == 5 {
            assert_eq!(answer.refusal(), refused("invalid_request"));
        } else {
            token = answer.text("access_token");
        }
    }
    assert_eq!(payload(&token)["act"]["act"]["act"]["act"]["sub"], "orders");
    house.close().await;
});

both!(userinfo_is_signed_for_whom_it_was_registered, async |engine| {
    let declared = SHOP.replacen("kind = \"web\"", "kind = \"web\"\nuserinfo_algorithm = \"EdDSA\"", 1);
    let house = House::with(engine, &declared, &[]).await;
    let machine = house.machine();
    let tokens = machine.redeem(&signed_in(&mut house.visitor(), &[]).await.code(), &[]).await;
    let answer = machine.userinfo(&tokens.text("access_token")).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/jwt")));
    let live = house.app.live();
    let claims = countersign::crypto::jwt::read(&live.keys, &answer.body, house.app.now()).expect("ours");
    assert_eq!((&claims["iss"], &claims["aud"]), (&json!(house.issuer), &json!("shop")));
    assert_eq!(claims["sub"], payload(&tokens.text("id_token"))["sub"]);
    // Nobody takes it for another kind of token.
    assert_eq!(machine.userinfo(&answer.body).await.status, 401);
    let mut visitor = house.visitor();
    let hinted = visitor.get(&ask(&[("prompt", "none"), ("id_token_hint", &answer.body)])).await;
    assert_eq!(hinted.error().as_deref(), Some("login_required"));
    house.close().await;
});

both!(a_bound_token_answers_to_its_key_alone, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&[])).await;
    let code = prove(&mut visitor, page).await.code();
    let key = Prover::new("ES256");
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", crate::harness::SHOP_CALLBACK),
        ("client_id", "shop"),
        ("client_secret", SHOP_SECRET),
    ];
    let token = house.prove_at_token(&[&house.token_proof(&key, json!({}))], &form).await.text("access_token");
    let url = format!("{}/oauth2/userinfo", house.issuer);
    let prove = |extra: Value| {
        key.proof("GET", &url, house.now(), crate::harness::prover::over(json!({"ath": ath(&token)}), extra))
    };
    let show = async |scheme: &str, proofs: &[String]| {
        let authorization = format!("{scheme} {token}");
        let mut headers = vec![("authorization", authorization.as_str())];
        headers.extend(proofs.iter().map(|proof| ("dpop", proof.as_str())));
        machine.send(Method::GET, "/oauth2/userinfo", &headers, None).await
    };
    for scheme in ["DPoP", "dpop", "DPOP"] {
        let answer = show(scheme, &[prove(json!({}))]).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert!(answer.header("dpop-nonce").is_some());
    }
    // Attack 27: stolen, it opens nothing.
    for (scheme, proofs, error) in [
        ("Bearer", vec![], "invalid_token"),
        ("Bearer", vec![prove(json!({}))], "invalid_token"),
        ("DPoP", vec![], "invalid_dpop_proof"),
        ("DPoP", vec![prove(json!({"ath": null}))], "invalid_dpop_proof"),
        ("DPoP", vec![prove(json!({"ath": ath("other")}))], "invalid_dpop_proof"),
        ("DPoP", vec![prove(json!({"htm": "POST"}))], "invalid_dpop_proof"),
        ("DPoP", vec![prove(json!({"htu": format!("{}/oauth2/token", house.issuer)}))], "invalid_dpop_proof"),
        ("DPoP", vec![prove(json!({})), prove(json!({}))], "invalid_dpop_proof"),
        ("DPoP", vec![prove(json!({"nonce": "guessed"}))], "use_dpop_nonce"),
        (
            "DPoP",
            vec![Prover::new("ES256").proof("GET", &url, house.now(), json!({"ath": ath(&token)}))],
            "invalid_dpop_proof",
        ),
    ] {
        let answer = show(scheme, &proofs).await;
        assert_eq!(answer.refusal(), (401, error.into()), "{scheme} {proofs:?}");
        let challenges: Vec<&str> =
            answer.headers.get_all("www-authenticate").iter().map(|value| value.to_str().expect("ASCII")).collect();
        assert!(challenges.iter().any(|one| one.starts_with("DPoP ") && one.contains("algs=\"")), "{challenges:?}");
        assert!(challenges[0].starts_with(scheme) && challenges[0].contains(error), "{challenges:?}");
    }
    // In a form it is a bearer's.
    assert_eq!(
        machine.post("/oauth2/userinfo", &[("access_token", &token)]).await.refusal(),
        (401, "invalid_token".into())
    );
    // A bearer's token is not bound by showing it so.
    let bearer = machine.redeem(&signed_in(&mut house.visitor(), &[]).await.code(), &[]).await.text("access_token");
    let (authorization, proof) =
        (format!("DPoP {bearer}"), key.proof("GET", &url, house.now(), json!({"ath": ath(&bearer)})));
    let headers = [("authorization", authorization.as_str()), ("dpop", proof.as_str())];
    assert_eq!(
        machine.send(Method::GET, "/oauth2/userinfo", &headers, None).await.refusal(),
        (401, "invalid_token".into())
    );
    house.close().await;
});
