//! The edge of the house: what every page forbids, who may post our forms, where nobody is ever sent, what cookies say.

use crate::harness::rp::identify;
use crate::harness::ways::{ask, signed_in};
use crate::harness::{Engine, House, Page, SHOP, Visitor, both, postgres};
use crate::rows::Rows;
use reqwest::Method;
use reqwest::header::{LOCATION, SET_COOKIE};
use tokio::net::TcpListener;

const PHONE: &str = "+2348031234567";

/// Nothing from elsewhere runs, frames or remembers a page.
fn is_guarded(page: &Page) {
    let header =
        |name: &str| page.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let at = format!("{} {}", page.status, page.url);
    assert!(header("content-type").starts_with("text/html"), "{at}");
    assert_eq!(header("x-frame-options"), "DENY", "{at}");
    assert_eq!(header("cache-control"), "no-store", "{at}");
    assert_eq!(header("x-content-type-options"), "nosniff", "{at}");
    assert_eq!(header("referrer-policy"), "same-origin", "{at}");
    assert!(!header("x-request-id").is_empty(), "{at}");
    let policy = header("content-security-policy");
    for wanted in [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "script-src 'self' 'nonce-",
    ] {
        assert!(policy.contains(wanted), "{at}: {policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains('*'), "{at}: {policy}");
    // No script or style without the nonce of this very answer.
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce");
    for tag in page.html.split('<').filter(|tag| tag.starts_with("style") || tag.starts_with("script")) {
        let tag = tag.split('>').next().unwrap_or_default();
        assert!(
            tag.contains(nonce) || tag.contains("src=\"/") || tag.contains("src=/") || tag.contains("application/json"),
            "{at}: <{tag}>"
        );
    }
    assert!(!page.html.contains(" onclick=") && !page.html.contains("javascript:"), "{at}");
}

both!(every_page_is_guarded, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let begun = visitor.get(&ask(&[])).await;
    is_guarded(&begun);
    let mistyped = visitor.submit(&begun, &[("p_phone", "12")]).await;
    assert_eq!(mistyped.status, 422);
    is_guarded(&mistyped);
    let passcode = identify(&mut visitor, mistyped, PHONE).await;
    is_guarded(&passcode);
    let wrong = visitor.submit(&passcode, &[("p_confirmation_code", "12")]).await;
    assert_eq!(wrong.status, 422);
    is_guarded(&wrong);
    let foreign = house.visitor().get(&begun.url).await;
    assert_eq!(foreign.status, 403);
    is_guarded(&foreign);
    let passcode = house.passcode(PHONE).await;
    visitor.submit(&wrong, &[("p_confirmation_code", &passcode)]).await;
    let finished = visitor.get(&begun.url).await;
    assert_eq!(finished.status, 200);
    is_guarded(&finished);
    let mut late = house.visitor();
    let old = late.get(&ask(&[])).await;
    house.pass(24 * 60 * 60);
    let expired = late.get(&old.url).await;
    assert_eq!(expired.status, 410);
    is_guarded(&expired);
    for (status, url) in [
        (404, "/sign-in?interaction=in_0"),
        (404, "/nowhere"),
        (405, "/passcode/resend"),
        (400, "/oauth2/auth"),
        (400, "/oauth2/auth?client_id=shop"),
        (400, "/oauth2/auth?client_id=shop&client_id=shop"),
        (200, "/logout"),
        (200, "/signed-out"),
        (200, "/dev/phone"),
        (400, "/logout?client_id=shop&post_logout_redirect_uri=https://evil.example/"),
    ] {
        let page = visitor.get(url).await;
        assert_eq!(page.status, status, "{url}");
        is_guarded(&page);
    }
    let posted = visitor.get(&ask(&[("response_mode", "form_post")])).await;
    assert!(posted.html.contains("ac_"), "{}", posted.html);
    is_guarded(&posted);
    house.close().await;
});

both!(forms_of_ours_are_not_posted_from_elsewhere, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&[])).await;
    let interaction = page.url.split("interaction=").nth(1).expect("an interaction").to_owned();
    let cookie = visitor.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
    let machine = house.machine();
    let elsewhere: [&[(&str, &str)]; 6] = [
        &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site"), ("origin", "http://other.localhost")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", &house.issuer.replace("127.0.0.1", "127.0.0.1.evil.example"))],
    ];
    for headers in elsewhere {
        for (path, field, value) in [
            ("/sign-in", "p_phone", PHONE),
            ("/passcode", "p_confirmation_code", "123456"),
            ("/passcode/resend", "x", "y"),
        ] {
            let headers = [headers, &[("cookie", cookie.as_str())]].concat();
            let url = format!("{path}?interaction={interaction}");
            let answer = machine.send(Method::POST, &url, &headers, Some(&[(field, value)])).await;
            assert_eq!(answer.status, 403, "{path} {headers:?}: {}", answer.body);
        }
    }
    assert_eq!(house.sent(PHONE).await, 0);
    assert_eq!(Rows::of(&house).await.count("challenges").await, 0);
    // Our own page's post goes through, and so does one of somebody without a browser.
    let own = [("sec-fetch-site", "same-origin"), ("origin", house.issuer.as_str()), ("cookie", cookie.as_str())];
    let url = format!("/sign-in?interaction={interaction}");
    let answer = machine.send(Method::POST, &url, &own, Some(&[("p_phone", PHONE)])).await;
    assert_eq!(answer.status, 303);
    // A sign-out posted from elsewhere signs nobody out.
    let mut person = house.visitor();
    signed_in(&mut person, &[]).await;
    let cookie = person.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
    for headers in elsewhere {
        let headers = [headers, &[("cookie", cookie.as_str())]].concat();
        machine.send(Method::POST, "/logout", &headers, Some(&[("confirmed", "yes")])).await;
        assert!(person.get(&ask(&[("prompt", "none")])).await.param("code").is_some(), "{headers:?}");
    }
    house.close().await;
});

