//! The endpoints apps speak to without a browser: tokens, userinfo, revocation, and who may call them from where.

use crate::harness::machine::Machine;
use crate::harness::rp::payload;
use crate::harness::ways::{TEST, ask, asking, prove, signed_in};
use crate::harness::{House, SHOP_CALLBACK, SHOP_SECRET, both};
use base64::Engine;
use reqwest::Method;
use serde_json::json;

const MEMBERS: [(&str, &str); 2] =
    [("client_id", "members"), ("client_secret", "bcdefghijabcdefghijabcdefghijabcdefghijabcdefghij123")];
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: [(&str, &str); 2] =
    [("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), ("code_challenge_method", "S256")];

async fn code(house: &House, extra: &[(&str, &str)]) -> String {
    signed_in(&mut house.visitor(), extra).await.code()
}

fn refused(status: u16, error: &str) -> (u16, String) {
    (status, error.to_owned())
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{id}:{secret}")))
}

both!(a_code_becomes_tokens, async |engine| {
    let house = House::open(engine).await;
    let answer = house.machine().redeem(&code(&house, &[("scope", "openid profile email offline")]).await, &[]).await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")));
    assert!(answer.header("content-type").is_some_and(|kind| kind.starts_with("application/json")));
    let told = answer.json();
    assert_eq!(
        (&told["token_type"], &told["expires_in"], &told["scope"]),
        (&json!("Bearer"), &json!(86_400), &json!("openid profile email offline"))
    );
    assert!(answer.text("refresh_token").starts_with("rt_"));
    let (id, access) = (payload(&answer.text("id_token")), payload(&answer.text("access_token")));
    assert_eq!((&id["aud"], &id["azp"], &id["iss"]), (&json!(["shop"]), &json!("shop"), &json!(house.issuer)));
    assert_eq!(id["exp"].as_i64().zip(id["iat"].as_i64()).map(|(exp, iat)| exp - iat), Some(3_600));
    assert_eq!(
        (&access["client_id"], &access["scp"]),
        (&json!("shop"), &json!(["openid", "profile", "email", "offline"]))
    );
    assert_eq!(id["sub"], access["sub"]);
    assert!(id["sub"].as_str().is_some_and(|sub| sub.starts_with("kp_") && sub.len() == 35));
    assert_ne!(id["jti"], access["jti"]);
    assert!(!id.contains_key("nonce"), "absent when not sent");
    house.close().await;
});

both!(clients_prove_who_they_are, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let form = |code: &str| {
        vec![
            ("grant_type".to_owned(), "authorization_code".to_owned()),
            ("code".to_owned(), code.to_owned()),
            ("redirect_uri".to_owned(), SHOP_CALLBACK.to_owned()),
        ]
    };
    let send = async |authorization: &str, form: Vec<(String, String)>, extra: &[(&str, &str)]| {
        let fields: Vec<(&str, &str)> =
            form.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(extra.iter().copied()).collect();
        let headers: Vec<(&str, &str)> =
            (!authorization.is_empty()).then_some(("authorization", authorization)).into_iter().collect();
        machine.send(Method::POST, "/oauth2/token", &headers, Some(&fields)).await
    };
    let one = code(&house, &[]).await;
    let wrong = SHOP_SECRET.replace('1', "2");
    // By header: 401 with a challenge. Nothing of this uses the code up.
    for authorization in [
        basic("shop", &wrong),
        basic("nobody", SHOP_SECRET),
        basic("shop", ""),
        "Basic !!".into(),
        "Basic".into(),
        basic("kiosk", "x"),
    ] {
        let answer = send(&authorization, form(&one), &[]).await;
        assert_eq!((answer.status, answer.header("cache-control")), (401, Some("no-store")), "{authorization}");
        assert_eq!(answer.refusal(), refused(401, "invalid_client"), "{authorization}");
        assert_eq!(answer.header("www-authenticate").is_some(), authorization.starts_with("Basic "), "{authorization}");
    }
    // By form: 401 without one.
    for extra in [
        vec![("client_id", "shop"), ("client_secret", wrong.as_str())],
        vec![("client_id", "shop")],
        vec![("client_id", "nobody"), ("client_secret", SHOP_SECRET)],
        vec![],
        vec![("client_id", "kiosk"), ("client_secret", SHOP_SECRET)],
    ] {
        let answer = send("", form(&one), &extra).await;
        assert_eq!(
            (answer.refusal(), answer.header("www-authenticate")),
            (refused(401, "invalid_client"), None),
            "{extra:?}"
        );
    }
    // Both at once, or two names.
    for extra in [[("client_secret", SHOP_SECRET)], [("client_id", "members")]] {
        assert_eq!(
            send(&basic("shop", SHOP_SECRET), form(&one), &extra).await.refusal(),
            refused(400, "invalid_request"),
            "{extra:?}"
        );
    }
    assert_eq!(send(&basic("shop", SHOP_SECRET), form(&one), &[("client_id", "shop")]).await.status, 200);
    let two = code(&house, &[]).await;
    assert_eq!(send("", form(&two), &[("client_id", "shop"), ("client_secret", SHOP_SECRET)]).await.status, 200);
    house.close().await;
});

both!(what_is_no_token_request_is_refused, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let one = code(&house, &[]).await;
    assert_eq!(machine.redeem(&one, &[("grant_type", "")]).await.refusal(), refused(400, "invalid_request"));
    for (grant_type, error) in [
        ("password", "unsupported_grant_type"),
        ("implicit", "unsupported_grant_type"),
        ("AUTHORIZATION_CODE", "unsupported_grant_type"),
        ("device_code", "unsupported_grant_type"),
        ("client_credentials", "unauthorized_client"),
        ("urn:ietf:params:oauth:grant-type:device_code", "unauthorized_client"),
        ("urn:ietf:params:oauth:grant-type:token-exchange", "unauthorized_client"),
    ] {
        let answer = machine.redeem(&one, &[("grant_type", grant_type)]).await;
        assert_eq!(answer.refusal(), refused(400, error), "{grant_type}");
    }
    assert_eq!(machine.redeem("", &[]).await.refusal(), refused(400, "invalid_request"));
    assert_eq!(machine.redeem(&one, &[("redirect_uri", "")]).await.refusal(), refused(400, "invalid_request"));
    assert_eq!(
        machine.redeem(&one, &[("code", &one), ("code", &one)]).await.refusal(),
        refused(400, "invalid_request"),
        "twice"
    );
    let json = machine.send(Method::POST, "/oauth2/token", &[("content-type", "application/json")], None).await;
    assert_eq!(json.refusal(), refused(400, "invalid_request"));
    assert_eq!(machine.get(&format!("/oauth2/token?code={one}")).await.status, 405);
    for nonsense in ["x", "ac_", "0", "null", "\u{0}", &"x".repeat(5_000)] {
        assert_eq!(machine.redeem(nonsense, &[]).await.refusal(), refused(400, "invalid_grant"), "{nonsense:?}");
    }
    // Parameters nobody knows are ignored.
    assert_eq!(machine.redeem(&one, &[("extra", "x")]).await.status, 200);
    house.close().await;
});

