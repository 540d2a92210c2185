//! What this provider says it is, and what it answers to requests that are wrong: on our own page while nobody knows who asks,
//! to the client once it is proven who does.

use crate::harness::rp::{Rp, payload};
use crate::harness::ways::{TEST, TEST_PASSCODE, ask, asking, prove, signed_in};
use crate::harness::{House, SHOP, SHOP_CALLBACK, both};
use reqwest::Method;
use serde_json::Value;

/// A longer address is refused before anything of it is read.
const LONGEST_URL: usize = 8 * 1024;
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

both!(documents_say_when_they_have_not_changed, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    for path in ["/.well-known/openid-configuration", "/.well-known/jwks.json"] {
        let first = machine.get(path).await;
        let tag = first.header("etag").expect("an entity tag").to_owned();
        let again = machine.send(Method::GET, path, &[("if-none-match", &tag)], None).await;
        assert_eq!((again.status, again.body.as_str()), (304, ""), "{path}");
        assert_eq!(again.header("etag"), Some(tag.as_str()));
        let other = machine.send(Method::GET, path, &[("if-none-match", "\"another\"")], None).await;
        assert_eq!((other.status, other.json()), (200, first.json()), "{path}");
    }
    // A new key is a new document at once.
    let before = machine.get("/.well-known/jwks.json").await;
    countersign::flows::keys::rotate(&house.app, &countersign::domain::audit::By::command()).await.expect("rotates");
    let after = machine.get("/.well-known/jwks.json").await;
    assert_ne!(before.header("etag"), after.header("etag"));
    assert_eq!(after.json()["keys"].as_array().map(Vec::len), Some(6));
    house.close().await;
});

