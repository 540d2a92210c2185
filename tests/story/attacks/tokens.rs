//! Codes, PKCE, tokens: replayed, crossed, widened, taken for one another, altered.

use crate::harness::machine::{Answer, Machine};
use crate::harness::prover::{Prover, ath};
use crate::harness::rp::payload;
use crate::harness::ways::{ask, prove, signed_in};
use crate::harness::{House, SHOP_CALLBACK, SHOP_SECRET, both};
use crate::machines::{for_orders, introspect, open, own, revoke};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign::flows::manage::apply::{Applied, apply};
use countersign::store::sql::sql;
use reqwest::Method;
use serde_json::json;

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const MEMBERS: [(&str, &str); 2] =
    [("client_id", "members"), ("client_secret", "bcdefghijabcdefghijabcdefghijabcdefghijabcdefghij123")];
const OFFLINE: [(&str, &str); 1] = [("scope", "openid phone offline")];

fn refused(error: &str) -> (u16, String) {
    (400, error.to_owned())
}

async fn code(house: &House, extra: &[(&str, &str)]) -> String {
    signed_in(&mut house.visitor(), extra).await.code()
}

/// The tokens of a public client.
async fn kiosk(house: &House) -> Answer {
    let mut visitor = house.visitor();
    let asked = [
        ("client_id", "kiosk"),
        ("redirect_uri", "http://127.0.0.1:4100/callback"),
        ("scope", "openid offline"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let page = visitor.get(&ask(&asked)).await;
    let code = prove(&mut visitor, page).await.code();
    let form = [
        ("client_id", "kiosk"),
        ("client_secret", ""),
        ("redirect_uri", "http://127.0.0.1:4100/callback"),
        ("code_verifier", VERIFIER),
    ];
    house.machine().redeem(&code, &form).await
}

async fn kiosk_refresh(machine: &Machine, token: &str) -> Answer {
    machine.refresh(token, &[("client_id", "kiosk"), ("client_secret", "")]).await
}

both!(attack_15_a_code_is_replayed_one_after_another_and_at_once, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let one = code(&house, &OFFLINE).await;
    let first = machine.redeem(&one, &[]).await;
    assert_eq!(machine.redeem(&one, &[]).await.refusal(), refused("invalid_grant"));
    assert_eq!(machine.userinfo(&first.text("access_token")).await.refusal(), (401, "invalid_token".into()));
    assert_eq!(machine.refresh(&first.text("refresh_token"), &[]).await.refusal(), refused("invalid_grant"));
    let one = code(&house, &OFFLINE).await;
    let racing = tokio::join!(
        machine.redeem(&one, &[]),
        machine.redeem(&one, &[]),
        machine.redeem(&one, &[]),
        machine.redeem(&one, &[]),
        machine.redeem(&one, &[])
    );
    let racing = [racing.0, racing.1, racing.2, racing.3, racing.4];
    assert!(racing.iter().filter(|answer| answer.status == 200).count() <= 1);
    for answer in &racing {
        match answer.status {
            200 => assert_eq!(machine.userinfo(&answer.text("access_token")).await.status, 401, "two held the code"),
            _ => assert_eq!(answer.refusal(), refused("invalid_grant")),
        }
    }
    house.close().await;
});

both!(attack_16_a_code_is_crossed_moved_and_kept, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let one = code(&house, &[]).await;
    assert_eq!(machine.redeem(&one, &MEMBERS).await.refusal(), refused("invalid_grant"));
    assert_eq!(machine.redeem(&one, &[("redirect_uri", "")]).await.refusal(), refused("invalid_request"));
    let elsewhere = [("redirect_uri", "http://127.0.0.1:4000/callback/../callback")];
    assert_eq!(machine.redeem(&one, &elsewhere).await.refusal(), refused("invalid_grant"));
    let one = code(&house, &[]).await;
    house.pass(61);
    assert_eq!(machine.redeem(&one, &[]).await.refusal(), refused("invalid_grant"));
    house.close().await;
});