both!(a_code_serves_once, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let one = code(&house, &[("scope", "openid offline")]).await;
    let first = machine.redeem(&one, &[]).await;
    assert_eq!(machine.userinfo(&first.text("access_token")).await.status, 200);
    house.pass(30);
    assert_eq!(machine.redeem(&one, &[]).await.refusal(), refused(400, "invalid_grant"));
    assert_eq!(machine.userinfo(&first.text("access_token")).await.status, 401, "two holders: neither keeps anything");
    assert_eq!(machine.refresh(&first.text("refresh_token"), &[]).await.refusal(), refused(400, "invalid_grant"));
    // Long after its end it is still known as used.
    let one = code(&house, &[]).await;
    let first = machine.redeem(&one, &[]).await;
    house.pass(600);
    assert_eq!(machine.redeem(&one, &[]).await.refusal(), refused(400, "invalid_grant"));
    assert_eq!(machine.userinfo(&first.text("access_token")).await.status, 401);
    house.close().await;
});

both!(a_code_waits_a_minute, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let (late, in_time) = (code(&house, &[]).await, code(&house, &[]).await);
    house.pass(40);
    assert_eq!(machine.redeem(&in_time, &[]).await.status, 200);
    house.pass(21);
    assert_eq!(machine.redeem(&late, &[]).await.refusal(), refused(400, "invalid_grant"));
    assert!(late.starts_with("ac_") && late.len() >= 46, "256 bits, and no number to a cookie reader");
    house.close().await;
});

both!(a_code_belongs_to_its_client_and_place, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let one = code(&house, &[]).await;
    assert_eq!(machine.redeem(&one, &MEMBERS).await.refusal(), refused(400, "invalid_grant"));
    assert_eq!(
        machine.redeem(&one, &[("client_id", "kiosk"), ("client_secret", "")]).await.refusal(),
        refused(400, "invalid_grant")
    );
    assert_eq!(machine.redeem(&one, &[]).await.status, 200, "another client's try takes nothing from its owner");
    for place in [
        "http://127.0.0.1:4000/other",
        "https://evil.example/",
        "http://127.0.0.1:4000/callback?x=1",
        "http://127.0.0.1:4000/callback//",
    ] {
        let one = code(&house, &[]).await;
        assert_eq!(
            machine.redeem(&one, &[("redirect_uri", place)]).await.refusal(),
            refused(400, "invalid_grant"),
            "{place}"
        );
    }
    house.close().await;
});

