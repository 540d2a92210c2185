//! Attacks on authorization requests: 1 to 12, 30, 32 and 52.

use crate::harness::machine::over;
use crate::harness::prover::Prover;
use crate::harness::rp::{identify, payload};
use crate::harness::ways::{TEST, TEST_PASSCODE, ask, asking, prove, signed_in};
use crate::harness::{House, Page, SHOP_CALLBACK, SHOP_SECRET, both};
use crate::request_objects;
use reqwest::Method;
use serde_json::json;

/// Our own page, and nobody sent anywhere.
fn is_page(page: &Page, what: &str) {
    assert_eq!((page.status.as_u16(), page.headers.get("location")), (400, None), "{what}");
    assert!(page.headers["content-type"].to_str().is_ok_and(|kind| kind.starts_with("text/html")), "{what}");
    assert!(!page.html.contains("name=\"code\"") && !page.html.contains("evil.example"), "{what}: {}", page.html);
}

fn refused(page: &Page, error: &str, what: &str) {
    assert!(page.url.starts_with(&format!("{SHOP_CALLBACK}?")), "{what}: {} {}", page.url, page.text());
    assert_eq!((page.error().as_deref(), page.param("code")), (Some(error), None), "{what}");
}

both!(attack_01_redirect_uri_near_matches, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    signed_in(&mut visitor, &[]).await.code();
    for near in [
        "http://127.0.0.1:4000/callback/",
        "http://127.0.0.1:4000/callbac",
        "http://127.0.0.1:4000/callback2",
        "http://127.0.0.1:4000/CALLBACK",
        "http://127.0.0.1:4000/callback..%2f",
        "http://127.0.0.1:4000/%63allback",
        "//127.0.0.1:4000/callback",
        "http://user@127.0.0.1:4000/callback",
        "http://127.0.0.1:4000/callback?x=1",
        "http://127.0.0.1:4001/callback",
        "http://localhost:4000/callback",
        "http://127.0.0.1:4000\\callback",
        "http://127.0.0.1:4000@evil.example/callback",
        "http://*.0.0.1:4000/callback",
    ] {
        is_page(&visitor.get(&ask(&[("redirect_uri", near)])).await, near);
        assert_eq!(
            house.machine().push(&[("redirect_uri", near)]).await.refusal(),
            (400, "invalid_request".into()),
            "{near}"
        );
    }
    house.close().await;
});

both!(attack_02_dangerous_schemes, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    signed_in(&mut visitor, &[]).await.code();
    let dangerous = [
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "http://shop.example/callback",
        "https://shop.example/callback#x",
        "vbscript:x",
        "file:///etc/passwd",
        "https://*.shop.example/callback",
    ];
    for uri in dangerous {
        is_page(&visitor.get(&ask(&[("redirect_uri", uri)])).await, uri);
        let declared = format!(
            "[[client]]\nid = \"x\"\nname = \"X\"\nkind = \"native\"\nredirect_uris = ['{uri}']\nconnections = [\"phone\"]\n"
        );
        let applied =
            countersign::flows::manage::apply::apply(&house.app, &declared, &|_| Err("none".into()), false).await;
        let told = format!(
            "{:?}",
            applied
                .map(|applied| matches!(applied, countersign::flows::manage::apply::Applied::Wrong(_)))
                .expect("answers")
        );
        assert_eq!(told, "true", "{uri} was registered");
    }
    house.close().await;
});

both!(attack_03_parameters_sent_twice, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    signed_in(&mut visitor, &[]).await.code();
    for name in [
        "client_id",
        "redirect_uri",
        "response_type",
        "state",
        "scope",
        "nonce",
        "prompt",
        "request",
        "request_uri",
        "claims",
        "code_challenge",
    ] {
        for value in ["", "x", "shop", "https%3A%2F%2Fevil.example%2F"] {
            let url = format!("{}&{name}=x&{name}={value}", ask(&[]));
            is_page(&visitor.get(&url).await, &url);
        }
    }
    let code = visitor.get(&ask(&[])).await.code();
    let twice = [("code", "x"), ("code", code.as_str())];
    let usual = [
        ("grant_type", "authorization_code"),
        ("redirect_uri", SHOP_CALLBACK),
        ("client_id", "shop"),
        ("client_secret", SHOP_SECRET),
    ];
    let answer = house.machine().post("/oauth2/token", &[&usual[..], &twice].concat()).await;
    assert_eq!(answer.refusal(), (400, "invalid_request".into()));
    house.close().await;
});