both!(attack_17_pkce_is_stripped_added_guessed_and_plain, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let challenged = [("code_challenge", CHALLENGE), ("code_challenge_method", "S256")];
    for verifier in ["", "wrongwrongwrongwrongwrongwrongwrongwrongwrong", "tooshort", CHALLENGE] {
        let one = code(&house, &challenged).await;
        let answer = machine.redeem(&one, &[("code_verifier", verifier)]).await;
        assert_eq!(answer.refusal(), refused("invalid_grant"), "{verifier}");
    }
    let one = code(&house, &[]).await;
    assert_eq!(machine.redeem(&one, &[("code_verifier", VERIFIER)]).await.refusal(), refused("invalid_grant"));
    let kiosk = [("client_id", "kiosk"), ("redirect_uri", "http://127.0.0.1:4100/callback"), ("scope", "openid")];
    for extra in [
        vec![],
        vec![("code_challenge", VERIFIER), ("code_challenge_method", "plain")],
        vec![("code_challenge", VERIFIER)],
        vec![("code_challenge_method", "S256")],
        vec![("code_challenge", "short"), ("code_challenge_method", "S256")],
    ] {
        let page = house.visitor().get(&ask(&[&kiosk[..], &extra].concat())).await;
        assert_eq!(page.error().as_deref(), Some("invalid_request"), "{extra:?}");
    }
    house.close().await;
});

both!(attack_20_a_replaced_refresh_token_comes_again, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let first = kiosk(&house).await.text("refresh_token");
    let racing =
        tokio::join!(kiosk_refresh(&machine, &first), kiosk_refresh(&machine, &first), kiosk_refresh(&machine, &first));
    let racing = [racing.0, racing.1, racing.2];
    let successors: std::collections::HashSet<String> =
        racing.iter().map(|answer| answer.text("refresh_token")).collect();
    assert_eq!(successors.len(), 1, "one family, never two");
    let second = racing[0].text("refresh_token");
    let third = kiosk_refresh(&machine, &second).await;
    assert_eq!(third.status, 200);
    assert_eq!(kiosk_refresh(&machine, &first).await.refusal(), refused("invalid_grant"));
    for token in [&first, &second, &third.text("refresh_token")] {
        assert_eq!(kiosk_refresh(&machine, token).await.refusal(), refused("invalid_grant"));
    }
    assert_eq!(machine.userinfo(&third.text("access_token")).await.refusal(), (401, "invalid_token".into()));
    house.close().await;
});

both!(attack_21_a_refresh_reaches_further_or_comes_from_elsewhere, async |engine| {
    let house = open(engine).await;
    let machine = house.machine();
    let tokens = for_orders(&house).await;
    let token = tokens.text("refresh_token");
    for (extra, error) in [
        (("scope", "openid phone orders:read orders:write"), "invalid_scope"),
        (("scope", "openid email"), "invalid_scope"),
        (("resource", "https://stock.example"), "invalid_target"),
        (("resource", "https://orders.example/"), "invalid_target"),
        (("resource", "nonsense"), "invalid_target"),
    ] {
        assert_eq!(machine.refresh(&token, &[extra]).await.refusal(), refused(error), "{extra:?}");
    }
    assert_eq!(machine.refresh(&token, &MEMBERS).await.refusal(), refused("invalid_grant"));
    assert_eq!(
        machine.refresh(&token, &[("client_id", "kiosk"), ("client_secret", "")]).await.refusal(),
        refused("invalid_grant")
    );
    assert_eq!(machine.refresh(&token, &[("client_secret", "")]).await.refusal(), (401, "invalid_client".into()));
    let narrow = machine.refresh(&token, &[("resource", "https://orders.example")]).await;
    assert_eq!(payload(&narrow.text("access_token"))["aud"], json!(["https://orders.example"]));
    // Nor does a code.
    let one = code(&house, &[("audience", "https://orders.example")]).await;
    let answer = machine.redeem(&one, &[("resource", "https://stock.example")]).await;
    assert_eq!(answer.refusal(), refused("invalid_target"));
    // Whoever is blocked is told nothing any more, and refreshes nothing.
    let (token, access) = (narrow.text("refresh_token"), narrow.text("access_token"));
    sql("UPDATE subjects SET blocked_at = $1").bind(1_i64).execute(&house.app.db).await.expect("blocks");
    assert_eq!(machine.refresh(&token, &[]).await.refusal(), refused("invalid_grant"));
    assert_eq!(machine.userinfo(&access).await.refusal(), (401, "invalid_token".into()));
    assert_eq!(introspect(&machine, "orders", &access).await, json!({"active": false}));
    house.close().await;
});