both!(pkce_binds_a_code_to_who_asked, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    for verifier in ["", "short", &VERIFIER.replace('d', "e"), CHALLENGE[0].1, &"x".repeat(129)] {
        let one = code(&house, &CHALLENGE).await;
        assert_eq!(
            machine.redeem(&one, &[("code_verifier", verifier)]).await.refusal(),
            refused(400, "invalid_grant"),
            "{verifier}"
        );
    }
    let one = code(&house, &CHALLENGE).await;
    assert_eq!(machine.redeem(&one, &[("code_verifier", VERIFIER)]).await.status, 200);
    // A verifier nobody announced: somebody stripped the challenge on its way.
    let one = code(&house, &[]).await;
    assert_eq!(machine.redeem(&one, &[("code_verifier", VERIFIER)]).await.refusal(), refused(400, "invalid_grant"));
    // A public client has nothing but this.
    let kiosk = [
        ("client_id", "kiosk"),
        ("redirect_uri", "http://127.0.0.1:4100/callback"),
        ("response_type", "code"),
        ("scope", "openid"),
    ];
    for (verifier, status) in [("", 400), (VERIFIER, 200)] {
        let mut visitor = house.visitor();
        let page = visitor.get(&asking(&[&kiosk[..], &CHALLENGE].concat())).await;
        let one = prove(&mut visitor, page).await.code();
        let answer = machine
            .redeem(
                &one,
                &[
                    ("client_id", "kiosk"),
                    ("client_secret", ""),
                    ("redirect_uri", "http://127.0.0.1:4100/callback"),
                    ("code_verifier", verifier),
                ],
            )
            .await;
        assert_eq!(answer.status, status, "{}", answer.body);
    }
    house.close().await;
});

async fn tokens(house: &House, machine: &Machine, scope: &str) -> (String, String) {
    let answer = machine.redeem(&code(house, &[("scope", scope)]).await, &[]).await;
    (answer.text("access_token"), answer.json()["id_token"].as_str().unwrap_or_default().to_owned())
}

both!(userinfo_tells_what_the_token_may_read, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let (token, id_token) = tokens(&house, &machine, "openid phone").await;
    let bearer = format!("Bearer {token}");
    let by_get = machine.userinfo(&token).await;
    assert_eq!((by_get.status, by_get.header("cache-control")), (200, Some("no-store")));
    let told = by_get.json();
    assert_eq!(
        (&told["sub"], &told["phone_number"], &told["phone_number_verified"]),
        (&payload(&id_token)["sub"], &json!(TEST), &json!(true))
    );
    for path in ["/oauth2/userinfo", "/oauth2/v2/user_profile"] {
        for answer in [
            machine.send(Method::GET, path, &[("authorization", &bearer)], None).await,
            machine.send(Method::GET, path, &[("authorization", &format!("bearer {token}"))], None).await,
            machine.send(Method::POST, path, &[("authorization", &bearer)], None).await,
            machine.post(path, &[("access_token", &token)]).await,
        ] {
            assert_eq!((answer.status, answer.json()), (200, told.clone()), "{path}");
        }
        // Attack 25: a URL ends up in logs, and two tokens are one too many.
        let answer = machine.get(&format!("{path}?access_token={token}")).await;
        assert_eq!(answer.refusal(), refused(400, "invalid_request"));
        for answer in [
            machine.send(Method::POST, path, &[("authorization", &bearer)], Some(&[("access_token", &token)])).await,
            machine.send(Method::GET, path, &[("authorization", &bearer), ("authorization", &bearer)], None).await,
            machine.post(path, &[("access_token", &token), ("access_token", &token)]).await,
            machine.send(Method::GET, &format!("{path}?access_token=x"), &[("authorization", &bearer)], None).await,
        ] {
            assert_eq!(answer.refusal(), refused(400, "invalid_request"));
        }
        let answer = machine.get(path).await;
        let challenges: Vec<&str> =
            answer.headers.get_all("www-authenticate").iter().map(|value| value.to_str().expect("ASCII")).collect();
        assert_eq!((answer.status, challenges[0]), (401, "Bearer realm=\"countersign\""));
        assert_eq!(challenges[1], "DPoP algs=\"RS256 PS256 ES256 EdDSA\"");
    }
    for forged in ["x", "", &id_token, &format!("{token}x"), &format!("{}.", token.rsplit_once('.').expect("a JWT").0)]
    {
        let answer = machine.userinfo(forged).await;
        assert_eq!(answer.status, 401, "{forged}");
        assert!(answer.header("www-authenticate").is_some_and(|challenge| challenge.starts_with("Bearer")));
    }
    let (plain, _) = tokens(&house, &machine, "phone").await;
    assert_eq!(machine.userinfo(&plain).await.refusal(), refused(403, "insufficient_scope"));
    let (least, _) = tokens(&house, &machine, "openid").await;
    assert!(machine.userinfo(&least).await.json().get("phone_number").is_none());
    house.pass(86_401);
    assert_eq!(machine.userinfo(&token).await.refusal(), refused(401, "invalid_token"));
    house.close().await;
});