both!(nobody_is_sent_where_no_client_asked, async |engine| {
    let extra = r#"
[[client]]
id = "app"
name = "App"
kind = "native"
redirect_uris = ["http://127.0.0.1/cb", "com.example.app:/cb"]
connections = ["phone"]
"#;
    let house = House::with(engine, &format!("{SHOP}{extra}"), &[]).await;
    let mut visitor = house.visitor();
    // Signed in, so that nothing but the address stands in the way of a redirect.
    signed_in(&mut visitor, &[]).await;
    let forged = [
        "http://evil@127.0.0.1:4000/callback",
        "http://127.0.0.1:4000@evil.example/callback",
        "http://127.0.0.1:4000/Callback",
        "HTTP://127.0.0.1:4000/callback",
        "http://127.0.0.1:4000/callback/..",
        "http://127.0.0.1:4000/callback/../callback",
        "http://127.0.0.1:4000/callback/../../evil",
        "http://127.0.0.1:4000/x/../callback",
        "http://127.0.0.1:4000/callback?x=1",
        "http://127.0.0.1:4000/callback?",
        "http://127.0.0.1:4000/callback#",
        "http://127.0.0.1:4000/callback#fragment",
        "http://127.0.0.1:4000/callback//",
        "http://127.0.0.1:4000//callback",
        "http://127.0.0.1:4000/%63allback",
        "http://127.0.0.1:4000/callback%2f",
        "http://127.0.0.1:4000/callback%00",
        "http://127.0.0.1:4000/callback\\@evil.example",
        "http:\\\\127.0.0.1:4000\\callback",
        "http://127.0.0.1:4000\\callback",
        "http://127.0.0.1:4001/callback",
        "http://127.0.0.1/callback",
        "http://localhost:4000/callback",
        "http://127.1:4000/callback",
        "http://2130706433:4000/callback",
        "http://0x7f000001:4000/callback",
        "http://[::ffff:127.0.0.1]:4000/callback",
        "http://127.0.0.1.evil.example:4000/callback",
        "http://127.0.0.1:4000.evil.example/callback",
        "https://127.0.0.1:4000/callback",
        "//127.0.0.1:4000/callback",
        "/callback",
        "callback",
        " http://127.0.0.1:4000/callback",
        "http://127.0.0.1:4000/callback ",
        "http://127.0.0.1:4000/callback\r\nSet-Cookie: x=y",
        "http://127.0.0.1:4000/callback\t",
        "http://127.0.0.1:4000/callbac\u{212a}",
        "javascript:alert(1)//http://127.0.0.1:4000/callback",
        "data:text/html,x",
        // Registered, but another client's.
        "http://127.0.0.1:4100/callback",
        "http://127.0.0.1:4000/",
    ];
    for redirect_uri in forged {
        for extra in [
            &[][..],
            &[("response_type", "nonsense")],
            &[("prompt", "none")],
            &[("scope", "")],
            &[("response_mode", "form_post")],
        ] {
            let url = ask(&[&[("redirect_uri", redirect_uri)], extra].concat());
            let page = visitor.once(Method::GET, &url, None).await;
            stays(&page, redirect_uri);
        }
    }
    // A native app's loopback port is free, and nothing else of it.
    let native = [
        "http://evil@127.0.0.1:9/cb",
        "http://localhost:9/cb",
        "http://127.0.0.1:9/cb/..%2f",
        "http://127.0.0.1:9/cb/../x",
        "http://127.0.0.1:9/CB",
        "http://127.0.0.1:9/cb?x",
        "http://127.0.0.1:9/cb#x",
        "http://127.0.0.1.evil.example:9/cb",
        "https://127.0.0.1:9/cb",
        "http://127.0.0.2:9/cb",
        "http://evil.example:9/cb",
        "com.example.app:/cb/x",
        "com.example.app://evil/cb",
        "com.example.appx:/cb",
    ];
    let pkce = [
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
        ("client_id", "app"),
        ("prompt", "none"),
    ];
    for redirect_uri in native {
        let url = ask(&[&[("redirect_uri", redirect_uri)], &pkce[..]].concat());
        stays(&visitor.once(Method::GET, &url, None).await, redirect_uri);
    }
    let url = ask(&[&[("redirect_uri", "http://127.0.0.1:53123/cb")], &pkce[..]].concat());
    assert!(visitor.once(Method::GET, &url, None).await.location().starts_with("http://127.0.0.1:53123/cb?code="));
    // Two addresses at once, the second good.
    let twice = format!("{}&redirect_uri=https%3A%2F%2Fevil.example%2F", ask(&[]));
    stays(&visitor.once(Method::GET, &twice, None).await, "twice");
    house.close().await;
});