both!(attack_21_a_refresh_comes_after_the_sign_out, async |engine| {
    let house = House::open(engine).await;
    let (machine, mut visitor) = (house.machine(), house.visitor());
    let tokens = machine.redeem(&signed_in(&mut visitor, &OFFLINE).await.code(), &[]).await;
    let page = visitor.get("/logout").await;
    visitor.submit(&page, &[("confirmed", "yes")]).await;
    assert_eq!(machine.refresh(&tokens.text("refresh_token"), &[]).await.refusal(), refused("invalid_grant"));
    assert_eq!(introspect(&machine, "shop", &tokens.text("access_token")).await, json!({"active": false}));
    assert_eq!(introspect(&machine, "shop", &tokens.text("refresh_token")).await, json!({"active": false}));
    house.close().await;
});

both!(attack_22_one_kind_of_token_for_another, async |engine| {
    let house = open(engine).await;
    let machine = house.machine();
    let one = code(&house, &OFFLINE).await;
    let tokens = machine.redeem(&one, &[]).await;
    let (access, id, refresh) = (tokens.text("access_token"), tokens.text("id_token"), tokens.text("refresh_token"));
    for token in [&id, &refresh, &one] {
        assert_eq!(machine.userinfo(token).await.refusal(), (401, "invalid_token".into()), "{token}");
    }
    for token in [&access, &id, &one] {
        assert_eq!(machine.refresh(token, &[]).await.refusal(), refused("invalid_grant"), "{token}");
    }
    for token in [&access, &id, &refresh] {
        assert_eq!(machine.redeem(token, &[]).await.refusal(), refused("invalid_grant"), "{token}");
    }
    let mut visitor = house.visitor();
    for token in [&access, &refresh] {
        let page = visitor.get(&ask(&[("prompt", "none"), ("id_token_hint", token)])).await;
        assert_eq!(page.error().as_deref(), Some("login_required"), "{token}");
    }
    // Revoking what is no token of this kind revokes nothing.
    revoke(&machine, "shop", &id).await;
    revoke(&machine, "shop", &one).await;
    assert_eq!(machine.userinfo(&access).await.status, 200);
    house.close().await;
});

both!(attack_23_tokens_are_cut_padded_and_changed, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let one = code(&house, &OFFLINE).await;
    let altered = |token: &str| {
        [
            token[..token.len() - 1].to_owned(),
            format!("{token}="),
            format!("{token}A"),
            format!(" {token}"),
            format!("{token}\n"),
            token.to_ascii_uppercase(),
            token.replacen('_', "-", 1),
        ]
    };
    for code in altered(&one) {
        assert_eq!(machine.redeem(&code, &[]).await.refusal(), refused("invalid_grant"), "{code:?}");
    }
    let tokens = machine.redeem(&one, &[]).await;
    for token in altered(&tokens.text("refresh_token")) {
        assert_eq!(machine.refresh(&token, &[]).await.refusal(), refused("invalid_grant"), "{token:?}");
    }
    for token in altered(&tokens.text("access_token")) {
        let form = [("access_token", token.as_str())];
        let answer = machine.post("/oauth2/userinfo", &form).await;
        assert_eq!(answer.refusal(), (401, "invalid_token".into()), "{token:?}");
    }
    house.close().await;
});