both!(discovery_lists_what_is_there, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let document = machine.get("/.well-known/openid-configuration").await;
    assert_eq!(document.status, 200);
    assert!(document.header("content-type").is_some_and(|kind| kind.starts_with("application/json")));
    assert_eq!(document.header("cache-control"), Some("public, max-age=300"));
    assert_eq!(document.header("access-control-allow-origin"), Some("*"));
    assert_eq!(document.header("access-control-allow-credentials"), None);
    let told = document.json();
    assert_eq!(told, machine.get("/.well-known/oauth-authorization-server").await.json());
    assert_eq!(told["issuer"], house.issuer.as_str(), "byte for byte, no slash behind it");
    let list = |name: &str| {
        told[name]
            .as_array()
            .unwrap_or_else(|| panic!("{name}"))
            .iter()
            .map(|one| one.as_str().expect("text").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(list("response_types_supported"), ["code"]);
    assert_eq!(list("code_challenge_methods_supported"), ["S256"]);
    assert_eq!(list("id_token_signing_alg_values_supported"), ["RS256", "ES256", "EdDSA"]);
    assert_eq!(list("subject_types_supported"), ["public"]);
    for (name, member) in [
        ("scopes_supported", "openid"),
        ("scopes_supported", "offline_access"),
        ("grant_types_supported", "refresh_token"),
        ("acr_values_supported", "aal1"),
        ("ui_locales_supported", "ar"),
        ("response_modes_supported", "form_post"),
        ("token_endpoint_auth_methods_supported", "none"),
    ] {
        assert!(list(name).iter().any(|one| one == member), "{member} in {name}");
    }
    assert_eq!(told["authorization_response_iss_parameter_supported"], true);
    for name in ["claims_parameter_supported", "request_parameter_supported"] {
        assert_eq!(told[name], true, "{name}");
    }
    assert_eq!(list("request_object_signing_alg_values_supported"), ["RS256", "PS256", "ES256", "EdDSA"]);
    assert_eq!(told["request_uri_parameter_supported"], false, "no address of a client's is fetched");
    // Every address it names answers by every method its standard demands.
    let path = |name: &str| {
        told[name]
            .as_str()
            .and_then(|url| url.strip_prefix(&house.issuer))
            .unwrap_or_else(|| panic!("{name}"))
            .to_owned()
    };
    for (name, method, status) in [
        ("authorization_endpoint", Method::GET, 400),
        ("authorization_endpoint", Method::POST, 303),
        ("token_endpoint", Method::POST, 401),
        ("userinfo_endpoint", Method::GET, 401),
        ("userinfo_endpoint", Method::POST, 401),
        ("pushed_authorization_request_endpoint", Method::POST, 401),
        ("revocation_endpoint", Method::POST, 401),
        ("end_session_endpoint", Method::GET, 303),
        ("end_session_endpoint", Method::POST, 303),
        ("jwks_uri", Method::GET, 200),
    ] {
        let form: Option<&[(&str, &str)]> = if method == Method::POST { Some(&[("x", "y")]) } else { None };
        assert_eq!(machine.send(method.clone(), &path(name), &[], form).await.status, status, "{method} {name}");
    }
    house.close().await;
});

both!(keys_are_public_halves_only, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let answer = machine.get("/.well-known/jwks.json").await;
    assert_eq!(
        (answer.status, answer.header("cache-control"), answer.header("access-control-allow-origin")),
        (200, Some("public, max-age=300"), Some("*"))
    );
    assert_eq!(answer.body, machine.get("/.well-known/jwks").await.body);
    let keys = answer.json()["keys"].as_array().expect("keys").clone();
    let member = |key: &Value, name: &str| key[name].as_str().unwrap_or_default().to_owned();
    let kids: std::collections::BTreeSet<String> = keys.iter().map(|key| member(key, "kid")).collect();
    assert_eq!((keys.len(), kids.len()), (3, 3), "distinct");
    for key in &keys {
        assert_eq!(member(key, "use"), "sig");
        assert!(member(key, "kid").bytes().all(|byte| byte.is_ascii_alphanumeric()) && !member(key, "kid").is_empty());
        for private in ["d", "p", "q", "dp", "dq", "qi", "k", "oth"] {
            assert!(key.get(private).is_none(), "{private}");
        }
    }
    let kinds: std::collections::BTreeSet<(String, String)> =
        keys.iter().map(|key| (member(key, "kty"), member(key, "alg"))).collect();
    assert_eq!(
        kinds.into_iter().collect::<Vec<_>>(),
        [("EC", "ES256"), ("OKP", "EdDSA"), ("RSA", "RS256")]
            .map(|(kind, algorithm)| (kind.to_owned(), algorithm.to_owned()))
    );
    assert!(
        keys.iter()
            .filter(|key| key["kty"] == "RSA")
            .all(|key| member(key, "n").len() >= 342 && member(key, "e") == "AQAB")
    );
    house.close().await;
});

both!(every_algorithm_is_one_a_library_verifies, async |engine| {
    let client = |id: &str, algorithm: &str| {
        format!(
            "\n[[client]]\nid = \"{id}\"\nname = \"{id}\"\nkind = \"spa\"\nalgorithm = \"{algorithm}\"\nredirect_uris = [\"http://127.0.0.1:4300/cb\"]\nconnections = [\"phone\"]\n"
        )
    };
    let house = House::with(
        engine,
        &[SHOP, &client("ec", "ES256"), &client("ed", "EdDSA"), &client("rsa", "RS256")].concat(),
        &[],
    )
    .await;
    for (id, algorithm) in [("ec", "ES256"), ("ed", "EdDSA"), ("rsa", "RS256")] {
        let rp = Rp::discover(&house.issuer, id, None, "http://127.0.0.1:4300/cb").await;
        let mut visitor = house.visitor();
        let begun = rp.begin(&["openid", "phone", "offline"], &[]);
        let page = visitor.get(&begun.url).await;
        let back = prove(&mut visitor, page).await;
        let tokens = rp.finish(begun, &back).await;
        for token in [&tokens.id_token, &tokens.access_token] {
            let header = token.split('.').next().expect("a header");
            assert!(!header.contains(['-', '_']), "SDKs read it with bare atob: {header}");
            use base64::Engine;
            let header: Value = serde_json::from_slice(
                &base64::engine::general_purpose::STANDARD_NO_PAD.decode(header).expect("plain base64"),
            )
            .expect("JSON");
            assert_eq!(header["alg"], algorithm);
        }
        assert_eq!(house.machine().userinfo(&tokens.access_token).await.json()["phone_number"], TEST);
        rp.refresh(&tokens.refresh_token.expect("offline")).await.expect("refreshes");
    }
    house.close().await;
});

