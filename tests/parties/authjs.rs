//! Auth.js, on which next-auth stands: its provider for Kinde and its general one, both by discovery, with PKCE and a secret.

use crate::app::{WebApp, at, free_port};
use crate::harness::{Engine, House, SHOP, SHOP_SECRET};
use crate::party::{has_package, node, placed};
use crate::person::Person;
use serde_json::{Value, json};
use std::process::Command;

const ADA: &str = "+2348031234567";

#[tokio::test(flavor = "multi_thread")]
async fn signs_in_by_both_providers() {
    if !has_package("@auth/core") {
        return;
    }
    let port = free_port();
    let site = at(port);
    let callbacks = ["kinde", "oidc"].map(|by| format!("{site}/auth/callback/{by}"));
    let declaration = SHOP.replace("http://127.0.0.1:4000/callback", &callbacks.join("\", \""));
    let house = House::with(Engine::Sqlite, &declaration, &[]).await;
    let mut server = Command::new(node());
    server.arg(placed("authjs.mjs")).envs([
        ("ISSUER", house.issuer.as_str()),
        ("CLIENT_ID", "shop"),
        ("CLIENT_SECRET", SHOP_SECRET),
        ("PORT", &port.to_string()),
    ]);
    let _app = WebApp::start(server, port).await;
    let mut seen = Vec::new();
    for (by, button) in [("kinde", "Kinde"), ("oidc", "OpenID Connect")] {
        let mut person = Person::new(&house);
        let session = format!("{site}/auth/session");
        assert_eq!(person.go(&session).await.html, "null");
        let mut page = person.go(&format!("{site}/auth/signin")).await;
        assert!(page.html.contains(&format!("Sign in with {button}")), "{}", page.html);
        // A form for each.
        page.html = page.html.split("<form").filter(|form| form.contains(&format!("/signin/{by}\""))).collect();
        page.html = format!("<form{}", page.html);
        let page = person.submit(&page, &[("callbackUrl", &session)]).await;
        assert!(page.asks_who(), "{} {}", page.url, page.text());
        let page = person.prove(&house, page, ADA).await;
        let said: Value = serde_json::from_str(&page.html).unwrap_or_else(|_| panic!("{} {}", page.url, page.html));
        assert_eq!((&said["who"]["phone_number"], &said["by"]), (&json!(ADA), &json!(by)), "{said}");
        assert!(said["who"]["sub"].as_str().is_some_and(|sub| sub.starts_with("kp_")), "{said}");
        seen.push(said["who"]["sub"].clone());
        // Auth.js forgets who it was; signing out here is another link.
        let page = person.go(&format!("{site}/auth/signout")).await;
        person.submit(&page, &[("csrfToken", &token(&page.html))]).await;
        assert_eq!(person.go(&session).await.html, "null");
        house.pass(120);
    }
    assert_eq!(seen[0], seen[1]);
    house.close().await;
}

fn token(html: &str) -> String {
    let value = html.split("name=\"csrfToken\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    value.unwrap_or_else(|| panic!("no token: {html}")).to_owned()
}
