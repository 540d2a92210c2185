//! Kinde's SDK for Express, unmodified.

use crate::app::{WebApp, at, free_port};
use crate::harness::machine::Machine;
use crate::harness::{Engine, House, SHOP, SHOP_SECRET};
use crate::kinde_machine::{ROBOT, SECRET};
use crate::party::{has_package, node, placed};
use crate::person::Person;
use reqwest::Method;
use serde_json::{Value, json};
use std::process::Command;

const ADA: &str = "+2348031234567";

#[tokio::test(flavor = "multi_thread")]
async fn signs_in_protects_and_signs_out() {
    if !has_package("@kinde-oss/kinde-node-express") {
        return;
    }
    let port = free_port();
    let site = at(port);
    let declaration = SHOP
        .replace("http://127.0.0.1:4000/callback", &format!("{site}/callback"))
        .replace("http://127.0.0.1:4000/", &site);
    let house = House::with(Engine::Sqlite, &format!("{declaration}{ROBOT}"), &[]).await;
    let mut server = Command::new(node());
    server.arg(placed("kinde-express.mjs")).envs([
        ("ISSUER", house.issuer.as_str()),
        ("CLIENT_ID", "shop"),
        ("CLIENT_SECRET", SHOP_SECRET),
        ("PORT", &port.to_string()),
    ]);
    let _app = WebApp::start(server, port).await;
    let mut person = Person::new(&house);
    let page = person.go(&format!("{site}/login")).await;
    assert!(page.asks_who(), "{} {}", page.url, page.text());
    let page = person.prove(&house, page, ADA).await;
    assert_eq!((page.url.trim_end_matches('/'), page.html.as_str()), (site.as_str(), "Welcome"));
    let said: Value = serde_json::from_str(&person.go(&format!("{site}/who")).await.html).expect("JSON");
    assert_eq!(
        (&said["user"]["phone_number"], &said["permissions"]["permissions"]),
        (&json!(ADA), &json!([])),
        "{said}"
    );
    assert!(said["organization"]["orgCode"].as_str().is_some_and(|code| code.starts_with("org_")), "{said}");
    assert_eq!(person.go(&format!("{site}/orders")).await.html, r#"{"orders":[]}"#);
    // The same page for a program: by a token of ours, and by no other.
    let own = [("grant_type", "client_credentials"), ("client_id", "robot"), ("client_secret", SECRET)];
    let token = house.machine().post("/oauth2/token", &own).await.text("access_token");
    for (bearer, status) in [(token.as_str(), 200), ("nothing", 403), (&token[..token.len() - 9], 403)] {
        let headers = [("authorization", format!("Bearer {bearer}"))];
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = Machine::new(&site).send(Method::GET, "/orders", &headers, None).await;
        assert_eq!(answer.status, status, "{bearer}: {}", answer.body);
    }
    let page = person.go(&format!("{site}/logout")).await;
    let home = person.submit(&page, &[("confirm-logout", "")]).await;
    assert_eq!(home.url.trim_end_matches('/'), site);
    // Nobody is there any more: the SDK sends whoever comes to us to sign out once more, and home.
    let page = person.go(&format!("{site}/orders")).await;
    assert!(!page.html.contains("orders"), "{}", page.html);
    assert!(person.go(&format!("{site}/register")).await.asks_who());
    house.close().await;
}