both!(what_names_no_client_of_ours_gets_our_own_page, async |engine| {
    let house = House::open(engine).await;
    let long = "x".repeat(9_000);
    let twice = |name: &str| format!("{}&{name}=x", ask(&[]));
    let cases = [
        (ask(&[("client_id", "nobody")]), "client_id"),
        (ask(&[("client_id", "")]), "client_id"),
        (ask(&[("client_id", "shop\u{0}")]), "client_id"),
        ("/oauth2/auth".to_owned(), "client_id"),
        (ask(&[("redirect_uri", "")]), "redirect_uri"),
        (ask(&[("redirect_uri", "https://evil.example/callback")]), "redirect_uri"),
        (ask(&[("redirect_uri", "http://127.0.0.1:4000/callback?x=1")]), "redirect_uri"),
        (ask(&[("redirect_uri", "http://127.0.0.1:4000/callback#x")]), "redirect_uri"),
        (ask(&[("redirect_uri", "http://127.0.0.1:4000/Callback")]), "redirect_uri"),
        (ask(&[("redirect_uri", "http://127.0.0.1:4000/callback/../evil")]), "redirect_uri"),
        (ask(&[("redirect_uri", "http://127.0.0.1:4001/callback")]), "redirect_uri"),
        (ask(&[("redirect_uri", "http://127.0.0.1:4000@evil.example/callback")]), "redirect_uri"),
        (ask(&[("redirect_uri", "http://127.0.0.1:4100/callback")]), "redirect_uri"),
        (ask(&[("redirect_uri", "javascript:alert(1)")]), "redirect_uri"),
        (twice("client_id"), "client_id"),
        (twice("redirect_uri"), "redirect_uri"),
        (twice("state"), "state"),
        (twice("scope"), "scope"),
        (format!("{}&nonce=a&nonce=a", ask(&[])), "nonce"),
        (format!("{}&prompt=&prompt=login", ask(&[])), "prompt"),
        (format!("{}&login_hint=a&login_hint=b", ask(&[])), "login_hint"),
        (ask(&[("state", &long)]), "state"),
        (ask(&[("nonce", &long)]), "nonce"),
        (ask(&[("unknown", &long)]), "unknown"),
        (ask(&[("login_hint", &long)]), "login_hint"),
    ];
    for (url, what) in &cases {
        let page = house.visitor().get(url).await;
        if url.len() > LONGEST_URL {
            assert_eq!(page.status, 414, "too long for an address");
            let body = url.split_once('?').map_or("", |(_, query)| query);
            let fields: Vec<(String, String)> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let page = house.visitor().post("/oauth2/auth", &fields).await;
            assert!(page.status == 400 && page.text().contains(what), "{}", page.text());
            continue;
        }
        assert_eq!(page.status, 400, "{url}");
        assert!(page.headers.get("location").is_none(), "{url}");
        assert!(page.text().contains(what), "{url} says what: {}", page.text());
        assert!(page.text().contains("Shop") || *what == "client_id", "{url} says for whom: {}", page.text());
        assert!(page.headers["content-type"].to_str().is_ok_and(|kind| kind.starts_with("text/html")));
        assert!(!page.html.contains("evil.example"), "nothing of it is repeated: {}", page.html);
        let id = page.headers["x-request-id"].to_str().expect("ASCII");
        assert!(page.html.contains(id), "the page names the request");
        let body = url.split_once('?').map_or("", |(_, query)| query).to_owned();
        let fields: Vec<(String, String)> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(house.visitor().post("/oauth2/auth", &fields).await.status, 400, "POST {url}");
    }
    house.close().await;
});