fn stays(page: &Page, what: &str) {
    assert_eq!(page.status, 400, "{what}");
    assert!(page.headers.get(LOCATION).is_none(), "{what}");
    assert!(!page.html.contains("name=\"code\"") && !page.html.contains("evil.example/"), "{what}: {}", page.html);
}

both!(signing_out_sends_nobody_elsewhere, async |engine| {
    let house = House::open(engine).await;
    for (name, client) in [
        ("post_logout_redirect_uri", "&client_id=shop"),
        ("post_logout_redirect_uri", ""),
        ("redirect", ""),
        ("redirect", "&client_id=shop"),
        ("redirect_uri", ""),
    ] {
        for place in [
            "https://evil.example/",
            "//evil.example/",
            "http://127.0.0.1:4000@evil.example/",
            "http://127.0.0.1:4000/../x",
            "/\\evil.example",
            "javascript:alert(1)",
        ] {
            for signed in [false, true] {
                let mut visitor = house.visitor();
                if signed {
                    signed_in(&mut visitor, &[]).await;
                }
                let place: String = url::form_urlencoded::byte_serialize(place.as_bytes()).collect();
                let url = format!("/logout?{name}={place}{client}");
                let page = visitor.once(Method::GET, &url, None).await;
                let to = page.headers.get(LOCATION).map(|_| page.location()).unwrap_or_default();
                assert!(to.is_empty() || to == "/signed-out", "{url}: {to}");
                if page.status == 200 {
                    let after = visitor.submit(&page, &[("confirmed", "yes")]).await;
                    assert_eq!(after.url, "/signed-out", "{url}");
                }
            }
        }
    }
    house.close().await;
});

both!(cookies_say_whose_they_are, async |engine| {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("bound"));
    let database = match engine {
        Engine::Sqlite => None,
        Engine::Postgres => Some(postgres::server().expect("a PostgreSQL server").database().await),
    };
    let house = House::behind(listener, "https://login.example.com".into(), database, SHOP, &[]).await;
    let mut visitor = Visitor::new(&address);
    let first = visitor.once(Method::GET, &ask(&[]), None).await;
    let browser = cookie(&first, "__Host-countersign_browser");
    let page = visitor.get(&first.location()).await;
    assert_eq!(
        page.headers.get("strict-transport-security").map(|value| value.to_str().expect("ASCII")),
        Some("max-age=31536000")
    );
    let page = identify(&mut visitor, page, PHONE).await;
    let (action, _) = page.form("p_confirmation_code");
    let passcode = house.passcode(PHONE).await;
    let answer = visitor.once(Method::POST, &action, Some(&[("p_confirmation_code", &passcode)])).await;
    assert!(answer.location().contains("code="), "{}", answer.text());
    let session = cookie(&answer, "__Host-countersign_session");
    for cookie in [browser, session] {
        let attributes: Vec<String> =
            cookie.split(';').skip(1).map(|attribute| attribute.trim().to_lowercase()).collect();
        for wanted in ["secure", "httponly", "samesite=lax", "path=/"] {
            assert!(attributes.iter().any(|attribute| attribute == wanted), "{wanted} in {cookie}");
        }
        assert!(!attributes.iter().any(|attribute| attribute.starts_with("domain")), "{cookie}");
    }
    house.close().await;
});

