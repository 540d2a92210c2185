//! Kinde's Python SDK, unmodified: in a Flask app, and without a web framework.

use crate::app::{WebApp, at, free_port};
use crate::harness::rp::{identify, payload};
use crate::harness::{Engine, House, SHOP, SHOP_CALLBACK, SHOP_SECRET};
use crate::kinde_rights::ACME;
use crate::party::{Party, has_python, python, script};
use crate::person::Person;
use serde_json::{Value, json};
use std::process::Command;

const ADA: &str = "+2348031234567";

struct Scene {
    house: House,
    app: WebApp,
    _folder: tempfile::TempDir,
}

impl Scene {
    async fn open() -> Option<Self> {
        if !has_python("kinde_flask") {
            return None;
        }
        let port = free_port();
        let site = at(port);
        let declaration = SHOP
            .replacen("name = \"Shop\"\n", "name = \"Shop\"\nroles_in_tokens = true\n", 1)
            .replace("http://127.0.0.1:4000/callback", &format!("{site}/callback"))
            .replace("http://127.0.0.1:4000/", &format!("{site}/"));
        let house = House::with(Engine::Sqlite, &format!("{declaration}{ACME}"), &[]).await;
        let folder = tempfile::tempdir().expect("a folder");
        let mut flask = Command::new(python());
        flask.arg(script("kinde_app.py")).envs([
            ("KINDE_HOST", house.issuer.as_str()),
            ("KINDE_CLIENT_ID", "shop"),
            ("KINDE_CLIENT_SECRET", SHOP_SECRET),
            ("KINDE_REDIRECT_URI", &format!("{site}/callback")),
            ("SECRET_KEY", SHOP_SECRET),
            ("SESSION_FILE_DIR", folder.path().to_str().expect("UTF-8")),
            ("SITE", &site),
            ("PORT", &port.to_string()),
        ]);
        Some(Self { app: WebApp::start(flask, port).await, house, _folder: folder })
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.app.url)
    }

    async fn known(&self, person: &mut Person) -> Value {
        serde_json::from_str(&person.go(&self.at("/known")).await.html).expect("JSON")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn flask() {
    let Some(scene) = Scene::open().await else { return };
    let mut person = Person::new(&scene.house);
    assert_eq!(scene.known(&mut person).await, Value::Null);
    let page = person.go(&scene.at("/login")).await;
    let page = person.prove(&scene.house, page, ADA).await;
    assert_eq!((page.url.as_str(), page.html.as_str()), (scene.at("/").as_str(), "Welcome back"));
    let known = scene.known(&mut person).await;
    assert_eq!(
        (&known["user"]["phone_number"], &known["issuer"]),
        (&json!(ADA), &json!(scene.house.issuer)),
        "{known}"
    );
    assert!(known["user"]["id"].as_str().is_some_and(|id| id.starts_with("kp_")), "{known}");
    assert_eq!(known["permissions"]["permissions"], json!([]));
    assert_eq!((&known["clerk"], &known["seats"]), (&json!(false), &json!(3)), "{known}");

    let page = person.go(&scene.at("/portal")).await;
    assert!(page.url.starts_with(&format!("{}/account", scene.house.issuer)), "{}", page.url);

    // It comes back to a callback, which is no place to come back to after signing out: that is ours to say.
    let page = person.go(&scene.at("/logout")).await;
    let out = person.submit(&page, &[("confirm-logout", "")]).await;
    assert!(out.url.starts_with(&scene.house.issuer) && out.html.contains("signed out"), "{} {}", out.url, out.text());
    assert_eq!(scene.known(&mut person).await, Value::Null);
    // Somebody new, by the SDK's own word for it.
    assert!(person.go(&scene.at("/register")).await.asks_who());
    scene.house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn flask_takes_up_what_was_left_too_long() {
    let Some(scene) = Scene::open().await else { return };
    let mut person = Person::new(&scene.house);
    let page = person.go(&scene.at("/login")).await;
    assert!(page.asks_who(), "{}", page.text());
    scene.house.pass(60 * 60 + 1);
    let (page, seen) = person.trail(&page.url).await;
    assert!(
        seen.iter().any(|url| url.as_str().starts_with(&scene.at("/callback?error=login_link_expired"))),
        "{seen:?}"
    );
    assert!(page.asks_who(), "{} {}", page.url, page.text());
    scene.house.close().await;
}

/// A secret and a verifier in one request, and no `offline` unless it is asked for.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_framework() {
    let Some(party) = Party::python("kinde_sdk", "kinde_alone.py") else { return };
    let house = House::with(Engine::Sqlite, &format!("{SHOP}{ACME}"), &[]).await;
    let given =
        json!({ "issuer": house.issuer, "client_id": "shop", "secret": SHOP_SECRET, "callback": SHOP_CALLBACK });
    party.ask("open", given);
    let mut visitor = house.visitor();
    let ours = |url: &str| url.strip_prefix(&house.issuer).unwrap_or_else(|| panic!("not ours: {url}")).to_owned();

    let url = party.text("login", json!({}));
    assert!(url.contains("code_challenge=") && url.contains("nonce=") && !url.contains("offline"), "{url}");
    let page = visitor.get(&ours(&url)).await;
    let page = identify(&mut visitor, page, ADA).await;
    let passcode = house.passcode(ADA).await;
    let back = visitor.submit(&page, &[("p_confirmation_code", &passcode)]).await;
    let told = party.ask("finish", json!({ "url": back.url }));
    assert!(told["tokens"]["refresh_token"].is_null(), "nobody asked: {told}");
    assert_eq!(told["user"]["given_name"], "Ada", "{told}");

    let wanted = json!({ "scope": "openid profile email offline", "org_code": "org_acme" });
    let back = visitor.get(&ours(&party.text("login", wanted))).await;
    let told = party.ask("finish", json!({ "url": back.url }));
    let access = |tokens: &Value| payload(tokens["access_token"].as_str().expect("a token"));
    assert_eq!(access(&told["tokens"])["org_code"], "org_acme");
    let known = party.ask("known", json!({}));
    assert_eq!((&known["authenticated"], &known["claims"]["azp"]), (&json!(true), &json!("shop")), "{known}");
    let refreshed = party.ask("refresh", json!({}));
    assert_ne!(refreshed["refresh_token"], told["tokens"]["refresh_token"]);
    assert_eq!(access(&refreshed)["sub"], access(&told["tokens"])["sub"]);

    let token = refreshed["access_token"].as_str().expect("a token");
    assert_eq!(house.machine().userinfo(token).await.status, 200);
    party.ask("revoke", json!({}));
    assert_eq!(house.machine().userinfo(token).await.status, 401);
    let page = visitor.get(&ours(&party.text("logout", json!({})))).await;
    let out = visitor.submit(&page, &[("confirm-logout", "")]).await;
    assert!(out.html.contains("signed out"), "{} {}", out.url, out.text());
    assert!(party.text("register", json!({})).contains("prompt=create"));
    house.close().await;
}