both!(attack_24_access_tokens_nobody_signed, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let tokens = machine.redeem(&code(&house, &[]).await, &[]).await;
    let access = tokens.text("access_token");
    let [head, body, signature] = access.split('.').collect::<Vec<_>>()[..] else { panic!("a JWT") };
    let header = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let kid = serde_json::from_slice::<serde_json::Value>(&URL_SAFE_NO_PAD.decode(head).expect("base64url"))
        .expect("JSON")["kid"]
        .clone();
    let key = Prover::new("RS256");
    let embedded = json!({"alg": "RS256", "typ": "at+jwt", "kid": kid, "jwk": key.jwk});
    let claims = String::from_utf8(URL_SAFE_NO_PAD.decode(body).expect("base64url")).expect("text");
    let forged = [
        format!("{}.{body}.", header(r#"{"alg":"none","typ":"at+jwt"}"#)),
        format!("{}.{body}.{signature}", header(r#"{"alg":"none","typ":"at+jwt"}"#)),
        format!("{}.{body}.{signature}", header(&format!(r#"{{"alg":"HS256","typ":"at+jwt","kid":{kid}}}"#))),
        format!("{}.{body}.{signature}", header(&format!(r#"{{"alg":"ES256","typ":"at+jwt","kid":{kid}}}"#))),
        format!("{}.{body}.{signature}", header(r#"{"alg":"RS256","typ":"at+jwt","kid":"../../../dev/null"}"#)),
        format!("{}.{body}.{signature}", header(r#"{"alg":"RS256","typ":"at+jwt","kid":"x' OR '1'='1"}"#)),
        format!(
            "{}.{body}.{signature}",
            header(&format!(r#"{{"alg":"RS256","typ":"at+jwt","kid":{kid},"b64":false,"crit":["b64"]}}"#))
        ),
        format!(
            "{}.{body}.{signature}",
            header(&format!(r#"{{"alg":"RS256","alg":"RS256","typ":"at+jwt","kid":{kid}}}"#))
        ),
        key.sign_text(&embedded.to_string(), &claims),
        format!("{head}.{}.{signature}", URL_SAFE_NO_PAD.encode(claims.replace("shop", "else"))),
        format!("{head}.{body}.{signature}.{signature}"),
        format!("{head}..{signature}"),
        "..".into(),
        format!("{head}.{}.{signature}", "A".repeat(6_000)),
    ];
    for token in forged {
        let answer = machine.post("/oauth2/userinfo", &[("access_token", &token)]).await;
        assert_eq!(answer.refusal(), (401, "invalid_token".into()), "{token}");
        assert_eq!(introspect(&machine, "shop", &token).await, json!({"active": false}), "{token}");
        revoke(&machine, "shop", &token).await;
    }
    let huge = "A".repeat(60_000);
    let answer = machine.post("/oauth2/userinfo", &[("access_token", &huge)]).await;
    assert_eq!(answer.status, 401);
    let form = [("token", huge.as_str()), ("client_id", "shop"), ("client_secret", SHOP_SECRET)];
    assert_eq!(machine.post("/oauth2/introspect", &form).await.refusal(), refused("invalid_request"));
    assert_eq!(machine.userinfo(&access).await.status, 200);
    house.close().await;
});

both!(attack_25_a_token_in_the_address_or_twice, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let access = machine.redeem(&code(&house, &[]).await, &[]).await.text("access_token");
    let bearer = format!("Bearer {access}");
    let address = format!("/oauth2/userinfo?access_token={access}");
    assert_eq!(machine.get(&address).await.refusal(), refused("invalid_request"));
    let both_ways = machine
        .send(Method::POST, "/oauth2/userinfo", &[("authorization", &bearer)], Some(&[("access_token", &access)]))
        .await;
    assert_eq!(both_ways.refusal(), refused("invalid_request"));
    let form = [("token", "x"), ("client_id", "shop"), ("client_secret", SHOP_SECRET)];
    let path = format!("/oauth2/introspect?access_token={access}");
    assert_eq!(machine.post(&path, &form).await.refusal(), refused("invalid_request"));
    // Nor is anything else of the token endpoint read from there.
    let path = format!("/oauth2/token?grant_type=authorization_code&client_id=shop&client_secret={SHOP_SECRET}");
    assert_eq!(machine.post(&path, &[("code", "x")]).await.refusal(), (401, "invalid_client".into()));
    house.close().await;
});

both!(attack_26_tokens_are_for_whom_they_are_for, async |engine| {
    let house = open(engine).await;
    let machine = house.machine();
    let own_token = own(&machine, "robot", &[("audience", "https://orders.example")]).await.text("access_token");
    assert_eq!(machine.userinfo(&own_token).await.refusal(), (403, "insufficient_scope".into()));
    let elsewhere = [("resource", "https://elsewhere.example")];
    assert_eq!(own(&machine, "robot", &elsewhere).await.refusal(), refused("invalid_target"));
    // No client's name can pass for a person's, though its own token may say it as `sub`.
    let impostor = "[[client]]\nid = \"kp_0123456789abcdef0123456789abcdef\"\nname = \"x\"\nkind = \"machine\"\n";
    match apply(&house.app, impostor, &|_| Err(String::new()), true).await.expect("reads") {
        Applied::Wrong(faults) => assert!(format!("{faults:?}").contains("kp_"), "{faults:?}"),
        Applied::Done(_) => panic!("a client called like a person"),
    }
    // One for stock is nothing to orders.
    let stock = own(&machine, "robot", &[("audience", "https://stock.example")]).await.text("access_token");
    assert_eq!(introspect(&machine, "orders", &stock).await, json!({"active": false}));
    assert_eq!(introspect(&machine, "orders", &own_token).await["active"], true);
    house.close().await;
});

both!(attack_27_a_proof_is_replayed, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let key = Prover::new("ES256");
    let form = |code: &str| {
        [
            ("grant_type", "authorization_code".to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", SHOP_CALLBACK.to_owned()),
            ("client_id", "shop".to_owned()),
            ("client_secret", SHOP_SECRET.to_owned()),
        ]
    };
    let redeem = async |code: &str, proof: &str| {
        let form = form(code);
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        house.prove_at_token(&[proof], &form).await
    };
    let proof = house.token_proof(&key, json!({}));
    let (one, two) = (code(&house, &[]).await, code(&house, &[]).await);
    let first = redeem(&one, &proof).await;
    assert_eq!(first.status, 200);
    let racing = redeem(&two, &proof).await;
    assert_eq!(racing.refusal(), refused("invalid_dpop_proof"));
    let token = first.text("access_token");
    let proof =
        key.proof("GET", &format!("{}/oauth2/userinfo", house.issuer), house.now(), json!({"ath": ath(&token)}));
    let authorization = format!("DPoP {token}");
    let headers = [("authorization", authorization.as_str()), ("dpop", proof.as_str())];
    let racing = tokio::join!(
        machine.send(Method::GET, "/oauth2/userinfo", &headers, None),
        machine.send(Method::GET, "/oauth2/userinfo", &headers, None),
        machine.send(Method::GET, "/oauth2/userinfo", &headers, None)
    );
    let mut statuses = [racing.0.status, racing.1.status, racing.2.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401, 401]);
    house.close().await;
});

both!(attack_28_tokens_are_looked_up_by_strangers, async |engine| {
    let house = open(engine).await;
    let machine = house.machine();
    let tokens = for_orders(&house).await;
    for token in [tokens.text("access_token"), tokens.text("refresh_token")] {
        assert_eq!(introspect(&machine, "robot", &token).await, json!({"active": false}));
        let nobody = machine.post("/oauth2/introspect", &[("token", &token)]).await;
        assert_eq!(nobody.refusal(), (401, "invalid_client".into()));
        let wrong = [("token", token.as_str()), ("client_id", "shop"), ("client_secret", "wrong")];
        assert_eq!(machine.post("/oauth2/introspect", &wrong).await.refusal(), (401, "invalid_client".into()));
        revoke(&machine, "robot", &token).await;
        assert_eq!(introspect(&machine, "shop", &token).await["active"], true);
    }
    for random in ["x", "null", "true", "{}", "\u{0}"] {
        assert_eq!(introspect(&machine, "shop", random).await, json!({"active": false}));
    }
    house.close().await;
});

both!(attack_31_keys_are_halves_and_outlive_what_they_signed, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let access = machine.redeem(&code(&house, &[]).await, &[]).await.text("access_token");
    let before = machine.get("/.well-known/jwks.json").await.json();
    countersign::flows::keys::rotate(&house.app, &countersign::domain::audit::By::command()).await.expect("rotates");
    house.pass(3 * 3_600);
    let after = machine.get("/.well-known/jwks.json").await.json();
    for key in before["keys"].as_array().expect("keys") {
        assert!(after["keys"].as_array().is_some_and(|keys| keys.contains(key)), "published while its tokens live");
    }
    for key in after["keys"].as_array().expect("keys") {
        assert!(["d", "p", "q", "dp", "dq", "qi", "k"].iter().all(|member| key.get(member).is_none()));
        assert_ne!(key["kty"], "oct");
    }
    assert_eq!(machine.userinfo(&access).await.status, 200);
    house.close().await;
});
