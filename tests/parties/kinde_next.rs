//! A Next.js app on `@kinde-oss/kinde-auth-nextjs`, written for Kinde and not for us: only its environment is ours.

use crate::app::{WebApp, at, free_port};
use crate::chromium::{Browser, Look};
use crate::harness::machine::Machine;
use crate::harness::{House, SHOP, SHOP_SECRET, left_out};
use crate::party::{node, packages};
use crate::person::Person;
use countersign::domain::client::Client;
use countersign::store;
use reqwest::Method;
use serde_json::{Value, json};
use std::process::Command;
use tokio::net::TcpListener;

const PHONE: &str = "+2348031234567";

/// An app in its own process, and the house it was pointed at.
pub struct Scene {
    pub house: House,
    pub app: WebApp,
}

impl Scene {
    /// `None`, said loudly, where the app is not built.
    async fn open() -> Option<Self> {
        Self::declared("", "").await
    }

    /// With lines of its own in the client `shop`, and whatever else is declared.
    pub async fn declared(lines: &str, more: &str) -> Option<Self> {
        Self::on("127.0.0.1", lines, more).await
    }

    /// The app is at `localhost`. An issuer that is there as well is on the same site.
    pub async fn on(host: &str, lines: &str, more: &str) -> Option<Self> {
        let folder = packages().join("kinde-next");
        if !folder.join(".next/BUILD_ID").is_file() {
            left_out("Kinde's SDK: no Next.js app under target/tests/parties/kinde-next");
            return None;
        }
        let port = free_port();
        let url = at(port);
        let spa = ["react", "pkce"].map(|page| format!("\"{url}/{page}\"")).join(", ");
        let kiosk = format!(
            "client_uri = \"{url}/react\"\nprofile = \"compat\"\ncreate_organizations = true\npost_logout_redirect_uris = [{spa}]\nredirect_uris = [{spa}]\nconnections = [\"phone\", \"email\"]"
        );
        let declaration = SHOP
            .replace("http://127.0.0.1:4000/callback", &format!("{url}/api/auth/kinde_callback"))
            .replace("http://127.0.0.1:4000/", &url)
            .replace("redirect_uris = [\"http://127.0.0.1:4100/callback\"]\nconnections = [\"phone\"]", &kiosk)
            .replacen("name = \"Shop\"\n", &format!("name = \"Shop\"\n{lines}\n"), 1);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let issuer = format!("http://{host}:{}", listener.local_addr().expect("bound").port());
        let house = House::behind(listener, issuer, None, &format!("{declaration}{more}"), &[]).await;
        let mut next = Command::new(node());
        next.arg(packages().join("node_modules/next/dist/bin/next")).args(["start", "-p", &port.to_string()]);
        next.current_dir(folder).env("NEXT_TELEMETRY_DISABLED", "1").envs([
            ("KINDE_ISSUER_URL", house.issuer.as_str()),
            ("KINDE_CLIENT_ID", "shop"),
            ("KINDE_CLIENT_SECRET", SHOP_SECRET),
            ("KINDE_SITE_URL", &url),
            ("KINDE_POST_LOGOUT_REDIRECT_URL", &url),
            ("KINDE_POST_LOGIN_REDIRECT_URL", &format!("{url}/dash")),
            ("SPA_CLIENT_ID", "kiosk"),
        ]);
        Some(Self { app: WebApp::start(next, port).await, house })
    }

    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.app.url)
    }

    pub async fn signed_in(&self) -> Person {
        let mut person = Person::new(&self.house);
        let page = person.go(&self.at("/api/auth/login")).await;
        let page = person.prove(&self.house, page, PHONE).await;
        assert_eq!((page.status.as_u16(), page.url), (200, self.at("/dash")));
        person
    }
}

/// What the page says the SDK knows.
pub fn known(html: &str) -> Value {
    let text = html.split("<pre id=\"known\">").nth(1).and_then(|rest| rest.split("</pre>").next());
    let text = text.unwrap_or_else(|| panic!("not the dashboard: {html}"));
    serde_json::from_str(&text.replace("&quot;", "\"").replace("&amp;", "&")).expect("JSON")
}