both!(what_a_proven_client_asks_wrongly_is_told_to_it, async |engine| {
    let house = House::open(engine).await;
    let kiosk = |extra: &[(&str, &str)]| {
        let usual = [
            ("client_id", "kiosk"),
            ("redirect_uri", "http://127.0.0.1:4100/callback"),
            ("response_type", "code"),
            ("scope", "openid"),
            ("state", "st8"),
        ];
        asking(&crate::harness::machine::over(&usual, extra))
    };
    let s256 = ("code_challenge_method", "S256");
    let cases = [
        (ask(&[("response_type", "")]), "invalid_request"),
        (ask(&[("response_type", "token")]), "unsupported_response_type"),
        (ask(&[("response_type", "id_token")]), "unsupported_response_type"),
        (ask(&[("response_type", "code id_token")]), "unsupported_response_type"),
        (ask(&[("response_type", "CODE")]), "unsupported_response_type"),
        (ask(&[("scope", "")]), "invalid_scope"),
        (ask(&[("scope", "admin")]), "invalid_scope"),
        (ask(&[("scope", "openid \"x\"")]), "invalid_scope"),
        (ask(&[("request", "eyJhbGciOiJub25lIn0.e30.")]), "invalid_request_object"),
        (ask(&[("request_uri", "https://a.example/r")]), "request_uri_not_supported"),
        (ask(&[("registration", "{}")]), "registration_not_supported"),
        (ask(&[("code_challenge", CHALLENGE)]), "invalid_request"),
        (ask(&[("code_challenge", CHALLENGE), ("code_challenge_method", "plain")]), "invalid_request"),
        (ask(&[("code_challenge", "short"), s256]), "invalid_request"),
        (ask(&[("code_challenge", &"x".repeat(129)), s256]), "invalid_request"),
        (ask(&[("code_challenge", &format!("{}+", &CHALLENGE[..42])), s256]), "invalid_request"),
        (ask(&[s256]), "invalid_request"),
        (kiosk(&[]), "invalid_request"),
        (kiosk(&[("code_challenge", CHALLENGE), ("code_challenge_method", "plain")]), "invalid_request"),
        (ask(&[("nonce", "a\u{0}b")]), "invalid_request"),
        (ask(&[("audience", "a\u{0}b")]), "invalid_target"),
        (ask(&[("audience", "https://api.example")]), "invalid_target"),
        (ask(&[("resource", "https://api.example")]), "invalid_target"),
        (ask(&[("resource", "api")]), "invalid_target"),
        (ask(&[("claims", "{")]), "invalid_request"),
        (ask(&[("dpop_jkt", "short")]), "invalid_request"),
    ];
    for (url, error) in cases {
        let back = house.visitor().get(&url).await;
        assert_eq!(back.status, 303, "{url}: {}", back.text());
        assert!(
            back.url.starts_with("http://127.0.0.1:4000/callback?")
                || back.url.starts_with("http://127.0.0.1:4100/callback?"),
            "{url}: {}",
            back.url
        );
        assert_eq!(back.error().as_deref(), Some(error), "{url}");
        assert_eq!(back.param("state").as_deref(), Some("st8"));
        assert_eq!(back.param("iss").as_deref(), Some(house.issuer.as_str()));
        let told = url::Url::parse(&back.url).expect("a URL");
        let names: Vec<String> = told.query_pairs().map(|(name, _)| name.into_owned()).collect();
        assert_eq!(names, ["error", "error_description", "state", "iss"], "{url}");
    }
    // A good challenge passes; a state of any sort comes back as it was.
    assert!(house.visitor().get(&kiosk(&[("code_challenge", CHALLENGE), s256])).await.asks_who());
    for state in ["{\"kinde\":{\"event\":\"login\"}}", "a b+c/d=e&f?g#h%20", "\u{0}", "😀", " "] {
        let back = house.visitor().get(&ask(&[("state", state), ("prompt", "none")])).await;
        assert_eq!(back.param("state").as_deref(), Some(state));
        assert_eq!(signed_in(&mut house.visitor(), &[("state", state)]).await.param("state").as_deref(), Some(state));
    }
    house.close().await;
});