both!(attack_04_errors_as_an_open_redirector, async |engine| {
    let house = House::open(engine).await;
    for (name, value) in [
        ("scope", "nothing"),
        ("response_type", "token"),
        ("prompt", "none login"),
        ("max_age", "x"),
        ("resource", "x"),
    ] {
        let url = ask(&[(name, value), ("redirect_uri", "https://evil.example/")]);
        is_page(&house.visitor().get(&url).await, &url);
        is_page(&house.visitor().get(&ask(&[(name, value), ("client_id", "kiosk")])).await, "another client's");
        assert!(house.visitor().get(&ask(&[(name, value)])).await.url.starts_with(SHOP_CALLBACK));
    }
    house.close().await;
});

both!(attack_05_mix_up, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let told = house.machine().get("/.well-known/openid-configuration").await.json();
    assert_eq!(told["authorization_response_iss_parameter_supported"], true);
    let silent = visitor.get(&ask(&[("prompt", "none")])).await;
    let wrong = visitor.get(&ask(&[("scope", "nothing")])).await;
    let good = signed_in(&mut visitor, &[]).await;
    for page in [silent, wrong, good] {
        assert_eq!(page.param("iss").as_deref(), told["issuer"].as_str(), "{}", page.url);
    }
    house.close().await;
});

both!(attack_06_splitting_and_scripting, async |engine| {
    let house = House::open(engine).await;
    let evil = "\r\nSet-Cookie: evil=1\r\n\r\n<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    for name in [
        "state",
        "nonce",
        "login_hint",
        "ui_locales",
        "lang",
        "display",
        "scope",
        "claims",
        "acr_values",
        "error_hint",
        "error_description",
        "client_id",
        "redirect_uri",
        "request",
        "request_uri",
        "audience",
        "resource",
        "connection_id",
        "org_code",
        "prompt",
    ] {
        for mode in ["", "form_post"] {
            let url = ask(&[("response_mode", mode), (name, evil)]);
            let page = house.visitor().get(&url).await;
            assert!(!page.status.is_server_error(), "{name}");
            assert!(!page.html.contains("<script>alert") && !page.html.contains("<img src=x"), "{name}: {}", page.html);
            assert!(
                page.headers
                    .get_all("set-cookie")
                    .iter()
                    .all(|cookie| !cookie.to_str().expect("ASCII").starts_with("evil")),
                "{name}"
            );
            assert!(!page.url.contains(['\r', '\n', '<', '"']), "{name}: {}", page.url);
            if page.html.contains("<html") {
                let policy = page.headers["content-security-policy"].to_str().expect("ASCII");
                assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
            }
        }
    }
    house.close().await;
});

both!(attack_07_framing, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let who = visitor.get(&ask(&[])).await;
    let digits = identify(&mut visitor, who.clone(), TEST).await;
    let mut pages = vec![who, digits, house.visitor().get(&ask(&[("client_id", "x")])).await];
    pages.push(house.visitor().get(&ask(&[("response_mode", "form_post"), ("prompt", "none")])).await);
    for path in ["/logout", "/signed-out", "/device", "/consent?interaction=x", "/nowhere"] {
        pages.push(house.visitor().get(path).await);
    }
    for page in pages {
        assert_eq!(page.headers["x-frame-options"], "DENY", "{}", page.url);
        assert!(
            page.headers["content-security-policy"]
                .to_str()
                .is_ok_and(|policy| policy.contains("frame-ancestors 'none'"))
        );
    }
    house.close().await;
});

both!(attack_08_a_redirect_that_repeats_the_post, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&[])).await;
    let page = identify(&mut visitor, page, TEST).await;
    let (action, _) = page.form("p_confirmation_code");
    let answer = visitor.once(Method::POST, &action, Some(&[("p_confirmation_code", TEST_PASSCODE)])).await;
    assert_eq!(answer.status, 303, "the digits go no further");
    assert!(answer.location().starts_with(SHOP_CALLBACK));
    let form = [("client_id", "shop"), ("redirect_uri", SHOP_CALLBACK), ("response_type", "code"), ("scope", "openid")];
    assert_eq!(house.visitor().once(Method::POST, "/oauth2/auth", Some(&form)).await.status, 303);
    assert_eq!(page.headers["referrer-policy"], "same-origin", "no other host hears where a page was");
    house.close().await;
});