#[tokio::test(flavor = "multi_thread")]
async fn in_and_out_again() {
    let Some(scene) = Scene::open().await else { return };
    let Some(browser) = Browser::open(Look::default()).await else { return };
    browser.goto(&scene.app.url).await;
    browser.click("#login").await;
    browser.fill("#identifier[name=p_phone]", PHONE).await;
    browser.click("#continue").await;
    browser.at("#passcode").await;
    let passcode = scene.house.passcode(PHONE).await;
    browser.fill("#passcode", &passcode).await;
    browser.arrive(&scene.at("/dash")).await;
    let known: Value = serde_json::from_str(&browser.text("#known").await).expect("JSON");
    assert_eq!(known["authenticated"], true);
    let user = &known["user"];
    assert_eq!((&user["phone_number"], &user["email"]), (&json!(PHONE), &Value::Null), "{user}");
    assert!(user["id"].as_str().is_some_and(|id| id.starts_with("kp_") && id.len() == 35), "{user}");
    assert_eq!(known["issuer"]["value"], json!(scene.house.issuer));
    assert_eq!(known["permissions"]["permissions"], json!([]));
    let organization = known["organization"]["orgCode"].as_str().expect("an organization");
    assert!(organization.starts_with("org_"), "{organization}");
    assert_eq!(known["permissions"]["orgCode"], organization);
    assert_eq!(known["organizations"]["orgCodes"], json!([organization]));

    browser.click("#logout").await;
    browser.arrive(&format!("{}/", scene.app.url)).await;
    assert_eq!(browser.text("h1").await, "Welcome");
    browser.goto(&scene.at("/dash")).await;
    browser.at("#identifier").await;
    browser.assert_quiet().await;
    browser.close().await;
    scene.house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_protected() {
    let Some(scene) = Scene::open().await else { return };
    let mut person = Person::new(&scene.house);
    let health: Value = serde_json::from_str(&person.go(&scene.at("/api/auth/health")).await.html).expect("JSON");
    assert_eq!((&health["clientSecret"], &health["issuerURL"]), (&json!("Set correctly"), &json!(scene.house.issuer)));
    let page = person.once(&scene.at("/dash")).await;
    assert_eq!(
        (page.status.as_u16(), page.location()),
        (307, "/api/auth/login?post_login_redirect_url=%2Fdash".into())
    );
    let page = person.0.once(Method::POST, &scene.at("/dash"), Some(&[])).await;
    assert_eq!(page.status, 401);
    // Back to the very page that was asked for.
    let page = person.go(&scene.at("/dash?tab=2")).await;
    let page = person.prove(&scene.house, page, PHONE).await;
    assert_eq!((page.status.as_u16(), page.url), (200, scene.at("/dash?tab=2")));
    for cookie in ["access_token", "id_token", "refresh_token"] {
        assert!(person.0.cookies.contains_key(cookie), "{cookie} in {:?}", person.0.cookies.keys());
    }
    scene.house.close().await;
}

/// With ID tokens that live shorter than the SDK looks ahead, every page refreshes; pages opened together share a token.
#[tokio::test(flavor = "multi_thread")]
async fn refreshes_under_four_pages_at_once() {
    let Some(scene) = Scene::open().await else { return };
    let app = &scene.house.app;
    let mut client = Client::clone(app.live().catalog.client("shop").expect("declared"));
    client.lifetimes.id = 15;
    store::catalog::change_client(&app.db, &client).await.expect("changes");
    app.reload().await.expect("reads");
    let mut person = scene.signed_in().await;
    let first = person.0.cookies.clone();
    let dash = scene.at("/dash");
    let before = known(&person.go(&dash).await.html);
    let second = person.0.cookies.clone();
    for cookie in ["access_token", "id_token", "refresh_token"] {
        assert_ne!(second[cookie], first[cookie], "{cookie} is a new one");
    }
    let mut together = [person.clone(), person.clone(), person.clone(), person.clone()];
    let [a, b, c, d] = &mut together;
    let pages = tokio::join!(a.once(&dash), b.once(&dash), c.once(&dash), d.once(&dash));
    for page in [pages.0, pages.1, pages.2, pages.3] {
        assert_eq!(page.status, 200, "{}", page.text());
        assert_eq!(known(&page.html)["user"]["id"], before["user"]["id"]);
    }
    for one in &together {
        assert_ne!(one.0.cookies["refresh_token"], second["refresh_token"]);
    }
    // The browser keeps whichever came last, and goes on.
    let [.., mut last] = together;
    assert_eq!(last.once(&dash).await.status, 200);
    scene.house.close().await;
}

/// A session that was ended is not refreshed: the next page asks who it is.
#[tokio::test(flavor = "multi_thread")]
async fn signed_out_by_http() {
    let Some(scene) = Scene::open().await else { return };
    let mut person = scene.signed_in().await;
    let kept = person.0.cookies.clone();
    let page = person.go(&scene.at("/api/auth/logout")).await;
    let home = person.submit(&page, &[("confirm-logout", "")]).await;
    assert_eq!(home.url.trim_end_matches('/'), scene.app.url);
    assert!(person.go(&scene.at("/dash")).await.asks_who());
    // What the app revoked with the session: its tokens, were they kept.
    let token = &kept["refresh_token"];
    let refused = scene.house.machine().refresh(token, &[]).await.refusal();
    assert_eq!(refused, (400, "invalid_grant".into()));
    scene.house.close().await;
}

/// `end_session` revokes both tokens; the app forgets who it was, and we do not.
#[tokio::test(flavor = "multi_thread")]
async fn the_app_alone_signs_out() {
    let Some(scene) = Scene::open().await else { return };
    let mut person = scene.signed_in().await;
    let kept = person.0.cookies.clone();
    let said: Value = serde_json::from_str(&person.go(&scene.at("/api/auth/end_session")).await.html).expect("JSON");
    assert_eq!(said["success"], true);
    assert_eq!(scene.house.machine().userinfo(&kept["access_token"]).await.status, 401);
    let refused = scene.house.machine().refresh(&kept["refresh_token"], &[]).await.refusal();
    assert_eq!(refused, (400, "invalid_grant".into()));
    let page = person.go(&scene.at("/dash")).await;
    assert_eq!(
        (page.status.as_u16(), page.url),
        (200, scene.at("/dash")),
        "signed in here still, it comes straight back"
    );
    scene.house.close().await;
}

/// `LoginLink` with a phone number and the connection for it: one button, one message, in the language asked for.
#[tokio::test(flavor = "multi_thread")]
async fn by_a_number_the_app_knows() {
    let Some(scene) = Scene::open().await else { return };
    let Some(browser) = Browser::open(Look::default()).await else { return };
    browser.goto(&scene.app.url).await;
    browser.click("#by-phone").await;
    browser.at("#continue").await;
    assert!(!browser.has("#identifier").await, "nothing is left to type");
    assert_eq!(browser.run("return document.documentElement.lang").await, "fr");
    assert_eq!(scene.house.sent(PHONE).await, 0, "opening the page sends nothing");
    browser.click("#continue").await;
    browser.at("#passcode").await;
    let passcode = scene.house.passcode(PHONE).await;
    browser.fill("#passcode", &passcode).await;
    browser.arrive(&scene.at("/dash")).await;
    assert_eq!(scene.house.sent(PHONE).await, 1);
    browser.assert_quiet().await;
    browser.close().await;
    scene.house.close().await;
}

/// Both ways in which the SDK says "somebody new", and somebody known who comes by them is signed in.
#[tokio::test(flavor = "multi_thread")]
async fn registers() {
    let Some(scene) = Scene::open().await else { return };
    let home = Person::new(&scene.house).go(&scene.app.url).await;
    let mut seen = Vec::new();
    for link in ["register", "create"] {
        let mut person = Person::new(&scene.house);
        let page = person.go(&scene.at(&home.link(link))).await;
        assert!(page.asks_who(), "{}", page.text());
        let page = person.prove(&scene.house, page, PHONE).await;
        assert_eq!((page.status.as_u16(), page.url.as_str()), (200, scene.at("/dash").as_str()));
        seen.push(known(&page.html)["user"]["id"].clone());
        scene.house.pass(120);
    }
    assert_eq!(seen[0], seen[1], "one account");
    scene.house.close().await;
}

/// The SDK answers every error by beginning again. What would fail again is said by us, and nobody goes round in circles.
#[tokio::test(flavor = "multi_thread")]
async fn no_circles() {
    let Some(scene) = Scene::open().await else { return };
    let app = &scene.house.app;
    let mut client = Client::clone(app.live().catalog.client("shop").expect("declared"));
    client.redirect_uris = vec!["http://localhost:1/elsewhere".into()];
    store::catalog::change_client(&app.db, &client).await.expect("changes");
    app.reload().await.expect("reads");
    let mut person = Person::new(&scene.house);
    let page = person.go(&scene.at("/dash")).await;
    assert_eq!(page.status, 400);
    assert!(page.url.starts_with(&scene.house.issuer) && page.html.contains("redirect_uri"), "{}", page.text());
    scene.house.close_anyway().await;
}

/// Links are prefetched by browsers and by Next.js itself: nothing begins, nothing is sent, and we hear nothing of it.
#[tokio::test(flavor = "multi_thread")]
async fn prefetching_begins_nothing() {
    let Some(scene) = Scene::open().await else { return };
    let browser = Machine::new(&scene.app.url);
    for path in ["login", "register", "create_org", "logout", "portal"] {
        for (name, value) in
            [("purpose", "prefetch"), ("x-purpose", "prefetch"), ("x-moz", "prefetch"), ("next-router-prefetch", "1")]
        {
            let query = "login_hint=phone%3A%2B2348031234567%3Ang&connection_id=phone";
            let answer = browser.send(Method::GET, &format!("/api/auth/{path}?{query}"), &[(name, value)], None).await;
            assert_eq!((answer.status, answer.body.as_str()), (204, ""), "{path} by {name}");
            assert_eq!((answer.header("location"), answer.header("set-cookie")), (None, None), "{path} by {name}");
        }
    }
    assert_eq!(scene.house.sent(PHONE).await, 0);
    scene.house.close().await;
}

/// Left on our page for too long, a sign-in goes back to the app, and the SDK begins it anew with what was known of it.
#[tokio::test(flavor = "multi_thread")]
async fn begins_anew_what_was_left_too_long() {
    let Some(scene) = Scene::open().await else { return };
    let mut person = Person::new(&scene.house);
    let home = person.go(&scene.app.url).await;
    let page = person.go(&scene.at(&home.link("by-phone"))).await;
    assert!(page.html.contains("lang=\"fr\"") && page.html.contains("234 803 123 4567"), "{}", page.text());
    scene.house.pass(60 * 60 + 1);
    let (page, seen) = person.trail(&page.url).await;
    let through = |path: &str| seen.iter().find(|url| url.as_str().starts_with(&scene.at(path)));
    let callback = through("/api/auth/kinde_callback").unwrap_or_else(|| panic!("{seen:?}"));
    assert!(callback.query().is_some_and(|query| query.contains("error=login_link_expired")), "{callback}");
    let login = through("/api/auth/login").unwrap_or_else(|| panic!("{seen:?}"));
    assert!(login.query_pairs().any(|(name, value)| name == "login_hint" && value.contains(PHONE)), "{login}");
    assert!(page.html.contains("lang=\"fr\"") && page.html.contains("234 803 123 4567"), "{}", page.text());
    scene.house.close().await;
}