both!(revoking_ends_the_whole_grant, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let shop = [("client_id", "shop"), ("client_secret", SHOP_SECRET)];
    for kind in ["access_token", "refresh_token"] {
        let answer = machine.redeem(&code(&house, &[("scope", "openid offline")]).await, &[]).await;
        let (token, access, refresh) = (answer.text(kind), answer.text("access_token"), answer.text("refresh_token"));
        // Not by strangers, nor in another client's name.
        assert_eq!(
            machine.post("/oauth2/revoke", &[("token", &token)]).await.refusal(),
            refused(401, "invalid_client")
        );
        assert_eq!(
            machine.post("/oauth2/revoke", &[&MEMBERS[..], &[("token", token.as_str())]].concat()).await.status,
            200
        );
        assert_eq!(machine.userinfo(&access).await.status, 200, "{kind}");
        assert_eq!(
            machine
                .post(
                    "/oauth2/revoke",
                    &[&shop[..], &[("token", token.as_str()), ("token_type_hint", "access_token")]].concat()
                )
                .await
                .status,
            200
        );
        assert_eq!(machine.userinfo(&access).await.status, 401, "{kind}");
        assert_eq!(machine.refresh(&refresh, &[]).await.refusal(), refused(400, "invalid_grant"), "{kind}");
        assert_eq!(
            machine.post("/oauth2/revoke", &[&shop[..], &[("token", token.as_str())]].concat()).await.status,
            200,
            "twice is once"
        );
    }
    assert_eq!(machine.post("/oauth2/revoke", &[&shop[..], &[("token", "unknown")]].concat()).await.status, 200);
    assert_eq!(machine.post("/oauth2/revoke", &shop).await.refusal(), refused(400, "invalid_request"));
    house.close().await;
});

both!(browser_apps_call_from_their_own_origins_only, async |engine| {
    let native = "\n[[client]]\nid = \"app\"\nname = \"App\"\nkind = \"native\"\nredirect_uris = [\"com.example.app:/cb\"]\nconnections = [\"phone\"]\n";
    let house = House::with(engine, &[crate::harness::SHOP, native].concat(), &[]).await;
    let machine = house.machine();
    for (origin, known) in [
        ("http://127.0.0.1:4100", true),
        ("http://127.0.0.1:4000", true),
        ("https://evil.example", false),
        ("null", false),
        ("http://127.0.0.1:4101", false),
        ("http://127.0.0.1", false),
        ("http://127.0.0.1:4100.evil.example", false),
    ] {
        for path in ["/oauth2/token", "/oauth2/userinfo", "/oauth2/v2/user_profile", "/oauth2/revoke"] {
            let asked = [
                ("origin", origin),
                ("access-control-request-method", "POST"),
                ("access-control-request-headers", "kinde-sdk,content-type,authorization"),
            ];
            for answer in [
                machine.send(Method::OPTIONS, path, &asked, None).await,
                machine.send(Method::POST, path, &[("origin", origin)], Some(&[("x", "y")])).await,
            ] {
                assert_eq!(answer.header("access-control-allow-origin"), known.then_some(origin), "{origin} {path}");
                assert_eq!(
                    answer.header("access-control-allow-credentials"),
                    known.then_some("true"),
                    "{origin} {path}"
                );
                assert!(
                    answer
                        .headers
                        .get_all("vary")
                        .iter()
                        .any(|value| value.to_str().is_ok_and(|value| value.to_lowercase().contains("origin"))),
                    "{origin} {path}"
                );
            }
        }
        let answer = machine
            .send(
                Method::OPTIONS,
                "/oauth2/token",
                &[("origin", origin), ("access-control-request-method", "POST")],
                None,
            )
            .await;
        if known {
            let allowed = answer.header("access-control-allow-headers").unwrap_or_default().to_owned();
            assert!(
                ["kinde-sdk", "content-type", "authorization"].iter().all(|name| allowed.contains(name)),
                "{allowed}"
            );
        }
        // Pages people walk through are nobody's to read.
        let page = machine.send(Method::GET, &ask(&[]), &[("origin", origin)], None).await;
        assert_eq!(page.header("access-control-allow-origin"), None);
    }
    house.close().await;
});