both!(attack_09_silence_abused, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    signed_in(&mut visitor, &[]).await.code();
    for prompt in ["none login", "login none", "none consent", "none select_account", "none none x", "none create"] {
        refused(&visitor.get(&ask(&[("prompt", prompt)])).await, "invalid_request", prompt);
    }
    let uri = house.machine().push(&[("prompt", "none")]).await.text("request_uri");
    let url = asking(&[("client_id", "shop"), ("request_uri", &uri)]);
    visitor.get(&url).await.code();
    refused(&visitor.get(&url).await, "invalid_request_uri", "a second time");
    house.close().await;
});

both!(attack_10_going_round_a_fresh_sign_in, async |engine| {
    let house = House::open(engine).await;
    let (machine, mut visitor) = (house.machine(), house.visitor());
    signed_in(&mut visitor, &[]).await.code();
    house.pass(100);
    for extra in [("prompt", "login"), ("max_age", "5"), ("max_age", "0")] {
        let asked = house.now();
        let page = visitor.get(&ask(&[extra])).await;
        assert!(page.asks_who(), "{extra:?}");
        // Back, reload, another page of it, another's interaction: still nobody has proven anything.
        let interaction = page.url.split("interaction=").nth(1).expect("an interaction").to_owned();
        let tampered = format!("/sign-in?interaction={}x", &interaction[..interaction.len() - 1]);
        for url in [
            page.url.clone(),
            format!("/passcode?interaction={interaction}"),
            format!("/consent?interaction={interaction}"),
            tampered,
        ] {
            let again = visitor.get(&url).await;
            assert!(!again.url.contains("code="), "{extra:?} {url} {}", again.url);
        }
        let back = prove(&mut visitor, page).await;
        let claims = payload(&machine.redeem(&back.code(), &[]).await.text("id_token"));
        assert!(claims["auth_time"].as_i64().expect("a time") >= asked, "{extra:?}");
        house.pass(100);
    }
    house.close().await;
});

both!(attack_11_other_response_types_and_modes, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    signed_in(&mut visitor, &[]).await.code();
    for kind in ["token", "id_token", "code token", "code id_token", "id_token token", "none", "code code", "Code"] {
        refused(&visitor.get(&ask(&[("response_type", kind)])).await, "unsupported_response_type", kind);
        assert_eq!(
            house.machine().push(&[("response_type", kind)]).await.refusal(),
            (400, "unsupported_response_type".into())
        );
    }
    for mode in ["fragment", "fragment.jwt", "web_message", "query fragment", "FORM_POST"] {
        let page = visitor.get(&ask(&[("response_mode", mode)])).await;
        refused(&page, "invalid_request", mode);
        assert!(!page.url.contains('#'), "{}", page.url);
    }
    house.close().await;
});

both!(attack_12_request_objects_and_addresses, async |engine| {
    let (key, foreign) = (Prover::new("ES256"), Prover::new("ES256"));
    let house = request_objects::house(engine, &[(&key, "k1")]).await;
    // Whoever is made to fetch knocks here.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let here = format!("http://{}/request.jwt", listener.local_addr().expect("bound"));
    let mut visitor = house.visitor();
    signed_in(&mut visitor, &[]).await.code();
    for address in [
        here.as_str(),
        "http://169.254.169.254/latest/meta-data/",
        "https://shop.example/r#x",
        "file:///etc/passwd",
        "urn:other:x",
        "x",
    ] {
        refused(&visitor.get(&ask(&[("request_uri", address)])).await, "request_uri_not_supported", address);
        is_page(&visitor.get(&asking(&[("client_id", "shop"), ("request_uri", address)])).await, address);
        assert_eq!(
            house.machine().push(&[("request_uri", address)]).await.refusal(),
            (400, "invalid_request".into()),
            "{address}"
        );
    }
    let knocked = tokio::time::timeout(std::time::Duration::from_millis(300), listener.accept()).await;
    assert!(knocked.is_err(), "somebody fetched it");
    // The public half is known to everybody: no secret to sign with.
    let hs256 = {
        use base64::Engine as _;
        let part = |bytes: &[u8]| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
        let signed = format!(
            "{}.{}",
            part(br#"{"alg":"HS256","kid":"k1"}"#),
            part(request_objects::says(&house, json!({})).to_string().as_bytes())
        );
        let secret = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, key.jwk.to_string().as_bytes());
        format!("{signed}.{}", part(aws_lc_rs::hmac::sign(&secret, signed.as_bytes()).as_ref()))
    };
    let object = |extra| request_objects::signed(&key, "k1", &request_objects::says(&house, extra));
    for wrong in [
        hs256,
        "eyJhbGciOiJub25lIn0.e30.".into(),
        request_objects::signed(&foreign, "k1", &request_objects::says(&house, json!({}))),
        object(json!({ "iss": "members" })),
        object(json!({ "exp": house.now() - 1 })),
        object(json!({ "request_uri": here })),
    ] {
        refused(&visitor.get(&ask(&[("request", &wrong)])).await, "invalid_request_object", &wrong);
    }
    house.close().await;
});