fn cookie(page: &Page, name: &str) -> String {
    let mut cookies = page.headers.get_all(SET_COOKIE).iter().map(|cookie| cookie.to_str().expect("ASCII"));
    cookies
        .find(|cookie| cookie.starts_with(&format!("{name}=")))
        .unwrap_or_else(|| panic!("no {name}: {:?}", page.headers))
        .to_owned()
}

both!(a_sign_in_takes_no_cookie_it_is_offered, async |engine| {
    let house = House::open(engine).await;
    // One that nobody gave out is not taken over.
    let mut visitor = house.visitor();
    visitor.cookies.insert("countersign_session".into(), "AAAAAAAAAAAAAAAAAAAAAA".into());
    signed_in(&mut visitor, &[]).await;
    let first = visitor.cookies["countersign_session"].clone();
    assert_ne!(first, "AAAAAAAAAAAAAAAAAAAAAA");
    // One that was good ends with the next sign-in: whoever knew it knows nothing.
    let mut thief = visitor.clone();
    signed_in(&mut visitor, &[("prompt", "login")]).await;
    assert_ne!(visitor.cookies["countersign_session"], first);
    assert_eq!(thief.get(&ask(&[("prompt", "none")])).await.error().as_deref(), Some("login_required"));
    assert!(visitor.get(&ask(&[("prompt", "none")])).await.param("code").is_some());
    assert_eq!(Rows::of(&house).await.count("browsers").await, 1);
    house.close().await;
});

both!(a_request_posted_raw_leads_back_to_itself, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    visitor.get(&ask(&[])).await;
    let cookie = visitor.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
    // What a form may hold and no address can.
    let body = format!("{}&x=a\r\nLocation:+//evil.example\u{e9}", ask(&[]).split('?').nth(1).expect("a query"));
    #[allow(clippy::disallowed_methods, reason = "tests speak HTTP like anybody")]
    let http =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().expect("a client");
    let request = http.post(format!("{}/oauth2/auth", house.issuer)).header("cookie", cookie);
    let answer =
        request.header("content-type", "application/x-www-form-urlencoded").body(body).send().await.expect("an answer");
    let page = answer.headers()[LOCATION].to_str().expect("ASCII").to_owned();
    assert!(page.starts_with("/sign-in?interaction="), "{page}");
    // Signed in meanwhile in another tab, the page begins the same request again.
    signed_in(&mut visitor, &[]).await;
    assert!(visitor.get(&page).await.param("code").is_some());
    house.close().await;
});

both!(a_cookie_that_cannot_be_kept_is_told_on_a_page_of_ours, async |engine| {
    let house = House::open(engine).await;
    let rows = Rows::of(&house).await;
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&[])).await;
    let page = identify(&mut visitor, page, PHONE).await;
    let passcode = house.passcode(PHONE).await;
    rows.texts("ALTER TABLE browsers RENAME TO elsewhere").await;
    let told = visitor.submit(&page, &[("p_confirmation_code", &passcode)]).await;
    assert_eq!(told.status, 503, "{}", told.text());
    assert!(told.headers.contains_key("retry-after"));
    is_guarded(&told);
    rows.texts("ALTER TABLE elsewhere RENAME TO browsers").await;
    // Begun again, it goes through.
    let page = visitor.get(&ask(&[])).await;
    let page = identify(&mut visitor, page, PHONE).await;
    let passcode = crate::harness::digits(&house.messages(PHONE, 2).await.remove(0).text);
    visitor.submit(&page, &[("p_confirmation_code", &passcode)]).await.code();
    house.close_anyway().await;
});