both!(a_request_may_be_posted, async |engine| {
    let house = House::open(engine).await;
    let fields = [
        ("client_id", "shop"),
        ("redirect_uri", SHOP_CALLBACK),
        ("response_type", "code"),
        ("scope", "openid"),
        ("state", "a b+c"),
        ("nonce", "n-1"),
        ("extra", "foo"),
    ];
    for known in [false, true] {
        let mut visitor = house.visitor();
        if known {
            visitor.get(&ask(&[])).await;
        }
        let page = visitor.post("/oauth2/auth", &fields).await;
        assert!(page.asks_who(), "{}", page.text());
        let back = prove(&mut visitor, page).await;
        assert_eq!(back.param("state").as_deref(), Some("a b+c"));
        let claims = payload(&house.machine().redeem(&back.code(), &[]).await.text("id_token"));
        assert_eq!(claims["nonce"], "n-1");
        // Signed in, a post is answered as silently as a get.
        visitor.post("/oauth2/auth", &fields).await.code();
    }
    house.close().await;
});

both!(a_native_app_chooses_its_port, async |engine| {
    let native = "\n[[client]]\nid = \"cli\"\nname = \"Cli\"\nkind = \"native\"\nredirect_uris = [\"http://127.0.0.1/cb\", \"com.example.app:/cb\"]\nconnections = [\"phone\"]\n";
    let house = House::with(engine, &[SHOP, native].concat(), &[]).await;
    for uri in ["http://127.0.0.1:53123/cb", "http://127.0.0.1/cb", "com.example.app:/cb"] {
        let rp = Rp::discover(&house.issuer, "cli", None, uri).await;
        let mut visitor = house.visitor();
        let begun = rp.begin(&["openid"], &[]);
        let page = visitor.get(&begun.url).await;
        let back = prove(&mut visitor, page).await;
        assert!(back.url.starts_with(uri), "{}", back.url);
        rp.finish(begun, &back).await;
    }
    for uri in [
        "http://localhost:53123/cb",
        "http://127.0.0.1:53123/other",
        "https://127.0.0.1:53123/cb",
        "http://10.0.0.1:53123/cb",
        "com.example.evil:/cb",
    ] {
        let url = ask(&[
            ("client_id", "cli"),
            ("redirect_uri", uri),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ]);
        assert_eq!(house.visitor().get(&url).await.status, 400, "{uri}");
    }
    // A port is nothing a web app chooses.
    assert_eq!(house.visitor().get(&ask(&[("redirect_uri", "http://127.0.0.1:4001/callback")])).await.status, 400);
    house.close().await;
});

both!(pages_do_not_let_others_in, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let first = visitor.get(&ask(&[])).await;
    let second = crate::harness::rp::identify(&mut visitor, first.clone(), TEST).await;
    let error = visitor.get(&ask(&[("client_id", "nobody")])).await;
    let mut scripts = Vec::new();
    for page in [&first, &second, &error] {
        let header =
            |name: &str| page.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        assert_eq!(
            (header("x-frame-options"), header("cache-control"), header("x-content-type-options")),
            ("DENY".into(), "no-store".into(), "nosniff".into())
        );
        let policy = header("content-security-policy");
        for needle in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"] {
            assert!(policy.contains(needle), "{needle} in {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        scripts
            .push(policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce").to_owned());
        assert!(page.html.len() <= 20 * 1024, "{} bytes", page.html.len());
    }
    scripts.sort();
    scripts.dedup();
    assert_eq!(scripts.len(), 3, "a nonce serves once");
    // The sign-in gets a new session cookie, and scripts cannot read it.
    let back = visitor.submit(&second, &[("p_confirmation_code", TEST_PASSCODE)]).await;
    let cookies: Vec<&str> =
        back.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok()).collect();
    assert!(
        cookies.iter().any(|cookie| cookie.starts_with("countersign_session=")
            && cookie.contains("HttpOnly")
            && cookie.contains("SameSite=Lax")
            && cookie.contains("Path=/")),
        "{cookies:?}"
    );
    let before = visitor.cookies["countersign_session"].clone();
    let page = visitor.get(&ask(&[("prompt", "login")])).await;
    prove(&mut visitor, page).await.code();
    assert_ne!(visitor.cookies["countersign_session"], before, "whoever knew the old one knows nothing");
    house.close().await;
});