both!(attack_30_a_nonce_nobody_sent, async |engine| {
    let house = House::open(engine).await;
    let (machine, mut visitor) = (house.machine(), house.visitor());
    let token = machine.redeem(&signed_in(&mut visitor, &[]).await.code(), &[]).await.text("id_token");
    assert!(!payload(&token).contains_key("nonce"));
    let token = machine.redeem(&visitor.get(&ask(&[("nonce", "n")])).await.code(), &[]).await.text("id_token");
    assert_eq!(payload(&token)["nonce"], "n");
    house.close().await;
});

both!(attack_32_pushed_requests, async |engine| {
    let house = House::open(engine).await;
    let (machine, mut visitor) = (house.machine(), house.visitor());
    signed_in(&mut visitor, &[]).await.code();
    for wrong in ["", "wrong"] {
        assert_eq!(machine.push(&[("client_secret", wrong)]).await.refusal(), (401, "invalid_client".into()));
    }
    let uri = machine.push(&[]).await.text("request_uri");
    let open = |client: &str, uri: &str| asking(&[("client_id", client), ("request_uri", uri)]);
    is_page(&visitor.get(&open("members", &uri)).await, "another client's");
    is_page(
        &visitor
            .get(&open("shop", "urn:ietf:params:oauth:request_uri:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"))
            .await,
        "guessed",
    );
    // What stands beside it is not looked at.
    let over = format!("{}&redirect_uri=https%3A%2F%2Fevil.example%2F&state=evil", open("shop", &uri));
    let back = visitor.get(&over).await;
    assert!(back.url.starts_with(SHOP_CALLBACK) && back.param("state").as_deref() == Some("st8"), "{}", back.url);
    back.code();
    refused(&visitor.get(&open("shop", &uri)).await, "invalid_request_uri", "used");
    let uri = machine.push(&[]).await.text("request_uri");
    house.pass(90);
    refused(&visitor.get(&open("shop", &uri)).await, "invalid_request_uri", "expired");
    house.close().await;
});

both!(attack_52_too_much_of_everything, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    #[allow(clippy::disallowed_methods, reason = "how long it really takes is the question here")]
    let began = std::time::Instant::now();
    let form: Vec<(String, String)> = (0..10_000).map(|n| (format!("parameter-{n}"), String::new())).collect();
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    for path in ["/oauth2/token", "/oauth2/par", "/oauth2/auth"] {
        assert_eq!(machine.post(path, &form).await.status, 413, "{path}");
    }
    // As many as a body holds.
    let usual = [
        ("client_id", "shop"),
        ("client_secret", SHOP_SECRET),
        ("redirect_uri", SHOP_CALLBACK),
        ("response_type", "code"),
        ("scope", "openid"),
    ];
    let crowd = over(&usual, &vec![("x", "y"); 10_000]);
    assert_eq!(machine.post("/oauth2/par", &crowd).await.refusal(), (400, "invalid_request".into()));
    is_page(&house.visitor().post("/oauth2/auth", &crowd).await, "a crowd");
    let scopes = (0..1_500).map(|n| format!("s{n}")).collect::<Vec<_>>().join(" ");
    let claims = format!("{}{}", "{\"a\":".repeat(300), "}".repeat(300));
    for (name, value, error) in [
        ("scope", scopes.as_str(), "invalid_scope"),
        ("claims", &claims, "invalid_request"),
        ("claims", &"[".repeat(2_000), "invalid_request"),
    ] {
        refused(&house.visitor().get(&ask(&[(name, value)])).await, error, name);
    }
    let million = "x".repeat(1_000_000);
    assert_eq!(machine.push(&[("state", &million)]).await.status, 413);
    assert_eq!(house.visitor().get(&ask(&[("state", &million[..9_000])])).await.status, 414);
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
    house.close().await;
});
